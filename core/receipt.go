package core

import (
	"encoding/binary"
	"fmt"
	"time"
)

// receiptLife is how long a repeated key is answered with its first receipt.
const receiptLife = 24 * time.Hour

const (
	spaceReceipts    Space = "receipts"
	spaceReceiptsDue Space = "receipts.due"
	receiptSweep           = 8 // expired ones removed with each new one
)

func earlierReceipt(tx Tx, req Request, action ActionID, at time.Time) (Receipt, bool, error) {
	if req.Key == "" {
		return Receipt{}, false, nil
	}
	raw, err := tx.Get(spaceReceipts, receiptDigest(req, action))
	if err != nil || len(raw) < 16 {
		return Receipt{}, false, err
	}
	first := Receipt{
		Repeated: true,
		At:       time.Unix(0, int64(binary.BigEndian.Uint64(raw))).UTC(), //nolint:gosec // written from an int64
		Subject:  Ref{ID: ID(binary.BigEndian.Uint64(raw[8:])), Kind: Kind(raw[16:])},
	}
	return first, at.Sub(first.At) < receiptLife, nil
}

func keepReceipt(tx Tx, req Request, action ActionID, r Receipt) error {
	if req.Key == "" {
		return nil
	}
	if err := sweepReceipts(tx, r.At); err != nil {
		return err
	}
	digest := receiptDigest(req, action)
	if err := forgetReceipt(tx, digest); err != nil {
		return err
	}
	at := binary.BigEndian.AppendUint64(nil, uint64(r.At.UnixNano()))
	raw := binary.BigEndian.AppendUint64(append([]byte(nil), at...), uint64(r.Subject.ID))
	if err := tx.Put(spaceReceipts, digest, append(raw, r.Subject.Kind...)); err != nil {
		return fmt.Errorf("keep the receipt: %w", err)
	}
	if err := tx.Put(spaceReceiptsDue, append(at, digest...), nil); err != nil {
		return fmt.Errorf("keep the receipt: %w", err)
	}
	return nil
}

// forgetReceipt takes an expired receipt off the sweep, which would else delete
// its successor.
func forgetReceipt(tx Tx, digest []byte) error {
	raw, err := tx.Get(spaceReceipts, digest)
	if err != nil || len(raw) < 8 {
		return err
	}
	if err := tx.Delete(spaceReceiptsDue, append(append([]byte(nil), raw[:8]...), digest...)); err != nil {
		return fmt.Errorf("forget an old receipt: %w", err)
	}
	return nil
}

// sweepReceipts removes a few expired receipts, so that the space never grows
// past a day's acts.
func sweepReceipts(tx Tx, now time.Time) error {
	end := binary.BigEndian.AppendUint64(nil, uint64(now.Add(-receiptLife).UnixNano()))
	var due [][]byte
	err := tx.Ascend(spaceReceiptsDue, nil, end, func(key, _ []byte) error {
		due = append(due, append([]byte(nil), key...))
		if len(due) == receiptSweep {
			return Stop
		}
		return nil
	})
	for _, key := range due {
		if err != nil {
			break
		}
		if err = tx.Delete(spaceReceipts, key[8:]); err == nil {
			err = tx.Delete(spaceReceiptsDue, key)
		}
	}
	if err != nil {
		return fmt.Errorf("sweep old receipts: %w", err)
	}
	return nil
}

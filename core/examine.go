package core

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
)

const (
	timeSize    = 8
	receiptHead = 16 // the time and the subject's id
)

// Examine looks through what the kernel keeps itself: receipts with the times
// they are due, and the clock's mark. All of it can be done without, so what is
// broken is deleted.
func Examine(v View, report func(Finding) error) error {
	err := v.Ascend(spaceReceipts, nil, nil, func(key, raw []byte) error { return examineReceipt(v, key, raw, report) })
	if err == nil {
		err = v.Ascend(spaceReceiptsDue, nil, nil, func(key, _ []byte) error { return examineReceiptDue(v, key, report) })
	}
	if err == nil {
		err = v.Ascend(spaceClock, nil, nil, func(key, raw []byte) error { return examineMark(key, raw, report) })
	}
	if err != nil {
		return fmt.Errorf("examine receipts and the clock's mark: %w", err)
	}
	return nil
}

// needless is a finding mended by deleting what lies there.
func needless(fault Fault, space Space, key []byte, detail string) Finding {
	key = slices.Clone(key)
	return Finding{Fault: fault, Space: space, Key: key, Detail: detail, Mend: func(tx Tx) error {
		return tx.Delete(space, key)
	}}
}

// examineReceipt looks for the time a receipt is due: without one it would stay
// for ever.
func examineReceipt(v View, key, raw []byte, report func(Finding) error) error {
	if len(key) != sha256.Size || len(raw) < receiptHead {
		return report(needless(FaultBroken, spaceReceipts, key, ""))
	}
	due := slices.Concat(raw[:timeSize], key)
	found, err := v.Get(spaceReceiptsDue, due)
	if err != nil || found != nil {
		return err
	}
	return report(Finding{Fault: FaultMissing, Space: spaceReceiptsDue, Key: due, Detail: "due", Mend: func(tx Tx) error {
		return tx.Put(spaceReceiptsDue, due, nil)
	}})
}

func examineReceiptDue(v View, key []byte, report func(Finding) error) error {
	if len(key) == timeSize+sha256.Size {
		raw, err := v.Get(spaceReceipts, key[timeSize:])
		if err != nil || len(raw) >= receiptHead && bytes.Equal(raw[:timeSize], key[:timeSize]) {
			return err
		}
	}
	return report(needless(FaultStray, spaceReceiptsDue, key, "due"))
}

func examineMark(key, raw []byte, report func(Finding) error) error {
	if field := string(key); (field == clockMarkField || field == clockToldField) && len(raw) == timeSize {
		return nil
	}
	return report(needless(FaultBroken, spaceClock, key, ""))
}

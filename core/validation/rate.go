package validation

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"

	"willcall/core"
)

// The limits of re-sending.
const (
	coolDown  = time.Minute
	dailyCap  = 5   // validation mails a day to one address
	hourlyCap = 100 // validation mails an hour by one operator
)

// spaceRates holds the times of counted mails, 8 bytes each, oldest first; the
// first 8 bytes are when the address was last written to, counted or not.
const spaceRates core.Space = "validation.rates"

// rate is how often something was written to, or wrote, lately.
type rate struct {
	last    time.Time
	counted []time.Time
}

// count holds a mail that is asked for again against cool-down and caps, and
// counts every mail but the first.
func count(act *core.Act, address string, why Occasion) error {
	if why == Again {
		if _, err := TooOften(act, act.Req, address, act.At); err != nil {
			return err
		}
	}
	byAddress, err := readRate(act, addressKey(act.Req.Institution, address))
	if err != nil {
		return err
	}
	byAddress.last = act.At
	if why != First {
		byAddress.counted = append(within(byAddress.counted, act.At, 24*time.Hour), act.At)
		if err := countActor(act); err != nil {
			return err
		}
	}
	return putRate(act, addressKey(act.Req.Institution, address), byAddress)
}

func countActor(act *core.Act) error {
	byActor, err := readRate(act, actorKey(act.Req))
	if err != nil {
		return err
	}
	byActor.counted = append(within(byActor.counted, act.At, time.Hour), act.At)
	return putRate(act, actorKey(act.Req), byActor)
}

// TooOften says at a time why a re-send would be refused for its frequency, and
// when that is over.
func TooOften(v core.View, req core.Request, address string, now time.Time) (until time.Time, refusal error) {
	byAddress, err := readRate(v, addressKey(req.Institution, address))
	if err != nil {
		return time.Time{}, err
	}
	if end := byAddress.last.Add(coolDown); now.Before(end) {
		return end, core.Refuse(core.CodeCoolDown).
			With("ago", now.Sub(byAddress.last).Round(time.Second).String()).
			With("from", end.Format(time.RFC3339))
	}
	return overCap(v, req, byAddress, now)
}

// OverCap says at a time why a mail after a change of address is held back: a
// cap is reached. The cool-down doesn't count. err is a failure to read.
func OverCap(v core.View, req core.Request, address string, now time.Time) (held, err error) {
	byAddress, err := readRate(v, addressKey(req.Institution, address))
	if err != nil {
		return nil, err
	}
	if _, held = overCap(v, req, byAddress, now); core.CodeOf(held) == core.CodeInternal {
		return nil, held
	}
	return held, nil
}

func overCap(v core.View, req core.Request, byAddress rate, now time.Time) (until time.Time, refusal error) {
	if sent := within(byAddress.counted, now, 24*time.Hour); len(sent) >= dailyCap {
		return sent[0].Add(24 * time.Hour), core.Refuse(core.CodeDailyCap).With("max", strconv.Itoa(dailyCap))
	}
	byActor, err := readRate(v, actorKey(req))
	if err != nil {
		return time.Time{}, err
	}
	if sent := within(byActor.counted, now, time.Hour); len(sent) >= hourlyCap {
		return sent[0].Add(time.Hour), core.Refuse(core.CodeHourlyCap).With("max", strconv.Itoa(hourlyCap))
	}
	return time.Time{}, nil
}

// within drops times older than a span before now.
func within(times []time.Time, now time.Time, span time.Duration) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= span {
		times = times[1:]
	}
	return times
}

// addressKey names an address by a digest, so that keys have one length.
func addressKey(institution core.ID, address string) []byte {
	sum := sha256.Sum256([]byte(address))
	return append(append(core.Prefix(institution), 'a'), sum[:16]...)
}

func actorKey(req core.Request) []byte {
	key := append(core.Prefix(req.Institution), 'o', byte(req.Actor.Kind))
	return binary.BigEndian.AppendUint64(key, uint64(req.Actor.ID))
}

func readRate(v core.View, key []byte) (rate, error) {
	raw, err := v.Get(spaceRates, key)
	if err != nil {
		return rate{}, fmt.Errorf("read how often was sent: %w", err)
	}
	var r rate
	for i := 0; i+8 <= len(raw); i += 8 {
		at := time.Unix(0, int64(binary.BigEndian.Uint64(raw[i:]))).UTC() //nolint:gosec // written from an int64
		if i == 0 {
			r.last = at
		} else {
			r.counted = append(r.counted, at)
		}
	}
	return r, nil
}

// putRate keeps the times in order: acts are saved in another one than they were
// asked for, now and then.
func putRate(tx core.Tx, key []byte, r rate) error {
	slices.SortFunc(r.counted, time.Time.Compare)
	raw := appendTime(nil, r.last)
	for _, at := range r.counted {
		raw = appendTime(raw, at)
	}
	if err := tx.Put(spaceRates, key, raw); err != nil {
		return fmt.Errorf("count the mail: %w", err)
	}
	return nil
}

func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return binary.BigEndian.AppendUint64(dst, uint64(t.UnixNano()))
}

package operators

import (
	"time"

	"willcall/core"
)

const (
	// mostOfSource is how many sign-ins of any accounts may fail from one source in
	// failedWithin, before none succeeds from there for sourceShut.
	mostOfSource = 20
	sourceShut   = 10 * time.Minute
)

// counts are the keys of the buckets that count a sign-in's failures: that of its
// account, and that of its source, nil for a device that the account is known from,
// since a whole box office may sit behind one address.
type counts struct {
	Bucket []byte
	Source []byte
}

// count counts one failure before it is known to be one. ok is false while account
// or source are locked: then nothing is counted, and nothing may succeed.
func (c counts) count(act *core.Act) (ok bool, err error) {
	if c.Source != nil {
		_, _, b, err := bucketOf(act, c.Source)
		if err != nil || act.At.Before(b.Until) {
			return false, err
		}
	}
	if ok, err = reserve(act, c.Bucket); err != nil || !ok {
		return false, err
	}
	if c.Source != nil {
		if err := countSource(act, c.Source); err != nil {
			return false, err
		}
	}
	err = fail(act)
	return err == nil, err
}

// ask counts one asking for a mail to somebody against its source. ok is false while
// that is shut.
func (c counts) ask(act *core.Act) (ok bool, err error) {
	if c.Source == nil {
		return true, nil
	}
	_, _, b, err := bucketOf(act, c.Source)
	if err != nil || act.At.Before(b.Until) {
		return false, err
	}
	err = countSource(act, c.Source)
	return err == nil, err
}

// uncount takes back what a success was counted as: all of the account's failures,
// but only its own one of the source's, so that nobody clears those of others by
// signing in to an account of their own.
func (c counts) uncount(act *core.Act) error {
	if err := release(act, c.Bucket); err != nil {
		return err
	}
	if err := unfail(act); err != nil || c.Source == nil {
		return err
	}
	id, version, b, err := bucketOf(act, c.Source)
	if err != nil || id == 0 {
		return err
	}
	if b.Failures <= 1 {
		return dropBucket(act, id, version)
	}
	b.Failures, b.Until = b.Failures-1, time.Time{}
	return keep(act, id, version, b)
}

// countSource counts one failure of a source, and shuts it after too many.
func countSource(act *core.Act, key []byte) error {
	id, version, b, err := bucketOf(act, key)
	if err != nil {
		return err
	}
	if act.At.Sub(b.First) >= failedWithin || !b.Until.IsZero() {
		b.First, b.Failures, b.Until = act.At, 0, time.Time{}
	}
	b.Key, b.Last = key, act.At
	if b.Failures++; b.Failures >= mostOfSource {
		b.Until = act.At.Add(sourceShut)
	}
	return keep(act, id, version, b)
}

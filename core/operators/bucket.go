package operators

import (
	"encoding/binary"
	"fmt"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// freeFailures is how many failures in a row lock nothing.
	freeFailures = 4
	// longestLock is how long the lock of a bucket gets at most.
	longestLock = 15 * time.Minute
	// forgetAfter is how long after the last one failures are forgotten.
	forgetAfter = 24 * time.Hour
	// mostBuckets is how many are kept: of more, the one with the fewest failures
	// goes.
	mostBuckets = 65_536
	// sweepBuckets is how many forgotten ones each new one takes away.
	sweepBuckets = 4
)

const (
	spaceBuckets    core.Space = "signin.buckets"
	spaceBucketKeys core.Space = "signin.buckets.keys"
	spaceBucketAges core.Space = "signin.buckets.ages"
	spaceBucketSize core.Space = "signin.buckets.sizes"
)

// bucket counts the failures in a row of one account from one source: who
// attacks an account from elsewhere locks out nobody but themself (T43). Others
// count those of a source, whatever the account. Key is an HMAC, so that no
// address stands in the file.
type bucket struct {
	Key      []byte
	Failures uint32
	First    time.Time // of a source's
	Last     time.Time
	Until    time.Time // of the lock
	// Told tells that the operator was told of it.
	Told bool
}

func buckets() record.Table[bucket] {
	return record.NewTable(spaceBuckets, core.KindSession, record.New(
		record.Bytes(1, func(b *bucket) *[]byte { return &b.Key }),
		record.Uint(2, func(b *bucket) *uint32 { return &b.Failures }),
		record.Time(3, func(b *bucket) *time.Time { return &b.Last }),
		record.Time(4, func(b *bucket) *time.Time { return &b.Until }),
		record.Bool(5, func(b *bucket) *bool { return &b.Told }),
		record.Time(6, func(b *bucket) *time.Time { return &b.First }),
	),
		record.NewIndex(spaceBucketKeys, func(b *bucket) [][]byte { return [][]byte{b.Key} }),
		record.NewIndex(spaceBucketAges, func(b *bucket) [][]byte { return [][]byte{instant(b.Last)} }),
		record.NewIndex(spaceBucketSize, func(b *bucket) [][]byte {
			return [][]byte{append(binary.BigEndian.AppendUint32(nil, b.Failures), instant(b.Last)...)}
		}))
}

// instant sorts by time.
func instant(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixNano()))
}

// lockAfter is how long a bucket is locked after so many failures in a row.
func lockAfter(failures uint32) time.Duration {
	if failures <= freeFailures {
		return 0
	}
	lock := 30 * time.Second
	for range failures - freeFailures - 1 {
		if lock *= 2; lock >= longestLock {
			return longestLock
		}
	}
	return lock
}

// bucketOf finds the bucket of a key.
func bucketOf(v core.View, key []byte) (id core.ID, version record.Version, b bucket, err error) {
	err = buckets().Lookup(v, core.Installation, spaceBucketKeys, key, func(found core.ID) error {
		id = found
		return core.Stop
	})
	if err == nil && id != 0 {
		b, version, err = buckets().Get(v, core.Installation, id)
	}
	if err != nil {
		return 0, 0, b, fmt.Errorf("read how often a sign-in failed: %w", err)
	}
	return id, version, b, nil
}

// reserve counts one failure before it is known to be one, so that tries at the
// same time can't outrun the count. ok is false while the bucket is locked: then
// nothing is counted, and nothing may succeed.
func reserve(act *core.Act, key []byte) (ok bool, err error) {
	id, version, b, err := bucketOf(act, key)
	if err != nil || act.At.Before(b.Until) {
		return false, err
	}
	if id != 0 && act.At.Sub(b.Last) >= forgetAfter {
		b.Failures, b.Told = 0, false
	}
	b.Key, b.Last = key, act.At
	b.Failures++
	b.Until = act.At.Add(lockAfter(b.Failures))
	err = keep(act, id, version, b)
	return err == nil, err
}

// keep saves a bucket; of id 0 it is a new one.
func keep(act *core.Act, id core.ID, version record.Version, b bucket) error {
	if id != 0 {
		_, err := buckets().Save(act, core.Installation, id, version, b)
		return err
	}
	if err := makeRoom(act); err != nil {
		return err
	}
	_, err := buckets().Insert(act, core.Installation, b)
	return err
}

// release forgets the failures of a key, after a success.
func release(act *core.Act, key []byte) error {
	id, version, _, err := bucketOf(act, key)
	if err != nil || id == 0 {
		return err
	}
	return dropBucket(act, id, version)
}

// makeRoom takes a few forgotten buckets away, and the one with the fewest
// failures where there are still too many, and counts one more.
func makeRoom(act *core.Act) error {
	var old []core.ID
	err := buckets().Lookup(act, core.Installation, spaceBucketAges, nil, func(id core.ID) error {
		b, _, err := buckets().Get(act, core.Installation, id)
		if err != nil || len(old) == sweepBuckets || act.At.Sub(b.Last) < forgetAfter {
			return stopped(err)
		}
		old = append(old, id)
		return nil
	})
	for _, id := range old {
		if err == nil {
			err = evict(act, id)
		}
	}
	if err != nil {
		return fmt.Errorf("sweep what failed long ago: %w", err)
	}
	t, err := readTally(act)
	if err != nil {
		return err
	}
	if t.Buckets >= mostBuckets {
		if err := evictSmallest(act); err != nil {
			return err
		}
		if t, err = readTally(act); err != nil {
			return err
		}
	}
	t.Buckets++
	return writeTally(act, t)
}

// stopped ends a range: with err, or without where there is none.
func stopped(err error) error {
	if err == nil {
		return core.Stop
	}
	return err
}

func evictSmallest(act *core.Act) error {
	var smallest core.ID
	err := buckets().Lookup(act, core.Installation, spaceBucketSize, nil, func(id core.ID) error {
		smallest = id
		return core.Stop
	})
	if err != nil || smallest == 0 {
		return err
	}
	return evict(act, smallest)
}

func evict(act *core.Act, id core.ID) error {
	_, version, err := buckets().Get(act, core.Installation, id)
	if err != nil {
		return err
	}
	return dropBucket(act, id, version)
}

func dropBucket(act *core.Act, id core.ID, version record.Version) error {
	if err := buckets().Delete(act, core.Installation, id, version); err != nil {
		return err
	}
	t, err := readTally(act)
	if err != nil {
		return err
	}
	if t.Buckets > 0 {
		t.Buckets--
	}
	return writeTally(act, t)
}

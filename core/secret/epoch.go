package secret

import (
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

const spaceEpoch core.Space = "secrets.epoch"

// epoch tells secrets that hold from those that were voided all at once: a grant
// is good in its own one only. It is kept from the first grant on, and checked on
// reading: were a lost one taken for the first, what was voided would be good
// again.
type epoch struct{ Number uint64 }

func epochs() record.Values[epoch] {
	return record.NewValues(spaceEpoch, record.New(record.Uint(1, func(e *epoch) *uint64 { return &e.Number })))
}

func epochKey() []byte { return []byte("epoch") }

// readEpoch fails with [core.ErrDamaged] where the epoch can't be read, or is
// missing beside grants. found is false where there is neither.
func readEpoch(v core.View) (e epoch, found bool, err error) {
	if e, found, err = epochs().Get(v, epochKey()); err == nil && !found {
		err = v.Ascend(spaceGrants, nil, nil, func(_, _ []byte) error {
			return fmt.Errorf("the epoch is missing: %w", core.ErrDamaged)
		})
	}
	if err != nil {
		return e, false, fmt.Errorf("read the epoch of secrets: %w", err)
	}
	return e, found, nil
}

// beginEpoch reads the epoch for a new grant, and keeps the first one.
func beginEpoch(tx core.Tx) (uint64, error) {
	e, found, err := readEpoch(tx)
	if err == nil && !found {
		err = epochs().Put(tx, epochKey(), e)
	}
	return e.Number, err
}

// RaiseEpoch voids every secret issued so far: after a restore, or when the
// clock is set back. An epoch that can't be read is raised past those of all
// grants.
func RaiseEpoch(tx core.Tx) error {
	latest, err := latestEpoch(tx)
	if err != nil {
		return err
	}
	readable, err := epochs().Readable(tx, epochKey())
	if err != nil {
		return fmt.Errorf("read the epoch of secrets: %w", err)
	}
	if readable {
		now, _, err := epochs().Get(tx, epochKey())
		if err != nil {
			return fmt.Errorf("read the epoch of secrets: %w", err)
		}
		latest = max(latest, now.Number)
	}
	if err := epochs().Put(tx, epochKey(), epoch{latest + 1}); err != nil {
		return fmt.Errorf("raise the epoch of secrets: %w", err)
	}
	return nil
}

// latestEpoch is the latest epoch of a grant that can be read.
func latestEpoch(v core.View) (latest uint64, err error) {
	heed := func(_ []byte, g Grant) error {
		if g.Epoch <= mostEpoch {
			latest = max(latest, g.Epoch)
		}
		return nil
	}
	err = grants().Examine(v, digestSize, func(record.Finding) error { return nil }, heed)
	return latest, err
}

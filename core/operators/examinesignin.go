package operators

import (
	"bytes"
	"errors"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// signIn looks through what operators sign in with, and what counts their tries.
// An app that can't be read is only told: without it a password alone would do.
func (x examination) signIn(here func(core.ID) (bool, error)) error {
	for _, err := range []error{
		record.Examination[factor]{
			Table: factors(), Known: here, Shared: true, Told: true, Look: orphans[factor](x, spaceFactors),
		}.Run(x.v, x.report),
		record.Examination[tries]{Table: triesOf(), Known: here, Shared: true, Look: orphans[tries](x, spaceTries)}.Run(x.v, x.report),
		record.Examination[seats]{Table: seating(), Known: here, Shared: true, Look: orphans[seats](x, spaceSeats)}.Run(x.v, x.report),
		record.Examination[device]{Table: devices(), Known: here, Look: x.device}.Run(x.v, x.report),
		record.Examination[attempt]{Table: attempts(), Known: here, Look: x.attempt}.Run(x.v, x.report),
	} {
		if err != nil {
			return err
		}
	}
	return x.buckets(here)
}

// orphans reports what lies under the id of an operator that isn't there.
func orphans[T any](x examination, space core.Space) func(institution, id core.ID, _ T) error {
	return func(institution, id core.ID, _ T) error {
		there, err := table().Has(x.v, core.Installation, id)
		if err != nil || there {
			return err
		}
		return x.report(record.Surplus(record.FaultOrphan, space, core.Key(institution, id), "operator"))
	}
}

func (x examination) device(institution, id core.ID, d device) error {
	there, err := table().Has(x.v, core.Installation, d.Operator)
	if err != nil || there {
		return err
	}
	return x.report(record.Finding{
		Fault: record.FaultDangling, Space: spaceDevices, Key: core.Key(institution, id), Detail: "operator",
		Mend: devices().SetAside(institution, id),
	})
}

// attempt reports one of an operator that isn't there; nobody's is in order.
func (x examination) attempt(institution, id core.ID, a attempt) error {
	if a.Operator == 0 {
		return nil
	}
	there, err := table().Has(x.v, core.Installation, a.Operator)
	if err != nil || there {
		return err
	}
	return x.report(record.Finding{
		Fault: record.FaultDangling, Space: spaceAttempts, Key: core.Key(institution, id), Detail: "operator",
		Mend: attempts().SetAside(institution, id),
	})
}

// buckets reports a tally that can't be read, or counts another number of them.
func (x examination) buckets(here func(core.ID) (bool, error)) error {
	var n uint64
	look := func(core.ID, core.ID, bucket) error {
		n++
		return nil
	}
	if err := (record.Examination[bucket]{Table: buckets(), Known: here, Look: look}).Run(x.v, x.report); err != nil {
		return err
	}
	err := x.v.Ascend(spaceTally, nil, nil, func(key, _ []byte) error {
		if bytes.Equal(key, tallyKey()) {
			return nil
		}
		return x.report(record.Broken(spaceTally, key, record.DetailKey, nil))
	})
	if err != nil {
		return err
	}
	f := record.Finding{Space: spaceTally, Key: tallyKey(), Detail: "buckets", Mend: recount}
	t, err := readTally(x.v)
	switch {
	case errors.Is(err, record.ErrMalformed):
		f.Fault, f.Cause = record.FaultBroken, err
	case err != nil:
		return err
	case t.Buckets != n:
		f.Fault = record.FaultWrong
	default:
		return nil
	}
	return x.report(f)
}

// recount writes how many buckets there are.
func recount(tx core.Tx) error {
	t, err := readTally(tx)
	if err != nil && !errors.Is(err, record.ErrMalformed) {
		return err
	}
	t.Buckets = 0
	err = buckets().Readables(tx, func(core.ID, core.ID, record.Version, bucket) error {
		t.Buckets++
		return nil
	})
	if err != nil {
		return err
	}
	return writeTally(tx, t)
}

// ExamineSeals reports apps whose sealed secret doesn't open with keys. It stays
// where it is: who has another key file may still open it.
func ExamineSeals(v core.View, keys *secret.Keys, report func(record.Finding) error) error {
	return factors().Readables(v, func(institution, id core.ID, _ record.Version, f factor) error {
		if !f.on() || secretOf(keys, sealFactor, id, f.Secret) != nil {
			return nil
		}
		return report(record.Finding{Fault: record.FaultBroken, Space: spaceFactors, Key: core.Key(institution, id), Detail: "sealed"})
	})
}

package record

import (
	"errors"
	"fmt"
	"slices"

	"willcall/core"
)

// What an examination reports; see [core.Finding].
type (
	Fault   = core.Fault
	Finding = core.Finding
)

// The faults.
const (
	FaultBroken   = core.FaultBroken
	FaultMissing  = core.FaultMissing
	FaultStray    = core.FaultStray
	FaultDangling = core.FaultDangling
	FaultOrphan   = core.FaultOrphan
	FaultWrong    = core.FaultWrong
)

// Details of findings that every table can have.
const (
	DetailKey         = "key"         // no key of a record, or an id nobody handed out
	DetailIndex       = "index"       // an index entry
	DetailCounter     = "counter"     // the next new record would take an id that is in use
	DetailInstitution = "institution" // of an institution that isn't there
)

// farthest is how far beyond the counter, and beyond the record before it, an id
// may be and still count as handed out: what is farther away lies under a key
// that was spoilt.
const farthest = 1 << 24

// Examine walks all that a table stores, of every institution, and reports what
// can't be read, what its indexes lack or have too much, and a counter of ids
// that is behind. It writes nothing, and ends with the error of v or report.
// Keys of findings are copies.
func (t Table[T]) Examine(v core.View, report func(Finding) error) error {
	return Examination[T]{Table: t}.Run(v, report)
}

// Examination is [Table.Examine] with more to look at.
type Examination[T any] struct {
	Table Table[T]
	// Shared tells that the ids are another table's, so that no counter of this
	// one stands behind them.
	Shared bool
	// Told tells that what can't be read stays where it is: without it something
	// else would count, such as nobody owning the house.
	Told bool
	// Known tells which institutions there are; nil: all.
	Known func(institution core.ID) (bool, error)
	// Look is called for every record that can be read; it may read on from the
	// view, and reports by itself.
	Look func(institution, id core.ID, value T) error
}

// Run examines. It is safe for concurrent use as far as its functions are.
func (x Examination[T]) Run(v core.View, report func(Finding) error) error {
	w := &walk[T]{Examination: x, v: v, report: report}
	err := v.Ascend(x.Table.space, nil, nil, w.record)
	if err == nil {
		err = w.leave()
	}
	for _, index := range x.Table.indexes {
		if err != nil {
			break
		}
		err = v.Ascend(index.space, nil, nil, func(entry, value []byte) error { return w.entry(index, entry, value) })
	}
	if err != nil {
		return fmt.Errorf("examine %s: %w", x.Table.space, err)
	}
	return nil
}

// walk is an examination under way: what it knows of the institution it is in.
type walk[T any] struct {
	Examination[T]
	v      core.View
	report func(Finding) error

	begun       bool
	institution core.ID
	last        core.ID // that was handed out
	highest     core.ID // that is in use
}

func (w *walk[T]) record(key, raw []byte) error {
	t := w.Table
	institution, id, ok := core.SplitKey(key)
	if !ok {
		return w.broken(key, DetailKey, nil, SetAside(t.space, key))
	}
	if !w.begun || institution != w.institution {
		if err := w.enter(institution); err != nil {
			return err
		}
	}
	rec, err := t.decode(key, raw)
	switch {
	case err != nil:
		return w.broken(key, "", err, t.SetAside(institution, id))
	case id == 0, !w.Shared && id > max(w.last, w.highest) && id-max(w.last, w.highest) > farthest:
		return w.broken(key, DetailKey, nil, t.SetAside(institution, id))
	}
	w.highest = max(w.highest, id)
	if err := w.entries(institution, id, &rec.value); err != nil || w.Look == nil {
		return err
	}
	return w.Look(institution, id, rec.value)
}

// enter begins an institution, and ends the one before.
func (w *walk[T]) enter(institution core.ID) (err error) {
	if err := w.leave(); err != nil {
		return err
	}
	w.begun, w.institution, w.highest = true, institution, 0
	if w.last, err = w.v.LastID(institution, w.Table.space); err != nil || w.Known == nil {
		return err
	}
	known, err := w.Known(institution)
	if err != nil || known {
		return err
	}
	return w.report(Finding{Fault: FaultOrphan, Space: w.Table.space, Key: core.Prefix(institution), Detail: DetailInstitution})
}

// leave compares the highest id of an institution with those handed out.
func (w *walk[T]) leave() error {
	if !w.begun || w.Shared || w.highest <= w.last {
		return nil
	}
	return w.report(Finding{
		Fault: FaultWrong, Space: w.Table.space, Key: core.Key(w.institution, w.highest), Detail: DetailCounter,
		Mend: Raise(w.institution, w.Table.space, w.highest),
	})
}

// broken reports what can't be read, or lies under no key of a record.
func (w *walk[T]) broken(key []byte, detail string, cause error, mend func(core.Tx) error) error {
	if w.Told {
		mend = nil
	}
	return w.report(Finding{
		Fault: FaultBroken, Space: w.Table.space, Key: slices.Clone(key), Detail: detail, Cause: cause, Mend: mend,
	})
}

// entries looks for the index entries that a value should have.
func (w *walk[T]) entries(institution, id core.ID, value *T) error {
	for _, x := range w.Table.indexes {
		for _, key := range x.keys(value) {
			entry := entryKey(institution, key, id)
			found, err := w.v.Get(x.space, entry)
			if err != nil {
				return err
			}
			fault := FaultMissing
			switch {
			case found != nil && len(found) == 0:
				continue
			case found != nil:
				fault = FaultWrong
			}
			err = w.report(Finding{
				Fault: fault, Space: x.space, Key: entry, Detail: DetailIndex, Mend: w.Table.reenter(x, entry),
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// entry looks for the record of an index entry.
func (w *walk[T]) entry(x Index[T], entry, _ []byte) error {
	belongs, err := w.Table.belongs(w.v, x, entry)
	if err != nil || belongs {
		return err
	}
	if w.Told {
		if kept, err := w.Table.unreadable(w.v, entry); err != nil || kept {
			return err
		}
	}
	entry = slices.Clone(entry)
	return w.report(Finding{Fault: FaultStray, Space: x.space, Key: entry, Detail: DetailIndex, Mend: func(tx core.Tx) error {
		if belongs, err := w.Table.belongs(tx, x, entry); err != nil || belongs {
			return err
		}
		return tx.Delete(x.space, entry)
	}})
}

// belongs reports whether a record that can be read has an index entry.
func (t Table[T]) belongs(v core.View, x Index[T], entry []byte) (bool, error) {
	institution, key, id, ok := splitEntry(entry)
	if !ok {
		return false, nil
	}
	value, ok, err := t.readable(v, institution, id)
	if err != nil || !ok {
		return false, err
	}
	return holds(x.keys(&value), key), nil
}

// unreadable reports whether an index entry leads to a record that is there and
// can't be read.
func (t Table[T]) unreadable(v core.View, entry []byte) (bool, error) {
	institution, _, id, ok := splitEntry(entry)
	if !ok {
		return false, nil
	}
	there, err := t.Has(v, institution, id)
	if err != nil || !there {
		return false, err
	}
	_, ok, err = t.readable(v, institution, id)
	return !ok, err
}

// reenter writes an index entry where the record still has it.
func (t Table[T]) reenter(x Index[T], entry []byte) func(core.Tx) error {
	return func(tx core.Tx) error {
		if belongs, err := t.belongs(tx, x, entry); err != nil || !belongs {
			return err
		}
		return tx.Put(x.space, entry, []byte{})
	}
}

// readable reads a record; ok is false where there is none, or a broken one.
func (t Table[T]) readable(v core.View, institution, id core.ID) (value T, ok bool, err error) {
	value, _, err = t.Get(v, institution, id)
	switch {
	case err == nil:
		return value, true, nil
	case core.CodeOf(err) == core.CodeNotFound, errors.Is(err, ErrMalformed):
		return value, false, nil
	}
	return value, false, err
}

// Readable reports whether there is a record and it can be read.
func (t Table[T]) Readable(v core.View, institution, id core.ID) (bool, error) {
	_, ok, err := t.readable(v, institution, id)
	return ok, err
}

// Amend is a [core.Finding]'s Mend that changes a record, where it is still
// there. change says whether anything is to be saved.
func (t Table[T]) Amend(institution, id core.ID, change func(tx core.Tx, value *T) (bool, error)) func(core.Tx) error {
	return func(tx core.Tx) error {
		value, ok, err := t.readable(tx, institution, id)
		if err != nil || !ok {
			return err
		}
		if changed, err := change(tx, &value); err != nil || !changed {
			return err
		}
		return t.Put(tx, institution, id, value)
	}
}

// Raise is a [core.Finding]'s Mend that brings a counter of new ids to least.
func Raise(institution core.ID, space core.Space, least core.ID) func(core.Tx) error {
	return func(tx core.Tx) error {
		last, err := tx.LastID(institution, space)
		for err == nil && last < least {
			last, err = tx.NewID(institution, space)
		}
		return err
	}
}

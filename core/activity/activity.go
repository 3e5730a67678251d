// Package activity is the journal of acts: what was done or refused, by whom,
// when and on what. Its entries name personal details by salted commitments
// only; the details themselves lie in a space of their own, so that erasing a
// person leaves the journal whole.
package activity

import (
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	spaceEntries  core.Space = "activity"
	spacePersonal core.Space = "activity.personal"
	saltBytes                = 16
)

// line is the stored form of an entry.
type line struct {
	core.Entry
	details []detail
}

// detail is one fact of an entry: its value, or for a personal one the
// commitment SHA-256(salt ‖ value).
type detail struct {
	Name       string
	Value      string
	Commitment []byte
}

// personal is what a commitment stands for; erasing deletes it.
type personal struct {
	Salt  []byte
	Value string
}

func detailCodec() record.Codec[detail] {
	return record.New(
		record.Text(1, func(d *detail) *string { return &d.Name }),
		record.Text(2, func(d *detail) *string { return &d.Value }),
		record.Bytes(3, func(d *detail) *[]byte { return &d.Commitment }),
	)
}

// details keeps the personal details of entries, under their keys.
func details() record.Values[[]personal] {
	one := record.New(
		record.Bytes(1, func(p *personal) *[]byte { return &p.Salt }),
		record.Text(2, func(p *personal) *string { return &p.Value }),
	)
	return record.NewValues(spacePersonal, record.New(record.List(1, func(all *[]personal) *[]personal { return all }, one)))
}

func lines() record.Table[line] {
	return record.NewTable(spaceEntries, "activity", record.New(
		record.Time(1, func(l *line) *time.Time { return &l.At }),
		record.Uint(2, func(l *line) *core.ActorKind { return &l.Actor.Kind }),
		record.Uint(3, func(l *line) *core.ID { return &l.Actor.ID }),
		record.Text(4, func(l *line) *string { return &l.Actor.Name }),
		record.Uint(5, func(l *line) *core.Role { return &l.Role }),
		record.Uint(6, func(l *line) *core.ID { return &l.Session }),
		record.Uint(7, func(l *line) *core.ID { return &l.Institution }),
		record.Text(8, func(l *line) *core.ActionID { return &l.Action }),
		record.Text(9, func(l *line) *core.Kind { return &l.Subject.Kind }),
		record.Uint(10, func(l *line) *core.ID { return &l.Subject.ID }),
		record.Text(11, func(l *line) *core.Code { return &l.Refused }),
		record.List(12, func(l *line) *[]detail { return &l.details }, detailCodec()),
	), subjectIndex())
}

// Journal keeps entries in the store, numbered in the order of their commits.
// It is safe for concurrent use.
type Journal struct{}

// Record implements [core.Journal].
func (Journal) Record(tx core.Tx, e core.Entry, random io.Reader) error {
	l := line{Entry: e, details: make([]detail, len(e.Details))}
	var private []personal
	for i, d := range e.Details {
		l.details[i] = detail{Name: d.Name, Value: d.Value}
		if !d.Personal {
			continue
		}
		p := personal{Salt: make([]byte, saltBytes), Value: d.Value}
		if _, err := io.ReadFull(random, p.Salt); err != nil {
			return fmt.Errorf("salt a journal entry: %w", err)
		}
		l.details[i] = detail{Name: d.Name, Commitment: commit(p)}
		private = append(private, p)
	}
	id, err := lines().Insert(tx, core.Installation, l)
	if err != nil || private == nil {
		return err
	}
	return details().Put(tx, core.Key(core.Installation, id), private)
}

// Ascend calls fn for every entry from id on, oldest first. Erased personal
// details have an empty value. It fails where a detail no longer matches its
// commitment.
func (Journal) Ascend(v core.View, from core.ID, fn func(id core.ID, e core.Entry) error) error {
	return lines().Ascend(v, core.Installation, from, func(id core.ID, _ record.Version, l line) error {
		e, err := whole(v, id, l)
		if err != nil {
			return err
		}
		return fn(id, e)
	})
}

// whole puts a line's personal details back into it.
func whole(v core.View, id core.ID, l line) (core.Entry, error) {
	private, err := readPersonal(v, id)
	if err != nil {
		return core.Entry{}, err
	}
	e := l.Entry
	if e.Details, err = merge(l.details, private); err != nil {
		return core.Entry{}, fmt.Errorf("journal entry %d: %w", id, err)
	}
	return e, nil
}

func readPersonal(v core.View, id core.ID) ([]personal, error) {
	private, _, err := details().Get(v, core.Key(core.Installation, id))
	if err != nil {
		return nil, fmt.Errorf("personal details of journal entry %d: %w", id, err)
	}
	return private, nil
}

// merge puts personal values back in their places.
func merge(details []detail, private []personal) ([]core.Detail, error) {
	out := make([]core.Detail, len(details))
	for i, d := range details {
		out[i] = core.Detail{Name: d.Name, Value: d.Value, Personal: len(d.Commitment) > 0}
		if !out[i].Personal || private == nil {
			continue
		}
		if len(private) == 0 || string(commit(private[0])) != string(d.Commitment) {
			return nil, fmt.Errorf("detail %q doesn't match its commitment", d.Name)
		}
		out[i].Value, private = private[0].Value, private[1:]
	}
	if len(private) > 0 {
		return nil, fmt.Errorf("%d personal details belong to no commitment", len(private))
	}
	return out, nil
}

func commit(p personal) []byte {
	sum := sha256.New()
	sum.Write(p.Salt)
	sum.Write([]byte(p.Value))
	return sum.Sum(nil)
}

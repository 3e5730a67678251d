package validation

import (
	"fmt"
	"time"

	"willcall/core"
	"willcall/core/record"
)

// Last is the newest validation mail of a contact.
type Last struct {
	Context Context
	Mail    core.ID
	At      time.Time
	Expires time.Time
	Address string // canonical
}

const (
	spaceLast  core.Space = "validation.last"
	spaceHabit core.Space = "validation.habit"
)

func lasts() record.Table[Last] {
	return record.NewTable(spaceLast, core.KindContact, record.New(
		record.Uint(1, func(l *Last) *core.ID { return &l.Context.Document }),
		record.Uint(2, func(l *Last) *core.ID { return &l.Context.PointOfSale }),
		record.Uint(3, func(l *Last) *core.ID { return &l.Mail }),
		record.Time(4, func(l *Last) *time.Time { return &l.At }),
		record.Time(5, func(l *Last) *time.Time { return &l.Expires }),
		record.Text(6, func(l *Last) *string { return &l.Address }),
	))
}

// habits keeps each operator's last context per institution.
func habits() record.Table[Context] {
	return record.NewTable(spaceHabit, core.KindOperator, record.New(
		record.Uint(1, func(c *Context) *core.ID { return &c.Document }),
		record.Uint(2, func(c *Context) *core.ID { return &c.PointOfSale }),
	))
}

// LastOf reads a contact's newest validation mail; found is false where none
// was ever sent.
func LastOf(v core.View, institution, contact core.ID) (last Last, found bool, err error) {
	last, _, err = lasts().Get(v, institution, contact)
	if core.CodeOf(err) == core.CodeNotFound {
		return Last{}, false, nil
	}
	return last, err == nil, err
}

// Forget drops what is remembered of a contact that is gone for good.
func Forget(tx core.Tx, institution, contact core.ID) error {
	if err := tx.Delete(spaceLast, core.Key(institution, contact)); err != nil {
		return fmt.Errorf("forget the last mail of contact %d: %w", contact, err)
	}
	return nil
}

// habitOf is an operator's last context, none for other actors: their ids count
// something else.
func habitOf(v core.View, req core.Request) (Context, error) {
	if req.Actor.Kind != core.ActorOperator {
		return Context{}, nil
	}
	c, _, err := habits().Get(v, req.Institution, req.Actor.ID)
	if core.CodeOf(err) == core.CodeNotFound {
		return Context{}, nil
	}
	return c, err
}

// remember keeps what R24 suggests next time.
func remember(act *core.Act, contact core.ID, last Last) error {
	if err := lasts().Put(act, act.Req.Institution, contact, last); err != nil {
		return fmt.Errorf("remember the mail: %w", err)
	}
	if act.Req.Actor.Kind != core.ActorOperator {
		return nil
	}
	if err := habits().Put(act, act.Req.Institution, act.Req.Actor.ID, last.Context); err != nil {
		return fmt.Errorf("remember the context: %w", err)
	}
	return nil
}

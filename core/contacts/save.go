package contacts

import (
	"context"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/validation"
	"willcall/core/venue"
)

// Saved is what saving a contact did.
type Saved struct {
	ID     core.ID
	Number uint64
	Status core.EmailStatus
	// Sent is the validation mail, where one went out.
	Sent validation.Sent
	// Held is why one was held back though the address changed: a cap.
	Held error
}

func savedAs(id core.ID, c Contact) Saved {
	return Saved{ID: id, Number: c.Number, Status: c.Email.Status}
}

// Create saves a new contact and, where it has an address and is subject to
// validation, sends one validation mail from c (R5, R17, R18). Where nothing
// is offered to send from, the contact is made without (R22).
func (s *Service) Create(ctx context.Context, req core.Request, d Draft, c validation.Context) (Saved, error) {
	var saved Saved
	receipt, err := s.desk.Do(ctx, req, core.ActContactsCreate, func(act *core.Act) (err error) {
		saved, err = s.create(act, d, c)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

// answer is what a save tells: what it did, or for a repeated call how its
// contact stands now, to an actor who may see that.
func (s *Service) answer(ctx context.Context, req core.Request, receipt core.Receipt, saved Saved, err error) (Saved, error) {
	if err != nil {
		return Saved{}, err
	}
	if !receipt.Repeated {
		return saved, nil
	}
	if kind := req.Actor.Kind; kind != core.ActorOperator && kind != core.ActorLocal {
		return Saved{ID: receipt.Subject.ID}, nil
	}
	d, err := s.Show(ctx, req, receipt.Subject.ID)
	return Saved{ID: d.ID, Number: d.Number, Status: d.Email.Status}, err
}

// create saves a draft as a new contact and sends what is due from c.
func (s *Service) create(act *core.Act, d Draft, c validation.Context) (Saved, error) {
	contact, err := drafted(act, d)
	if err != nil {
		return Saved{}, err
	}
	id, err := add(act, &contact)
	if err != nil {
		return Saved{}, err
	}
	saved := savedAs(id, contact)
	if saved.Sent, saved.Held, err = s.sendIfDue(act, id, contact, c, validation.First); err != nil {
		return Saved{}, err
	}
	return saved, nil
}

// drafted is the new contact of a draft that holds against its rules.
func drafted(act *core.Act, d Draft) (Contact, error) {
	d = d.clean()
	today, err := today(act)
	if err != nil {
		return Contact{}, err
	}
	if err := d.Check(act.Captured, today); err != nil {
		return Contact{}, err
	}
	made := Contact{Created: act.At, CreatedBy: act.Req.Actor.Name, Changed: act.At}
	contact, _, err := d.apply(made, act.At)
	return contact, err
}

// add numbers and saves a new contact, with what follows for the structure it
// belongs to, and logs it. It also sweeps, since who removes nothing any more
// still makes contacts.
func add(act *core.Act, c *Contact) (id core.ID, err error) {
	relation, err := relate(act, 0, Contact{}, *c)
	if err != nil {
		return 0, err
	}
	if c.Number, err = nextNumber(act, act.Req.Institution); err != nil {
		return 0, err
	}
	if id, err = insert(act, act.Req.Institution, *c); err != nil {
		return 0, err
	}
	if err := sweepRemoved(act); err != nil {
		return 0, err
	}
	act.Log(ref(id), append(differences(Contact{}, *c), relation...)...)
	act.EmitFor(ref(id))
	return id, nil
}

// Edit saves what a form says of the contact the caller saw in version
// expected. Another canonical address turns it red, voids its links and sends
// a validation mail from c (R6, R7); for a structure only where sendToo asks
// for it.
func (s *Service) Edit(ctx context.Context, req core.Request, id core.ID, expected record.Version, d Draft, c validation.Context, sendToo bool) (Saved, error) {
	var saved Saved
	receipt, err := s.desk.Do(ctx, req, core.ActContactsEdit, func(act *core.Act) error {
		before, _, err := find(act, act.Req.Institution, id)
		if err != nil {
			return err
		}
		saved, err = s.edit(act, id, expected, before, d, c, sendToo)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

func (s *Service) edit(act *core.Act, id core.ID, expected record.Version, before Contact, d Draft, c validation.Context, sendToo bool) (Saved, error) {
	d = d.clean()
	today, err := today(act)
	if err != nil {
		return Saved{}, err
	}
	if err := d.Check(act.Captured || d.keepsAddress(before), today); err != nil {
		return Saved{}, err
	}
	after, changed, err := d.apply(before, act.At)
	if err != nil {
		return Saved{}, err
	}
	relation, err := relate(act, id, before, after)
	if err != nil {
		return Saved{}, err
	}
	details := append(differences(before, after), relation...)
	after.Changed, after.Changes = act.At, before.Changes+1
	if err := save(act, act.Req.Institution, id, expected, after); err != nil {
		return Saved{}, err
	}
	saved := savedAs(id, after)
	switch {
	case changed:
		saved.Sent, saved.Held, err = s.readdressed(act, id, before, after, c, sendToo)
	case after.Guest && !before.Guest:
		err = act.Withdraw(ref(id), core.WithdrawnGuest)
	}
	if err != nil {
		return Saved{}, err
	}
	act.Log(ref(id), details...)
	act.EmitFor(ref(id))
	return saved, nil
}

// today is the day of the act where the institution is.
func today(act *core.Act) (core.Date, error) {
	house, _, err := venue.Institutions().Get(act, core.Installation, act.Req.Institution)
	if err != nil {
		return 0, err
	}
	return core.DateOf(act.At.In(house.Location())), nil
}

func ref(id core.ID) core.Ref { return core.Ref{Kind: core.KindContact, ID: id} }

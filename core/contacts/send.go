package contacts

import (
	"context"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/validation"
	"willcall/core/venue"
)

// readdressed does what follows from another canonical address: the former one
// gets its notice, the new one its mail. A structure's mail is offered only
// (R7); over the caps the change is saved and the mail held back.
func (s *Service) readdressed(act *core.Act, id core.ID, before, after Contact, c validation.Context, sendToo bool) (sent validation.Sent, held error, err error) {
	to := addressee(id, after)
	if err := s.sender.AddressChanged(act, to, before.Email, c); err != nil {
		return sent, nil, err
	}
	if after.Kind == core.ContactStructure && !sendToo {
		return sent, nil, nil
	}
	return s.sendIfDue(act, id, after, c, validation.Changed)
}

// sendIfDue sends where the contact is subject to validation and something is
// offered to send from. Where it is, a missing choice is refused (R17). held is
// the cap that keeps back the mail of a changed address.
func (s *Service) sendIfDue(act *core.Act, id core.ID, c Contact, from validation.Context, why validation.Occasion) (sent validation.Sent, held error, err error) {
	offer, err := validation.Offered(act, act.Req, c.Kind, id)
	if err != nil {
		return sent, nil, err
	}
	to := addressee(id, c)
	if validation.Refusal(offer, to) != nil {
		return sent, nil, nil
	}
	if why == validation.Changed {
		held, err = validation.OverCap(act, act.Req, c.Email.Key, act.At)
	}
	if held != nil || err != nil {
		return sent, held, err
	}
	sent, err = s.sender.Send(act, to, from, why)
	return sent, nil, err
}

// SendValidation sends a validation mail again, from a context the caller
// chose (R24), to the address the caller saw: generation is that address's, and
// another one meanwhile is a conflict.
func (s *Service) SendValidation(ctx context.Context, req core.Request, id core.ID, generation uint64, from validation.Context) (validation.Sent, error) {
	var sent validation.Sent
	_, err := s.desk.Do(ctx, req, core.ActContactsSend, func(act *core.Act) error {
		c, _, err := find(act, act.Req.Institution, id)
		if err != nil {
			return err
		}
		if c.Email.Generation != generation {
			return core.Refuse(core.CodeConflict)
		}
		if sent, err = s.sender.Send(act, addressee(id, c), from, validation.Again); err != nil {
			return err
		}
		act.Log(ref(id), core.Detail{Name: "address", Value: c.Email.Typed, Personal: true})
		act.EmitFor(ref(id))
		return nil
	})
	return sent, err
}

// Remake sends, within the caller's act, a fresh validation mail to the present
// address of the contact that subject names, and gives its outbox entry: for
// mail whose link is gone. It is made from document where that is still
// offered, for the rest from the context used last (R24), under the caps of
// [validation.Again]. It fails as [validation.Sender.Send] does, and with
// [core.CodeNotFound] for a subject that is no contact.
func (s *Service) Remake(act *core.Act, subject core.Ref, document core.ID) (core.ID, error) {
	to, from, err := fresh(act, act.Req, subject, document)
	if err != nil {
		return 0, err
	}
	sent, err := s.sender.Send(act, to, from, validation.Again)
	if err != nil {
		return 0, err
	}
	act.EmitFor(subject)
	return sent.Mail, nil
}

// Remakable says why [Service.Remake] would refuse at a time, nil where it
// wouldn't. until is when that is over, where only time stands against it, else
// zero. A failure to read has [core.CodeInternal].
func (s *Service) Remakable(v core.View, req core.Request, subject core.Ref, document core.ID, now time.Time) (until time.Time, refusal error) {
	to, from, err := fresh(v, req, subject, document)
	if err != nil {
		return time.Time{}, err
	}
	return s.sender.Sendable(v, req, to, from, now)
}

// fresh is whom a mail made anew goes to, and what it is made from.
func fresh(v core.View, req core.Request, subject core.Ref, document core.ID) (to validation.Addressee, from validation.Context, err error) {
	if subject.Kind != core.KindContact {
		return to, from, core.Refuse(core.CodeNotFound)
	}
	c, _, err := find(v, req.Institution, subject.ID)
	if err != nil {
		return to, from, err
	}
	offer, err := validation.Offered(v, req, c.Kind, subject.ID)
	if err != nil {
		return to, from, err
	}
	from = offer.Suggested
	if slices.ContainsFunc(offer.Documents, func(n venue.Named) bool { return n.ID == document }) {
		from.Document = document
	}
	return addressee(subject.ID, c), from, nil
}

package contacts

import (
	"context"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/validation"
)

// Service is everything done with contacts. It is safe for concurrent use.
type Service struct {
	desk   *core.Desk
	finder Finder
	sender validation.Sender
}

// NewService makes a service.
func NewService(desk *core.Desk, finder Finder) *Service {
	return &Service{desk: desk, finder: finder}
}

// Row is a contact in a list.
type Row struct {
	ID      core.ID
	Number  uint64
	Kind    core.ContactKind
	Name    string // as listed
	Status  core.EmailStatus
	Guest   bool
	Address string // as typed
	City    string
}

// Found is one answer to a search.
type Found struct {
	Rows    []Row
	Matches int
	Total   int
}

// Find searches the request's institution.
func (s *Service) Find(ctx context.Context, req core.Request, q Query) (Found, error) {
	var found Found
	err := s.desk.See(ctx, req, core.ActContactsList, func(v core.View) error {
		hits, err := s.finder.Find(ctx, v, req.Institution, q)
		if err != nil {
			return err
		}
		found = Found{Rows: make([]Row, 0, len(hits.IDs)), Matches: hits.Matches, Total: hits.Total}
		all := table()
		for _, id := range hits.IDs {
			c, _, err := all.Get(v, req.Institution, id)
			if err != nil {
				return err
			}
			found.Rows = append(found.Rows, rowOf(id, c))
		}
		return nil
	})
	return found, err
}

func rowOf(id core.ID, c Contact) Row {
	return Row{
		ID: id, Number: c.Number, Kind: c.Kind, Name: c.Listed(), Status: c.Email.Status,
		Guest: c.Guest, Address: c.Email.Typed, City: c.City(),
	}
}

// Detail is one contact in full.
type Detail struct {
	ID      core.ID
	Version record.Version
	Contact
	// Last is the newest validation mail; Mailed tells whether there is one.
	Last   validation.Last
	Mailed bool
	// Offer is what a validation mail could be sent from.
	Offer validation.Offer
	// NotNow is why no validation mail can be sent at present, or nil. It is over
	// at Until, where that is not zero.
	NotNow error
	Until  time.Time
}

// Show reads one contact. It fails with [core.CodeNotFound].
func (s *Service) Show(ctx context.Context, req core.Request, id core.ID) (Detail, error) {
	var d Detail
	now := s.desk.Effective()
	err := s.desk.See(ctx, req, core.ActContactsShow, func(v core.View) (err error) {
		d, err = readDetail(v, req, id, now)
		return err
	})
	return d, err
}

func readDetail(v core.View, req core.Request, id core.ID, now time.Time) (Detail, error) {
	c, version, err := table().Get(v, req.Institution, id)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{ID: id, Version: version, Contact: c}
	if d.Last, d.Mailed, err = validation.LastOf(v, req.Institution, id); err != nil {
		return d, err
	}
	if d.Offer, err = validation.Offered(v, req, c.Kind, id); err != nil {
		return d, err
	}
	d.NotNow = validation.Refusal(d.Offer, addressee(id, c))
	if d.NotNow == nil {
		d.Until, d.NotNow = validation.TooOften(v, req, c.Email.Key, now)
	}
	if core.CodeOf(d.NotNow) == core.CodeInternal {
		return d, d.NotNow
	}
	return d, nil
}

// Offer reads what a form for a kind of contact can choose from; contact is 0
// for a new one.
func (s *Service) Offer(ctx context.Context, req core.Request, kind core.ContactKind, contact core.ID) (validation.Offer, error) {
	var o validation.Offer
	err := s.desk.See(ctx, req, core.ActContactsShow, func(v core.View) (err error) {
		o, err = validation.Offered(v, req, kind, contact)
		return err
	})
	return o, err
}

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

// Create saves a new contact and, where it has an address and is subject to
// validation, sends one validation mail from c (R5, R17, R18). Where nothing
// is offered to send from, the contact is made without (R22).
func (s *Service) Create(ctx context.Context, req core.Request, d Draft, c validation.Context) (Saved, error) {
	var saved Saved
	d = d.clean()
	receipt, err := s.desk.Do(ctx, req, core.ActContactsCreate, func(act *core.Act) (err error) {
		saved, err = s.create(act, d, c)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

// answer is what a save tells: what it did, or for a repeated call how its
// contact stands now.
func (s *Service) answer(ctx context.Context, req core.Request, receipt core.Receipt, saved Saved, err error) (Saved, error) {
	if err != nil {
		return Saved{}, err
	}
	if !receipt.Repeated {
		return saved, nil
	}
	d, err := s.Show(ctx, req, receipt.Subject.ID)
	return Saved{ID: d.ID, Number: d.Number, Status: d.Email.Status}, err
}

func (s *Service) create(act *core.Act, d Draft, c validation.Context) (Saved, error) {
	if err := d.Check(act.Captured); err != nil {
		return Saved{}, err
	}
	contact, _, err := d.apply(Contact{Created: act.At, CreatedBy: act.Req.Actor.Name, Changed: act.At}, act.At)
	if err != nil {
		return Saved{}, err
	}
	if contact.Number, err = nextNumber(act, act.Req.Institution); err != nil {
		return Saved{}, err
	}
	id, err := table().Insert(act, act.Req.Institution, contact)
	if err != nil {
		return Saved{}, err
	}
	saved := Saved{ID: id, Number: contact.Number, Status: contact.Email.Status}
	if saved.Sent, saved.Held, err = s.sendIfDue(act, id, contact, c, validation.First); err != nil {
		return Saved{}, err
	}
	act.Log(ref(id), differences(Contact{}, contact)...)
	act.EmitFor(ref(id))
	return saved, nil
}

// Edit saves what a form says of the contact the caller saw in version
// expected. Another canonical address turns it red, voids its links and sends
// a validation mail from c (R6, R7); for a structure only where sendToo asks
// for it.
func (s *Service) Edit(ctx context.Context, req core.Request, id core.ID, expected record.Version, d Draft, c validation.Context, sendToo bool) (Saved, error) {
	var saved Saved
	d = d.clean()
	receipt, err := s.desk.Do(ctx, req, core.ActContactsEdit, func(act *core.Act) (err error) {
		saved, err = s.edit(act, id, expected, d, c, sendToo)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

func (s *Service) edit(act *core.Act, id core.ID, expected record.Version, d Draft, c validation.Context, sendToo bool) (Saved, error) {
	before, _, err := table().Get(act, act.Req.Institution, id)
	if err != nil {
		return Saved{}, err
	}
	if err := d.Check(act.Captured); err != nil {
		return Saved{}, err
	}
	after, changed, err := d.apply(before, act.At)
	if err != nil {
		return Saved{}, err
	}
	details := differences(before, after)
	after.Changed, after.Changes = act.At, before.Changes+1
	if _, err := table().Save(act, act.Req.Institution, id, expected, after); err != nil {
		return Saved{}, err
	}
	saved := Saved{ID: id, Number: after.Number, Status: after.Email.Status}
	switch {
	case changed:
		saved.Sent, saved.Held, err = s.readdressed(act, id, before, after, c, sendToo)
	case after.Guest && !before.Guest:
		err = act.Withdraw(ref(id))
	}
	if err != nil {
		return Saved{}, err
	}
	act.Log(ref(id), details...)
	act.EmitFor(ref(id))
	return saved, nil
}

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
		c, _, err := table().Get(act, act.Req.Institution, id)
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

func ref(id core.ID) core.Ref { return core.Ref{Kind: core.KindContact, ID: id} }

func addressee(id core.ID, c Contact) validation.Addressee {
	return validation.Addressee{
		Contact: id, Kind: c.Kind, Name: c.Name(), Language: c.Language,
		Guest: c.Guest, SSO: c.SSO != "", Email: c.Email,
	}
}

// Book shows contacts to validation. It is safe for concurrent use.
type Book struct{}

// Addressee implements [validation.Book].
func (Book) Addressee(v core.View, institution, contact core.ID) (validation.Addressee, error) {
	c, _, err := table().Get(v, institution, contact)
	return addressee(contact, c), err
}

// Validated implements [validation.Book]: the one place where a link turns a
// contact green. Another generation of the address is a conflict.
func (Book) Validated(act *core.Act, institution, contact core.ID, generation uint64, proof core.Proof) error {
	c, version, err := table().Get(act, institution, contact)
	if err != nil {
		return err
	}
	if c.Email.Generation != generation {
		return core.Refuse(core.CodeConflict)
	}
	c.Email = c.Email.Validate(proof)
	if _, err := table().Save(act, institution, contact, version, c); err != nil {
		return err
	}
	act.EmitFor(ref(contact))
	return nil
}

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
	desk      *core.Desk
	finder    Finder
	chronicle Chronicle
	sender    validation.Sender
}

// NewService makes a service that finds by finder and tells of the past by
// chronicle.
func NewService(desk *core.Desk, finder Finder, chronicle Chronicle) *Service {
	return &Service{desk: desk, finder: finder, chronicle: chronicle}
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
	Phone   string    // the main one
	Proven  time.Time // when the address was validated; zero where it isn't
	// Damage is why the contact can't be read, nil where it can. Number, kind and
	// folded name are then what the search remembers, if anything.
	Damage error
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
		for _, id := range hits.IDs {
			row, _, err := rowAt(v, req.Institution, id)
			if err != nil {
				return err
			}
			s.desk.Met(row.Damage)
			found.Rows = append(found.Rows, row)
		}
		return nil
	})
	return found, err
}

func rowOf(id core.ID, c Contact) Row {
	row := Row{
		ID: id, Number: c.Number, Kind: c.Kind, Name: c.Listed(), Status: c.Email.Status,
		Guest: c.Guest, Address: c.Email.Typed, City: c.City(),
	}
	if len(c.Phones) > 0 {
		row.Phone = c.Phones[0].Number
	}
	if c.Email.Status == core.EmailValidated {
		row.Proven = c.Email.Proof.At
	}
	return row
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
	// Structure is what a relay belongs to; its ID is 0 for none.
	Structure Row
	// Relays of a structure, the primary one first, then in list order.
	Relays []Relay
	// OrdersLoaded tells whether its institution has loaded orders for anybody:
	// before, nothing is known of a contact without (R32).
	OrdersLoaded bool
	// NotRemovable is why it can't be removed as a mistake, nil where it can
	// (R90).
	NotRemovable error
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
	c, version, err := find(v, req.Institution, id)
	if core.CodeOf(err) == core.CodeNotFound {
		err = unfound(v, req.Institution, id, err)
	}
	if err != nil {
		return Detail{}, err
	}
	d := Detail{ID: id, Version: version, Contact: c}
	if err := d.readRelations(v, req.Institution, now); err != nil {
		return d, err
	}
	if d.OrdersLoaded, err = ordersLoaded(v, req.Institution); err != nil {
		return d, err
	}
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

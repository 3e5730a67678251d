package validation

import (
	"fmt"
	"slices"

	"willcall/core"
	"willcall/core/venue"
)

// Context is the document a mail is made from and the point of sale it comes
// from. The zero context is none.
type Context struct {
	Document    core.ID
	PointOfSale core.ID
}

// Offer is what can be chosen for a contact of one kind (R19 to R22), and
// what is chosen to begin with (R24).
type Offer struct {
	On           bool // the switch of R1
	Documents    []venue.Named
	PointsOfSale []venue.Named
	Suggested    Context
}

// Possible reports whether a mail can be sent from what is offered.
func (o Offer) Possible() bool { return o.On && len(o.Documents) > 0 && len(o.PointsOfSale) > 0 }

// Has reports whether c is among what is offered.
func (o Offer) Has(c Context) bool {
	return has(o.Documents, c.Document) && has(o.PointsOfSale, c.PointOfSale)
}

func has(list []venue.Named, id core.ID) bool {
	return slices.ContainsFunc(list, func(n venue.Named) bool { return n.ID == id })
}

// Channels are the kinds of sales channels whose points of sale serve a kind
// of contact (R21, R22).
func Channels(kind core.ContactKind) []venue.ChannelKind {
	if kind == core.ContactIndividual {
		return []venue.ChannelKind{venue.ChannelInternetB2C}
	}
	return []venue.ChannelKind{venue.ChannelInternetAgency, venue.ChannelInternetB2B, venue.ChannelInternetB2C}
}

// Offered reads what can be chosen for a kind of contact in an organisation.
// The suggestion is the contact's last context, else the operator's, else the
// first of each; contact and operator may be 0.
func Offered(v core.View, req core.Request, kind core.ContactKind, contact core.ID) (Offer, error) {
	house, _, err := venue.Institutions().Get(v, core.Installation, req.Institution)
	if err != nil {
		return Offer{}, fmt.Errorf("read the institution: %w", err)
	}
	o := Offer{On: house.Validation}
	if o.Documents, err = venue.ActiveDocuments(v, req.Institution, venue.DocumentVerification); err != nil {
		return o, fmt.Errorf("list the documents: %w", err)
	}
	o.PointsOfSale, err = venue.RunningPointsOfSale(v, req.Institution, req.Organisation, Channels(kind))
	if err != nil {
		return o, fmt.Errorf("list the points of sale: %w", err)
	}
	o.Suggested, err = suggest(v, req, contact, o)
	return o, err
}

// suggest takes each half of the context from where it was used last.
func suggest(v core.View, req core.Request, contact core.ID, o Offer) (Context, error) {
	var c Context
	if len(o.Documents) > 0 {
		c.Document = o.Documents[0].ID
	}
	if len(o.PointsOfSale) > 0 {
		c.PointOfSale = o.PointsOfSale[0].ID
	}
	habit, err := habitOf(v, req)
	if err != nil {
		return c, err
	}
	last, _, err := LastOf(v, req.Institution, contact)
	if err != nil {
		return c, err
	}
	for _, used := range []Context{habit, last.Context} {
		if has(o.Documents, used.Document) {
			c.Document = used.Document
		}
		if has(o.PointsOfSale, used.PointOfSale) {
			c.PointOfSale = used.PointOfSale
		}
	}
	return c, nil
}

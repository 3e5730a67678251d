// Package venue is where mail comes from and links lead to: institutions with
// their switch, organisations, sales channels, points of sale and documents.
package venue

import (
	"time"

	"willcall/core"
	"willcall/core/record"
)

// Institution is one house. Everything else belongs to one (R87).
type Institution struct {
	Name     string
	Language string // of mails to contacts without one
	TimeZone string // IANA name
	// PortalURL is where customers reach our pages, without a slash at the end.
	PortalURL string
	// Validation is the switch of R1.
	Validation bool
	// LinkHours is how long a validation link lives, in hours (R11).
	LinkHours uint32
}

// LinkLife is how long a validation link lives from when it was asked for.
func (i Institution) LinkLife() time.Duration { return time.Duration(i.LinkHours) * time.Hour }

// Location is the institution's time zone, UTC where it can't be loaded.
func (i Institution) Location() *time.Location {
	loc, err := time.LoadLocation(i.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Organisation is a part of an institution that sells.
type Organisation struct{ Name string }

// ChannelKind is what sort of selling a sales channel is.
type ChannelKind uint8

// The kinds of sales channels.
const (
	ChannelInternetB2C ChannelKind = iota + 1
	ChannelInternetB2B
	ChannelInternetAgency
	ChannelCounter // a counter has no page for a link to lead to (R21)
)

// ChannelKinds lists all, in the order forms offer them.
func ChannelKinds() []ChannelKind {
	return []ChannelKind{ChannelInternetB2C, ChannelInternetB2B, ChannelInternetAgency, ChannelCounter}
}

// String is the kind's key in the catalogue.
func (k ChannelKind) String() string {
	switch k {
	case ChannelInternetB2C:
		return "internet-b2c"
	case ChannelInternetB2B:
		return "internet-b2b"
	case ChannelInternetAgency:
		return "internet-agency"
	case ChannelCounter:
		return "counter"
	}
	return "unknown"
}

// SalesChannel groups points of sale.
type SalesChannel struct {
	Name string
	Kind ChannelKind
}

// State is whether a point of sale is open for business.
type State uint8

// The states of a point of sale.
const (
	StateSetUp State = iota + 1 // being prepared
	StateRunning
	StateClosed
)

// States lists all, in the order forms offer them.
func States() []State { return []State{StateSetUp, StateRunning, StateClosed} }

// String is the state's key in the catalogue.
func (s State) String() string {
	switch s {
	case StateSetUp:
		return "set-up"
	case StateRunning:
		return "running"
	case StateClosed:
		return "closed"
	}
	return "unknown"
}

// PointOfSale is where tickets are sold and in whose name mail is sent.
type PointOfSale struct {
	Name         string
	Organisation core.ID
	Channel      core.ID
	State        State
	SenderName   string
	Sender       string // canonical address
	SignInURL    string // the shop's normal sign-in (R11)
}

// DocumentKind is what a document is for.
type DocumentKind uint8

// The kinds of documents.
const (
	DocumentVerification DocumentKind = iota + 1 // "Account verification email" (R19)
	DocumentNotice                               // "Address changed notice" (R8)
)

// DocumentKinds lists all, in the order forms offer them.
func DocumentKinds() []DocumentKind { return []DocumentKind{DocumentVerification, DocumentNotice} }

// String is the kind's key in the catalogue.
func (k DocumentKind) String() string {
	switch k {
	case DocumentVerification:
		return "verification"
	case DocumentNotice:
		return "notice"
	}
	return "unknown"
}

// Document is a mail's text, in editions that never change.
type Document struct {
	Name    string
	Kind    DocumentKind
	Active  bool
	Edition uint32 // the newest; from 1
}

// Text is a document in one language. Body is plain text with {name}-like
// variables; HTML is made from it.
type Text struct {
	Language string
	Subject  string
	Body     string
}

// Edition is one immutable state of a document's texts.
type Edition struct {
	Texts []Text
	At    time.Time
	By    string
}

// In gives the text in a language, else in the fallback, else the first.
func (e Edition) In(language, fallback string) (Text, bool) {
	for _, want := range []string{language, fallback} {
		for _, t := range e.Texts {
			if t.Language == want {
				return t, true
			}
		}
	}
	if len(e.Texts) == 0 {
		return Text{}, false
	}
	return e.Texts[0], true
}

// The spaces.
const (
	spaceInstitutions  core.Space = "institutions"
	spaceOrganisations core.Space = "organisations"
	spaceChannels      core.Space = "sales-channels"
	spacePointsOfSale  core.Space = "points-of-sale"
	spaceDocuments     core.Space = "documents"
	spaceEditions      core.Space = "documents.editions"
)

// Institutions is the table of institutions; they belong to the installation.
func Institutions() record.Table[Institution] {
	return record.NewTable(spaceInstitutions, core.KindInstitution, record.New(
		record.Text(1, func(i *Institution) *string { return &i.Name }),
		record.Text(2, func(i *Institution) *string { return &i.Language }),
		record.Text(3, func(i *Institution) *string { return &i.TimeZone }),
		record.Text(4, func(i *Institution) *string { return &i.PortalURL }),
		record.Bool(5, func(i *Institution) *bool { return &i.Validation }),
		record.Uint(6, func(i *Institution) *uint32 { return &i.LinkHours }),
	))
}

// Organisations is the table of organisations.
func Organisations() record.Table[Organisation] {
	return record.NewTable(spaceOrganisations, core.KindOrganisation, record.New(
		record.Text(1, func(o *Organisation) *string { return &o.Name }),
	))
}

// SalesChannels is the table of sales channels.
func SalesChannels() record.Table[SalesChannel] {
	return record.NewTable(spaceChannels, core.KindSalesChannel, record.New(
		record.Text(1, func(c *SalesChannel) *string { return &c.Name }),
		record.Uint(2, func(c *SalesChannel) *ChannelKind { return &c.Kind }),
	))
}

// PointsOfSale is the table of points of sale.
func PointsOfSale() record.Table[PointOfSale] {
	return record.NewTable(spacePointsOfSale, core.KindPointOfSale, record.New(
		record.Text(1, func(p *PointOfSale) *string { return &p.Name }),
		record.Uint(2, func(p *PointOfSale) *core.ID { return &p.Organisation }),
		record.Uint(3, func(p *PointOfSale) *core.ID { return &p.Channel }),
		record.Uint(4, func(p *PointOfSale) *State { return &p.State }),
		record.Text(5, func(p *PointOfSale) *string { return &p.SenderName }),
		record.Text(6, func(p *PointOfSale) *string { return &p.Sender }),
		record.Text(7, func(p *PointOfSale) *string { return &p.SignInURL }),
	))
}

// Documents is the table of documents.
func Documents() record.Table[Document] {
	return record.NewTable(spaceDocuments, core.KindDocument, record.New(
		record.Text(1, func(d *Document) *string { return &d.Name }),
		record.Uint(2, func(d *Document) *DocumentKind { return &d.Kind }),
		record.Bool(3, func(d *Document) *bool { return &d.Active }),
		record.Uint(4, func(d *Document) *uint32 { return &d.Edition }),
	))
}

// editions keeps the editions of documents, under institution ‖ document ‖
// number.
func editions() record.Values[Edition] {
	text := record.New(
		record.Text(1, func(t *Text) *string { return &t.Language }),
		record.Text(2, func(t *Text) *string { return &t.Subject }),
		record.Text(3, func(t *Text) *string { return &t.Body }),
	)
	return record.NewValues(spaceEditions, record.New(
		record.List(1, func(e *Edition) *[]Text { return &e.Texts }, text),
		record.Time(2, func(e *Edition) *time.Time { return &e.At }),
		record.Text(3, func(e *Edition) *string { return &e.By }),
	))
}

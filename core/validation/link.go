package validation

import (
	"context"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/secret"
	"willcall/core/venue"
)

// LinkState is what can be said of a followed link.
type LinkState uint8

// The states of a link.
const (
	LinkUnknown  LinkState = iota // never issued, voided, or its contact is gone
	LinkOpen                      // waits for the page's button
	LinkDone                      // has just validated the address
	LinkAlready                   // the address is validated already: no error (R11)
	LinkExpired                   // its time is over
	LinkReplaced                  // the address was replaced since (R11)
)

// String is the state's key in the catalogue.
func (s LinkState) String() string {
	switch s {
	case LinkUnknown:
		return "unknown"
	case LinkOpen:
		return "open"
	case LinkDone:
		return "done"
	case LinkAlready:
		return "already"
	case LinkExpired:
		return "expired"
	case LinkReplaced:
		return "replaced"
	}
	return "unknown"
}

// Landing is what the portal's page needs to know. For an unknown link it
// names nothing and nobody.
type Landing struct {
	State       LinkState
	Institution string
	Language    string // the mail's
	Address     string // masked
	SignInURL   string // of the point of sale (R11)
	PortalURL   string // of the institution: where its customers reach the page
	FormToken   string // for the button, of an open link only
	Expires     time.Time
}

const formPurpose = "validation"

// Links answers for followed links. It is safe for concurrent use.
type Links struct {
	desk *core.Desk
	book Book
	keys *secret.Keys
}

// NewLinks makes the answering side.
func NewLinks(desk *core.Desk, book Book, keys *secret.Keys) *Links {
	return &Links{desk: desk, book: book, keys: keys}
}

// linkRequest is the request of whoever holds a link.
func linkRequest(institution core.ID) core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorLink}, Institution: institution}
}

// Look says what stands behind a token, changing and storing nothing (R9).
func (l *Links) Look(ctx context.Context, token string) (Landing, error) {
	landing, _, err := l.look(ctx, token)
	if err != nil || landing.State != LinkOpen {
		return landing, err
	}
	landing.FormToken, err = l.keys.FormToken(formPurpose, token, l.desk.Effective())
	return landing, err
}

func (l *Links) look(ctx context.Context, token string) (landing Landing, grant secret.Grant, err error) {
	err = l.desk.See(ctx, linkRequest(core.Installation), core.ActValidationLook, func(v core.View) (err error) {
		landing, grant, err = l.read(v, token, l.desk.Effective())
		return err
	})
	return landing, grant, err
}

// Follow validates the address behind an open link (R9). For every other state
// it does nothing and says which. It fails with [core.CodeForm] where the form
// token isn't the one [Links.Look] gave for this token.
func (l *Links) Follow(ctx context.Context, token, formToken string) (Landing, error) {
	landing, grant, err := l.look(ctx, token)
	if err != nil || landing.State != LinkOpen {
		return landing, err
	}
	if err := l.keys.CheckForm(formPurpose, token, formToken, l.desk.Effective()); err != nil {
		return landing, err
	}
	return l.spend(ctx, token, grant.Institution)
}

// spend is the one write of a link: two at once end as "done" and "already".
func (l *Links) spend(ctx context.Context, token string, institution core.ID) (Landing, error) {
	var landing Landing
	_, err := l.desk.Do(ctx, linkRequest(institution), core.ActValidationFollow, func(act *core.Act) error {
		var grant secret.Grant
		var err error
		if landing, grant, err = l.read(act, token, act.At); err != nil {
			return err
		}
		open := landing.State == LinkOpen
		if open {
			landing.State = LinkDone
		}
		act.Log(grant.Subject, core.Detail{Name: "link", Value: secret.Digest8(token)},
			core.Detail{Name: "state", Value: landing.State.String()})
		if !open {
			return nil
		}
		proof := core.Proof{How: core.ProofLink, At: act.At, By: grant.Address}
		return l.book.Validated(act, grant.Institution, grant.Subject.ID, grant.Generation, proof)
	})
	if err != nil {
		return Landing{}, err
	}
	return landing, nil
}

// read judges a token at a time.
func (l *Links) read(v core.View, token string, now time.Time) (Landing, secret.Grant, error) {
	grant, err := secret.Find(v, secret.PurposeValidation, token)
	if core.CodeOf(err) == core.CodeLinkUnknown {
		return Landing{State: LinkUnknown}, grant, nil
	}
	if err != nil {
		return Landing{}, grant, err
	}
	to, err := l.book.Addressee(v, grant.Institution, grant.Subject.ID)
	if core.CodeOf(err) == core.CodeNotFound {
		return Landing{State: LinkUnknown}, grant, nil
	}
	if err != nil {
		return Landing{}, grant, err
	}
	state := judge(grant, to.Email, now)
	if state == LinkUnknown {
		return Landing{}, grant, nil
	}
	landing, err := describe(v, grant)
	landing.State = state
	return landing, grant, err
}

// judge orders what can be said: a replaced address first, since nothing else
// about it matters; a link that was voided without that is like none;
// validated before expired, since it is no error (R11).
func judge(grant secret.Grant, email core.Email, now time.Time) LinkState {
	switch {
	case grant.Generation < email.Came:
		return LinkReplaced
	case grant.Generation != email.Generation:
		return LinkUnknown
	case email.Status == core.EmailValidated:
		return LinkAlready
	case !now.Before(grant.Expires):
		return LinkExpired
	}
	return LinkOpen
}

func describe(v core.View, grant secret.Grant) (Landing, error) {
	house, _, err := venue.Institutions().Get(v, core.Installation, grant.Institution)
	if err != nil {
		return Landing{}, err
	}
	pos, _, err := venue.PointsOfSale().Get(v, grant.Institution, grant.PointOfSale)
	if err != nil && core.CodeOf(err) != core.CodeNotFound {
		return Landing{}, err
	}
	return Landing{
		Institution: house.Name, Language: grant.Language, Address: Mask(grant.Address),
		SignInURL: pos.SignInURL, PortalURL: house.PortalURL, Expires: grant.Expires.In(house.Location()),
	}, nil
}

// Mask shows enough of an address for its owner to know it: the first letter
// and the domain.
func Mask(address string) string {
	local, domain, found := strings.Cut(address, "@")
	if !found || local == "" {
		return ""
	}
	return local[:1] + strings.Repeat("•", 5) + "@" + domain
}

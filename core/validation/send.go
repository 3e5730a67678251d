package validation

import (
	"fmt"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/secret"
	"willcall/core/venue"
)

// Sent says what a sending did.
type Sent struct {
	Mail    core.ID // the outbox entry; 0 where no mail went out
	To      string  // as typed
	At      time.Time
	Expires time.Time // of the link
}

// Sender writes validation mails within acts of others. It is safe for
// concurrent use.
type Sender struct{}

// Occasion says why a mail goes out, which decides how it is counted.
type Occasion uint8

// The occasions.
const (
	First   Occasion = iota // of a new account or contact: in no cap (R5, R18)
	Changed                 // after a change of address: counted; held back over a cap (R6, R7)
	Again                   // asked for: counted and capped
)

// Send issues a link and writes one mail from exactly the given context (R18),
// to the addressee's present address (R8). It fails with what [Refusal] says;
// with [core.CodeRequired] or [core.CodeChoice] in the fields "document" and
// "point-of-sale" where the context is missing or not offered (R17, R23); and,
// when it is asked for again, with the codes of [TooOften].
func (Sender) Send(act *core.Act, to Addressee, c Context, why Occasion) (Sent, error) {
	if err := ready(act, act.Req, to, c); err != nil {
		return Sent{}, err
	}
	if err := count(act, to.Email.Key, why); err != nil {
		return Sent{}, err
	}
	return write(act, to, c)
}

// Sendable says why [Sender.Send] would refuse, at a time, a mail that is asked
// for again; nil where it wouldn't. until is when that is over, where only time
// stands against it, else zero. A failure to read has [core.CodeInternal].
func (Sender) Sendable(v core.View, req core.Request, to Addressee, c Context, now time.Time) (until time.Time, refusal error) {
	if err := ready(v, req, to, c); err != nil {
		return time.Time{}, err
	}
	return TooOften(v, req, to.Email.Key, now)
}

// ready refuses what no frequency decides.
func ready(v core.View, req core.Request, to Addressee, c Context) error {
	offer, err := Offered(v, req, to.Kind, to.Contact)
	if err != nil {
		return err
	}
	if err := Refusal(offer, to); err != nil {
		return err
	}
	return checkContext(offer, c)
}

// Refusal says why no validation mail can go to an addressee, caps and
// cool-down aside: switch off, guest, no address, validated, nothing offered.
func Refusal(o Offer, to Addressee) error {
	switch {
	case !o.On:
		return core.Refuse(core.CodeSwitchOff)
	case to.Guest:
		return core.Refuse(core.CodeGuest)
	case to.Email.Status == core.EmailNone:
		return core.Refuse(core.CodeNoAddress)
	case to.Email.Status == core.EmailValidated:
		return core.Refuse(core.CodeValidated)
	case !o.Possible():
		return core.Refuse(core.CodeNoContext)
	}
	return nil
}

// checkContext refuses what isn't offered, naming the field (R17, R23).
func checkContext(o Offer, c Context) error {
	var fields core.Fields
	for _, f := range []struct {
		name  string
		list  []venue.Named
		value core.ID
	}{{"document", o.Documents, c.Document}, {"point-of-sale", o.PointsOfSale, c.PointOfSale}} {
		if f.value == 0 {
			fields.Add(f.name, core.Refuse(core.CodeRequired))
		} else if !has(f.list, f.value) {
			fields.Add(f.name, core.Refuse(core.CodeChoice))
		}
	}
	return fields.Err()
}

// write issues the link, puts the mail in the outbox and remembers the context.
func write(act *core.Act, to Addressee, c Context) (Sent, error) {
	house, _, err := venue.Institutions().Get(act, core.Installation, act.Req.Institution)
	if err != nil {
		return Sent{}, err
	}
	pos, _, err := venue.PointsOfSale().Get(act, act.Req.Institution, c.PointOfSale)
	if err != nil {
		return Sent{}, err
	}
	doc, _, err := venue.Documents().Get(act, act.Req.Institution, c.Document)
	if err != nil {
		return Sent{}, err
	}
	edition, err := venue.EditionOf(act, act.Req.Institution, c.Document, doc.Edition)
	if err != nil {
		return Sent{}, err
	}
	text, _ := edition.In(to.Language, house.Language)
	expires := act.At.Add(house.LinkLife())
	token, err := secret.Issue(act, secret.Grant{
		Purpose: secret.PurposeValidation, Institution: act.Req.Institution,
		Subject: contactRef(to.Contact), Address: to.Email.Key, Generation: to.Email.Generation,
		PointOfSale: c.PointOfSale, Language: text.Language, Asked: act.At, Expires: expires,
	})
	if err != nil {
		return Sent{}, err
	}
	id, err := act.Mail(core.Mail{
		To: to.Email.Key, ToName: to.Name, From: pos.Sender, FromName: pos.SenderName,
		Document: c.Document, Edition: doc.Edition, Language: text.Language, Subject: contactRef(to.Contact),
		Variables: map[string]string{
			"name": to.Name, "address": to.Email.Typed, "institution": house.Name,
			"point-of-sale": pos.Name, "hours": strconv.FormatUint(uint64(house.LinkHours), 10),
		},
		Secret:  map[string]string{"link": house.PortalURL + LinkPath + token},
		Expires: expires,
	})
	if err != nil {
		return Sent{}, fmt.Errorf("put the mail into the outbox: %w", err)
	}
	last := Last{Context: c, Mail: id, At: act.At, Expires: expires, Address: to.Email.Key}
	if err := remember(act, to.Contact, last); err != nil {
		return Sent{}, err
	}
	return Sent{Mail: id, To: to.Email.Typed, At: act.At, Expires: expires}, nil
}

// LinkPath is the portal's path in front of a link's token.
const LinkPath = venue.LinkPath

func contactRef(id core.ID) core.Ref { return core.Ref{Kind: core.KindContact, ID: id} }

// AddressChanged ends what hung on the former address: mails with links that
// still wait are withdrawn, and a former validated address gets a notice that
// doesn't name the new one (R8). The links themselves are void by their
// generation (R7). c may be zero: then the context used last names the sender.
func (Sender) AddressChanged(act *core.Act, to Addressee, former core.Email, c Context) error {
	if err := act.Withdraw(contactRef(to.Contact), core.WithdrawnAddress); err != nil {
		return fmt.Errorf("withdraw waiting mails: %w", err)
	}
	if former.Status != core.EmailValidated || to.Guest {
		return nil
	}
	offer, err := Offered(act, act.Req, to.Kind, to.Contact)
	if err != nil || !offer.On {
		return err
	}
	if !has(offer.PointsOfSale, c.PointOfSale) {
		c = offer.Suggested
	}
	if !has(offer.PointsOfSale, c.PointOfSale) {
		return nil
	}
	return notice(act, to, former, c.PointOfSale)
}

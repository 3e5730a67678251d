package contacts

import (
	"context"
	"fmt"
	"strings"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/validation"
)

const spaceIdentities core.Space = "contacts.identities"

// maxIdentity is how long an identity may be, in code points.
const maxIdentity = 500

func identityKey(identity string) []byte { return append([]byte(identity), 0) }

// identityIndex finds the contact of an identity at an identity provider.
func identityIndex() record.Index[Contact] {
	return record.NewIndex(spaceIdentities, func(c *Contact) [][]byte {
		if c.SSO == "" || !c.Removed.IsZero() {
			return nil
		}
		return [][]byte{identityKey(c.SSO)}
	})
}

// byIdentity finds the contact of an identity, 0 for none. An institution has
// at most one of each.
func byIdentity(v core.View, institution core.ID, identity string) (id core.ID, err error) {
	if identity == "" {
		return 0, nil
	}
	err = table().Lookup(v, institution, spaceIdentities, identityKey(identity), func(found core.ID) error {
		id = found
		return core.Stop
	})
	if err != nil {
		return 0, fmt.Errorf("find an identity: %w", err)
	}
	return id, nil
}

// Register saves the account a customer opened: an individual, who gets a
// validation mail from c (R5), or from what is suggested where c is zero. What
// isn't a customer's to say is left out. The request names the organisation
// whose shop it is, here and in the other origins: its points of sale send.
func (s *Service) Register(ctx context.Context, req core.Request, d Draft, c validation.Context) (Saved, error) {
	d.Kind, d.Guest, d.Notes, d.Structure, d.Primary = core.ContactIndividual, false, "", 0, false
	var saved Saved
	receipt, err := s.desk.Do(ctx, req, core.ActCustomerRegister, func(act *core.Act) error {
		if strings.TrimSpace(d.Address) == "" {
			return core.RefuseField(core.CodeRequired, "address")
		}
		from, err := orSuggested(act, d.Kind, 0, c)
		if err != nil {
			return err
		}
		saved, err = s.create(act, d, from)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

// orSuggested is a context, or the one suggested where it is zero.
func orSuggested(act *core.Act, kind core.ContactKind, contact core.ID, c validation.Context) (validation.Context, error) {
	if c != (validation.Context{}) {
		return c, nil
	}
	offer, err := validation.Offered(act, act.Req, kind, contact)
	return offer.Suggested, err
}

// ChangeAddress gives a signed-in customer's own contact another address (R6,
// R7): it turns red, the new address gets a validation mail from c, or from
// what is suggested where c is zero, and a validated former one its notice
// (R8). It fails with [core.CodeForbidden] for another contact than the
// customer's and with [core.CodeGuest] for a guest, who has no sign-in.
func (s *Service) ChangeAddress(ctx context.Context, req core.Request, id core.ID, typed string, c validation.Context) (Saved, error) {
	var saved Saved
	receipt, err := s.desk.Do(ctx, req, core.ActCustomerAddress, func(act *core.Act) (err error) {
		saved, err = s.changeAddress(act, id, typed, c)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

func (s *Service) changeAddress(act *core.Act, id core.ID, typed string, c validation.Context) (Saved, error) {
	if act.Req.Actor.ID != id {
		return Saved{}, core.Refuse(core.CodeForbidden)
	}
	before, version, err := find(act, act.Req.Institution, id)
	if err != nil {
		return Saved{}, err
	}
	if before.Guest {
		return Saved{}, core.Refuse(core.CodeGuest)
	}
	if strings.TrimSpace(typed) == "" {
		return Saved{}, core.RefuseField(core.CodeRequired, "address")
	}
	from, err := orSuggested(act, before.Kind, id, c)
	if err != nil {
		return Saved{}, err
	}
	d := DraftOf(before)
	d.Address = typed
	return s.edit(act, id, version, before, d, from, true)
}

// Assertion is what an identity provider says of who signed in.
type Assertion struct {
	Identity  string // at the provider, unique in an institution
	Address   string
	FirstName string
	LastName  string
	Language  string
}

// SignInBySSO gives a contact the address that its identity provider asserts,
// and makes the contact where the identity is new: that address is validated,
// without a mail, and only that (R16). Of a contact that exists the name stays,
// since operators correct it. Where no usable address is asserted, address and
// status stay as they are. Fields are "identity" and those of a [Draft].
func (s *Service) SignInBySSO(ctx context.Context, req core.Request, a Assertion) (Saved, error) {
	var saved Saved
	a.Identity = core.CleanLine(a.Identity)
	receipt, err := s.desk.Do(ctx, req, core.ActSSOSignIn, func(act *core.Act) error {
		if err := core.InField("identity", core.CheckLine(a.Identity, maxIdentity, true)); err != nil {
			return err
		}
		id, err := byIdentity(act, act.Req.Institution, a.Identity)
		if err != nil {
			return err
		}
		if id == 0 {
			saved, err = createAsserted(act, a)
		} else {
			saved, err = s.signInAsserted(act, id, a)
		}
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

// usable is the asserted address, empty where no mail could go there.
func (a Assertion) usable(captured bool) string {
	if checkAddress(a.Address, captured) != nil {
		return ""
	}
	return strings.TrimSpace(a.Address)
}

// draft is the new contact of an assertion. A provider may know no name: then
// the address, else the identity, stands for it.
func (a Assertion) draft(captured bool) Draft {
	d := Draft{
		Kind: core.ContactIndividual, FirstName: a.FirstName, LastName: a.LastName,
		Address: a.usable(captured), Language: a.Language,
	}
	if core.CheckLanguage(d.Language) != nil {
		d.Language = ""
	}
	if strings.TrimSpace(d.LastName) == "" {
		d.LastName, _, _ = strings.Cut(d.Address, "@")
	}
	if d.LastName == "" {
		name := []rune(a.Identity)
		d.LastName = string(name[:min(core.MaxName, len(name))])
	}
	return d
}

// asserted is an address as its provider vouches for it. What was validated
// before keeps its proof.
func asserted(act *core.Act, e core.Email) core.Email {
	if e.Status != core.EmailNotValidated {
		return e
	}
	return e.Validate(core.Proof{How: core.ProofSSO, At: act.At, By: act.Req.Actor.Name})
}

func createAsserted(act *core.Act, a Assertion) (Saved, error) {
	c, err := drafted(act, a.draft(act.Captured))
	if err != nil {
		return Saved{}, err
	}
	c.SSO, c.LastSignIn, c.Email = a.Identity, act.At, asserted(act, c.Email)
	id, err := add(act, &c)
	return savedAs(id, c), err
}

func (s *Service) signInAsserted(act *core.Act, id core.ID, a Assertion) (Saved, error) {
	before, version, err := find(act, act.Req.Institution, id)
	if err != nil {
		return Saved{}, err
	}
	after, readdressed := before, false
	after.LastSignIn, after.Guest = act.At, false // who signs in has an account
	if typed := a.usable(act.Captured); typed != "" {
		if after.Email, readdressed, err = before.Email.ChangeTo(typed, act.At); err != nil {
			return Saved{}, err
		}
		after.Email = asserted(act, after.Email)
	}
	details := differences(before, after)
	if len(details) > 0 {
		after.Changed, after.Changes = act.At, before.Changes+1
	}
	if err := save(act, act.Req.Institution, id, version, after); err != nil {
		return Saved{}, err
	}
	switch {
	case readdressed:
		err = s.sender.AddressChanged(act, addressee(id, after), before.Email, validation.Context{})
	case before.Email.Status == core.EmailNotValidated && after.Email.Status == core.EmailValidated:
		err = act.Withdraw(ref(id), core.WithdrawnProven)
	}
	if err != nil {
		return Saved{}, err
	}
	act.Log(ref(id), details...)
	act.EmitFor(ref(id))
	return savedAs(id, after), nil
}

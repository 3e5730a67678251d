package contacts

import (
	"context"
	"time"

	"willcall/core"
)

// Imported is a contact as another system knows it.
type Imported struct {
	Draft
	SSO       string // its identity at the identity provider
	Validated bool   // the other system has proof for the address
	HasOrders bool
	LastOrder time.Time // zero where not known
}

// Import saves a new contact from a trusted source, which an admin runs. It
// sends nothing (R7). Its address is green only where the source has proof, and
// the proof names the import (R85); a guest stays red (R15). Fields are those
// of a [Draft] and "sso", taken where another contact has the identity.
func (s *Service) Import(ctx context.Context, req core.Request, r Imported) (Saved, error) {
	var saved Saved
	receipt, err := s.desk.Do(ctx, req, core.ActContactsImport, func(act *core.Act) (err error) {
		saved, err = imported(act, r)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

func imported(act *core.Act, r Imported) (Saved, error) {
	c, err := drafted(act, r.Draft)
	if err != nil {
		return Saved{}, err
	}
	if c.SSO, err = freeIdentity(act, r.SSO); err != nil {
		return Saved{}, err
	}
	if r.Validated && c.Email.Status == core.EmailNone {
		return Saved{}, core.RefuseField(core.CodeRequired, "address")
	}
	if r.Validated && !c.Guest {
		c.Email = c.Email.Validate(core.Proof{How: core.ProofImport, At: act.At, By: act.Req.Actor.Name})
	}
	c.HasOrders, c.LastOrder = r.HasOrders || !r.LastOrder.IsZero(), r.LastOrder
	id, err := add(act, &c)
	return savedAs(id, c), err
}

// freeIdentity is an identity that no contact has, cleaned.
func freeIdentity(act *core.Act, identity string) (string, error) {
	identity = core.CleanLine(identity)
	if err := core.CheckLine(identity, maxIdentity, false); err != nil {
		return "", core.InField("sso", err)
	}
	holder, err := byIdentity(act, act.Req.Institution, identity)
	if err == nil && holder != 0 {
		err = core.RefuseField(core.CodeIdentity, "sso")
	}
	return identity, err
}

package operators

import (
	"context"
	"slices"

	"willcall/core"
	"willcall/core/secret"
	"willcall/core/venue"
)

// InviteDraft is what a form says of somebody who shall become an operator.
type InviteDraft struct {
	Name         string
	Address      string
	Role         core.Role
	Institutions []core.ID
	Language     string
}

// Invite makes somebody an operator who can't sign in yet, and mails a one-time
// code to them, by which they choose their password. Fields are "name",
// "address", "role", "institutions" and "language". It is denied with
// [core.CodeHigherRole] for a role that isn't below an admin's own (R86), and
// refused with [core.CodeNoContext] where mail can't be sent to them.
func (s *Service) Invite(ctx context.Context, req core.Request, d InviteDraft) (core.ID, error) {
	receipt, err := s.desk.Do(ctx, req, core.ActOperatorInvite, func(act *core.Act) error {
		who, err := askerOf(act, act.Req)
		if err != nil {
			return err
		}
		o := Operator{Epoch: 1, Language: d.Language, Created: act.At}
		draft := EditDraft{Name: d.Name, Address: d.Address, Role: d.Role, Institutions: d.Institutions}
		if err := draft.onto(act, who, 0, &o, core.CheckLanguage(d.Language)); err != nil {
			return err
		}
		id, err := table().Insert(act, core.Installation, o)
		if err != nil {
			return err
		}
		act.Log(operatorRef(id), invited(o)...)
		announce(act, id)
		return mailCode(act, id, o, secret.PurposeInvitation)
	})
	return receipt.Subject.ID, err
}

func invited(o Operator) []core.Detail {
	return []core.Detail{
		{Name: "name", Value: o.Name, Personal: true},
		{Name: "address", Value: o.Address, Personal: true},
		{Name: "role", Value: o.Role.String()},
	}
}

// InviteAgain mails a fresh code to somebody who didn't take up the invitation;
// the former one is void. It is refused with [core.CodeConflict] where they did,
// and with [core.CodeCoolDown] and others where too many went out.
func (s *Service) InviteAgain(ctx context.Context, req core.Request, id core.ID) error {
	_, err := s.desk.Do(ctx, req, core.ActOperatorInviteAgain, func(act *core.Act) error {
		m, err := manage(act, id)
		if err != nil {
			return err
		}
		if m.Password != "" {
			return core.Refuse(core.CodeConflict).With("sentence", "operator.taken-up")
		}
		return s.remail(act, m, secret.PurposeInvitation)
	})
	return err
}

// SendReset mails a one-time code to an operator by which they choose a new
// password; the present one goes on until then. It is refused with
// [core.CodeConflict] where they never had one, and as [Service.InviteAgain] is.
func (s *Service) SendReset(ctx context.Context, req core.Request, id core.ID) error {
	_, err := s.desk.Do(ctx, req, core.ActOperatorReset, func(act *core.Act) error {
		m, err := manage(act, id)
		if err != nil {
			return err
		}
		if m.Password == "" {
			return core.Refuse(core.CodeConflict).With("sentence", "operator.not-taken-up")
		}
		return s.remail(act, m, secret.PurposeReset)
	})
	return err
}

// remail mails a code that is asked for by somebody else.
func (s *Service) remail(act *core.Act, m managed, purpose secret.Purpose) error {
	if m.Disabled {
		return core.Refuse(core.CodeConflict).With("sentence", "operator.is-disabled")
	}
	act.Log(operatorRef(m.id))
	announce(act, m.id)
	return mailCode(act, m.id, m.Operator, purpose)
}

// checkInstitutions refuses a list in which one is missing that has to be there,
// that doesn't exist, or that the asker doesn't belong to; owners give every one.
func (a asker) checkInstitutions(v core.View, institutions []core.ID) error {
	if len(institutions) == 0 {
		return core.Refuse(core.CodeRequired)
	}
	for _, id := range institutions {
		there, err := venue.Institutions().Has(v, core.Installation, id)
		if err != nil {
			return err
		}
		if !there || a.role != core.RoleOwner && !slices.Contains(a.institutions, id) {
			return core.Refuse(core.CodeChoice)
		}
	}
	return nil
}

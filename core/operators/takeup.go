package operators

import (
	"context"
	"errors"

	"willcall/core"
	"willcall/core/secret"
)

// Taken is what a one-time code is for.
type Taken struct {
	Name       string
	Address    string // canonical
	Invitation bool   // else a new password
}

// holder is who a one-time code is for.
type holder struct {
	id core.ID
	Operator
	invitation bool
}

// holderOf finds who a typed code is for, at the time of the desk. Whatever is
// wrong, the refusal is [core.CodeOneTime]: unknown, used, over, replaced by a
// newer one, for an address that was changed, or of somebody who is disabled.
func (s *Service) holderOf(v core.View, typed string) (h holder, err error) {
	g, err := secret.FindCode(v, typed, s.desk.Effective(), secret.PurposeInvitation, secret.PurposeReset)
	if err != nil {
		return h, err
	}
	h.id, h.invitation = g.Subject.ID, g.Purpose == secret.PurposeInvitation
	if h.Operator, _, err = table().Get(v, core.Installation, h.id); err != nil {
		return h, missingAs(core.CodeOneTime, err)
	}
	last, err := optional(v, oneTimes(), h.id)
	if err != nil {
		return h, err
	}
	if last.Until.IsZero() || last.Number != g.Generation || h.Address != g.Address || h.Disabled {
		return h, core.Refuse(core.CodeOneTime)
	}
	return h, nil
}

// LookAtCode says what a one-time code that was mailed is for, before it is
// taken up. It fails with [core.CodeOneTime] for whatever is wrong with it.
func (s *Service) LookAtCode(ctx context.Context, _ From, code string) (Taken, error) {
	wait, err := s.floor.begin(s.random)
	if err != nil {
		return Taken{}, err
	}
	defer wait(ctx, false)
	h, err := s.lookAt(ctx, code)
	return Taken{Name: h.Name, Address: h.Address, Invitation: h.invitation}, err
}

func (s *Service) lookAt(ctx context.Context, code string) (h holder, err error) {
	err = s.desk.See(ctx, anonymous(), core.ActLookAtCode, func(v core.View) (err error) {
		h, err = s.holderOf(v, code)
		return err
	})
	if err != nil {
		return holder{}, err
	}
	return h, nil
}

// TakeUp sets the password of whom a one-time code is for, and gives the address
// to sign in with: a second factor is still asked for then. The address counts as
// validated, since the code was mailed there (R73); the code is spent, all sessions
// end, and passwords that were wrong from there are forgotten. It fails with [core.CodeOneTime], and with [core.CodePassword]
// in the field "password".
func (s *Service) TakeUp(ctx context.Context, from From, code, password string) (address string, err error) {
	wait, err := s.floor.begin(s.random)
	if err != nil {
		return "", err
	}
	defer wait(ctx, false)
	h, err := s.lookAt(ctx, code)
	if err != nil {
		return "", err
	}
	hash, err := s.hash(ctx, password, h.Operator)
	if err != nil {
		return "", err
	}
	_, err = s.desk.Do(ctx, anonymous(), core.ActTakeUp, func(act *core.Act) error {
		now, err := s.holderOf(act, code)
		if err != nil {
			return err
		}
		address = now.Address
		act.Log(operatorRef(now.id), core.Detail{Name: "source", Value: from.Source, Personal: true})
		failures, err := s.counts(act, from, now.id, now.Address)
		if err != nil {
			return err
		}
		return errors.Join(secret.SpendCode(act, code), release(act, failures.Bucket), takenUp(act, now, hash))
	})
	if err != nil {
		return "", err
	}
	return address, nil
}

// takenUp gives the holder of a code a password.
func takenUp(act *core.Act, h holder, hash string) error {
	if err := voidCode(act, h.id); err != nil {
		return err
	}
	err := shutOut(act, h.id, h.Operator, 0, func(o *Operator) { o.Password, o.Validated = hash, act.At })
	if err != nil {
		return err
	}
	if h.invitation {
		return nil
	}
	return tell(act, h.id, h.Operator, ChangeReset)
}

// hash checks a new password of an operator and hashes it.
func (s *Service) hash(ctx context.Context, password string, o Operator) (string, error) {
	if err := CheckPassword(password, "willcall", o.Name, o.Address); err != nil {
		return "", err
	}
	return s.hasher.Hash(ctx, s.random, password)
}

// Forgot mails a one-time code for a new password to the operator of an address.
// It answers the same in the same time whether there is one, and whether the
// mail went out: not to somebody disabled, not before an invitation was taken
// up, not too often, and not from a source that is shut, against which every asking
// counts.
func (s *Service) Forgot(ctx context.Context, from From, address string) error {
	wait, err := s.floor.begin(s.random)
	if err != nil {
		return err
	}
	defer wait(ctx, false)
	_, err = s.desk.Do(ctx, anonymous(), core.ActForgot, func(act *core.Act) error {
		id, o, err := operatorAt(act, address)
		if err != nil {
			return err
		}
		act.Log(operatorRef(id), core.Detail{Name: "source", Value: from.Source, Personal: true})
		asks, err := s.counts(act, from, id, o.Address)
		if err != nil {
			return err
		}
		ok, err := asks.ask(act)
		if err != nil || !ok || id == 0 || !o.takesPart() {
			return err
		}
		return silently(mailCode(act, id, o, secret.PurposeReset))
	})
	return err
}

// silently drops the refusals of a mail that nobody shall learn of.
func silently(err error) error {
	switch core.CodeOf(err) { //nolint:exhaustive // codes are open; the others are told
	case core.CodeCoolDown, core.CodeTooMany, core.CodeNoContext:
		return nil
	}
	return err
}

// operatorAt finds the operator of an address as typed, 0 for none.
func operatorAt(v core.View, typed string) (core.ID, Operator, error) {
	key, err := core.CanonicalAddress(typed)
	if err != nil {
		return 0, Operator{}, nil //nolint:nilerr // answered as any unknown address is
	}
	return byAddress(v, key)
}

package operators

import (
	"context"
	"crypto/hmac"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// ChangePassword sets a new password of the request's operator, who has to know
// the present one. Their other sessions end, this one goes on. It refuses a wrong
// present one as [Service.Confirm] does, in the field "now", and a new one with
// [core.CodePassword] in the field "password".
func (s *Service) ChangePassword(ctx context.Context, req core.Request, now, next string) error {
	if err := s.Confirm(ctx, req, now); core.CodeOf(err) == core.CodeSignIn {
		return core.InField("now", err)
	} else if err != nil {
		return err
	}
	var seen Operator
	err := s.desk.See(ctx, req, core.ActProfileShow, func(v core.View) (err error) {
		seen, _, err = table().Get(v, core.Installation, req.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	hash, err := s.hash(ctx, next, seen)
	if err != nil {
		return err
	}
	_, err = s.desk.Do(ctx, req, core.ActProfilePassword, func(act *core.Act) error {
		o, _, err := table().Get(act, core.Installation, req.Actor.ID)
		if err == nil && o.Password != seen.Password {
			err = core.Refuse(core.CodeConflict)
		}
		if err != nil {
			return err
		}
		act.Log(operatorRef(req.Actor.ID))
		return ownChange(act, o, ChangePassword, func(o *Operator) { o.Password = hash })
	})
	return err
}

// ownChange changes the operator of an act in their own session, which goes on
// while their others end. A one-time code that was mailed is void.
func ownChange(act *core.Act, o Operator, what Change, change func(*Operator)) error {
	id := act.Req.Actor.ID
	if err := voidCode(act, id); err != nil {
		return err
	}
	if err := shutOut(act, id, o, act.Req.Session, change); err != nil {
		return err
	}
	return tell(act, id, o, what)
}

// Rename changes the name of the request's operator. The field is "name".
func (s *Service) Rename(ctx context.Context, req core.Request, name string) error {
	_, err := s.desk.Do(ctx, req, core.ActProfileName, func(act *core.Act) error {
		if err := core.InField("name", core.CheckLine(name, core.MaxName, true)); err != nil {
			return err
		}
		o, version, err := table().Get(act, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		o.Name = core.CleanLine(name)
		act.Log(operatorRef(req.Actor.ID), core.Detail{Name: "name", Value: o.Name, Personal: true})
		announce(act, req.Actor.ID)
		_, err = table().Save(act, core.Installation, req.Actor.ID, version, o)
		return err
	})
	return err
}

const (
	spaceProofs core.Space = "operators.proofs"
	// macProof is what codes that prove an address are kept for.
	macProof   = "address code"
	proofLife  = 10 * time.Minute
	proofTries = 5
)

// proof is the code that was mailed to an address to prove that it is an
// operator's own (R73), under the operator's id.
type proof struct {
	Address string // canonical; perhaps not theirs yet
	MAC     []byte // nil: there is no code
	Until   time.Time
	Tries   uint8
	Sent    posted
}

func proofs() record.Table[proof] {
	return record.NewTable(spaceProofs, core.KindOperator, record.New(
		record.Text(1, func(p *proof) *string { return &p.Address }),
		record.Bytes(2, func(p *proof) *[]byte { return &p.MAC }),
		record.Time(3, func(p *proof) *time.Time { return &p.Until }),
		record.Uint(4, func(p *proof) *uint8 { return &p.Tries }),
		record.Uints(5, func(p *proof) *[]uint64 { return (*[]uint64)(&p.Sent) }),
	))
}

// MailAddressCode mails a code of six digits to the present address of the
// request's operator, for "", or to one that shall become theirs. It lives ten
// minutes and five tries; the former one is void. It is refused in the field
// "address" with the codes of an address, [core.CodeTaken], [core.CodeReserved] or
// [core.CodeValidated], and with [core.CodeCoolDown] and [core.CodeTooMany] where
// too many went out.
func (s *Service) MailAddressCode(ctx context.Context, req core.Request, address string) error {
	_, err := s.desk.Do(ctx, req, core.ActProfileAddress, func(act *core.Act) error {
		o, _, err := table().Get(act, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		key, err := toProve(act, o, address)
		if err != nil {
			return core.InField("address", err)
		}
		act.Log(operatorRef(req.Actor.ID), core.Detail{Name: "address", Value: key, Personal: true})
		return s.mailProof(act, o, key)
	})
	return err
}

// toProve is the address that a code goes to.
func toProve(act *core.Act, o Operator, typed string) (string, error) {
	if typed == "" {
		typed = o.Address
	}
	key, err := addressFor(act, act.Req.Actor.ID, o.Address, typed)
	if err == nil && key == o.Address && !o.Validated.IsZero() {
		err = core.Refuse(core.CodeValidated)
	}
	return key, err
}

func (s *Service) mailProof(act *core.Act, o Operator, address string) error {
	id := act.Req.Actor.ID
	p, err := optional(act, proofs(), id)
	if err != nil {
		return err
	}
	p.Address, p.Until, p.Tries = address, act.At.Add(proofLife), 0
	if p.Sent, err = p.Sent.another(act.At); err != nil {
		return err
	}
	code, err := secret.NewDigits(act.Random)
	if err != nil {
		return err
	}
	if p.MAC, err = s.proofMAC(id, p, code); err != nil {
		return err
	}
	if err := proofs().Put(act, core.Installation, id, p); err != nil {
		return err
	}
	o.Address = address
	return writeTo(act, id, o, letter{
		text: letterAddressCode, life: proofLife, values: map[string]string{"minutes": minutes(proofLife)},
		secret: map[string]string{"code": code},
	})
}

// proofMAC binds a code to whose and for which address it is, and to when it
// ends, so that no two are the same.
func (s *Service) proofMAC(id core.ID, p proof, code string) ([]byte, error) {
	return s.keys.MAC(macProof, core.Key(core.Installation, id), []byte(p.Address), instant(p.Until), []byte(code))
}

// dropProof voids the code that was mailed to prove an operator's address.
func dropProof(act *core.Act, id core.ID) error {
	p, version, err := proofs().Get(act, core.Installation, id)
	if core.CodeOf(err) == core.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	p.MAC = nil
	_, err = proofs().Save(act, core.Installation, id, version, p)
	return err
}

// ConfirmAddress proves by a mailed code that an address is the one of the
// request's operator (R73). Where it is a new one they sign in with it from then
// on, their other sessions end, and the former address is told. Every wrong code
// counts; whatever is wrong is refused with [core.CodeOneTime].
func (s *Service) ConfirmAddress(ctx context.Context, req core.Request, code string) error {
	right := false
	_, err := s.desk.Do(ctx, req, core.ActProfileConfirmAddress, func(act *core.Act) (err error) {
		var p proof
		if p, right, err = s.tryProof(act, code); err != nil {
			return err
		}
		act.Log(operatorRef(req.Actor.ID), outcome(right))
		if !right {
			return nil
		}
		return proven(act, p.Address)
	})
	if err == nil && !right {
		err = core.Refuse(core.CodeOneTime)
	}
	return err
}

// tryProof counts a try and says whether the code is right.
func (s *Service) tryProof(act *core.Act, code string) (p proof, right bool, err error) {
	id := act.Req.Actor.ID
	p, version, err := proofs().Get(act, core.Installation, id)
	if err != nil {
		return p, false, missingAs(core.CodeOneTime, err)
	}
	if p.MAC == nil || p.Tries >= proofTries || !act.At.Before(p.Until) {
		return p, false, core.Refuse(core.CodeOneTime)
	}
	mac, err := s.proofMAC(id, p, code)
	if err != nil {
		return p, false, err
	}
	right = hmac.Equal(mac, p.MAC)
	p.Tries++
	if right {
		p.MAC = nil
	}
	_, err = proofs().Save(act, core.Installation, id, version, p)
	return p, right, err
}

// proven makes an address the validated one of the act's operator.
func proven(act *core.Act, address string) error {
	id := act.Req.Actor.ID
	o, version, err := table().Get(act, core.Installation, id)
	if err != nil {
		return err
	}
	if _, err := addressFor(act, id, o.Address, address); err != nil {
		return err
	}
	if address == o.Address {
		o.Validated = act.At
		announce(act, id)
		_, err = table().Save(act, core.Installation, id, version, o)
		return err
	}
	if err := moved(act, id, o); err != nil {
		return err
	}
	return ownChange(act, o, ChangeAddress, func(o *Operator) { o.Address, o.Validated = address, act.At })
}

package operators

import (
	"context"
	"fmt"
	"io"
	"time"

	"willcall/core"
	"willcall/core/record"
)

// enrolmentLife is how long linking an app may take.
const enrolmentLife = 10 * time.Minute

// Enrolment is an app that is being linked. It is active only when a code of it
// was confirmed (R65).
type Enrolment struct {
	Secret  string // base32 without padding
	URI     string // otpauth, for the QR code (R64)
	Expires time.Time
}

// BeginEnrolment makes a new secret for an app of the request's operator; an
// earlier one that wasn't confirmed is void. It refuses with [core.CodeFactorOn]
// where there is an app, and a repeated key with [core.CodeEnrolmentOver] where
// what it began is over.
func (s *Service) BeginEnrolment(ctx context.Context, req core.Request) (e Enrolment, err error) {
	receipt, err := s.desk.Do(ctx, req, core.ActProfileEnrol, func(act *core.Act) error {
		o, _, err := table().Get(act, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		f, err := optional(act, factors(), req.Actor.ID)
		if err == nil && f.on() {
			err = core.Refuse(core.CodeFactorOn)
		}
		if err != nil {
			return err
		}
		raw := make([]byte, appSecretBytes)
		if _, err := io.ReadFull(act.Random, raw); err != nil {
			return fmt.Errorf("draw an app's secret: %w", err)
		}
		f.Over = act.At.Add(enrolmentLife)
		if f.Pending, err = s.keys.Seal(act.Random, sealEnrolment, core.Key(core.Installation, req.Actor.ID), raw); err != nil {
			return err
		}
		e = s.enrolment(o, raw, f.Over)
		act.Log(operatorRef(req.Actor.ID))
		return factors().Put(act, core.Installation, req.Actor.ID, f)
	})
	if err == nil && receipt.Repeated {
		return s.begunEnrolment(ctx, req)
	}
	return e, err
}

func (s *Service) enrolment(o Operator, raw []byte, over time.Time) Enrolment {
	return Enrolment{Secret: base32Of(raw), URI: otpauth(s.issuer, o.Address, raw), Expires: over}
}

// begunEnrolment is what a call before began.
func (s *Service) begunEnrolment(ctx context.Context, req core.Request) (e Enrolment, err error) {
	err = s.desk.See(ctx, req, core.ActProfileShow, func(v core.View) error {
		o, _, err := table().Get(v, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		f, err := optional(v, factors(), req.Actor.ID)
		if err != nil {
			return err
		}
		raw := secretOf(s.keys, sealEnrolment, req.Actor.ID, f.Pending)
		if raw == nil || !s.desk.Effective().Before(f.Over) {
			return core.Refuse(core.CodeEnrolmentOver)
		}
		e = s.enrolment(o, raw, f.Over)
		return nil
	})
	return e, err
}

// ConfirmEnrolment links the app that shows code now, and gives ten recovery codes
// that are never shown again (R65, R82). Other sessions of the operator end. It
// refuses with [core.CodeAppCode] for a wrong code, [core.CodeEnrolmentOver] where
// it took more than ten minutes or wasn't begun, [core.CodeFactorOn] where there
// is an app by now, and [core.CodeBusy].
func (s *Service) ConfirmEnrolment(ctx context.Context, req core.Request, code string) ([]string, error) {
	set, recovery, err := s.newRecoveryFor(ctx, req, func(v core.View) error {
		_, _, _, err := s.pending(v, req.Actor.ID, code, s.desk.Effective())
		return err
	})
	if err != nil {
		return nil, err
	}
	receipt, err := s.desk.Do(ctx, req, core.ActProfileConfirm, func(act *core.Act) error {
		raw, step, version, err := s.pending(act, req.Actor.ID, code, act.At)
		if err != nil {
			return err
		}
		sealed, err := s.keys.Seal(act.Random, sealFactor, core.Key(core.Installation, req.Actor.ID), raw)
		if err != nil {
			return err
		}
		f := factor{Secret: sealed, Step: step, Since: act.At, Recovery: set}
		if _, err := factors().Save(act, core.Installation, req.Actor.ID, version, f); err != nil {
			return err
		}
		return changed(act, ChangeFactorOn)
	})
	if err == nil && receipt.Repeated { // those codes are another call's
		err = core.Refuse(core.CodeFactorOn)
	}
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// pending reads the secret of the app that is being linked, where a code is that
// of one of its steps.
func (s *Service) pending(v core.View, operator core.ID, code string, at time.Time) (raw []byte, step uint64, version record.Version, err error) {
	f, version, err := factors().Get(v, core.Installation, operator)
	if err != nil {
		return nil, 0, 0, missingAs(core.CodeEnrolmentOver, err)
	}
	if f.on() {
		return nil, 0, 0, core.Refuse(core.CodeFactorOn)
	}
	if at.Before(f.Over) {
		raw = secretOf(s.keys, sealEnrolment, operator, f.Pending)
	}
	if raw == nil {
		return nil, 0, 0, core.Refuse(core.CodeEnrolmentOver)
	}
	if step, err = matchStep(raw, code, 0, s.desk.Wall()); err == nil && step == 0 {
		err = core.RefuseField(core.CodeAppCode, "code")
	}
	return raw, step, version, err
}

// newRecoveryFor makes recovery codes, which takes its time, where check has
// nothing against it.
func (s *Service) newRecoveryFor(ctx context.Context, req core.Request, check func(core.View) error) (recoverySet, []string, error) {
	if err := s.desk.See(ctx, req, core.ActProfileShow, check); err != nil {
		return recoverySet{}, nil, err
	}
	return s.newRecovery(ctx)
}

// changed ends an act about the own second factor: other sessions end, devices
// need a code again, and the operator is told.
func changed(act *core.Act, what Change) error {
	o, err := raise(act, act.Req.Actor.ID, nil)
	if err != nil {
		return err
	}
	act.Log(operatorRef(act.Req.Actor.ID))
	announce(act, act.Req.Actor.ID)
	return tell(act, act.Req.Actor.ID, o, what)
}

package operators

import (
	"context"

	"willcall/core"
	"willcall/core/secret"
)

// StepUp proves anew who sits at the request's session: by the password, or by a
// code of the app. For five minutes what needs that can be done. It refuses what
// is wrong, also while the session has failed too often, with [core.CodeSignIn].
func (s *Service) StepUp(ctx context.Context, req core.Request, from From, proof string) error {
	if secret.IsDigits(proof) {
		return s.proveApp(ctx, req, proof)
	}
	return s.Confirm(ctx, req, proof)
}

// Confirm checks the password of the request's operator again, as before a
// locked screen opens. It refuses as [Service.StepUp] does, and with
// [core.CodeSignedOut] where the session is over.
func (s *Service) Confirm(ctx context.Context, req core.Request, password string) error {
	req.Key = "" // of the act that this is asked before; a proof is given each time
	var o Operator
	var counted bool
	_, err := s.desk.Do(ctx, req, core.ActSessionStepUp, func(act *core.Act) (err error) {
		if o, _, err = table().Get(act, core.Installation, req.Actor.ID); err != nil {
			return err
		}
		act.Log(core.Ref{Kind: core.KindSession, ID: req.Session})
		counted, err = s.reserveStep(act)
		return err
	})
	if err != nil {
		return err
	}
	right, err := s.hasher.Verify(ctx, o.Password, password)
	if err == nil && (!right || !counted) {
		err = core.Refuse(core.CodeSignIn)
	}
	if err != nil {
		return err
	}
	_, err = s.desk.Do(ctx, req, core.ActSessionStepUp, func(act *core.Act) error {
		now, _, err := table().Get(act, core.Installation, req.Actor.ID)
		if err == nil && now.Password != o.Password {
			err = core.Refuse(core.CodeSignIn)
		}
		if err != nil {
			return err
		}
		return s.proved(act)
	})
	return err
}

// proveApp is a step-up by a code of the app.
func (s *Service) proveApp(ctx context.Context, req core.Request, code string) error {
	req.Key = ""
	right := false
	_, err := s.desk.Do(ctx, req, core.ActSessionStepUp, func(act *core.Act) error {
		right = false
		counted, err := s.reserveStep(act)
		if err != nil {
			return err
		}
		if counted {
			if right, err = s.appRight(act, req.Actor.ID, code); err != nil {
				return err
			}
		}
		if right {
			return s.proved(act)
		}
		act.Log(core.Ref{Kind: core.KindSession, ID: req.Session}, outcome(false))
		return nil
	})
	if err == nil && !right {
		err = core.Refuse(core.CodeSignIn)
	}
	return err
}

// reserveStep counts a failure of the act's session beforehand. Nobody else can
// lock it.
func (s *Service) reserveStep(act *core.Act) (bool, error) {
	bucket, err := s.stepBucket(act.Req)
	if err != nil {
		return false, err
	}
	return reserve(act, bucket)
}

func (s *Service) stepBucket(req core.Request) ([]byte, error) {
	return s.keys.MAC("step-up bucket", core.Key(req.Actor.ID, req.Session))
}

// proved notes that who sits at the act's session proved it.
func (s *Service) proved(act *core.Act) error {
	bucket, err := s.stepBucket(act.Req)
	if err != nil {
		return err
	}
	if err := release(act, bucket); err != nil {
		return err
	}
	session, version, err := sessions().Get(act, core.Installation, act.Req.Session)
	if err != nil {
		return err
	}
	session.Proved = act.At
	act.Log(core.Ref{Kind: core.KindSession, ID: act.Req.Session}, outcome(true))
	_, err = sessions().Save(act, core.Installation, act.Req.Session, version, session)
	return err
}

package operators

import (
	"context"

	"willcall/core"
	"willcall/core/record"
)

// Answer is what was typed at the code step: a code of the app or of a mail, or a
// recovery code.
type Answer struct {
	Code     string
	Recovery bool
	// Remember asks that this device needs no mailed code for 30 days (R54).
	Remember bool
}

// verdict is what came of an answer.
type verdict struct {
	in      SignedIn
	right   bool
	guarded bool
}

// Answer ends an attempt with a code. Whatever is wrong, with the code, with the
// password before it or with the account, the refusal is [core.CodeSignIn]; after
// ten minutes or five codes it is [core.CodeAttemptOver]. [core.CodeBusy] says that
// too many sign in at once.
func (s *Service) Answer(ctx context.Context, from From, attempt string, a Answer) (SignedIn, error) {
	wait, err := s.floor.begin(s.random)
	if err != nil {
		return SignedIn{}, err
	}
	answer := s.answerCode
	if a.Recovery {
		answer = s.answerRecovery
	}
	v, err := answer(ctx, from, attempt, a)
	wait(ctx, v.guarded)
	if err == nil && !v.right {
		err = core.Refuse(core.CodeSignIn)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return v.in, nil
}

// turn is one code of an attempt.
type turn struct {
	id core.ID
	record.Version
	attempt
	// who is whose attempt it is, where good.
	who Operator
	// good tells that a right code opens a session.
	good bool
	// counted tells that the account isn't locked.
	counted bool
}

// answerCode looks at a code of the app or of a mail. Those are cheap to compare,
// so that one act counts and judges.
func (s *Service) answerCode(ctx context.Context, from From, token string, a Answer) (v verdict, err error) {
	_, err = s.desk.Do(ctx, anonymous(), core.ActSessionAnswer, func(act *core.Act) error {
		v = verdict{}
		t, err := takeTurn(act, token)
		if err != nil {
			return err
		}
		need := needRefused
		if t.good {
			if need, v.right, err = s.codeRight(act, t, from, a.Code); err != nil {
				return err
			}
		}
		return s.settle(act, from, t, &v, a.Remember && need == needMailed)
	})
	return v, err
}

// takeTurn takes one of the codes that an attempt has. The first was counted with
// the password; each more counts as a failure beforehand.
func takeTurn(act *core.Act, token string) (t turn, err error) {
	if t.id, t.Version, t.attempt, err = underWay(act, token, act.At); err != nil {
		return t, err
	}
	t.counted = true
	if t.Tries > 0 {
		if t.counted, err = t.count(act); err != nil {
			return t, err
		}
	}
	t.Tries++
	t.who, t.good, err = t.stillGood(act, t.Right && t.counted)
	return t, err
}

// codeRight reports whether a code is the one that is needed.
func (s *Service) codeRight(act *core.Act, t turn, from From, code string) (need need, right bool, err error) {
	need, err = s.need(act, t.Operator, t.who, from)
	if err != nil {
		return need, false, err
	}
	switch need {
	case needApp:
		right, err = s.appRight(act, t.Operator, code)
	case needMailed:
		right, err = s.mailedRight(t, code)
	case needRefused, needNothing:
	}
	return need, right, err
}

// settle ends an answer: with a session, or with a failure that stands.
func (s *Service) settle(act *core.Act, from From, t turn, v *verdict, trust bool) error {
	all, err := readTally(act)
	if err != nil {
		return err
	}
	v.guarded = all.guarded(act.At)
	if v.right {
		if err := endRow(act, t.Operator); err != nil {
			return err
		}
		v.in, err = s.open(act, from, t.id, t.who, trust)
		return err
	}
	if t.good {
		if err := countCode(act, t.Operator); err != nil {
			return err
		}
	}
	if t.counted {
		if err := tellLocked(act, t.Operator, t.Bucket); err != nil {
			return err
		}
	}
	act.Log(operatorRef(t.Operator), outcome(false))
	return saveAttempt(act, t.id, t.Version, t.attempt)
}

// appRight reports whether a code is one of an operator's app that was never
// accepted before, and accepts it (R71).
func (s *Service) appRight(act *core.Act, operator core.ID, code string) (bool, error) {
	f, version, err := factors().Get(act, core.Installation, operator)
	if core.CodeOf(err) == core.CodeNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	raw := secretOf(s.keys, sealFactor, operator, f.Secret)
	if raw == nil {
		return false, nil
	}
	step, err := matchStep(raw, code, f.Step, act.Wall())
	if err != nil || step == 0 {
		return false, err
	}
	f.Step, f.Used = step, act.At
	_, err = factors().Save(act, core.Installation, operator, version, f)
	return err == nil, err
}

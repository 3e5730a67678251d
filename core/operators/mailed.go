package operators

import (
	"context"
	"crypto/hmac"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/secret"
)

// mailWaits are how long after each mailed code the next one can be asked for;
// after the last one none can.
func mailWaits() []time.Duration {
	return []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute}
}

// MailCode mails another code for an attempt; the one before is void. It never
// tells whether any went out: an attempt of nobody, or of somebody who has an app,
// answers alike. again is when the next one can be asked for, zero where none can.
// It refuses with [core.CodeCoolDown] before that time, with [core.CodeTooMany]
// after the third code, and with [core.CodeAttemptOver].
func (s *Service) MailCode(ctx context.Context, from From, token string) (again time.Time, err error) {
	wait, err := s.floor.begin(s.random)
	if err != nil {
		return time.Time{}, err
	}
	_, err = s.desk.Do(ctx, anonymous(), core.ActSessionMailCode, func(act *core.Act) error {
		id, version, a, err := underWay(act, token, act.At)
		if err != nil {
			return err
		}
		if err := a.mailable(act.At); err != nil {
			return err
		}
		o, good, err := a.stillGood(act, a.Right)
		if err != nil {
			return err
		}
		need := needRefused
		if good {
			if need, err = s.need(act, a.Operator, o, from); err != nil {
				return err
			}
		}
		if a, err = s.mailed(act, id, a, o, need == needMailed); err != nil {
			return err
		}
		again = a.nextMailing()
		act.Log(operatorRef(a.Operator))
		return saveAttempt(act, id, version, a)
	})
	wait(ctx, false)
	return again, err
}

// mailable is why no further code can be asked for at a time, or nil.
func (a attempt) mailable(at time.Time) error {
	next := a.nextMailing()
	switch {
	case next.IsZero():
		return core.Refuse(core.CodeTooMany).With("max", strconv.Itoa(len(mailWaits())))
	case at.Before(next):
		return core.Refuse(core.CodeCoolDown).
			With("ago", at.Sub(a.MailedAt).Round(time.Second).String()).
			With("from", next.Format(time.RFC3339))
	}
	return nil
}

// nextMailing is when another code can be asked for; zero where none can.
func (a attempt) nextMailing() time.Time {
	waits := mailWaits()
	if int(a.Mailings) >= len(waits) {
		return time.Time{}
	}
	return a.MailedAt.Add(waits[max(a.Mailings, 1)-1])
}

// mailed counts a code of an attempt, and mails one where it really goes out. One
// that can't be sent, or is one too many for the address, leaves no code that is
// right.
func (s *Service) mailed(act *core.Act, id core.ID, a attempt, o Operator, really bool) (attempt, error) {
	a.Mailings, a.MailedAt, a.Code = a.Mailings+1, act.At, nil
	if !really {
		return a, nil
	}
	ok, err := countMailing(act, a.Operator)
	if err != nil || !ok {
		return a, err
	}
	code, err := secret.NewDigits(act.Random)
	if err != nil {
		return a, err
	}
	left := a.Expires.Sub(act.At)
	err = writeTo(act, a.Operator, o, letter{
		text:   letterSignInCode,
		values: map[string]string{"minutes": strconv.Itoa(int(left.Minutes()))},
		secret: map[string]string{"code": code}, life: left,
	})
	if core.CodeOf(err) == core.CodeNoContext {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.Code, err = s.mailedMAC(id, code)
	return a, err
}

// mailedMAC is how a mailed code is kept: bound to its attempt and purpose.
func (s *Service) mailedMAC(attempt core.ID, code string) ([]byte, error) {
	return s.keys.MAC("sign-in code", core.Key(core.Installation, attempt), []byte(code))
}

// mailedRight reports whether a code is the one that was mailed last.
func (s *Service) mailedRight(t turn, code string) (bool, error) {
	if len(t.Code) == 0 {
		return false, nil
	}
	mac, err := s.mailedMAC(t.id, code)
	return err == nil && hmac.Equal(mac, t.Code), err
}

// SwitchMailed switches mailed codes at sign-in for the request's operator (R53).
// It refuses with [core.CodeOwnAddress] where the own address isn't validated
// (R73), with [core.CodeNoDelivery] without a mail server: a code would lie where
// only who is signed in can read it, and with [core.CodeFactorNeeded] where they
// are the second factor that is required (R67).
func (s *Service) SwitchMailed(ctx context.Context, req core.Request, on bool) error {
	_, err := s.desk.Do(ctx, req, core.ActProfileMailed, func(act *core.Act) error {
		o, version, err := table().Get(act, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		refusal, err := unswitchable(act, req.Actor.ID, o, act.Captured, on)
		if err == nil && o.Mailed != on {
			err = refusal
		}
		if err != nil {
			return err
		}
		act.Log(operatorRef(req.Actor.ID), core.Detail{Name: "on", Value: strconv.FormatBool(on)})
		if o.Mailed == on {
			return nil
		}
		o.Mailed = on
		if _, err := table().Save(act, core.Installation, req.Actor.ID, version, o); err != nil {
			return err
		}
		announce(act, req.Actor.ID)
		change := ChangeMailedOff
		if on {
			change = ChangeMailedOn
		}
		return tell(act, req.Actor.ID, o, change)
	})
	return err
}

// unswitchable is why an operator's own mailed codes can't be switched on or off,
// or nil.
func unswitchable(v core.View, id core.ID, o Operator, captured, on bool) (refusal, err error) {
	if on {
		switch {
		case o.Validated.IsZero():
			return core.Refuse(core.CodeOwnAddress), nil
		case captured:
			return core.Refuse(core.CodeNoDelivery), nil
		}
		return nil, nil
	}
	house, err := company(v)
	if err != nil || !house.Required || house.MailedCodes {
		return nil, err
	}
	f, err := optional(v, factors(), id)
	if err == nil && !f.on() {
		refusal = core.Refuse(core.CodeFactorNeeded)
	}
	return refusal, err
}

package operators

import (
	"context"
	"time"

	"willcall/core"
)

// SignedIn is a new session.
type SignedIn struct {
	Actor        core.Actor
	Session      core.ID
	Role         core.Role
	Address      string // canonical
	Language     string
	Institutions []core.ID
	// Institution and Organisation are where the operator worked last, else the
	// first; 0 where there is none.
	Institution  core.ID
	Organisation core.ID
	// Walled tells that a second factor has to be enrolled first (R67).
	Walled bool
	// RecoveryLeft is how many recovery codes are left, -1 without an app.
	RecoveryLeft int
	// Remembered tells that the device needs no mailed code the next time (R54).
	Remembered bool
}

// Begun is what a password leads to: a session, or the attempt that a code ends.
type Begun struct {
	In      *SignedIn
	Attempt string
	Expires time.Time // of the attempt
}

// candidate is whose password is being tried.
type candidate struct {
	id core.ID
	Operator
}

// try is a sign-in whose password is being verified.
type try struct {
	who     candidate
	attempt core.ID
	token   string
	expires time.Time
	// counted tells that the account isn't locked from here.
	counted bool
	guarded bool
}

// Begin tries a password. Where nothing but a password is asked of that operator
// and it is right, the session is open; else, whatever was wrong, the attempt goes
// on with a code (R68). [core.CodeBusy] says that too many sign in at once.
func (s *Service) Begin(ctx context.Context, from From, address, password string) (Begun, error) {
	wait, err := s.floor.begin(s.random)
	if err != nil {
		return Begun{}, err
	}
	t, err := s.try(ctx, from, address)
	defer func() { wait(ctx, t.guarded) }()
	if err != nil {
		return Begun{}, err
	}
	right, err := s.verify(ctx, t.who, password)
	if err != nil {
		return Begun{}, err
	}
	return s.judge(ctx, from, t, right && t.counted)
}

// verify reports whether a password is the candidate's. Nobody's takes as long.
func (s *Service) verify(ctx context.Context, who candidate, password string) (bool, error) {
	stored := who.Password
	if who.id == 0 || stored == "" {
		stored = s.decoy
	}
	right, err := s.hasher.Verify(ctx, stored, password)
	return right && stored != s.decoy, err
}

// try counts a failure before it is known to be one, and begins the attempt.
func (s *Service) try(ctx context.Context, from From, address string) (t try, err error) {
	_, err = s.desk.Do(ctx, anonymous(), core.ActSessionTry, func(act *core.Act) error {
		t = try{}
		key, err := core.CanonicalAddress(address)
		if err == nil {
			if t.who.id, t.who.Operator, err = byAddress(act, key); err != nil {
				return err
			}
		} else {
			key = address
		}
		a := attempt{Operator: t.who.id, Epoch: t.who.Epoch}
		if a.counts, err = s.counts(act, from, t.who.id, key); err != nil {
			return err
		}
		all, err := readTally(act)
		if err != nil {
			return err
		}
		t.guarded = all.guarded(act.At)
		if t.counted, err = a.count(act); err != nil {
			return err
		}
		t.expires = act.At.Add(attemptLife)
		t.attempt, t.token, err = a.begun(act)
		act.Log(operatorRef(t.who.id), core.Detail{Name: "source", Value: from.Source, Personal: true})
		return err
	})
	return t, err
}

// What the keys of buckets are for, and the source of who sits at this computer.
const (
	macDeviceBucket = "device bucket"
	macSourceBucket = "source bucket"
	macSource       = "source"
	sourceLocal     = "local"
)

// counts names what counts the failures of an account from somewhere: a device
// that the account is known from has a bucket of its own.
func (s *Service) counts(v core.View, from From, operator core.ID, account string) (c counts, err error) {
	id, _, d, err := deviceOf(v, operator, from.Device)
	if err != nil {
		return c, err
	}
	if id != 0 {
		c.Bucket, err = s.keys.MAC(macDeviceBucket, []byte(account), d.Digest)
		return c, err
	}
	if c.Source, err = s.keys.MAC(macSource, []byte(from.Source)); err != nil {
		return c, err
	}
	c.Bucket, err = s.keys.MAC(macSourceBucket, []byte(account), []byte(from.Source))
	return c, err
}

// judge says what comes of a password: a session, or the code that is asked for.
func (s *Service) judge(ctx context.Context, from From, t try, right bool) (begun Begun, err error) {
	_, err = s.desk.Do(ctx, anonymous(), core.ActSessionAnswer, func(act *core.Act) error {
		begun = Begun{Attempt: t.token, Expires: t.expires}
		a, version, err := attempts().Get(act, core.Installation, t.attempt)
		if err != nil {
			return err
		}
		o, need, err := s.afterPassword(act, a, right, from)
		if err != nil {
			return err
		}
		if need == needNothing {
			in, err := s.open(act, from, t.attempt, o, false)
			begun = Begun{In: &in}
			return err
		}
		a.Right = need != needRefused
		if !a.Right && t.counted {
			if err := tellLocked(act, a.Operator, a.Bucket); err != nil {
				return err
			}
		}
		if a, err = s.mailed(act, t.attempt, a, o, need == needMailed); err != nil {
			return err
		}
		act.Log(operatorRef(a.Operator), outcome(a.Right))
		return saveAttempt(act, t.attempt, version, a)
	})
	if err != nil {
		return Begun{}, err
	}
	return begun, nil
}

// outcome is what the journal keeps of a password or code.
func outcome(right bool) core.Detail {
	value := "wrong"
	if right {
		value = "right"
	}
	return core.Detail{Name: "outcome", Value: value}
}

// need is what a right password still needs.
type need uint8

const (
	needRefused need = iota // nothing opens this account now
	needNothing
	needApp
	needMailed
)

// afterPassword says what an attempt needs whose password was right or not.
func (s *Service) afterPassword(act *core.Act, a attempt, right bool, from From) (Operator, need, error) {
	o, right, err := a.stillGood(act, right)
	if err != nil || !right {
		return o, needRefused, err
	}
	need, err := s.need(act, a.Operator, o, from)
	return o, need, err
}

// need says what a right password of an operator still needs. An app wins over
// mailed codes (R72). A broken secret counts as no app, but where a second factor
// is required that isn't enough. Mailed codes need an address that was validated
// (R73) and a mail server; without one there is nobody's mailbox to prove.
func (s *Service) need(act *core.Act, id core.ID, o Operator, from From) (need, error) {
	house, err := company(act)
	if err != nil {
		return needRefused, err
	}
	f, err := optional(act, factors(), id)
	if err != nil {
		return needRefused, err
	}
	counted, err := optional(act, triesOf(), id)
	if err != nil {
		return needRefused, err
	}
	needs := needNothing
	switch {
	case f.on() && secretOf(s.keys, sealFactor, id, f.Secret) != nil:
		needs = needApp
	case f.on() && house.Required:
		return needRefused, nil
	case house.mails(o) && !act.Captured:
		if needs, err = needOfMailed(act, id, o, from); err != nil {
			return needRefused, err
		}
	}
	if needs != needNothing && counted.spent(act.At) {
		return needRefused, nil
	}
	return needs, nil
}

// needOfMailed is a code, but on a device that is trusted (R54), and after the glass
// was broken.
func needOfMailed(act *core.Act, id core.ID, o Operator, from From) (need, error) {
	if o.letsIn(from, act.At) {
		return needNothing, nil
	}
	if o.Validated.IsZero() {
		return needRefused, nil
	}
	_, _, d, err := deviceOf(act, id, from.Device)
	if err != nil || !d.trusted(o, act.At) {
		return needMailed, err
	}
	return needNothing, nil
}

// stillGood reads the operator of an attempt, and reports whether they may still
// sign in as they were when it began.
func (a attempt) stillGood(v core.View, right bool) (Operator, bool, error) {
	if !right || a.Operator == 0 {
		return Operator{}, false, nil
	}
	o, _, err := table().Get(v, core.Installation, a.Operator)
	if core.CodeOf(err) == core.CodeNotFound {
		return o, false, nil
	}
	return o, err == nil && !o.Disabled && o.Epoch == a.Epoch, err
}

// open ends an attempt with a session of its operator. trust tells that the device
// needs no mailed code from now on.
func (s *Service) open(act *core.Act, from From, attempt core.ID, o Operator, trust bool) (in SignedIn, err error) {
	a, version, err := attempts().Get(act, core.Installation, attempt)
	if err != nil {
		return in, err
	}
	if err := attempts().Delete(act, core.Installation, attempt, version); err != nil {
		return in, err
	}
	if err := a.uncount(act); err != nil {
		return in, err
	}
	if err := comeIn(act, a.Operator); err != nil {
		return in, err
	}
	device, d, err := meet(act, from, a.Operator, o, trust)
	if err != nil {
		return in, err
	}
	id, err := seat(act, a.Operator, Session{
		Operator: a.Operator, Epoch: o.Epoch, Started: act.At, Proved: act.At, Where: from.where(), Device: device,
	})
	if err != nil {
		return in, err
	}
	act.Action = core.ActSignIn // the verb of a session that opens, whatever opened it
	act.Log(operatorRef(a.Operator))
	in = SignedIn{
		Actor:   core.Actor{Kind: core.ActorOperator, ID: a.Operator, Name: o.Name},
		Session: id, Role: o.Role, Address: o.Address, Language: o.Language, Institutions: o.Institutions,
		Remembered: d.trusted(o, act.At),
	}
	if trust && in.Remembered {
		if err := tell(act, a.Operator, o, ChangeDevice); err != nil {
			return in, err
		}
	}
	err = in.describe(act, o)
	return in, err
}

// describe fills in what a console shows of a new session.
func (in *SignedIn) describe(act *core.Act, o Operator) error {
	at, err := placeOf(act, in.Actor.ID, o.Institutions)
	if err != nil {
		return err
	}
	in.Institution, in.Organisation = at.Institution, at.Organisation
	f, err := FactorOf(act, in.Actor.ID)
	if err != nil {
		return err
	}
	in.RecoveryLeft = f.RecoveryLeft
	in.Walled, err = Standings{Captured: func(core.View) (bool, error) { return act.Captured, nil }}.walled(act, in.Actor.ID, o)
	return err
}

func anonymous() core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorAnonymous}}
}

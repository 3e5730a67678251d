package operators

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/argon2"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

const (
	// recoveryCodes is how many make a set (R82).
	recoveryCodes = 10
	// leastMemory is the least that Argon2 works with, in KiB.
	leastMemory = 8
)

// RecoveryCost is the price of hashing a recovery code: 19 MiB and two passes.
// The codes have 80 random bits, so it need not be that of a password.
func RecoveryCost() Cost { return Cost{MemoryKiB: 19 * 1024, Passes: 2, Threads: 1} }

// recoverySet are an operator's recovery codes: hashes with one salt. Used ones
// are gone.
type recoverySet struct {
	Salt   []byte
	Memory uint32 // in KiB
	Passes uint32
	Hashes []string // of raw bytes
}

func recoveryCodec() record.Codec[recoverySet] {
	return record.New(
		record.Bytes(1, func(r *recoverySet) *[]byte { return &r.Salt }),
		record.Uint(2, func(r *recoverySet) *uint32 { return &r.Memory }),
		record.Uint(3, func(r *recoverySet) *uint32 { return &r.Passes }),
		record.Texts(4, func(r *recoverySet) *[]string { return &r.Hashes }),
	)
}

func (r recoverySet) left() int { return len(r.Hashes) }

// newRecovery draws a set of codes. They exist only in the caller's hand.
func (s *Service) newRecovery(ctx context.Context) (r recoverySet, codes []string, err error) {
	r = recoverySet{Salt: make([]byte, saltBytes), Memory: s.recovery.MemoryKiB, Passes: s.recovery.Passes}
	if _, err := io.ReadFull(s.random, r.Salt); err != nil {
		return r, nil, fmt.Errorf("salt the recovery codes: %w", err)
	}
	for range recoveryCodes {
		code, err := secret.NewCode(s.random)
		if err != nil {
			return r, nil, err
		}
		hash, err := s.hashRecovery(ctx, r, code)
		if err != nil {
			return r, nil, err
		}
		r.Hashes, codes = append(r.Hashes, string(hash)), append(codes, code)
	}
	return r, codes, nil
}

// hashRecovery hashes a typed code as the set's are; one that is no code takes as
// long and has the hash of none. It refuses with [core.CodeBusy] as
// [Hasher.Verify] does.
func (s *Service) hashRecovery(ctx context.Context, r recoverySet, typed string) ([]byte, error) {
	code, ok := secret.NormalCode(typed)
	if !ok {
		code = "\x00"
	}
	if !r.bounded() {
		r = recoverySet{Salt: make([]byte, saltBytes), Memory: s.recovery.MemoryKiB, Passes: s.recovery.Passes}
	}
	release, err := s.hasher.take(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	return argon2.IDKey([]byte(code), r.Salt, r.Passes, r.Memory, 1, keyBytes), nil
}

// bounded reports whether the set's cost is one that is computed.
func (r recoverySet) bounded() bool {
	return len(r.Salt) == saltBytes && r.Passes >= 1 && r.Passes <= maxPasses && r.Memory >= leastMemory && r.Memory <= maxMemory
}

// without gives the set without the code of a hash; ok is false where there is no
// such code.
func (r recoverySet) without(hash []byte) (rest recoverySet, ok bool) {
	at := -1
	for i, h := range r.Hashes {
		if subtle.ConstantTimeCompare([]byte(h), hash) == 1 {
			at = i
		}
	}
	if at < 0 {
		return r, false
	}
	r.Hashes = slices.Delete(slices.Clone(r.Hashes), at, at+1)
	return r, true
}

// answerRecovery looks at a recovery code. Hashing it takes its time, so that one
// act counts the try, and another one judges what it was.
func (s *Service) answerRecovery(ctx context.Context, from From, token string, a Answer) (v verdict, err error) {
	var t turn
	var set recoverySet
	_, err = s.desk.Do(ctx, anonymous(), core.ActSessionAnswer, func(act *core.Act) (err error) {
		if t, err = takeTurn(act, token); err != nil {
			return err
		}
		f, err := optional(act, factors(), t.Operator)
		if err != nil {
			return err
		}
		set = f.Recovery
		act.Log(operatorRef(t.Operator), core.Detail{Name: "outcome", Value: "tried"})
		t.Version, err = attempts().Save(act, core.Installation, t.id, t.Version, t.attempt)
		return err
	})
	if err != nil {
		return v, err
	}
	hash, err := s.hashRecovery(ctx, set, a.Code)
	if err != nil {
		return v, err
	}
	_, err = s.desk.Do(ctx, anonymous(), core.ActSessionAnswer, func(act *core.Act) (err error) {
		v = verdict{}
		if t.who, t.good, err = t.stillGood(act, t.good); err != nil {
			return err
		}
		if t.good {
			if v.right, err = s.spendRecovery(act, t, from, hash); err != nil {
				return err
			}
		}
		return s.settle(act, from, t, &v, false)
	})
	if code := core.CodeOf(err); code == core.CodeNotFound || code == core.CodeConflict {
		err = core.Refuse(core.CodeAttemptOver) // another answer of the attempt came first
	}
	return v, err
}

// spendRecovery takes the code of a hash out of the operator's set, and warns them;
// false where there is no such code any more.
func (s *Service) spendRecovery(act *core.Act, t turn, from From, hash []byte) (bool, error) {
	need, err := s.need(act, t.Operator, t.who, from)
	if err != nil || need != needApp {
		return false, err
	}
	f, version, err := factors().Get(act, core.Installation, t.Operator)
	if err != nil {
		return false, err
	}
	rest, ok := f.Recovery.without(hash)
	if !ok {
		return false, nil
	}
	f.Recovery = rest
	if _, err := factors().Save(act, core.Installation, t.Operator, version, f); err != nil {
		return false, err
	}
	return true, tell(act, t.Operator, t.who, ChangeRecoveryUsed)
}

// RenewRecovery makes ten new recovery codes for the request's operator, and voids
// the ones before (R82). It refuses with [core.CodeFactorOff] without an app.
func (s *Service) RenewRecovery(ctx context.Context, req core.Request) ([]string, error) {
	set, codes, err := s.newRecoveryFor(ctx, req, func(v core.View) error {
		_, _, err := linked(v, req.Actor.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	receipt, err := s.desk.Do(ctx, req, core.ActProfileRecovery, func(act *core.Act) error {
		f, version, err := linked(act, req.Actor.ID)
		if err != nil {
			return err
		}
		f.Recovery = set
		if _, err := factors().Save(act, core.Installation, req.Actor.ID, version, f); err != nil {
			return err
		}
		o, _, err := table().Get(act, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		act.Log(operatorRef(req.Actor.ID))
		announce(act, req.Actor.ID)
		return tell(act, req.Actor.ID, o, ChangeRecoveryCodes)
	})
	if err == nil && receipt.Repeated { // those codes are another call's
		err = core.Refuse(core.CodeConflict)
	}
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// linked reads an operator's app. It refuses with [core.CodeFactorOff] where there
// is none.
func linked(v core.View, operator core.ID) (factor, record.Version, error) {
	f, version, err := factors().Get(v, core.Installation, operator)
	if err != nil {
		return f, 0, missingAs(core.CodeFactorOff, err)
	}
	if !f.on() {
		return f, 0, core.Refuse(core.CodeFactorOff)
	}
	return f, version, nil
}

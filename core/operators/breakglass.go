package operators

import (
	"context"
	"time"

	"willcall/core"
)

// letInFor is how long after breaking the glass a password from this computer
// needs no mailed code.
const letInFor = time.Hour

// letsIn reports whether the glass was broken for an operator: whoever sits at this
// computer and set the password isn't asked for a code in a mailbox that may be
// lost, or was never theirs (T44).
func (o Operator) letsIn(from From, at time.Time) bool {
	return from.Source == sourceLocal && at.Before(o.LetIn)
}

// comeIn notes that an operator signed in: they were let in once.
func comeIn(act *core.Act, id core.ID) error {
	o, version, err := table().Get(act, core.Installation, id)
	if err != nil || o.LetIn.IsZero() {
		return err
	}
	o.LetIn = time.Time{}
	_, err = table().Save(act, core.Installation, id, version, o)
	return err
}

// BreakGlass lets an operator in again from the computer that the data is on,
// where nobody else can: with a new password, enabled, without a second factor or
// mailed codes of their own, and without the locks of failed sign-ins. Where a
// factor is required they enrol anew; where mailed codes are asked of everybody,
// their next sign-in from here within an hour needs none. It is recorded, and the
// operator is told. It fails with [core.CodePassword] in the field "password".
func (s *Service) BreakGlass(ctx context.Context, req core.Request, id core.ID, password string) error {
	var seen Operator
	err := s.desk.See(ctx, req, core.ActOperatorList, func(v core.View) (err error) {
		seen, _, err = table().Get(v, core.Installation, id)
		return err
	})
	if err != nil {
		return err
	}
	hash, err := s.hash(ctx, password, seen)
	if err != nil {
		return err
	}
	_, err = s.desk.Do(ctx, req, core.ActOperatorBreakGlass, func(act *core.Act) error {
		o, _, err := table().Get(act, core.Installation, id)
		if err != nil {
			return err
		}
		act.Log(operatorRef(id))
		if err := s.unlock(act, id, o); err != nil {
			return err
		}
		err = shutOut(act, id, o, 0, func(o *Operator) {
			o.Password, o.Disabled, o.Mailed, o.LetIn = hash, false, false, act.At.Add(letInFor)
		})
		if err != nil {
			return err
		}
		return tell(act, id, o, ChangeBreakGlass)
	})
	return err
}

// unlock takes away what stands between an operator and a right password: codes
// that were mailed, the app, and what is counted of failures from this computer
// and from the operator's devices.
func (s *Service) unlock(act *core.Act, id core.ID, o Operator) error {
	if err := voidCode(act, id); err != nil {
		return err
	}
	if err := dropFactor(act, id); err != nil {
		return err
	}
	known, err := devicesOf(act, id)
	if err != nil {
		return err
	}
	here, err := s.keys.MAC(macSourceBucket, []byte(o.Address), []byte(sourceLocal))
	if err != nil {
		return err
	}
	source, err := s.keys.MAC(macSource, []byte(sourceLocal))
	if err != nil {
		return err
	}
	locks := [][]byte{here, source}
	for _, d := range known {
		lock, err := s.keys.MAC(macDeviceBucket, []byte(o.Address), d.Digest)
		if err != nil {
			return err
		}
		locks = append(locks, lock)
	}
	for _, lock := range locks {
		if err := release(act, lock); err != nil {
			return err
		}
	}
	return nil
}

package operators

import (
	"context"
	"slices"

	"willcall/core"
	"willcall/core/secret"
)

// Leave takes an operator out of an institution, in the caller's act.
func Leave(act *core.Act, operator, institution core.ID) error {
	o, version, err := table().Get(act, core.Installation, operator)
	if err != nil {
		return err
	}
	o.Institutions = slices.DeleteFunc(o.Institutions, func(id core.ID) bool { return id == institution })
	_, err = table().Save(act, core.Installation, operator, version, o)
	return err
}

// SetCompany sets what holds for everybody, past the settings.
func SetCompany(tx core.Tx, c Company) error {
	return companies().Put(tx, core.Installation, companyID, c)
}

// Disable disables the operator of an address, past the desk.
func Disable(act *core.Act, address string) error {
	id, o, err := byAddress(act, address)
	if err != nil {
		return err
	}
	o.Disabled = true
	return table().Put(act, core.Installation, id, o)
}

// Readdress gives the operator of an address another one, past the desk.
func Readdress(act *core.Act, from, to string) error {
	id, o, err := byAddress(act, from)
	if err != nil {
		return err
	}
	o.Address = to
	return table().Put(act, core.Installation, id, o)
}

// BreakSecret replaces an app's secret by another one, nil for bytes that aren't
// sealed.
func BreakSecret(act *core.Act, keys *secret.Keys, operator core.ID, raw []byte) error {
	f, _, err := factors().Get(act, core.Installation, operator)
	if err != nil {
		return err
	}
	f.Secret = []byte("JBSWY3DPEHPK3PXP")
	if raw != nil {
		if f.Secret, err = keys.Seal(act.Random, sealFactor, core.Key(core.Installation, operator), raw); err != nil {
			return err
		}
	}
	return factors().Put(act, core.Installation, operator, f)
}

// SwapSecrets puts each of two operators' sealed secrets in the other's place.
func SwapSecrets(act *core.Act, one, two core.ID) error {
	a, _, err := factors().Get(act, core.Installation, one)
	if err != nil {
		return err
	}
	b, _, err := factors().Get(act, core.Installation, two)
	if err != nil {
		return err
	}
	a.Secret, b.Secret = b.Secret, a.Secret
	if err := factors().Put(act, core.Installation, one, a); err != nil {
		return err
	}
	return factors().Put(act, core.Installation, two, b)
}

// DropFactor takes an operator's app away.
func DropFactor(act *core.Act, operator core.ID) error { return dropFactor(act, operator) }

// FillBuckets pretends that there are as many buckets as there may be.
func FillBuckets(act *core.Act) error {
	t, err := readTally(act)
	if err != nil {
		return err
	}
	t.Buckets = mostBuckets
	return writeTally(act, t)
}

// ForgetCounts pretends that nothing was counted of all accounts.
func ForgetCounts(act *core.Act) error { return writeTally(act, tally{}) }

// Rehash hashes an operator's password anew at the cost that users have.
func Rehash(ctx context.Context, act *core.Act, operator core.ID, password string) error {
	o, _, err := table().Get(act, core.Installation, operator)
	if err != nil {
		return err
	}
	if o.Password, err = NewHasher(DefaultCost()).Hash(ctx, act.Random, password); err != nil {
		return err
	}
	return table().Put(act, core.Installation, operator, o)
}

// SignIn opens a session by a password alone. It refuses with [core.CodeSignIn]
// where a code would be asked for.
func (s *Service) SignIn(ctx context.Context, address, password string) (SignedIn, error) {
	begun, err := s.Begin(ctx, From{Source: sourceLocal}, address, password)
	if err == nil && begun.In == nil {
		err = core.Refuse(core.CodeSignIn)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return *begun.In, nil
}

// Failed is how many failures of all accounts are counted.
func Failed(v core.View) (int, error) {
	t, err := readTally(v)
	return len(t.Failed), err
}

// Tried pretends that an attempt was answered so often.
func Tried(act *core.Act, token string, tries uint32) error {
	id, version, a, err := underWay(act, token, act.At)
	if err != nil {
		return err
	}
	a.Tries = tries
	_, err = attempts().Save(act, core.Installation, id, version, a)
	return err
}

// SetFailed pretends that n sign-ins failed just now, and none before.
func SetFailed(act *core.Act, n int) error {
	t, err := readTally(act)
	if err != nil {
		return err
	}
	t.Failed = slices.Repeat([]uint64{nanos(act.At)}, n)
	return writeTally(act, t)
}

// HoldHashes lets nothing be hashed until it is let go.
func (s *Service) HoldHashes() (letGo func()) {
	for range atOnce {
		s.hasher.turn <- struct{}{}
	}
	return func() {
		for range atOnce {
			<-s.hasher.turn
		}
	}
}

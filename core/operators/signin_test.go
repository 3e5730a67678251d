package operators

import (
	"context"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/secret"
	"willcall/storage/storagetest"
)

// standing is a clock that stands still.
type standing struct{}

func (standing) Effective() time.Time {
	return time.Date(2026, time.November, 21, 19, 42, 0, 0, time.UTC)
}

const olga = "olga@opera.example"

// zeroes is a source of nothing but zeroes: what it seeds is predictable.
type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// zeroKeys are those of a key file of nothing but zeroes.
func zeroKeys(t testing.TB) *secret.Keys {
	t.Helper()
	keys, err := secret.NewKeys(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// serviceOn makes a service on a store.
func serviceOn(t *testing.T, store core.Store, hasher *Hasher) *Service {
	t.Helper()
	desk := core.NewDesk(core.DeskConfig{
		Store: store, Clock: standing{}, Random: zeroes{}, Actions: core.Actions(),
		Standings: Standings{Clock: standing{}},
		Journal:   activity.Journal{}, Captured: func(core.View) (bool, error) { return true, nil },
	})
	s, err := NewService(Config{Desk: desk, Hasher: hasher, Keys: zeroKeys(t), Random: salt()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newService makes a service on a store that has one operator, of id 1.
func newService(t *testing.T, store core.Store, hasher *Hasher) *Service {
	t.Helper()
	s := serviceOn(t, store, hasher)
	hash, err := hasher.Hash(t.Context(), salt(), phrase)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx core.Tx) error {
		_, err := Insert(&core.Act{Tx: tx}, Operator{Name: "Olga", Address: olga, Password: hash, Epoch: 1, Role: core.RoleOwner})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEveryWrongSignInVerifiesAHash: with the queue full every sign-in is
// busy, so all of them, known address or not, come to the hashing.
func TestEveryWrongSignInVerifiesAHash(t *testing.T) {
	t.Parallel()
	hasher := cheap()
	s := newService(t, storagetest.New(t), hasher)
	addresses := []string{olga, "nobody@opera.example", "nonsense", ""}
	for _, address := range addresses {
		if _, err := s.SignIn(t.Context(), address, "another phrase"); core.CodeOf(err) != core.CodeSignIn {
			t.Errorf("%q: %v", address, err)
		}
	}
	fill(t, hasher.waiting, mayWait)
	for _, address := range addresses {
		if _, err := s.SignIn(t.Context(), address, "another phrase"); core.CodeOf(err) != core.CodeBusy {
			t.Errorf("%q is answered without hashing: %v", address, err)
		}
	}
}

func TestTheDecoyHasTheCostOfAPassword(t *testing.T) {
	t.Parallel()
	s := newService(t, storagetest.New(t), cheap())
	p, err := parsePHC(s.decoy)
	if err != nil || p.cost != (Cost{MemoryKiB: minMemory, Passes: 1, Threads: 1}) {
		t.Errorf("the decoy costs %+v, %v", p.cost, err)
	}
}

// interrupted does something once, right after the first update.
type interrupted struct {
	core.Store
	once sync.Once
	then func() error
}

func (s *interrupted) Update(ctx context.Context, fn func(core.Tx) error) error {
	err := s.Store.Update(ctx, fn)
	s.once.Do(func() {
		if err == nil {
			err = s.then()
		}
	})
	return err
}

// change saves the only operator anew.
func change(ctx context.Context, store core.Store, change func(*Operator)) error {
	return store.Update(ctx, func(tx core.Tx) error {
		o, version, err := table().Get(tx, core.Installation, 1)
		if err != nil {
			return err
		}
		change(&o)
		_, err = table().Save(tx, core.Installation, 1, version, o)
		return err
	})
}

func TestASignInOvertakenByARaisedEpochOpensNothing(t *testing.T) {
	t.Parallel()
	inner := storagetest.New(t)
	newService(t, inner, cheap())
	store := &interrupted{Store: inner}
	store.then = func() error { return change(t.Context(), inner, func(o *Operator) { o.Epoch++ }) }
	s := serviceOn(t, store, cheap())
	if in, err := s.SignIn(t.Context(), olga, phrase); core.CodeOf(err) != core.CodeSignIn {
		t.Errorf("signed in as %+v, %v", in, err)
	}
	err := inner.View(t.Context(), func(v core.View) error {
		if n, err := sessions().Count(v, core.Installation); n != 0 || err != nil {
			t.Errorf("%d sessions, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := s.SignIn(t.Context(), olga, phrase); err != nil {
		t.Errorf("signing in again: %v", err)
	}
}

func TestARaisedEpochEndsOpenSessions(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	s := newService(t, store, cheap())
	in, err := s.SignIn(t.Context(), olga, phrase)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		return store.View(t.Context(), func(v core.View) error {
			_, err := Standings{Clock: standing{}}.Standing(v, core.Request{Actor: in.Actor, Session: in.Session, Institution: 7})
			return err
		})
	}
	if err := change(t.Context(), store, func(o *Operator) { o.Institutions = []core.ID{7} }); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err != nil {
		t.Errorf("before: %v", err)
	}
	if err := change(t.Context(), store, func(o *Operator) { o.Epoch++ }); err != nil {
		t.Fatal(err)
	}
	if err := ask(); core.CodeOf(err) != core.CodeSignedOut {
		t.Errorf("after: %v", err)
	}
}

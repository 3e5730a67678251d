package secret_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/secret"
	"willcall/storage/storagetest"
)

func grant() secret.Grant {
	return secret.Grant{
		Purpose: secret.PurposeValidation, Institution: 7, Subject: core.Ref{Kind: core.KindContact, ID: 12},
		Address: "marie@orange.example", Generation: 3, PointOfSale: 4, Language: "fr",
		Asked: coretest.Start(), Expires: coretest.Start().Add(24 * time.Hour),
	}
}

// issue stores a grant in a store of its own.
func issue(t testing.TB, store core.Store, g secret.Grant) string {
	t.Helper()
	var token string
	err := store.Update(t.Context(), func(tx core.Tx) (err error) {
		token, err = secret.Issue(&core.Act{Tx: tx, Random: coretest.Random(1)}, g)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func find(t testing.TB, store core.Store, purpose secret.Purpose, token string) (g secret.Grant, err error) {
	t.Helper()
	err = store.View(t.Context(), func(v core.View) (err error) {
		g, err = secret.Find(v, purpose, token)
		return err
	})
	return g, err
}

func TestAGrantIsFoundByItsTokenAndPurpose(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	token := issue(t, store, grant())
	if len(token) != 43 {
		t.Errorf("a token of %d letters", len(token))
	}
	got, err := find(t, store, secret.PurposeValidation, token)
	if err != nil || got != grant() {
		t.Errorf("found %+v, %v", got, err)
	}
	if _, err := find(t, store, secret.PurposeValidation+1, token); core.CodeOf(err) != core.CodeLinkUnknown {
		t.Errorf("another purpose: %v", err)
	}
}

func TestAGrantKeepsItsExpiryForTheCallerToJudge(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	g := grant()
	g.Expires = g.Asked.Add(-time.Hour)
	if got, err := find(t, store, secret.PurposeValidation, issue(t, store, g)); err != nil || !got.Expires.Equal(g.Expires) {
		t.Errorf("found %+v, %v", got, err)
	}
}

func TestTokensThatWereNeverIssuedAreUnknown(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	token := issue(t, store, grant())
	other := []byte(token)
	other[0] ^= 1
	for _, tt := range []string{
		"", "x", token[:42], token + "A", token + "\n", token + "=", " " + token, strings.Repeat("A", 43), string(other),
		token[:20] + "\r\n" + token[20:], strings.Repeat("é", 43), strings.Repeat("A", 1<<16),
	} {
		if _, err := find(t, store, secret.PurposeValidation, tt); core.CodeOf(err) != core.CodeLinkUnknown {
			t.Errorf("%.60q: %v", tt, err)
		}
	}
}

func TestRaisingTheEpochVoidsWhatWasIssued(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	g := grant()
	before := issue(t, store, g)
	for range 2 {
		if err := store.Update(t.Context(), secret.RaiseEpoch); err != nil {
			t.Fatal(err)
		}
		if _, err := find(t, store, secret.PurposeValidation, before); core.CodeOf(err) != core.CodeLinkUnknown {
			t.Errorf("an older token: %v", err)
		}
	}
	var after string
	err := store.Update(t.Context(), func(tx core.Tx) (err error) {
		after, err = secret.Issue(&core.Act{Tx: tx, Random: coretest.Random(2)}, g)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := find(t, store, secret.PurposeValidation, after); err != nil || got.Epoch != 2 {
		t.Errorf("a newer token: %+v, %v", got, err)
	}
}

// TestADamagedEpochOpensNothing spoils the epoch, and raises it then: what was
// issued stays void.
func TestADamagedEpochOpensNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(tx core.Tx) error{
		"lost":    func(tx core.Tx) error { return tx.Delete("secrets.epoch", []byte("epoch")) },
		"of old":  func(tx core.Tx) error { return tx.Put("secrets.epoch", []byte("epoch"), make([]byte, 8)) },
		"flipped": func(tx core.Tx) error { return tx.Put("secrets.epoch", []byte("epoch"), []byte{2, 0, 0, 0, 0}) },
	} {
		store := storagetest.New(t)
		token := issue(t, store, grant())
		if err := store.Update(t.Context(), spoil); err != nil {
			t.Fatal(err)
		}
		if _, err := find(t, store, secret.PurposeValidation, token); !errors.Is(err, core.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		err := store.Update(t.Context(), func(tx core.Tx) error {
			_, err := secret.Issue(&core.Act{Tx: tx, Random: coretest.Random(2)}, grant())
			return err
		})
		if !errors.Is(err, core.ErrDamaged) {
			t.Errorf("%s: issued another: %v", name, err)
		}
		if err := store.Update(t.Context(), secret.RaiseEpoch); err != nil {
			t.Fatal(err)
		}
		if _, err := find(t, store, secret.PurposeValidation, token); core.CodeOf(err) != core.CodeLinkUnknown {
			t.Errorf("%s, then raised: %v", name, err)
		}
	}
}

func TestTheStoreHoldsNoToken(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	var token string
	h.Act(func(act *core.Act) (err error) {
		token, err = secret.Issue(act, grant())
		return err
	})
	h.Create(coretest.Person("Marie", "Dupont", "marie@orange.example"))
	absent := []string{token}
	for _, w := range h.Mails() {
		absent = append(absent, coretest.Token(w))
	}
	if len(absent) != 2 {
		t.Fatalf("%d tokens to look for", len(absent))
	}
	dump := h.Dump()
	for _, token := range absent {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		for key, value := range dump {
			for _, part := range []string{token, string(raw)} {
				if strings.Contains(key, part) || strings.Contains(value, part) {
					t.Errorf("%q holds a token", key)
				}
			}
		}
	}
}

func TestATokenIsNamedByItsDigest(t *testing.T) {
	t.Parallel()
	// SHA-256 of "abc" (FIPS 180-2, appendix B.1) begins with ba7816bf.
	if got := secret.Digest8("abc"); got != "ba7816bf" {
		t.Errorf("named %s", got)
	}
}

func TestNoTokenWithoutRandomness(t *testing.T) {
	t.Parallel()
	err := storagetest.New(t).Update(t.Context(), func(tx core.Tx) error {
		_, err := secret.Issue(&core.Act{Tx: tx, Random: exhausted{}}, grant())
		return err
	})
	if err == nil {
		t.Error("a token out of nothing")
	}
}

func FuzzFind(f *testing.F) {
	store := storagetest.New(f)
	token := issue(f, store, grant())
	for _, s := range []string{"", token, token + "\n", token[1:], strings.Repeat("_", 43)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, err := find(t, store, secret.PurposeValidation, s)
		if s == token {
			if err != nil {
				t.Error(err)
			}
			return
		}
		if core.CodeOf(err) != core.CodeLinkUnknown {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	store := storagetest.New(b)
	token := issue(b, store, grant())
	for b.Loop() {
		if _, err := find(b, store, secret.PurposeValidation, token); err != nil {
			b.Fatal(err)
		}
	}
}

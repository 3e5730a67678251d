package core_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"willcall/core"
)

func TestCanonicalAddress(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		" Marie.Dupont@ORANGE.example ":             "marie.dupont@orange.example",
		"a+tag@mail.example":                        "a+tag@mail.example",
		"o'connor@mail.example":                     "o'connor@mail.example",
		"x@BÜCHER.example":                          "x@xn--bcher-kva.example",
		"x@xn--bcher-kva.example":                   "x@xn--bcher-kva.example",
		"x@faß.example":                             "x@xn--fa-hia.example",
		"a@" + strings.Repeat("l", 63) + ".example": "a@" + strings.Repeat("l", 63) + ".example",
		strings.Repeat("l", 64) + "@mail.example":   strings.Repeat("l", 64) + "@mail.example",
		"u@\u0075\u0308ber.example":                 "u@xn--ber-goa.example", // NFC first
	}
	for typed, want := range good {
		if got, err := core.CanonicalAddress(typed); err != nil || got != want {
			t.Errorf("%q gives %q, %v; want %q", typed, got, err, want)
		}
	}
	bad := []string{
		"", "a", "@", "a@", "@b.example", "a@b", "a@@b.example", "a@b@c.example", ".a@b.example", "a.@b.example",
		"a..b@c.example", "a b@c.example", "a@b..example", "a@.example", "a@b.example.", "a@-b.example", "a@b-.example",
		"a@127.0.0.1", "a@[127.0.0.1]", "a@１２７.０.０.１", "a@b.123", "a@xn--.example", "\"a b\"@c.example", "Marie <a@b.example>",
		"a\x00@b.example", "a\r\n@b.example", "a@b\x1b.example", "a@b.exam\u202eple", "é@b.example", "\u212aelvin@b.example",
		strings.Repeat("l", 65) + "@mail.example", "a@" + strings.Repeat("l", 64) + ".example",
		"a@" + strings.Repeat("label.", 50) + "example",
	}
	for _, typed := range bad {
		if got, err := core.CanonicalAddress(typed); core.CodeOf(err) != core.CodeAddress {
			t.Errorf("%q gives %q, %v; want a refusal", typed, got, err)
		}
	}
}

func TestReservedAddress(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"a@mail.example": true, "a@example.com": true, "a@sub.example.org": true, "a@x.test": true, "a@localhost": true,
		"a@myexample.com": false, "a@opera.ch": false, "a@testing.ch": false,
	} {
		if got := core.ReservedAddress(key); got != want {
			t.Errorf("%s: %v", key, got)
		}
	}
}

func FuzzCanonicalAddress(f *testing.F) {
	for _, seed := range []string{"a@b.example", "x@BÜCHER.example", "a@１.example", "\"a@b\"@c.d", "a@b\u200d.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		key, err := core.CanonicalAddress(typed)
		if err != nil {
			return
		}
		again, err := core.CanonicalAddress(key)
		if err != nil || again != key {
			t.Errorf("%q: canonical %q gives %q, %v", typed, key, again, err)
		}
		if len(key) > 254 || strings.Count(key, "@") != 1 || !utf8.ValidString(key) || strings.ContainsFunc(key, notPlain) {
			t.Errorf("%q gives %q", typed, key)
		}
	})
}

func notPlain(r rune) bool { return r <= ' ' || r >= 0x7f }

func TestChangeTo(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC)
	email, changed, err := core.Email{}.ChangeTo("A@b.example", at)
	if err != nil || !changed || email.Generation != 1 || email.Status != core.EmailNotValidated || email.Typed != "A@b.example" {
		t.Fatalf("first: %+v, %v, %v", email, changed, err)
	}
	green := email.Validate(core.Proof{How: core.ProofLink, At: at})
	spelled, changed, _ := green.ChangeTo("a@B.example", at.Add(time.Hour))
	if changed || spelled.Status != core.EmailValidated || spelled.Generation != 1 || spelled.Since != at {
		t.Errorf("another spelling: %+v", spelled)
	}
	gone, changed, _ := green.ChangeTo("", at)
	if !changed || gone.Status != core.EmailNone || gone.Generation != 2 || gone.Proof != (core.Proof{}) {
		t.Errorf("removed: %+v", gone)
	}
	back, changed, _ := gone.ChangeTo("a@b.example", at)
	if !changed || back.Generation != 3 || back.Status != core.EmailNotValidated {
		t.Errorf("back again: %+v", back)
	}
	if kept, _, err := green.ChangeTo("nonsense", at); err == nil || kept != green {
		t.Errorf("a bad address changed %+v", kept)
	}
}

package core_test

import (
	"strings"
	"testing"

	"willcall/core"
)

func TestCanonicalHost(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"smtp.opera.example": "smtp.opera.example", " SMTP.Opera.Example ": "smtp.opera.example",
		"mail.opéra.example": "mail.xn--opra-cpa.example", "localhost": "localhost", "mailhub": "mailhub", "mx-1": "mx-1",
		"192.0.2.25": "192.0.2.25", "2001:DB8:0::25": "2001:db8::25", "::1": "::1",
	} {
		if got, err := core.CanonicalHost(typed); err != nil || got != want {
			t.Errorf("%q became %q (%v), want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{
		"smtp.opera.example:587", "[::1]", "fe80::1%eth0", "smtp://opera.example", "opera.example/", "a..b", ".a", "a.", "-a", "a_b",
		"me@opera.example", "two words", "192.0.2.256", "192.0.2", "587", "a\x00b", "a\u202eb.example", "xn--", "\xff",
		strings.Repeat("a", 64), strings.Repeat("a.", 127) + "a", strings.Repeat("a", 5000),
	} {
		if got, err := core.CanonicalHost(typed); core.CodeOf(err) != core.CodeHost {
			t.Errorf("%q became %q (%v)", typed, got, err)
		}
	}
	if _, err := core.CanonicalHost("  "); core.CodeOf(err) != core.CodeRequired {
		t.Errorf("nothing: %v", err)
	}
}

func FuzzCanonicalHost(f *testing.F) {
	for _, typed := range []string{"smtp.opera.example", "::1", "192.0.2.25", "localhost", "opéra.example", "a..b", "[::1]:25"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		host, err := core.CanonicalHost(typed)
		if err != nil {
			return
		}
		again, err := core.CanonicalHost(host)
		if err != nil || again != host {
			t.Fatalf("%q became %q, then %q (%v)", typed, host, again, err)
		}
		if strings.ContainsAny(host, " @/[]%\x00\r\n") || len(host) > 253 {
			t.Fatalf("%q became %q", typed, host)
		}
	})
}

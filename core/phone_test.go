package core_test

import (
	"strings"
	"testing"

	"willcall/core"
)

func TestCheckPhone(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"": "", "  ": "", "117": "", "+41 22 418 30 00": "", "(0)22/418.30-00": "", "022 418 30 00": "", " +41 22 418 30 00 ": "",
		strings.Repeat("1", 20): "",
		"12":                    "phone length",
		"+":                     "phone length",
		"- - -":                 "phone length",
		strings.Repeat("1", 21): "phone length",
		"022 418 30 00 ext 7":   "phone letters",
		"41+22":                 "phone letters",
		"++41 22":               "phone letters",
		"٠٢٢٤١٨":                "phone letters",
		"022\n418":              "phone letters",
	} {
		if got := why(core.CheckPhone(number)); got != want {
			t.Errorf("%q is refused with %q, want %q", number, got, want)
		}
	}
}

func TestPhonesAreComparedByTheirDigits(t *testing.T) {
	t.Parallel()
	if got := core.PhoneDigits("+41 (0)22/418.30-00٣"); got != "410224183000" {
		t.Errorf("digits %q", got)
	}
}

func FuzzCheckPhone(f *testing.F) {
	for _, s := range []string{"", "+41 22 418 30 00", "(022) 418-30-00", "++1", "１２３", "12\x00345", "\xff123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		digits := core.PhoneDigits(s)
		if core.CheckPhone(s) != nil || strings.TrimSpace(s) == "" {
			return
		}
		if len(digits) < 3 || len(digits) > 20 || strings.ContainsAny(s, "abcxyz") {
			t.Errorf("%q passes with the digits %q", s, digits)
		}
		if strings.ContainsFunc(core.CleanLine(s), func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q passes as plain", s)
		}
	})
}

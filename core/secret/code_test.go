package secret_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/secret"
	"willcall/storage/storagetest"
)

func TestNewCodeIsFourGroupsOfFour(t *testing.T) {
	t.Parallel()
	random, seen := coretest.Random(1), map[string]bool{}
	for range 500 {
		code, err := secret.NewCode(random)
		if err != nil {
			t.Fatal(err)
		}
		normal, ok := secret.NormalCode(code)
		if len(code) != 19 || !ok || normal != strings.ReplaceAll(code, "-", "") || seen[code] {
			t.Fatalf("%q is %q, %t", code, normal, ok)
		}
		seen[code] = true
	}
	if _, err := secret.NewCode(bytes.NewReader(nil)); err == nil {
		t.Error("a code of no randomness")
	}
}

func TestNormalCodeReadsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"0123-4567-89AB-CDEF":   "0123456789ABCDEF",
		" 0123 4567 89ab cdef ": "0123456789ABCDEF",
		"oO1iIlL0vvvvwxyz":      "0011111" + "0VVVVWXYZ",
		"0123–4567–89AB‑CDEF":   "0123456789ABCDEF",
	} {
		if got, ok := secret.NormalCode(typed); got != want || !ok {
			t.Errorf("%q is %q, %t", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEFG", "U123-4567-89AB-CDEF", "é123456789ABCDEF", strings.Repeat("-", 1000)} {
		if got, ok := secret.NormalCode(typed); ok {
			t.Errorf("%q is %q", typed, got)
		}
	}
}

// FuzzNormalCode: what is a code has 16 letters of the alphabet, and is itself when
// typed again.
func FuzzNormalCode(f *testing.F) {
	f.Add("7K2M-0QRS-TVWX-9ABC")
	f.Add("ſ\u0131\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := secret.NormalCode(typed)
		if !ok {
			return
		}
		if again, ok := secret.NormalCode(code); again != code || !ok || len(code) != 16 || strings.ContainsAny(code, "ILOU") {
			t.Errorf("%q is %q, then %q", typed, code, again)
		}
	})
}

func TestDigitsAreSixAndEven(t *testing.T) {
	t.Parallel()
	random, first := coretest.Random(2), map[byte]int{}
	for range 5000 {
		code, err := secret.NewDigits(random)
		if err != nil || !secret.IsDigits(code) {
			t.Fatalf("%q, %v", code, err)
		}
		first[code[0]]++
	}
	for digit := byte('0'); digit <= '9'; digit++ {
		if first[digit] < 350 || first[digit] > 650 {
			t.Errorf("%q begins %d of 5000", digit, first[digit])
		}
	}
	// 4,294,000,000 is the first number that is drawn again.
	code, err := secret.NewDigits(bytes.NewReader([]byte{0xff, 0xf1, 0x3d, 0x80, 0, 0, 0, 7}))
	if code != "000007" || err != nil {
		t.Errorf("%q, %v", code, err)
	}
}

func TestMACTellsPurposesAndPartsApart(t *testing.T) {
	t.Parallel()
	keys, err := secret.NewKeys(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, in := range [][]string{{"a", "12", "3"}, {"a", "1", "23"}, {"a", "123"}, {"b", "123"}, {"a", "123", ""}} {
		parts := make([][]byte, 0, len(in)-1)
		for _, p := range in[1:] {
			parts = append(parts, []byte(p))
		}
		mac, err := keys.MAC(in[0], parts...)
		if err != nil || len(mac) != 32 || seen[string(mac)] {
			t.Errorf("%q: %x, %v", in, mac, err)
		}
		seen[string(mac)] = true
	}
}

func TestAOneTimeCodeWorksOnceUntilItIsOver(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	issue := func(p secret.Purpose) (code string) {
		h.Act(func(act *core.Act) (err error) {
			code, err = secret.IssueCode(act, secret.Grant{
				Purpose: p, Institution: h.Made.Institution, Subject: core.Ref{Kind: core.KindOperator, ID: 1}, Expires: act.At.Add(time.Hour),
			})
			return err
		})
		return code
	}
	find := func(code string, purposes ...secret.Purpose) error {
		return h.Store.View(h.Ctx, func(v core.View) error {
			g, err := secret.FindCode(v, code, h.Clock.Effective(), purposes...)
			if err == nil && g.Subject.ID != 1 {
				t.Errorf("it is for %v", g.Subject)
			}
			return err
		})
	}
	code := issue(secret.PurposeInvitation)
	h.Must(find(code, secret.PurposeReset, secret.PurposeInvitation))
	h.Must(find(strings.ToLower(strings.ReplaceAll(code, "-", " ")), secret.PurposeInvitation))
	h.Refused(find(code, secret.PurposeReset), core.CodeOneTime)
	h.Refused(find("0000-0000-0000-0000", secret.PurposeReset), core.CodeOneTime)
	h.Refused(find("nonsense", secret.PurposeReset), core.CodeOneTime)
	for _, value := range h.Dump() {
		if normal, _ := secret.NormalCode(code); strings.Contains(value, code) || strings.Contains(value, normal) {
			t.Error("the code lies in the store")
		}
	}
	h.Act(func(act *core.Act) error { return secret.SpendCode(act, code) })
	h.Refused(find(code, secret.PurposeInvitation), core.CodeOneTime)
	late, voided := issue(secret.PurposeReset), issue(secret.PurposeReset)
	h.Clock.Advance(time.Hour - 1)
	h.Must(find(late, secret.PurposeReset))
	h.Clock.Advance(1)
	h.Refused(find(late, secret.PurposeReset), core.CodeOneTime)
	h.Act(func(act *core.Act) error { return secret.RaiseEpoch(act) })
	h.Refused(find(voided, secret.PurposeReset), core.CodeOneTime)
}

package operators

import (
	"testing"
	"time"

	"willcall/core"
)

// TestRFC6238Vectors are those of appendix B for SHA-1, the last six of their
// eight digits.
func TestRFC6238Vectors(t *testing.T) {
	t.Parallel()
	raw := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		now := time.Unix(at, 0)
		got, err := appCode(raw, stepAt(now))
		if err != nil || got != want {
			t.Errorf("at %d: %q, %v; want %q", at, got, err, want)
		}
		if step, err := matchStep(raw, want, 0, now); step != stepAt(now) || err != nil {
			t.Errorf("at %d: step %d, %v", at, step, err)
		}
	}
}

// TestT13_OnlyTheStepsAroundNow: one before, one after, and none that isn't later
// than the last.
func TestT13_OnlyTheStepsAroundNow(t *testing.T) {
	t.Parallel()
	raw, now := []byte("12345678901234567890"), time.Unix(1111111109, 0)
	for off := -3; off <= 3; off++ {
		at := uint64(int(stepAt(now)) + off)
		typed, err := appCode(raw, at)
		if err != nil {
			t.Fatal(err)
		}
		want := at
		if off < -1 || off > 1 {
			want = 0
		}
		if step, err := matchStep(raw, typed, 0, now); step != want || err != nil {
			t.Errorf("%+d: step %d, %v; want %d", off, step, err, want)
		}
		if step, err := matchStep(raw, typed, at, now); step != 0 || err != nil {
			t.Errorf("%+d again: step %d, %v", off, step, err)
		}
	}
}

func TestT14_OnlyTwentyBytesMakeACode(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 10, 19, 21, 64} {
		if code, err := appCode(make([]byte, n), 1); code != "" || core.CodeOf(err) != core.CodeDamaged {
			t.Errorf("%d bytes: %q, %v", n, code, err)
		}
	}
}

func TestCodesOfOtherFormsAreWrong(t *testing.T) {
	t.Parallel()
	raw, now := []byte("12345678901234567890"), time.Unix(59, 0)
	for _, typed := range []string{"", "28708", "2870820", "２８７０８２", "287 08a", "-87082", "287082\x00", "+28708"} {
		if step, err := matchStep(raw, typed, 0, now); step != 0 || err != nil {
			t.Errorf("%q: step %d, %v", typed, step, err)
		}
	}
	if step, err := matchStep(raw, "287 082", 0, now); step == 0 || err != nil {
		t.Errorf("as an app shows it: step %d, %v", step, err)
	}
}

func TestT14_ASealedSecretOfAnotherFormIsNone(t *testing.T) {
	t.Parallel()
	keys := zeroKeys(t)
	owner := core.Key(core.Installation, 1)
	for _, raw := range [][]byte{{}, make([]byte, 19), []byte("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")} {
		sealed, err := keys.Seal(salt(), sealFactor, owner, raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := secretOf(keys, sealFactor, 1, sealed); got != nil {
			t.Errorf("%q passes as a secret", got)
		}
	}
	sealed, err := keys.Seal(salt(), sealFactor, owner, make([]byte, appSecretBytes))
	if err != nil {
		t.Fatal(err)
	}
	if secretOf(keys, sealFactor, 1, sealed) == nil {
		t.Error("a good one is none")
	}
	if secretOf(keys, sealFactor, 2, sealed) != nil || secretOf(keys, sealEnrolment, 1, sealed) != nil {
		t.Error("it opens for another operator, or another purpose")
	}
}

// FuzzStoredSecret: whatever is stored, a secret has 20 bytes or is none.
func FuzzStoredSecret(f *testing.F) {
	keys := zeroKeys(f)
	sealed, err := keys.Seal(salt(), sealFactor, core.Key(core.Installation, 1), make([]byte, appSecretBytes))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, stored []byte) {
		if raw := secretOf(keys, sealFactor, 1, stored); raw != nil && len(raw) != appSecretBytes {
			t.Errorf("%d bytes", len(raw))
		}
	})
}

// FuzzDeviceToken: a key has a digest of 32 bytes or none, and kinds never share
// one.
func FuzzDeviceToken(f *testing.F) {
	token, err := NewDeviceToken(salt())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add("SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8")
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		terminal := DeviceKey{Kind: DeviceTerminal, Token: token}.digest()
		ssh := DeviceKey{Kind: DeviceSSH, Token: token}.digest()
		for _, d := range [][]byte{terminal, ssh} {
			if len(d) != 0 && len(d) != 32 {
				t.Errorf("a digest of %d bytes", len(d))
			}
		}
		if terminal != nil && ssh != nil {
			t.Errorf("%q is both", token)
		}
		if (DeviceKey{Token: token}).digest() != nil {
			t.Error("no kind, and a device")
		}
	})
}

// FuzzAppCode: nothing but six digits is ever the code of a step.
func FuzzAppCode(f *testing.F) {
	f.Add("287082")
	f.Add("287 082")
	raw, now := []byte("12345678901234567890"), time.Unix(59, 0)
	f.Fuzz(func(t *testing.T, typed string) {
		step, err := matchStep(raw, typed, 0, now)
		if err != nil || step > 2 {
			t.Errorf("%q: step %d, %v", typed, step, err)
		}
	})
}

// TestACostOutOfBoundsIsNotComputed: a set that was spoilt has no right code, and
// takes no memory or time to say so.
func TestACostOutOfBoundsIsNotComputed(t *testing.T) {
	t.Parallel()
	salt := make([]byte, saltBytes)
	for name, c := range map[string]struct {
		set  recoverySet
		want bool
	}{
		"least":       {recoverySet{Salt: salt, Memory: leastMemory, Passes: 1}, true},
		"most":        {recoverySet{Salt: salt, Memory: maxMemory, Passes: maxPasses}, true},
		"no salt":     {recoverySet{Memory: leastMemory, Passes: 1}, false},
		"no passes":   {recoverySet{Salt: salt, Memory: leastMemory}, false},
		"passes":      {recoverySet{Salt: salt, Memory: leastMemory, Passes: maxPasses + 1}, false},
		"little":      {recoverySet{Salt: salt, Memory: leastMemory - 1, Passes: 1}, false},
		"much":        {recoverySet{Salt: salt, Memory: maxMemory + 1, Passes: 1}, false},
		"a long salt": {recoverySet{Salt: make([]byte, saltBytes+1), Memory: leastMemory, Passes: 1}, false},
	} {
		if got := c.set.bounded(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestR72_WhoIsWalled: a mailed code stands for the factor only where it is allowed,
// is on for that operator, and gets to them.
func TestR72_WhoIsWalled(t *testing.T) {
	t.Parallel()
	proven := Operator{Mailed: true, Validated: time.Unix(1, 0)}
	mailed := Company{Required: true, MailMeets: true}
	for name, c := range map[string]struct {
		company            Company
		o                  Operator
		enrolled, captured bool
		want               bool
	}{
		"nothing required":  {o: proven, company: Company{MailMeets: true}},
		"an app":            {company: Company{Required: true}, enrolled: true},
		"a mailed code":     {company: mailed, o: proven},
		"mail isn't enough": {company: Company{Required: true}, o: proven, want: true},
		"no mailed codes":   {company: mailed, o: Operator{Validated: proven.Validated}, want: true},
		"not validated":     {company: mailed, o: Operator{Mailed: true}, want: true},
		"no mail server":    {company: mailed, o: proven, captured: true, want: true},
	} {
		if got := c.company.walls(c.o, c.enrolled, c.captured); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

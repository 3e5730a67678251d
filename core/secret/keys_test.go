package secret_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/secret"
)

// keys derives from a key file of one repeated byte.
func keys(t testing.TB, fill byte) *secret.Keys {
	t.Helper()
	k, err := secret.NewKeys(bytes.Repeat([]byte{fill}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAKeyFileHasItsLength(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, secret.KeySize - 1, secret.KeySize + 1} {
		if _, err := secret.NewKeys(make([]byte, n)); err == nil {
			t.Errorf("%d bytes will do", n)
		}
	}
}

func TestKeysDoNotHangOnTheCallersBytes(t *testing.T) {
	t.Parallel()
	root := bytes.Repeat([]byte{1}, secret.KeySize)
	k, err := secret.NewKeys(root)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := k.Seal(coretest.Random(1), "outbox", nil, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	clear(root)
	if _, err := k.Open("outbox", nil, sealed); err != nil {
		t.Error(err)
	}
}

func TestSealedBytesOpenWithTheirKeyPurposeAndOwnerOnly(t *testing.T) {
	t.Parallel()
	k, plain, owner := keys(t, 1), []byte("the link"), []byte("record 7")
	sealed, err := k.Seal(coretest.Random(1), "outbox", owner, plain)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, plain) {
		t.Error("sealed bytes show what they hold")
	}
	if got, err := k.Open("outbox", owner, sealed); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("opened %q, %v", got, err)
	}
	wrong := map[string]func() ([]byte, error){
		"another key":     func() ([]byte, error) { return keys(t, 2).Open("outbox", owner, sealed) },
		"another purpose": func() ([]byte, error) { return k.Open("inbox", owner, sealed) },
		"another owner":   func() ([]byte, error) { return k.Open("outbox", []byte("record 8"), sealed) },
		"no owner":        func() ([]byte, error) { return k.Open("outbox", nil, sealed) },
		"nothing":         func() ([]byte, error) { return k.Open("outbox", owner, nil) },
		"a nonce alone":   func() ([]byte, error) { return k.Open("outbox", owner, sealed[:24]) },
		"more bytes":      func() ([]byte, error) { return k.Open("outbox", owner, append(bytes.Clone(sealed), 0)) },
	}
	for name, open := range wrong {
		if got, err := open(); err == nil {
			t.Errorf("%s opens %q", name, got)
		}
	}
}

func TestEveryFlippedBitOfSealedBytesIsNoticed(t *testing.T) {
	t.Parallel()
	k := keys(t, 1)
	sealed, err := k.Seal(coretest.Random(1), "outbox", nil, []byte("the link"))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(sealed) * 8 {
		changed := bytes.Clone(sealed)
		changed[bit/8] ^= 1 << (bit % 8)
		if _, err := k.Open("outbox", nil, changed); err == nil {
			t.Errorf("bit %d may be flipped", bit)
		}
	}
}

func TestSealingTwiceLooksDifferent(t *testing.T) {
	t.Parallel()
	k, random := keys(t, 1), coretest.Random(1)
	first, err := k.Seal(random, "outbox", nil, []byte("the link"))
	second, err2 := k.Seal(random, "outbox", nil, []byte("the link"))
	if err != nil || err2 != nil || bytes.Equal(first, second) {
		t.Errorf("%x and %x, %v, %v", first, second, err, err2)
	}
}

// exhausted is a source of randomness that ran dry.
type exhausted struct{}

var errDry = errors.New("no randomness")

func (exhausted) Read([]byte) (int, error) { return 0, errDry }

var _ io.Reader = exhausted{}

func TestNothingIsSealedWithoutRandomness(t *testing.T) {
	t.Parallel()
	if _, err := keys(t, 1).Seal(exhausted{}, "outbox", nil, nil); !errors.Is(err, errDry) {
		t.Errorf("sealed, with %v", err)
	}
}

func TestFormTokens(t *testing.T) {
	t.Parallel()
	k, at := keys(t, 1), coretest.Start()
	token, err := k.FormToken("follow", "a link", at)
	if err != nil {
		t.Fatal(err)
	}
	check := func(purpose, binding, token string, after time.Duration) error {
		return k.CheckForm(purpose, binding, token, at.Add(after))
	}
	for _, after := range []time.Duration{0, time.Hour, 24 * time.Hour} {
		if err := check("follow", "a link", token, after); err != nil {
			t.Errorf("after %v: %v", after, err)
		}
	}
	refused := map[string]error{
		"too old":         check("follow", "a link", token, 24*time.Hour+time.Second),
		"another purpose": check("unfollow", "a link", token, 0),
		"another binding": check("follow", "another link", token, 0),
		"another key":     keys(t, 2).CheckForm("follow", "a link", token, at),
		"missing":         check("follow", "a link", "", 0),
		"no base64":       check("follow", "a link", "!"+token[1:], 0),
		"too short":       check("follow", "a link", token[:len(token)-2], 0),
		"too long":        check("follow", "a link", token+"AA", 0),
		"a line end":      check("follow", "a link", token+"\n", 0),
	}
	for name, err := range refused {
		if core.CodeOf(err) != core.CodeForm {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryFlippedBitOfAFormTokenIsNoticed(t *testing.T) {
	t.Parallel()
	k, at := keys(t, 1), coretest.Start()
	token, err := k.FormToken("follow", "a link", at)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(token) * 8 {
		changed := []byte(token)
		changed[bit/8] ^= 1 << (bit % 8)
		if err := k.CheckForm("follow", "a link", string(changed), at); core.CodeOf(err) != core.CodeForm {
			t.Errorf("bit %d may be flipped: %v", bit, err)
		}
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		changed := bytes.Clone(raw)
		changed[bit/8] ^= 1 << (bit % 8)
		err := k.CheckForm("follow", "a link", base64.RawURLEncoding.EncodeToString(changed), at)
		if core.CodeOf(err) != core.CodeForm {
			t.Errorf("bit %d of the bytes may be flipped: %v", bit, err)
		}
	}
}

func FuzzCheckForm(f *testing.F) {
	k, at := keys(f, 1), coretest.Start()
	token, err := k.FormToken("follow", "a link", at)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", token, token + "=", token[:40], strings.Repeat("_", 54), strings.Repeat("A", 54)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		err := k.CheckForm("follow", "a link", s, at)
		if s == token {
			if err != nil {
				t.Error(err)
			}
			return
		}
		if core.CodeOf(err) != core.CodeForm {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k, random := keys(b, 1), coretest.Random(1)
	for b.Loop() {
		if _, err := k.Seal(random, "outbox", nil, make([]byte, 100)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckForm(b *testing.B) {
	k, at := keys(b, 1), coretest.Start()
	token, err := k.FormToken("follow", "a link", at)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := k.CheckForm("follow", "a link", token, at); err != nil {
			b.Fatal(err)
		}
	}
}

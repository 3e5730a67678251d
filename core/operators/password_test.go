package operators

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"willcall/core"
)

// cheap is a hasher at the lowest cost that a stored hash may have.
func cheap() *Hasher { return NewHasher(Cost{MemoryKiB: minMemory, Passes: 1, Threads: 1}) }

// salt is a source of the same bytes again and again.
func salt() io.Reader { return bytes.NewReader(bytes.Repeat([]byte("0123456789abcdef"), 16)) }

const phrase = "curtain up at eight"

func TestNewPasswords(t *testing.T) {
	t.Parallel()
	words := []string{"willcall", "Ope\u0301ra du Lac", "Olga O'Brunner", "olga@opera.example"}
	tests := map[string]struct{ password, why string }{
		"nothing":                        {"", "short"},
		"14 letters":                     {"abcdefghijklmn", "short"},
		"15 letters":                     {"curtainupateigh", ""},
		"15 letters of many bytes":       {"àéîõüçñøåßþðæœł", ""},
		"14 letters of many bytes":       {"àéîõüçñøåßþðæœ", "short"},
		"256 letters":                    {strings.Repeat("curtains", 32), ""},
		"257 letters":                    {strings.Repeat("abcdefgh", 32) + "a", "long"},
		"256 letters of many bytes":      {strings.Repeat("àéîõüçñø", 32), ""},
		"far too many":                   {strings.Repeat("a", 1<<20), "long"},
		"a sentence":                     {phrase, ""},
		"one letter":                     {strings.Repeat("a", 20), "plain"},
		"four letters":                   {strings.Repeat("abcd", 5), "plain"},
		"the product's name":             {"willcallWILLCALLwillcall", "plain"},
		"the venue's name":               {"opéra du lac opéra", "plain"},
		"the venue's name, other accent": {"ope\u0301ra du lac ope\u0301ra", "plain"},
		"the own name":                   {"olga brunner olga 11", "plain"},
		"the own address":                {"olga.opera.example.1", "plain"},
		"a name and enough more":         {"olga walks at noon", ""},
		"a tab":                          {"curtain up\tat eight", "letters"},
		"a line end":                     {"curtain up at eight\n", "letters"},
		"broken letters":                 {"curtain up at eight\xff", "letters"},
		"an unassigned letter":           {"curtain up at eight\U000e0fff", "letters"},
		"wide spaces":                    {"curtain\u3000up\u00a0at eight", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := CheckPassword(tt.password, words...)
			var refusal *core.Error
			if !errors.As(err, &refusal) {
				refusal = &core.Error{Args: map[string]string{}}
			}
			if refusal.Args["why"] != tt.why {
				t.Errorf("refused %v, want %q", err, tt.why)
			}
			if tt.why != "" && (refusal.Code != core.CodePassword || refusal.Field != "password") {
				t.Errorf("refused with %v", err)
			}
		})
	}
}

func TestWhatEverybodyGuessesFirstCountsForNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ password, why string }{
		"a word that all guess, twice":   {"passwordPASSWORD", "plain"},
		"a word and digits":              {"motdepasse123456", "plain"},
		"a word and a year":              {"Bienvenue bienvenue 26", "plain"},
		"a word in German":               {"PasswortPasswort1", "plain"},
		"words that all guess":           {"admin login secret", "plain"},
		"words of love":                  {"iloveyouiloveyou", "plain"},
		"a word asking to be let in":     {"letmein-letmein!", "plain"},
		"a word between a run's ends":    {"qweWELCOMEqwerty", "plain"},
		"the alphabet":                   {"abcdefghijklmno", "plain"},
		"the alphabet backwards":         {"zyxwvutsrqponml", "plain"},
		"digits":                         {"012345678901234", "plain"},
		"digits backwards":               {"987654321098765", "plain"},
		"an English keyboard":            {"qwertyuiopasdfgh", "plain"},
		"a French keyboard":              {"azertyuiopqsdfgh", "plain"},
		"a German keyboard":              {"qwertzuiopüasdfg", "plain"},
		"down a keyboard":                {"1qaz2wsx3edc4rfv", "plain"},
		"short runs":                     {"abc123abc123abc123", "plain"},
		"a guessed word and enough more": {"secret curtain hook", ""},
		"a run and enough more":          {"abc of curtain hooks", ""},
	} {
		var refusal *core.Error
		if err := CheckPassword(tt.password); !errors.As(err, &refusal) {
			refusal = &core.Error{Args: map[string]string{}}
		}
		if refusal.Args["why"] != tt.why {
			t.Errorf("%s: %q is refused as %q, want %q", name, tt.password, refusal.Args["why"], tt.why)
		}
	}
}

func TestRefusedLengthsTellTheBounds(t *testing.T) {
	t.Parallel()
	var short, long *core.Error
	if !errors.As(CheckPassword("a"), &short) || short.Args["min"] != "15" {
		t.Errorf("too short: %v", short)
	}
	if !errors.As(CheckPassword(strings.Repeat("a", 300)), &long) || long.Args["max"] != "256" {
		t.Errorf("too long: %v", long)
	}
}

func TestAShortWordOfANameIsNoPart(t *testing.T) {
	t.Parallel()
	if err := CheckPassword("ab cd ef gh ij kl", "ab cd ef gh ij kl"); err != nil {
		t.Error(err)
	}
}

func TestAPasswordIsVerifiedByItsHash(t *testing.T) {
	t.Parallel()
	h := cheap()
	stored, err := h.Hash(t.Context(), salt(), "cafe\u0301 curtain\u3000up")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=8192,t=1,p=1$") || strings.Contains(stored, "curtain") {
		t.Errorf("stored as %s", stored)
	}
	tests := map[string]bool{
		"cafe\u0301 curtain\u3000up": true,
		"café curtain up":            true, // composed, with a plain space: the same (RFC 8265)
		"cafe curtain up":            false,
		"Café curtain up":            false,
		"café curtain up ":           false,
		"":                           false,
		"café curtain up\x00":        false,
		"\x00":                       false,
		"\xff":                       false,
	}
	for password, want := range tests {
		if got, err := h.Verify(t.Context(), stored, password); err != nil || got != want {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
}

func TestEqualPasswordsHaveUnequalHashes(t *testing.T) {
	t.Parallel()
	h := cheap()
	first, err := h.Hash(t.Context(), strings.NewReader("0123456789abcdef"), phrase)
	second, err2 := h.Hash(t.Context(), strings.NewReader("fedcba9876543210"), phrase)
	if err != nil || err2 != nil || first == second {
		t.Errorf("%s and %s, %v, %v", first, second, err, err2)
	}
}

func TestAHashNeedsSaltAndLetters(t *testing.T) {
	t.Parallel()
	if _, err := cheap().Hash(t.Context(), strings.NewReader("short"), phrase); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without a salt: %v", err)
	}
	if _, err := cheap().Hash(t.Context(), salt(), "a\tb"); core.CodeOf(err) != core.CodePassword {
		t.Errorf("with a tab: %v", err)
	}
}

func TestTheUsualCostIsWithinTheBounds(t *testing.T) {
	t.Parallel()
	c := DefaultCost()
	if _, err := parsePHC(stored(fmt.Sprintf("m=%d,t=%d,p=%d", c.MemoryKiB, c.Passes, c.Threads))); err != nil {
		t.Error(err)
	}
}

// stored is a hash of zeroes with a cost.
func stored(cost string) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$" + cost + "$" + b64(make([]byte, saltBytes)) + "$" + b64(make([]byte, keyBytes))
}

func TestStoredHashesAreHeldToTheirBounds(t *testing.T) {
	t.Parallel()
	good := stored("m=8192,t=1,p=1")
	for _, s := range []string{good, stored("m=262144,t=10,p=4"), strings.Replace(good, "$AAAAAAAAAAAAAAAAAAAAAA$", "$AAAAAAAAAAA$", 1)} {
		if _, err := parsePHC(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	bad := []string{
		"", "x", "$", "$$$$$", good + "$", "x" + good, good[1:],
		strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "v=19", "v=019", 1),
		stored("m=8191,t=1,p=1"), stored("m=262145,t=1,p=1"), stored("m=4294967296,t=1,p=1"), stored("m=-1,t=1,p=1"),
		stored("m=8192,t=0,p=1"), stored("m=8192,t=11,p=1"), stored("m=8192,t=1,p=0"), stored("m=8192,t=1,p=5"), stored("m=8192,t=1,p=257"),
		stored(""), stored("m=8192"), stored("m=8192,t=1"), stored("t=1,m=8192,p=1"), stored("m=8192,t=1,p=1,x=1"), stored("m=8192,t=1,p=1 "),
		stored("m=08192,t=1,p=1"), stored("m=+8192,t=1,p=1"), stored("m= 8192,t=1,p=1"),
		strings.Replace(good, "$AAAAAAAAAAAAAAAAAAAAAA$", "$AAAAAAAA$", 1), strings.Replace(good, "$AAAAAAAAAAAAAAAAAAAAAA$", "$!$", 1),
		good[:len(good)-4], good + "AAAA", good[:len(good)-1] + "!",
	}
	for _, s := range bad {
		if p, err := parsePHC(s); err == nil {
			t.Errorf("%q is read as %+v", s, p)
		}
		if right, err := cheap().Verify(t.Context(), s, phrase); err == nil || right {
			t.Errorf("%q verifies: %v", s, right)
		}
	}
}

// fill takes n places of a queue until the test ends.
func fill(t *testing.T, queue chan struct{}, n int) {
	t.Helper()
	for range n {
		queue <- struct{}{}
	}
	t.Cleanup(func() {
		for range n {
			<-queue
		}
	})
}

func TestTooManyAtOnceAreBusy(t *testing.T) {
	t.Parallel()
	h := cheap()
	fill(t, h.waiting, mayWait)
	if _, err := h.Hash(t.Context(), salt(), phrase); core.CodeOf(err) != core.CodeBusy {
		t.Errorf("hashed with %v", err)
	}
	if _, err := h.Verify(t.Context(), stored("m=8192,t=1,p=1"), phrase); core.CodeOf(err) != core.CodeBusy {
		t.Errorf("verified with %v", err)
	}
}

func TestWaitingEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	h := cheap()
	fill(t, h.turn, atOnce)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := h.Hash(ctx, salt(), phrase)
		ended <- err
	}()
	cancel()
	if err := <-ended; core.CodeOf(err) != core.CodeBusy {
		t.Errorf("ended with %v", err)
	}
	if len(h.waiting) != 0 {
		t.Errorf("%d still wait", len(h.waiting))
	}
}

func TestATurnIsGivenBack(t *testing.T) {
	t.Parallel()
	h := cheap()
	for range atOnce + mayWait + 1 {
		release, err := h.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(h.turn) != 1 || len(h.waiting) != 0 {
			t.Fatalf("%d at work, %d waiting", len(h.turn), len(h.waiting))
		}
		release()
	}
}

func FuzzParsePHC(f *testing.F) {
	good := stored("m=8192,t=1,p=1")
	for _, s := range []string{"", good, good[1:], stored("m=8192,t=1,p=1,"), stored("m=1,t=0,p=0"), "$argon2id$v=19$m=99999,t=1,p=1$$"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err != nil {
			return
		}
		c := p.cost
		if c.MemoryKiB < minMemory || c.MemoryKiB > maxMemory || c.Passes < 1 || c.Passes > maxPasses || c.Threads < 1 || c.Threads > maxThreads {
			t.Errorf("%q asks for %+v", s, c)
		}
		if len(p.key) != keyBytes || len(p.salt) < 8 {
			t.Errorf("%q has %d bytes of salt and %d of key", s, len(p.salt), len(p.key))
		}
	})
}

func FuzzCheckPassword(f *testing.F) {
	for _, s := range []string{"", phrase, "opéra du lac opéra", "a\tb\xffcdefghijklmnop", strings.Repeat("İ", 20)} {
		f.Add(s, "Opéra du Lac")
	}
	f.Fuzz(func(t *testing.T, password, word string) {
		if err := CheckPassword(password, word); err != nil {
			if core.CodeOf(err) != core.CodePassword {
				t.Errorf("%q: %v", password, err)
			}
			return
		}
		if _, err := prepare(password); err != nil {
			t.Errorf("%q is accepted and can't be hashed: %v", password, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	for name, cost := range map[string]Cost{"usual": DefaultCost(), "lowest": {MemoryKiB: minMemory, Passes: 1, Threads: 1}} {
		b.Run(name, func(b *testing.B) {
			h := NewHasher(cost)
			hash, err := h.Hash(b.Context(), salt(), phrase)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if ok, err := h.Verify(b.Context(), hash, phrase); err != nil || !ok {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

package operators

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"willcall/core"
)

// Cost is the price of one Argon2id hash (RFC 9106).
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
}

// DefaultCost takes about 75 ms and 46 MiB on a present machine.
func DefaultCost() Cost { return Cost{MemoryKiB: 46 * 1024, Passes: 1, Threads: 1} }

// Bounds of what a stored hash may ask for.
const (
	minMemory  = 8 * 1024
	maxMemory  = 256 * 1024
	maxPasses  = 10
	maxThreads = 4
	saltBytes  = 16
	keyBytes   = 32

	atOnce    = 2  // hashes computed at the same time
	mayWait   = 32 // callers waiting for their turn
	waitBound = 3 * time.Second

	minPassword = 15
	maxPassword = 256
)

// Hasher hashes passwords, a few at a time. It is safe for concurrent use.
type Hasher struct {
	cost    Cost
	turn    chan struct{}
	waiting chan struct{}
}

// NewHasher makes a hasher of a cost.
func NewHasher(cost Cost) *Hasher {
	return &Hasher{cost: cost, turn: make(chan struct{}, atOnce), waiting: make(chan struct{}, mayWait)}
}

// take waits for a turn, and refuses with [core.CodeBusy] where too many do or
// it takes too long.
func (h *Hasher) take(ctx context.Context) (release func(), err error) {
	select {
	case h.waiting <- struct{}{}:
	default:
		return nil, core.Refuse(core.CodeBusy)
	}
	defer func() { <-h.waiting }()
	ctx, cancel := context.WithTimeout(ctx, waitBound)
	defer cancel()
	select {
	case h.turn <- struct{}{}:
		return func() { <-h.turn }, nil
	case <-ctx.Done():
		return nil, core.Refuse(core.CodeBusy)
	}
}

// CheckPassword refuses a new password that is shorter than 15 or longer than
// 256 code points, or made of the words given (venue, product, own name), of
// words and runs of keys that are guessed first and of little else; "why" is a key below "password." in the catalogue.
func CheckPassword(password string, words ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return badPassword("short").With("min", strconv.Itoa(minPassword))
	case n > maxPassword:
		return badPassword("long").With("max", strconv.Itoa(maxPassword))
	}
	form, err := prepare(password)
	if err != nil {
		return badPassword("letters")
	}
	rest := strings.ToLower(form)
	for _, part := range partsOf(append(slices.Clone(words), guessed)) {
		rest = strings.ReplaceAll(rest, part, "")
	}
	if distinct(withoutRuns(rest)) < 5 {
		return badPassword("plain")
	}
	return nil
}

// partsOf splits words at everything but letters and digits and gives the parts
// of three letters or more in lower case, long ones first, so that no part
// breaks up a longer one.
func partsOf(words []string) []string {
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	parts := strings.FieldsFunc(strings.ToLower(norm.NFC.String(strings.Join(words, " "))), split)
	parts = slices.DeleteFunc(parts, func(part string) bool { return utf8.RuneCountInString(part) < 3 })
	slices.SortStableFunc(parts, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return parts
}

func badPassword(why string) *core.Error {
	return core.RefuseField(core.CodePassword, "password").With("why", why)
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// prepare brings a password to the form that is hashed (RFC 8265,
// OpaqueString). The library lets bytes through that are no UTF-8.
func prepare(password string) (string, error) {
	if !utf8.ValidString(password) {
		return "", errors.New("a password that is not UTF-8")
	}
	return precis.OpaqueString.String(password)
}

// Hash hashes a new password in PHC form with a salt from random.
func (h *Hasher) Hash(ctx context.Context, random io.Reader, password string) (string, error) {
	form, err := prepare(password)
	if err != nil {
		return "", badPassword("letters")
	}
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("salt a password: %w", err)
	}
	release, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return phc{h.cost, salt, argon2.IDKey([]byte(form), salt, h.cost.Passes, h.cost.MemoryKiB, h.cost.Threads, keyBytes)}.String(), nil
}

// Verify reports whether password has the stored hash. It fails where the
// stored form is broken or asks for more than the bounds, and with
// [core.CodeBusy].
func (h *Hasher) Verify(ctx context.Context, stored, password string) (bool, error) {
	p, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	form, err := prepare(password)
	if err != nil {
		form = "\x00" // no prepared password holds it: wrong, after the same work
	}
	release, err := h.take(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	key := argon2.IDKey([]byte(form), p.salt, p.cost.Passes, p.cost.MemoryKiB, p.cost.Threads, keyBytes)
	return subtle.ConstantTimeCompare(key, p.key) == 1, nil
}

// decoy is the stored hash of nobody's password: its key is drawn, since only
// verifying it has to cost what another does.
func (h *Hasher) decoy(random io.Reader) (string, error) {
	drawn := make([]byte, keyBytes+saltBytes)
	if _, err := io.ReadFull(random, drawn); err != nil {
		return "", err
	}
	return phc{h.cost, drawn[keyBytes:], drawn[:keyBytes]}.String(), nil
}

// phc is a stored hash taken apart.
type phc struct {
	cost      Cost
	salt, key []byte
}

// String is the form that is stored.
func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.MemoryKiB, p.cost.Passes, p.cost.Threads,
		b64.EncodeToString(p.salt), b64.EncodeToString(p.key))
}

// parsePHC reads "$argon2id$v=19$m=…,t=…,p=…$salt$key" within bounds: the
// library panics outside of them.
func parsePHC(stored string) (phc, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, fmt.Errorf("a stored password is in no form known")
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.MemoryKiB, &p.cost.Passes, &p.cost.Threads); err != nil {
		return phc{}, fmt.Errorf("the cost of a stored password: %w", err)
	}
	c := p.cost
	if fmt.Sprintf("m=%d,t=%d,p=%d", c.MemoryKiB, c.Passes, c.Threads) != parts[3] {
		return phc{}, fmt.Errorf("the cost of a stored password has more to it")
	}
	if c.MemoryKiB < minMemory || c.MemoryKiB > maxMemory || c.Passes < 1 || c.Passes > maxPasses || c.Threads < 1 || c.Threads > maxThreads {
		return phc{}, fmt.Errorf("the cost of a stored password is out of bounds")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return phc{}, fmt.Errorf("the salt of a stored password: %w", err)
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return phc{}, fmt.Errorf("the key of a stored password: %w", err)
	}
	if len(p.salt) < 8 || len(p.key) != keyBytes {
		return phc{}, fmt.Errorf("a stored password has the wrong length")
	}
	return p, nil
}

package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// letters are the 32 of Crockford's base32: no I, L, O and U, which are read as
// others.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLetters = 16 // 80 bits
	codeGroup   = 4
	digits      = 6
)

// NewCode draws a code of 80 bits to be typed by hand: 16 letters of Crockford's
// base32 in groups of four, such as "7K2M-0QRS-TVWX-9ABC".
func NewCode(random io.Reader) (string, error) {
	raw := make([]byte, codeLetters)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	var b strings.Builder
	for i, r := range raw {
		if i > 0 && i%codeGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(r)%len(letters)]) // 32 divides 256: no letter comes more often
	}
	return b.String(), nil
}

// NormalCode brings a typed code to the 16 letters that count: upper case,
// without spaces and hyphens, O read as 0, I and L as 1. ok is false for what is
// no such code.
func NormalCode(typed string) (code string, ok bool) {
	if len(typed) > 4*codeLetters {
		return "", false
	}
	out := make([]byte, 0, codeLetters)
	for _, r := range typed {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch r {
		case ' ', '-', '\t', '\u00a0', '\u2010', '\u2011', '\u2013':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 'Z' || strings.IndexByte(letters, byte(r)) < 0 || len(out) == codeLetters {
			return "", false
		}
		out = append(out, byte(r))
	}
	return string(out), len(out) == codeLetters
}

// NewDigits draws a code of six digits, each of the million as likely as any
// other. Leading zeros are part of it.
func NewDigits(random io.Reader) (string, error) {
	const codes = 1_000_000
	var raw [4]byte
	for {
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			return "", fmt.Errorf("draw a code: %w", err)
		}
		if n := binary.BigEndian.Uint32(raw[:]); n < 1<<32/codes*codes {
			return fmt.Sprintf("%0*d", digits, n%codes), nil
		}
	}
}

// IsDigits reports whether s is a code of six ASCII digits.
func IsDigits(s string) bool {
	return len(s) == digits && strings.Trim(s, "0123456789") == ""
}

// MAC is the HMAC-SHA-256 of parts with the key file, for a purpose: by it a
// short code, or a name that nobody should read in the file, is kept. Parts are
// told apart, so that no two lists of parts have the same.
func (k *Keys) MAC(purpose string, parts ...[]byte) ([]byte, error) {
	key, err := k.derive("mac " + purpose)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		mac.Write(part)
	}
	return mac.Sum(nil), nil
}

// Package secret is the one kernel for everything mailed and single-use, and
// for sealing with the installation's key file.
package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"willcall/core"
)

// KeySize is the length of the key file's content in bytes.
const KeySize = 32

// formLife is how long a page's form can be posted.
const formLife = 24 * time.Hour

// Keys derives every key from the installation's key file. It is safe for
// concurrent use.
type Keys struct{ root []byte }

// NewKeys takes the content of the key file, exactly [KeySize] bytes.
func NewKeys(root []byte) (*Keys, error) {
	if len(root) != KeySize {
		return nil, fmt.Errorf("the key file holds %d bytes instead of %d", len(root), KeySize)
	}
	return &Keys{root: append([]byte(nil), root...)}, nil
}

// derive makes the key of one purpose (HKDF, RFC 5869).
func (k *Keys) derive(purpose string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, k.root, nil, "willcall "+purpose, KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive the key for %s: %w", purpose, err)
	}
	return key, nil
}

// Seal encrypts plain for a purpose (XChaCha20-Poly1305). owner names the
// record it belongs to: sealed bytes moved to another record don't open.
func (k *Keys) Seal(random io.Reader, purpose string, owner, plain []byte) ([]byte, error) {
	key, err := k.derive("seal " + purpose)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	return aead.Seal(nonce, nonce, plain, owner), nil
}

// Open undoes [Keys.Seal]. It fails for another key, purpose or owner, and for
// changed bytes.
func (k *Keys) Open(purpose string, owner, sealed []byte) ([]byte, error) {
	key, err := k.derive("seal " + purpose)
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", purpose, err)
	}
	if len(sealed) < aead.NonceSize() {
		return nil, fmt.Errorf("open %s: too short to be sealed", purpose)
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], owner)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", purpose, err)
	}
	return plain, nil
}

// FormToken makes the stateless token that a page's form carries: bound to a
// purpose and a binding (such as the link's token), good for a day after at.
func (k *Keys) FormToken(purpose, binding string, at time.Time) (string, error) {
	stamp := binary.BigEndian.AppendUint64(nil, uint64(at.Unix())) //nolint:gosec // compared as the same int64
	mac, err := k.formMAC(purpose, binding, stamp)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(stamp, mac...)), nil
}

// CheckForm refuses a form token that is missing, foreign, changed or older
// than a day, with [core.CodeForm].
func (k *Keys) CheckForm(purpose, binding, token string, now time.Time) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 8+sha256.Size {
		return core.Refuse(core.CodeForm)
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0) //nolint:gosec // the MAC vouches for it below
	ours, err := k.FormToken(purpose, binding, made)
	if err != nil {
		return err
	}
	// The letters are compared, not the bytes: base64 has several spellings of
	// the same bytes.
	if !hmac.Equal([]byte(ours), []byte(token)) || now.Sub(made) > formLife {
		return core.Refuse(core.CodeForm)
	}
	return nil
}

func (k *Keys) formMAC(purpose, binding string, stamp []byte) ([]byte, error) {
	key, err := k.derive("form " + purpose)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(stamp)
	mac.Write([]byte(binding))
	return mac.Sum(nil), nil
}

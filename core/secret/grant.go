package secret

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"willcall/core"
	"willcall/core/record"
)

// Purpose keeps secrets of different uses apart: one never passes for another.
type Purpose uint8

// The purposes.
const (
	PurposeValidation Purpose = 1 // a validation link (R9)
	PurposeInvitation Purpose = 2 // a one-time code that makes somebody an operator
	PurposeReset      Purpose = 3 // a one-time code that sets a new password
)

const (
	spaceGrants core.Space = "secrets"
	tokenBytes             = 32
	digestSize             = sha256.Size
)

// Grant is what a mailed token entitles to. The store knows it by the token's
// SHA-256 only.
type Grant struct {
	Purpose     Purpose
	Institution core.ID
	Subject     core.Ref
	// Address and Generation bind a link to one address of the subject (R9).
	Address    string
	Generation uint64
	// PointOfSale and Language are where and in which language it was asked for.
	PointOfSale core.ID
	Language    string
	Asked       time.Time
	Expires     time.Time
	Epoch       uint64
}

func grants() record.Values[Grant] {
	return record.NewValues(spaceGrants, record.New(
		record.Uint(1, func(g *Grant) *Purpose { return &g.Purpose }),
		record.Uint(2, func(g *Grant) *core.ID { return &g.Institution }),
		record.Text(3, func(g *Grant) *core.Kind { return &g.Subject.Kind }),
		record.Uint(4, func(g *Grant) *core.ID { return &g.Subject.ID }),
		record.Text(5, func(g *Grant) *string { return &g.Address }),
		record.Uint(6, func(g *Grant) *uint64 { return &g.Generation }),
		record.Uint(7, func(g *Grant) *core.ID { return &g.PointOfSale }),
		record.Text(8, func(g *Grant) *string { return &g.Language }),
		record.Time(9, func(g *Grant) *time.Time { return &g.Asked }),
		record.Time(10, func(g *Grant) *time.Time { return &g.Expires }),
		record.Uint(11, func(g *Grant) *uint64 { return &g.Epoch }),
	))
}

// Issue stores a grant and gives its token: 32 random bytes in base64url, 43
// letters. The token exists only in the caller's hand. It fails with
// [core.ErrDamaged] where the epoch is damaged.
func Issue(act *core.Act, g Grant) (string, error) {
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(act.Random, raw); err != nil {
		return "", fmt.Errorf("draw a token: %w", err)
	}
	var err error
	if g.Epoch, err = beginEpoch(act); err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	if err := grants().Put(act, digest(token), g); err != nil {
		return "", fmt.Errorf("store the secret: %w", err)
	}
	return token, nil
}

// Find gives the grant of a token. It fails with [core.CodeLinkUnknown] for
// every token that was never issued, is of another purpose, or was voided with
// all others by [RaiseEpoch]. Expiry is the caller's to judge. Where the epoch is
// damaged nothing opens: it fails with [core.ErrDamaged] then.
func Find(v core.View, purpose Purpose, token string) (Grant, error) {
	if !wellFormed(token) {
		return Grant{}, core.Refuse(core.CodeLinkUnknown)
	}
	g, found, err := grants().Get(v, digest(token))
	if err != nil {
		return Grant{}, fmt.Errorf("find the secret: %w", err)
	}
	if !found {
		return Grant{}, core.Refuse(core.CodeLinkUnknown)
	}
	now, _, err := readEpoch(v)
	if err != nil {
		return Grant{}, err
	}
	if g.Purpose != purpose || g.Epoch != now.Number {
		return Grant{}, core.Refuse(core.CodeLinkUnknown)
	}
	return g, nil
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// wellFormed keeps anything that can't be a token from being hashed.
func wellFormed(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(raw) == tokenBytes
}

// Digest8 is how a token is named in logs: the first 8 hex digits of its
// SHA-256.
func Digest8(token string) string { return fmt.Sprintf("%x", digest(token)[:4]) }

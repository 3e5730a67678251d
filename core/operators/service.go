package operators

import (
	"fmt"
	"io"
	"time"

	"willcall/core"
	"willcall/core/secret"
)

// Config is what a [Service] stands on. All fields but Floor and Recovery are
// needed.
type Config struct {
	Desk   *core.Desk
	Hasher *Hasher
	Keys   *secret.Keys
	// Random is safe for concurrent use.
	Random io.Reader
	Floor  Floor
	// Issuer is the product's name in authenticator apps (R64).
	Issuer string
	// Recovery is the price of hashing a recovery code; zero for
	// [RecoveryCost].
	Recovery Cost
}

// Floor is how long an answer to a password or a code takes at least, so that
// its time tells nothing. Zero durations wait for nothing.
type Floor struct {
	Least   time.Duration
	Jitter  time.Duration // up to this much longer
	Guarded time.Duration // on top of it while many sign-ins fail
}

// DefaultFloor is longer than the work of any answer.
func DefaultFloor() Floor {
	return Floor{Least: 400 * time.Millisecond, Jitter: 80 * time.Millisecond, Guarded: 3 * time.Second}
}

// Service signs operators in and out, and keeps what they sign in with. It is
// safe for concurrent use.
type Service struct {
	desk     *core.Desk
	hasher   *Hasher
	keys     *secret.Keys
	random   io.Reader
	floor    Floor
	issuer   string
	recovery Cost
	decoy    string
}

// NewService makes a service. It draws the hash that is verified where there is
// no such operator, so that both take as long.
func NewService(c Config) (*Service, error) {
	decoy, err := c.Hasher.decoy(c.Random)
	if err != nil {
		return nil, fmt.Errorf("prepare the sign-in: %w", err)
	}
	if c.Recovery == (Cost{}) {
		c.Recovery = RecoveryCost()
	}
	return &Service{
		desk: c.Desk, hasher: c.Hasher, keys: c.Keys, random: c.Random, floor: c.Floor, issuer: c.Issuer,
		recovery: c.Recovery, decoy: decoy,
	}, nil
}

package operators

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// attemptLife is how long a sign-in may take from the password to the code.
	attemptLife = 10 * time.Minute
	// mostTries is how many codes are looked at in one sign-in.
	mostTries = 5
	// sweepAttempts is how many that are over each new one takes away.
	sweepAttempts = 8

	tokenBytes = 32
)

const (
	spaceAttempts      core.Space = "signin.attempts"
	spaceAttemptTokens core.Space = "signin.attempts.tokens"
	spaceAttemptsDue   core.Space = "signin.attempts.due"
)

// attempt is a sign-in under way. There is one for every password typed, right or
// wrong, known address or not: what follows looks the same.
type attempt struct {
	// Digest is the SHA-256 of the token in the caller's hand.
	Digest   []byte
	Operator core.ID // 0 for nobody
	Epoch    uint64  // of the operator
	counts
	// Right tells that a code may end it: the password was right, and nothing
	// else stood against it.
	Right   bool
	Tries   uint32
	Expires time.Time
	// Code is the HMAC of the code that was mailed last, nil for none that is right.
	Code []byte
	// Mailings and MailedAt count the codes that were asked for, whether any went
	// out or not. The first one is asked for by the password.
	Mailings uint32
	MailedAt time.Time
}

func attempts() record.Table[attempt] {
	return record.NewTable(spaceAttempts, core.KindSession, record.New(
		record.Bytes(1, func(a *attempt) *[]byte { return &a.Digest }),
		record.Uint(2, func(a *attempt) *core.ID { return &a.Operator }),
		record.Uint(3, func(a *attempt) *uint64 { return &a.Epoch }),
		record.Bytes(4, func(a *attempt) *[]byte { return &a.Bucket }),
		record.Bool(5, func(a *attempt) *bool { return &a.Right }),
		record.Uint(6, func(a *attempt) *uint32 { return &a.Tries }),
		record.Time(7, func(a *attempt) *time.Time { return &a.Expires }),
		record.Bytes(8, func(a *attempt) *[]byte { return &a.Code }),
		record.Uint(9, func(a *attempt) *uint32 { return &a.Mailings }),
		record.Time(10, func(a *attempt) *time.Time { return &a.MailedAt }),
		record.Bytes(11, func(a *attempt) *[]byte { return &a.Source }),
	),
		record.NewIndex(spaceAttemptTokens, func(a *attempt) [][]byte { return [][]byte{a.Digest} }),
		record.NewIndex(spaceAttemptsDue, func(a *attempt) [][]byte { return [][]byte{instant(a.Expires)} }))
}

// newToken draws a token of 256 bits in base64url, and its SHA-256.
func newToken(random io.Reader) (token string, digest []byte, err error) {
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", nil, fmt.Errorf("draw a token: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, digestOf(token), nil
}

func digestOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// begun stores a new attempt and gives its token.
func (a attempt) begun(act *core.Act) (id core.ID, token string, err error) {
	if err := sweep(act); err != nil {
		return 0, "", err
	}
	if token, a.Digest, err = newToken(act.Random); err != nil {
		return 0, "", err
	}
	a.Expires = act.At.Add(attemptLife)
	id, err = attempts().Insert(act, core.Installation, a)
	return id, token, err
}

// sweep takes a few attempts away that are over.
func sweep(act *core.Act) error {
	var over []core.ID
	err := attempts().Lookup(act, core.Installation, spaceAttemptsDue, nil, func(id core.ID) error {
		a, _, err := attempts().Get(act, core.Installation, id)
		if err != nil || len(over) == sweepAttempts || act.At.Before(a.Expires) {
			return stopped(err)
		}
		over = append(over, id)
		return nil
	})
	for _, id := range over {
		if err == nil {
			err = dropAttempt(act, id)
		}
	}
	if err != nil {
		return fmt.Errorf("sweep old sign-ins: %w", err)
	}
	return nil
}

func dropAttempt(act *core.Act, id core.ID) error {
	_, version, err := attempts().Get(act, core.Installation, id)
	if err != nil {
		return err
	}
	return attempts().Delete(act, core.Installation, id, version)
}

// underWay finds the attempt of a token. It refuses one that isn't there or is
// over with [core.CodeAttemptOver].
func underWay(v core.View, token string, at time.Time) (id core.ID, version record.Version, a attempt, err error) {
	err = attempts().Lookup(v, core.Installation, spaceAttemptTokens, digestOf(token), func(found core.ID) error {
		id = found
		return core.Stop
	})
	if err == nil && id != 0 {
		a, version, err = attempts().Get(v, core.Installation, id)
	}
	if err == nil && (id == 0 || a.Tries >= mostTries || !at.Before(a.Expires)) {
		err = core.Refuse(core.CodeAttemptOver)
	}
	return id, version, a, err
}

// saveAttempt keeps an attempt for its next code, or takes it away after the
// last one.
func saveAttempt(act *core.Act, id core.ID, version record.Version, a attempt) error {
	if a.Tries >= mostTries {
		return attempts().Delete(act, core.Installation, id, version)
	}
	_, err := attempts().Save(act, core.Installation, id, version, a)
	return err
}

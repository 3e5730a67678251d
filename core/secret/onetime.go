package secret

import (
	"fmt"
	"slices"
	"time"

	"willcall/core"
)

// IssueCode stores a grant and gives the code that opens it once, see [NewCode].
// The code exists only in the caller's hand; the store knows its SHA-256. It
// fails with [core.ErrDamaged] where the epoch is damaged.
func IssueCode(act *core.Act, g Grant) (string, error) {
	code, err := NewCode(act.Random)
	if err != nil {
		return "", err
	}
	if g.Epoch, err = beginEpoch(act); err != nil {
		return "", err
	}
	normal, _ := NormalCode(code)
	if err := grants().Put(act, digest(normal), g); err != nil {
		return "", fmt.Errorf("store the code: %w", err)
	}
	return code, nil
}

// FindCode gives the grant of a typed code of one of the purposes, at a time. It
// fails with [core.CodeOneTime] for every code that was never issued, was spent,
// is of another purpose, is over, or was voided with all others by [RaiseEpoch].
// Where the epoch is damaged nothing opens: it fails with [core.ErrDamaged] then.
func FindCode(v core.View, typed string, at time.Time, purposes ...Purpose) (Grant, error) {
	normal, ok := NormalCode(typed)
	if !ok {
		return Grant{}, core.Refuse(core.CodeOneTime)
	}
	g, found, err := grants().Get(v, digest(normal))
	if err != nil {
		return Grant{}, fmt.Errorf("find the code: %w", err)
	}
	now, _, err := readEpoch(v)
	if err != nil {
		return Grant{}, err
	}
	if !found || g.Epoch != now.Number || !slices.Contains(purposes, g.Purpose) || !at.Before(g.Expires) {
		return Grant{}, core.Refuse(core.CodeOneTime)
	}
	return g, nil
}

// SpendCode takes a code out of use. One that isn't there is no error.
func SpendCode(tx core.Tx, typed string) error {
	normal, ok := NormalCode(typed)
	if !ok {
		return nil
	}
	if err := tx.Delete(spaceGrants, digest(normal)); err != nil {
		return fmt.Errorf("spend the code: %w", err)
	}
	return nil
}

package operators

import (
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

// Restored voids, in the caller's act, what a backup would bring back to life:
// sign-ins under way, apps that were being linked, codes that prove an address, and
// devices, since they may have been revoked after it. No code of an app that was
// shown until now is accepted, and no recovery code: it may have been used. Sessions are ended by [EndSessions].
func Restored(act *core.Act) error {
	if err := voidAll(act, attempts()); err != nil {
		return err
	}
	if err := voidAll(act, devices()); err != nil {
		return err
	}
	if err := voidAll(act, proofs()); err != nil {
		return err
	}
	type linked struct {
		id core.ID
		factor
	}
	var all []linked
	err := factors().Readables(act, func(_, id core.ID, _ record.Version, f factor) error {
		all = append(all, linked{id, f})
		return nil
	})
	if err != nil {
		return fmt.Errorf("look through the apps: %w", err)
	}
	for _, l := range all {
		l.Pending, l.Step, l.Recovery = nil, max(l.Step, stepAt(act.Wall())), recoverySet{}
		if err := factors().Put(act, core.Installation, l.id, l.factor); err != nil {
			return err
		}
	}
	return nil
}

// voidAll deletes every record of a table that can be read.
func voidAll[T any](act *core.Act, t record.Table[T]) error {
	found := map[core.ID]record.Version{}
	err := t.Readables(act, func(_, id core.ID, version record.Version, _ T) error {
		found[id] = version
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for what a backup brings back: %w", err)
	}
	for id, version := range found {
		if err := t.Delete(act, core.Installation, id, version); err != nil {
			return err
		}
	}
	return nil
}

package contacts

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"willcall/core"
	"willcall/core/drafts"
	"willcall/core/record"
	"willcall/core/validation"
)

// UndoTime is how long a removal can be undone (R90).
const UndoTime = 24 * time.Hour

const (
	// mistakeAge is how old a contact may be to be removed as a mistake (R90).
	mistakeAge = 24 * time.Hour

	spaceRemoved core.Space = "contacts.removed"
	// removedSweep is how many expired ones each act that makes or removes a
	// contact deletes for good.
	removedSweep = 16
)

// Removed is a contact that was removed and can be restored until a time.
type Removed struct {
	ID     core.ID
	Number uint64
	Name   string // as listed
	Until  time.Time
}

func timeKey(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixNano()))
}

// removedIndex orders removed contacts by when that was.
func removedIndex() record.Index[Contact] {
	return record.NewIndex(spaceRemoved, func(c *Contact) [][]byte {
		if c.Removed.IsZero() {
			return nil
		}
		return [][]byte{timeKey(c.Removed)}
	})
}

// notMistake refuses a removal; why is a key below "not-mistake." in the
// catalogue.
func notMistake(why string) *core.Error { return core.Refuse(core.CodeNotMistake).With("why", why) }

// removable says why a contact can't be removed as a mistake (R90). Mails and
// links don't count.
func removable(c Contact, relays bool, now time.Time) error {
	switch {
	case now.Sub(c.Created) >= mistakeAge:
		return notMistake("old")
	case c.HasOrders:
		return notMistake("orders")
	case !c.LastSignIn.IsZero():
		return notMistake("sign-in")
	case relays:
		return notMistake("relays")
	}
	return nil
}

// Remove takes a contact made by mistake out of the book (R90): it is found no
// more, its waiting validation mails are withdrawn and its links void. It fails
// with [core.CodeNotMistake] where it has a history, and with
// [core.CodeConflict] where somebody saved it since.
func (s *Service) Remove(ctx context.Context, req core.Request, id core.ID, expected record.Version) (Removed, error) {
	var removed Removed
	receipt, err := s.desk.Do(ctx, req, core.ActContactsRemove, func(act *core.Act) (err error) {
		removed, err = remove(act, id, expected)
		return err
	})
	if err != nil || !receipt.Repeated {
		return removed, err
	}
	return s.removedBefore(ctx, req, receipt)
}

// removedBefore answers a repeated call.
func (s *Service) removedBefore(ctx context.Context, req core.Request, receipt core.Receipt) (removed Removed, err error) {
	err = s.desk.See(ctx, req, core.ActContactsShow, func(v core.View) error {
		c, _, err := table().Get(v, req.Institution, receipt.Subject.ID)
		removed = removedAs(receipt.Subject.ID, c, receipt.At)
		return err
	})
	return removed, err
}

func removedAs(id core.ID, c Contact, at time.Time) Removed {
	return Removed{ID: id, Number: c.Number, Name: c.Listed(), Until: at.Add(UndoTime)}
}

func remove(act *core.Act, id core.ID, expected record.Version) (Removed, error) {
	c, _, err := find(act, act.Req.Institution, id)
	if err != nil {
		return Removed{}, err
	}
	relays, err := hasRelays(act, act.Req.Institution, id)
	if err != nil {
		return Removed{}, err
	}
	if err := removable(c, relays, act.At); err != nil {
		return Removed{}, err
	}
	if err := act.Withdraw(ref(id), core.WithdrawnRemoved); err != nil {
		return Removed{}, fmt.Errorf("withdraw waiting mails: %w", err)
	}
	c.Email = c.Email.VoidLinks()
	c.Removed = act.At
	if err := save(act, act.Req.Institution, id, expected, c); err != nil {
		return Removed{}, err
	}
	if err := sweepRemoved(act); err != nil {
		return Removed{}, err
	}
	act.Log(ref(id), core.Detail{Name: "name", Value: c.Listed(), Personal: true})
	announce(act, id, c)
	return removedAs(id, c, act.At), nil
}

// announce tells screens of the contact and of the structure it belongs to.
func announce(act *core.Act, id core.ID, c Contact) {
	act.EmitFor(ref(id))
	if c.Structure != 0 {
		act.EmitFor(ref(c.Structure))
	}
}

// sweepRemoved deletes a few contacts whose undo is over, so that what they
// held of persons doesn't stay.
func sweepRemoved(act *core.Act) error {
	over, err := expiredRemovals(act)
	if err != nil {
		return fmt.Errorf("list removed contacts: %w", err)
	}
	for _, id := range over {
		_, version, err := table().Get(act, act.Req.Institution, id)
		if err != nil {
			return err
		}
		if err := table().Delete(act, act.Req.Institution, id, version); err != nil {
			return err
		}
		if err := validation.Forget(act, act.Req.Institution, id); err != nil {
			return err
		}
		if err := drafts.Forget(act, act.Req.Institution, ref(id)); err != nil {
			return err
		}
	}
	return nil
}

// expiredRemovals lists removed contacts whose undo is over, oldest first.
func expiredRemovals(act *core.Act) (over []core.ID, err error) {
	from := core.Prefix(act.Req.Institution)
	to := append(core.Prefix(act.Req.Institution), timeKey(act.At.Add(1-UndoTime))...)
	err = act.Ascend(spaceRemoved, from, to, func(key, _ []byte) error {
		over = append(over, core.ID(binary.BigEndian.Uint64(key[len(key)-8:])))
		if len(over) == removedSweep {
			return core.Stop
		}
		return nil
	})
	return over, err
}

// Restore undoes a removal within its time: the contact comes back with its
// number and status, but not its links and mails (R90). A relay comes back to
// its structure where that is still there, and never as a second primary one.
// It fails with [core.CodeUndoOver] where the time is over, and with
// [core.CodeConflict] where it is back already.
func (s *Service) Restore(ctx context.Context, req core.Request, id core.ID) (Saved, error) {
	var saved Saved
	receipt, err := s.desk.Do(ctx, req, core.ActContactsRestore, func(act *core.Act) (err error) {
		saved, err = restore(act, id)
		return err
	})
	return s.answer(ctx, req, receipt, saved, err)
}

func restore(act *core.Act, id core.ID) (Saved, error) {
	c, version, err := table().Get(act, act.Req.Institution, id)
	switch {
	case core.CodeOf(err) == core.CodeNotFound:
		return Saved{}, core.Refuse(core.CodeUndoOver)
	case err != nil:
		return Saved{}, err
	case c.Removed.IsZero():
		return Saved{}, core.Refuse(core.CodeConflict)
	case act.At.Sub(c.Removed) >= UndoTime:
		return Saved{}, core.Refuse(core.CodeUndoOver)
	}
	before := c
	c.Removed = time.Time{}
	if err := rejoin(act, &c); err != nil {
		return Saved{}, err
	}
	if err := save(act, act.Req.Institution, id, version, c); err != nil {
		return Saved{}, err
	}
	details, err := lost(act, before, c)
	if err != nil {
		return Saved{}, err
	}
	act.Log(ref(id), append([]core.Detail{{Name: "name", Value: c.Listed(), Personal: true}}, details...)...)
	announce(act, id, c)
	return savedAs(id, c), nil
}

// rejoin takes from a contact that comes back what it can't have any more: a
// structure that is gone, the place of the primary relay, an identity that
// somebody else has.
func rejoin(act *core.Act, c *Contact) error {
	if c.Structure != 0 {
		structure, _, err := find(act, act.Req.Institution, c.Structure)
		if err != nil && core.CodeOf(err) != core.CodeNotFound {
			return err
		}
		if err != nil || structure.Kind != core.ContactStructure {
			c.Structure, c.Primary = 0, false
		}
	}
	others, err := relays(act, act.Req.Institution, c.Structure)
	if err != nil {
		return err
	}
	c.Primary = c.Primary && (len(others) == 0 || !others[0].Primary)
	holder, err := byIdentity(act, act.Req.Institution, c.SSO)
	if holder != 0 {
		c.SSO = ""
	}
	return err
}

// lost is what the journal keeps of what a contact came back without.
func lost(act *core.Act, before, after Contact) ([]core.Detail, error) {
	details := differences(before, after)
	if before.Structure != after.Structure {
		structure, _, err := table().Get(act, act.Req.Institution, before.Structure)
		switch {
		case err == nil:
			details = append(details, difference("structure", structureText(structure), ""))
		case core.CodeOf(err) == core.CodeNotFound: // swept: nobody knows its name any more
			details = append(details, difference("structure", "…", ""))
		default:
			return nil, err
		}
	}
	if before.Primary != after.Primary {
		details = append(details, difference("primary", yesNo(before.Primary), yesNo(after.Primary)))
	}
	return details, nil
}

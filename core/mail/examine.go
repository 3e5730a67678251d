package mail

import (
	"bytes"
	"fmt"
	"slices"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// Examine looks through the outbox, its queue and the mail server; known tells
// which institutions there are. Whom a mail is for, and the document it was
// written from, may be gone.
func Examine(v core.View, known func(institution core.ID) (bool, error), report func(record.Finding) error) error {
	look := func(institution, id core.ID, e Entry) error { return examineEntry(v, institution, id, e, report) }
	if err := (record.Examination[Entry]{Table: entries(), Known: known, Look: look}).Run(v, report); err != nil {
		return err
	}
	err := v.Ascend(spaceDue, nil, nil, func(key, _ []byte) error { return examineDue(v, key, report) })
	if err != nil {
		return fmt.Errorf("examine the queue: %w", err)
	}
	return examineServer(v, report)
}

// examineEntry holds an entry against its state: one that waits is in the queue
// and has its secrets, one that is done is not and has none.
func examineEntry(v core.View, institution, id core.ID, e Entry, report func(record.Finding) error) error {
	f := record.Finding{Fault: record.FaultWrong, Space: spaceEntries, Key: core.Key(institution, id)}
	switch {
	case !slices.Contains(States(), e.State):
		f.Fault, f.Detail, f.Mend = record.FaultBroken, "state", entries().SetAside(institution, id)
		return report(f)
	case e.State.Final() && e.Sealed != nil:
		f.Detail = "secret"
		f.Mend = entries().Amend(institution, id, func(_ core.Tx, e *Entry) (bool, error) {
			e.Sealed = nil
			return true, nil
		})
		return report(f)
	case e.State.Final():
		return nil
	case len(e.Secrets) > 0 && e.Sealed == nil:
		f.Detail, f.Mend = "unsealed", giveUpOn(institution, id)
		return report(f)
	}
	return examineQueued(v, institution, id, e, report)
}

func examineQueued(v core.View, institution, id core.ID, e Entry, report func(record.Finding) error) error {
	due := dueKey(e.Next, institution, id)
	found, err := v.Get(spaceDue, due)
	if err != nil || found != nil {
		return err
	}
	return report(record.Finding{Fault: record.FaultMissing, Space: spaceDue, Key: due, Detail: "due", Mend: func(tx core.Tx) error {
		if wanted, err := isDue(tx, due); err != nil || !wanted {
			return err
		}
		return tx.Put(spaceDue, due, []byte{})
	}})
}

func examineDue(v core.View, key []byte, report func(record.Finding) error) error {
	wanted, err := isDue(v, key)
	if err != nil || wanted {
		return err
	}
	key = bytes.Clone(key)
	return report(record.Finding{Fault: record.FaultStray, Space: spaceDue, Key: key, Detail: "due", Mend: func(tx core.Tx) error {
		if wanted, err := isDue(tx, key); err != nil || wanted {
			return err
		}
		return tx.Delete(spaceDue, key)
	}})
}

// isDue reports whether a key of the queue is that of an entry that waits.
func isDue(v core.View, key []byte) (bool, error) {
	at, institution, id, ok := splitDue(key)
	if !ok {
		return false, nil
	}
	readable, err := entries().Readable(v, institution, id)
	if err != nil || !readable {
		return false, err
	}
	e, err := EntryOf(v, institution, id)
	return err == nil && !e.State.Final() && e.State != 0 && e.Next.Equal(at), err
}

// giveUpOn ends a mail whose secrets are lost: without them its text has gaps.
func giveUpOn(institution, id core.ID) func(core.Tx) error {
	return func(tx core.Tx) error {
		e, err := EntryOf(tx, institution, id)
		switch {
		case core.CodeOf(err) == core.CodeNotFound, err == nil && (e.State.Final() || e.Sealed != nil):
			return nil
		case err != nil:
			return err
		}
		return settle(tx, institution, id, e.said("", WhyOther), StateFailed, e.Next)
	}
}

// examineServer looks at the mail server's settings. Whatever lies where they are
// counts as a mail server (R89): one that can't be read is only told, since a
// house without would be a rehearsal, and so is what lies beside where there is
// no other.
func examineServer(v core.View, report func(record.Finding) error) error {
	there, err := servers().Has(v, core.Installation, serverID)
	if err != nil {
		return err
	}
	look := func(institution, id core.ID, s server) error {
		if institution != core.Installation || id != serverID {
			f := record.Broken(spaceRelay, core.Key(institution, id), record.DetailKey, nil)
			if !there {
				f.Mend = nil
			}
			return report(f)
		}
		last, err := v.LastID(core.Installation, spaceRelay)
		if err != nil || s.Serial <= last {
			return err
		}
		return report(record.Finding{
			Fault: record.FaultWrong, Space: spaceRelay, Key: core.Key(institution, id), Detail: record.DetailCounter,
			Mend: record.Raise(core.Installation, spaceRelay, s.Serial),
		})
	}
	if err := (record.Examination[server]{Table: servers(), Shared: true, Told: true, Look: look}).Run(v, report); err != nil {
		return err
	}
	return record.Examination[tested]{Table: tests(), Shared: true, Look: func(institution, id core.ID, _ tested) error {
		if there && institution == core.Installation && id == serverID {
			return nil
		}
		return report(record.Surplus(record.FaultOrphan, spaceTested, core.Key(institution, id), "server"))
	}}.Run(v, report)
}

// ExamineSeals tries the key on all that is sealed: the secrets of mails that
// wait, and the mail server's password. With the wrong key nothing opens; then
// the right one has to be put back, so that is only told.
func ExamineSeals(v core.View, keys *secret.Keys, report func(record.Finding) error) error {
	seals := func(institution, id core.ID, e Entry) error {
		if e.Sealed == nil || e.State.Final() {
			return nil
		}
		key := core.Key(institution, id)
		_, err := keys.Open(sealPurpose, key, e.Sealed)
		return unopened(spaceEntries, key, err, report)
	}
	if err := (record.Examination[Entry]{Table: entries(), Look: seals}).Run(v, unheard); err != nil {
		return err
	}
	password := func(institution, id core.ID, s server) error {
		_, err := s.route(keys)
		return unopened(spaceRelay, core.Key(institution, id), err, report)
	}
	return record.Examination[server]{Table: servers(), Shared: true, Look: password}.Run(v, unheard)
}

// unheard is for what [Examine] reports already.
func unheard(record.Finding) error { return nil }

func unopened(space core.Space, key []byte, err error, report func(record.Finding) error) error {
	if err == nil {
		return nil
	}
	return report(record.Finding{Fault: record.FaultBroken, Space: space, Key: key, Detail: "sealed", Cause: err})
}

// SpaceServer is where the mail server's settings are. A house without them is a
// rehearsal (R89).
func SpaceServer() core.Space { return spaceRelay }

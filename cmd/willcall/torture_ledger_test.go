package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/mail"
	"willcall/storage/archive"
)

// ledger is what processes reported as done before they were killed, and what
// was seen of the rest after that: it may not go either.
type ledger struct {
	contacts map[core.ID]written
	entries  map[core.ID]mail.State // 0 where only its being there was reported
	captured map[uint64]core.ID     // own mail by its place in the mailbox
	mails    map[string]uint64      // other mail by its token; 0 before it was seen
	backups  []string               // of the round
}

// written is a contact as it was reported.
type written struct {
	number  uint64
	changes uint32
	token   string
}

func newLedger() *ledger {
	return &ledger{
		contacts: map[core.ID]written{}, entries: map[core.ID]mail.State{},
		captured: map[uint64]core.ID{}, mails: map[string]uint64{},
	}
}

// note keeps one line of a process.
func (l *ledger) note(line string) error {
	what, rest, _ := strings.Cut(line, " ")
	switch what {
	case startsLine, migratesLine, opensLine:
		return nil
	case "contact":
		var id core.ID
		var c written
		_, err := fmt.Sscan(rest, &id, &c.number, &c.changes, &c.token)
		l.contacts[id] = c
		return err
	case "waits":
		var id core.ID
		_, err := fmt.Sscan(rest, &id)
		remember(l.entries, id)
		return err
	case "settled":
		var id core.ID
		var state string
		_, err := fmt.Sscan(rest, &id, &state)
		l.entries[id] = mail.StateCaptured
		if state != mail.StateCaptured.String() {
			return fmt.Errorf("mail %d became %s", id, state)
		}
		return err
	case "captured":
		var seq uint64
		var entry core.ID
		_, err := fmt.Sscan(rest, &seq, &entry)
		l.captured[seq] = entry
		return err
	case "backup":
		l.backups = append(l.backups, rest)
		return nil
	case "mail":
		remember(l.mails, rest)
		return nil
	}
	return fmt.Errorf("the word %q is unknown", what)
}

// remember makes sure that a key is there.
func remember[K comparable, V any](in map[K]V, key K) {
	value := in[key]
	in[key] = value
}

// check holds a folder against the ledger.
func (l *ledger) check(t *testing.T, h *house) {
	t.Helper()
	if err := h.store.Check(t.Context(), func(err error) { t.Error(err) }); err != nil {
		t.Error(err)
	}
	findings, err := h.examine(t.Context())
	if err != nil {
		t.Errorf("examine the folder: %v", err)
	}
	for _, f := range findings {
		t.Errorf("found by the doctor: %s, %s %x: %s", f.Fault, f.Space, f.Key, f.Detail)
	}
	l.checkContacts(t, h)
	own := l.checkMails(t, h)
	l.checkOutbox(t, h, own)
	l.checkBackups(t, h)
}

// checkContacts finds every contact that was reported, and none that was saved
// in part. One change that wasn't reported may be there as well.
func (l *ledger) checkContacts(t *testing.T, h *house) {
	t.Helper()
	found, err := h.contacts.Find(t.Context(), local(), contacts.Query{Limit: 1 << 20})
	if err != nil {
		t.Errorf("list the contacts: %v", err)
	}
	seen := map[core.ID]bool{}
	for _, row := range found.Rows {
		seen[row.ID] = true
		d, err := h.contacts.Show(t.Context(), local(), row.ID)
		if err != nil {
			t.Errorf("contact %d: %v", row.ID, err)
			continue
		}
		want := writtenAs(d.FirstName, d.Changes)
		if got := contacts.DraftOf(d.Contact); !got.Equal(want) {
			t.Errorf("contact %d after %d changes is %+v, want %+v", row.ID, d.Changes, got, want)
		}
		was, reported := l.contacts[row.ID]
		if reported && (d.Number != was.number || d.FirstName != was.token || d.Changes < was.changes || d.Changes > was.changes+1) {
			t.Errorf("contact %d is number %d, %s, after %d changes; reported was %+v", row.ID, d.Number, d.FirstName, d.Changes, was)
		}
		l.contacts[row.ID] = written{d.Number, d.Changes, d.FirstName}
	}
	for id, was := range l.contacts {
		if !seen[id] {
			t.Errorf("lost: contact %d, %+v", id, was)
		}
	}
}

// checkMails finds every captured mail that was reported, once and byte for
// byte, and gives those of our own by their outbox entry.
func (l *ledger) checkMails(t *testing.T, h *house) (own map[core.ID][]mail.Message) {
	t.Helper()
	page, err := h.mailbox.List(t.Context(), mail.Query{Everything: true, Limit: 1 << 20})
	if err != nil || len(page.Messages) != page.Total {
		t.Errorf("%d of %d captured mails are listed: %v", len(page.Messages), page.Total, err)
	}
	own, seen := map[core.ID][]mail.Message{}, map[uint64]bool{}
	for _, s := range page.Messages {
		m, err := h.mailbox.Get(t.Context(), s.Seq)
		if err != nil || seen[s.Seq] {
			t.Errorf("captured mail %d (seen before: %v): %v", s.Seq, seen[s.Seq], err)
			continue
		}
		seen[s.Seq] = true
		if entry := m.Envelope.Entry; entry != 0 {
			own[entry] = append(own[entry], m)
			l.captured[s.Seq] = entry
			continue
		}
		if !bytes.Equal(m.Raw, mailOf(m.Subject)) {
			t.Errorf("captured mail %d, %q, isn't what was sent", s.Seq, m.Subject)
		}
		if before := l.mails[m.Subject]; before != 0 && before != s.Seq {
			t.Errorf("captured mail %q is at %d and was at %d", m.Subject, s.Seq, before)
		}
		l.mails[m.Subject] = s.Seq
	}
	for token, seq := range l.mails {
		if !seen[seq] {
			t.Errorf("lost: captured mail %s", token)
		}
	}
	for seq, entry := range l.captured {
		if !seen[seq] {
			t.Errorf("lost: captured mail %d, of entry %d", seq, entry)
		}
	}
	return own
}

// checkOutbox finds every mail that was reported in a state it can be in, and
// captured as often as it was tried at most.
func (l *ledger) checkOutbox(t *testing.T, h *house, own map[core.ID][]mail.Message) {
	t.Helper()
	for id := range own {
		remember(l.entries, id)
	}
	for id, reported := range l.entries {
		var e mail.Entry
		err := h.store.View(t.Context(), func(v core.View) (err error) {
			e, err = mail.EntryOf(v, local().Institution, id)
			return err
		})
		if err != nil {
			t.Errorf("lost: outbox entry %d: %v", id, err)
			continue
		}
		copies := own[id]
		switch {
		case e.State != mail.StateQueued && e.State != mail.StateLeased && e.State != mail.StateCaptured,
			reported != 0 && e.State != reported:
			t.Errorf("outbox entry %d is %s, reported was %s", id, e.State, reported)
		case len(copies) > int(e.Attempts), e.State == mail.StateCaptured && len(copies) == 0:
			t.Errorf("outbox entry %d, %s after %d tries, was captured %d times", id, e.State, e.Attempts, len(copies))
		}
		for _, m := range copies {
			if !bytes.Equal(m.Raw, copies[0].Raw) || m.MessageID == "" {
				t.Errorf("outbox entry %d went out as different mails", id)
			}
		}
		if e.State == mail.StateCaptured {
			l.entries[id] = e.State
		}
	}
}

// checkBackups verifies every backup that looks finished. What was reported is
// one of them.
func (l *ledger) checkBackups(t *testing.T, h *house) {
	t.Helper()
	folder := copier{h}.Place().Folder
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	var whole []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(folder, e.Name())
		whole = append(whole, path)
		b, err := archive.Read(path)
		if err == nil {
			err = b.Verify(t.Context(), nothing)
		}
		if err != nil {
			t.Errorf("backup %s: %v", path, err)
		}
	}
	for _, path := range l.backups {
		if !slices.Contains(whole, path) {
			t.Errorf("lost: backup %s", path)
		}
	}
	l.backups = nil
}

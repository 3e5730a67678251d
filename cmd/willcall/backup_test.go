package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/storage"
	"willcall/storage/archive"
)

// localRequest is what the user of this computer asks, about all data.
func localRequest() core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:olga"}}
}

// signedIn is the request of the demo's owner, who just signed in.
func (s *story) signedIn() core.Request {
	s.t.Helper()
	in, err := coretest.SignIn(s.t.Context(), s.h.operators, demoOwner, demoPassword)
	s.must(err)
	return core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institution, Organisation: in.Organisation}
}

// enter saves a contact, with a validation mail where it has an address.
func (s *story) enter(req core.Request, last, address string) contacts.Saved {
	s.t.Helper()
	saved, err := s.h.contacts.Create(s.t.Context(), req, coretest.Person("Ida", last, address), validation.Context{Document: 1, PointOfSale: 1})
	s.must(err)
	return saved
}

// backUp makes a backup in a folder of the test's own.
func (s *story) backUp(withKey bool) backup.Made {
	s.t.Helper()
	made, err := s.h.backup.Make(s.t.Context(), localRequest(), backup.Wish{Folder: s.t.TempDir(), WithKey: withKey}, nil)
	s.must(err)
	return made
}

// restore puts a backup into a new folder, with this house's key, and opens it.
func (s *story) restore(made backup.Made) (*house, backup.Revived) {
	s.t.Helper()
	dir := filepath.Join(s.t.TempDir(), "data")
	plan, err := archive.NewPlan(s.t.Context(), made.Path, dir, filepath.Join(s.h.dir, storage.KeyName), *s.now, func(_, _ int64) {})
	s.must(err)
	var revived backup.Revived
	_, err = plan.Run(s.t.Context(), func(ctx context.Context, dir string) (err error) {
		revived, err = restored(ctx, dir, localRequest(), plan)
		return err
	}, func(_, _ int64) {})
	s.must(err)
	h, err := openHouse(s.t.Context(), storyOptions(dir, "", coretest.Random(8), func() time.Time { return *s.now }))
	s.must(err)
	s.t.Cleanup(func() { s.must(h.close()) })
	return h, revived
}

// everyone lists all contacts of the first institution.
func everyone(t *testing.T, h *house) []contacts.Row {
	t.Helper()
	req := localRequest()
	req.Institution = 1
	found, err := h.contacts.Find(t.Context(), req, contacts.Query{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return found.Rows
}

func capturedIn(t *testing.T, h *house) []mail.Summary {
	t.Helper()
	page, err := h.mailbox.List(t.Context(), mail.Query{Everything: true, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return page.Messages
}

// outboxOf gives the states of all mails of the first institution, by id.
func outboxOf(t *testing.T, h *house) map[core.ID]mail.State {
	t.Helper()
	states := map[core.ID]mail.State{}
	err := h.store.View(t.Context(), func(v core.View) error {
		clear(states)
		for id := core.ID(1); ; id++ {
			e, err := mail.EntryOf(v, 1, id)
			if core.CodeOf(err) == core.CodeNotFound {
				return nil
			}
			if err != nil {
				return err
			}
			states[id] = e.State
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return states
}

func TestARestoreBringsBackWhatWasThere(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	owner := s.signedIn()
	s.enter(owner, "Sent", "sent@ida.example")
	s.post()
	link := regexp.MustCompile(`/v/([\w-]{43})`).FindStringSubmatch(string(s.newest().Raw))[1]
	s.enter(owner, "Waiting", "waiting@ida.example")
	before, mails, states := everyone(t, s.h), capturedIn(t, s.h), outboxOf(t, s.h)

	made := s.backUp(false)
	s.enter(owner, "Afterwards", "")
	h, revived := s.restore(made)

	if got := everyone(t, h); !reflect.DeepEqual(got, before) {
		t.Errorf("%d contacts came back of %d", len(got), len(before))
	}
	if got := capturedIn(t, h); !reflect.DeepEqual(got, mails) || len(mails) == 0 {
		t.Errorf("%d captured mails came back of %d", len(got), len(mails))
	}
	if revived.Sessions == 0 || revived.Mails == 0 {
		t.Errorf("voided %+v", revived)
	}
	for id, state := range outboxOf(t, h) {
		want := states[id]
		if !want.Final() {
			want = mail.StateCancelled
		}
		if state != want {
			t.Errorf("mail %d was %s and is %s", id, states[id], state)
		}
	}
	if _, err := h.contacts.Find(t.Context(), owner, contacts.Query{}); core.CodeOf(err) != core.CodeSignedOut {
		t.Errorf("the old session: %v", err)
	}
	if _, err := coretest.SignIn(t.Context(), h.operators, demoOwner, demoPassword); err != nil {
		t.Errorf("signing in anew: %v", err)
	}
	if landing, err := h.links.Look(t.Context(), link); err != nil || landing.State != validation.LinkUnknown {
		t.Errorf("the old link leads to %v, %v", landing.State, err)
	}
}

// TestABackupHoldsNoErasedPersonAndNoSecret looks at the bytes of a backup: of
// who was removed, of secrets that are sealed, and of the key.
func TestABackupHoldsNoErasedPersonAndNoSecret(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	owner := s.signedIn()
	gone := s.enter(owner, "Quackenbush", "")
	shown, err := s.h.contacts.Show(t.Context(), owner, gone.ID)
	s.must(err)
	_, err = s.h.contacts.Remove(t.Context(), owner, gone.ID, shown.Version)
	s.must(err)
	s.pass(25 * time.Hour)
	owner = s.signedIn()
	s.enter(owner, "Newman", "") // who enters somebody sweeps
	s.erase()
	if !bytes.Contains(contentOf(t, s.h.dir), []byte("Quackenbush")) {
		t.Error("the data folder's free pages hold nobody either: this test shows nothing")
	}
	_, err = s.h.servers.Save(t.Context(), owner, 0, mail.ServerDraft{
		Host: "smtp.opera.test", Port: 587, Security: mail.SecuritySTARTTLS, User: "opera", Password: "planted password",
	})
	s.must(err)
	key, err := os.ReadFile(filepath.Join(s.h.dir, storage.KeyName))
	s.must(err)
	made := s.backUp(false)
	all := contentOf(t, made.Path)
	for what, secret := range map[string][]byte{
		"a removed contact": []byte("Quackenbush"), "a removed contact, folded": []byte("quackenbush"),
		"a password": []byte("planted password"), "an operator's password": []byte(demoPassword), "the key": key,
	} {
		if bytes.Contains(all, secret) {
			t.Errorf("the backup holds %s", what)
		}
	}
	if !bytes.Contains(all, []byte("Newman")) {
		t.Error("the backup holds nobody")
	}
	if !bytes.Contains(contentOf(t, s.backUp(true).Path), key) {
		t.Error("the key was asked for and isn't there")
	}
}

// erase takes the names out of the journal, as it is built for.
func (s *story) erase() {
	s.t.Helper()
	const personal core.Space = "activity.personal"
	s.must(s.h.store.Update(s.t.Context(), func(tx core.Tx) error {
		var keys [][]byte
		err := tx.Ascend(personal, nil, nil, func(key, _ []byte) error {
			keys = append(keys, bytes.Clone(key))
			return nil
		})
		for _, key := range keys {
			err = errors.Join(err, tx.Delete(personal, key))
		}
		return err
	}))
}

// contentOf is all that a folder's files hold.
func contentOf(t *testing.T, dir string) (all []byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // the test's own folder
		all = append(all, raw...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestConsolesHearHowFarABackupIs(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	mailbox := s.h.bus.Subscribe(1, 64)
	defer mailbox.Close()
	percents := map[int]bool{}
	_, err := s.h.backup.Make(t.Context(), localRequest(), backup.Wish{Folder: t.TempDir()}, func(backup.Progress) {
		if at := s.h.backingUp(); at == nil || at.By != localRequest().Actor.Name {
			t.Errorf("meanwhile a console would say %+v", at)
		} else {
			percents[at.Percent] = true
		}
	})
	s.must(err)
	if !percents[-1] || !percents[100] {
		t.Errorf("consoles would have said %v", percents)
	}
	if at := s.h.backingUp(); at != nil {
		t.Errorf("after it a console would say %+v", at)
	}
	batch, err := mailbox.Next(t.Context())
	s.must(err)
	moved := core.Event{Subject: core.Ref{Kind: core.KindBackup}}
	if last := len(batch.Events) - 1; last < 1 || batch.Events[last] != moved {
		t.Errorf("consoles heard %v", batch.Events)
	}
}

// TestABackupIsOneStateWhileEverybodyWorks backs up while eight people enter
// contacts and mails go out. What comes back has to hold together, and no mail
// may be missing that the database knows as captured.
func TestABackupIsOneStateWhileEverybodyWorks(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	ctx, stop := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	entered := make(chan struct{}, 8)
	for w := range 8 {
		req := s.signedIn()
		workers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				person := coretest.Person("Ida", fmt.Sprintf("Worker%d-%d", w, n), fmt.Sprintf("ida%d.%d@ida.example", w, n))
				_, _ = s.h.contacts.Create(ctx, req, person, validation.Context{Document: 1, PointOfSale: 1})
				select {
				case entered <- struct{}{}:
				default:
				}
			}
		})
	}
	workers.Go(func() {
		for ctx.Err() == nil {
			s.post()
		}
	})
	for range 8 {
		<-entered
	}
	made := s.backUp(false)
	stop()
	workers.Wait()
	h, _ := s.restore(made)
	mails := map[core.ID]bool{}
	for _, m := range capturedIn(t, h) {
		mails[m.Envelope.Entry] = true
	}
	for id, state := range outboxOf(t, h) {
		if state == mail.StateCaptured && !mails[id] {
			t.Errorf("mail %d was captured and isn't there", id)
		}
	}
	for _, row := range everyone(t, h) {
		if !strings.HasPrefix(row.Name, "Worker") {
			continue
		}
		if _, err := h.contacts.Show(t.Context(), core.Request{Actor: localRequest().Actor, Institution: 1}, row.ID); err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
	}
}

// TestADataFolderHoldsOnlyWhatIsKnown fails where something new appears in a
// data folder: [storage.Contents] has to say whether it goes into backups.
func TestADataFolderHoldsOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	log, closeLog, err := openLog(s.h.dir)
	s.must(err)
	defer func() { s.must(closeLog()) }()
	log.Info("here")
	var names []string
	s.must(filepath.WalkDir(s.h.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(s.h.dir, path)
		if names = append(names, name); storage.ShareOf(filepath.ToSlash(name)) == 0 {
			t.Errorf("%s is unknown: does it belong into a backup?", name)
		}
		return err
	}))
	for _, name := range []string{storage.DatabaseName, storage.KeyName, "willcall.log"} {
		if !slices.Contains(names, name) {
			t.Errorf("there is no %s", name)
		}
	}
}

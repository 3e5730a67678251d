package main

import (
	"context"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage"
	"willcall/storage/archive"
)

// Mail is captured between the copy of the database and that of the mails: after
// a restore no other mail is taken for it, off whose entry its mask is read.
func TestR89_CapturedMailKeepsItsOwnEntry(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	s.post()
	owner := s.signedIn()
	key, err := storage.Key(s.h.dir, s.h.random)
	s.must(err)
	at := copier{s.h}.Place()
	w, err := archive.Write(t.Context(), archive.Source{
		Data: at.Data, Key: key, Database: s.h.store.Copy, DatabaseBytes: at.Room.Size, CapturedBytes: at.Captured.Bytes,
		Captured: func(ctx context.Context, path string, progress func(done, of int64)) error {
			s.enter(owner, "Meanwhile", "meanwhile@ida.example")
			s.post()
			return s.h.mailbox.Copy(ctx, path, progress)
		},
	}, archive.Order{Folder: t.TempDir(), At: *s.now}, func(_, _ int64) {})
	s.must(err)
	old := s.newest()
	made := s.backUp(false)
	made.Path = w.Path
	h, _ := s.restore(made)
	for _, m := range capturedIn(t, h) {
		if m.Seq == old.Seq && m.Envelope.Entry != old.Envelope.Entry {
			t.Fatal("another mail")
		}
	}
	in, err := coretest.SignIn(t.Context(), h.operators, demoOwner, demoPassword)
	s.must(err)
	again := &story{t: t, now: s.now, h: h}
	saved := again.enter(core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institution, Organisation: in.Organisation},
		"Stranger", "stranger@ida.example")
	if saved.Sent.Mail == old.Envelope.Entry {
		t.Errorf("mail %d to Stranger has the id of the captured mail to %q", saved.Sent.Mail, old.To)
	}
}

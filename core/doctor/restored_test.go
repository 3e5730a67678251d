package doctor_test

import (
	"maps"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/mail"
)

// TestABackupWithOneBrokenRecordCanBeRestored breaks a record of each space in
// turn: what else is there is voided all the same.
func TestABackupWithOneBrokenRecordCanBeRestored(t *testing.T) {
	t.Parallel()
	for _, space := range append(slices.Collect(maps.Keys(recordSpaces())), toldSpaces()...) {
		t.Run(string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, space)
			p.Damaged()
			for _, name := range []string{"First", "Second"} {
				p.Create(coretest.Person("Waits", name, name+"@operamail.ch"))
			}
			p.SignIn(coretest.OwnerAddress)
			key, raw := p.last(space)
			raw[len(raw)/2] ^= 1
			p.plant(func(tx core.Tx) error { return tx.Put(space, key, raw) })
			want := backup.Revived{Sessions: 2, Mails: 3} // one mail waits in every patient
			if slices.Contains(signInSpaces(), space) {
				want.Sessions += 2
			}
			switch space {
			case "outbox":
				want.Mails--
			case "sessions":
				want.Sessions--
			}
			got, err := backup.NewService(p.Desk, nil).Restored(p.Ctx, local(), backup.Made{At: coretest.Start()}, nil)
			p.Must(err)
			if got != want {
				t.Errorf("voided %+v, want %+v", got, want)
			}
		})
	}
}

// TestAMailThatLostItsPlaceStaysCancelled takes a mail off the queue that waits:
// a repair gives its place back to one that does.
func TestAMailThatLostItsPlaceStaysCancelled(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	id := p.Create(coretest.Person("Luc", "Martin", "luc@operamail.ch")).Sent.Mail
	key, _ := p.last("outbox.due")
	p.plant(func(tx core.Tx) error { return tx.Delete("outbox.due", key) })
	_, err := backup.NewService(p.Desk, nil).Restored(p.Ctx, local(), backup.Made{At: coretest.Start()}, nil)
	p.Must(err)
	_, _, err = p.doctor.Repair(p.Ctx, local(), func(int) {})
	p.Must(err)
	p.Must(p.Store.View(p.Ctx, func(v core.View) error {
		e, err := mail.EntryOf(v, p.Made.Institution, id)
		if e.State != mail.StateCancelled || e.Why != mail.WhyRestored {
			t.Errorf("the mail is %s, %s", e.State, e.Why)
		}
		return err
	}))
	if work := p.Mails(); len(work) > 0 {
		t.Errorf("%d mails of before the restore go out after it", len(work))
	}
}

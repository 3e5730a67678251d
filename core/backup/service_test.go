package backup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/storage/storagetest"
)

// copier is a copier that does what a test says.
type copier struct {
	asked []backup.Order
	found int // what doesn't hold together
	copy  func(ctx context.Context, progress func(done, all int64)) error
	steps func(progress func(step backup.Step, done, all int64))
}

func (c *copier) Place() backup.Place {
	return backup.Place{
		Room: core.Room{Size: 7}, Data: "/data", Folder: "/data-backups", Captured: backup.Captured{Mails: 3, Bytes: 99},
	}
}

func (c *copier) Copy(
	ctx context.Context, o backup.Order, progress func(step backup.Step, done, all int64),
) (backup.Copied, error) {
	c.asked = append(c.asked, o)
	if c.steps != nil {
		c.steps(progress)
	}
	if c.copy != nil {
		err := c.copy(ctx, func(done, all int64) { progress(backup.StepCopy, done, all) })
		if err != nil {
			return backup.Copied{}, err
		}
	}
	return backup.Copied{Path: fmt.Sprintf("%s/willcall-%d", o.Folder, len(c.asked)), Bytes: 1000, Files: 4, Findings: c.found}, nil
}

func newService(t *testing.T) (*coretest.House, *copier, *backup.Service) {
	t.Helper()
	h := coretest.New(t, storagetest.New(t))
	c := &copier{}
	return h, c, backup.NewService(h.Desk, c)
}

// runs are the entries of the journal about backups, as "state why".
func runs(h *coretest.House) (states []string) {
	for _, e := range h.Journal() {
		if e.Action != core.ActBackup && e.Action != core.ActBackupSettle && e.Action != core.ActBackupCancel {
			continue
		}
		state := string(e.Refused)
		for _, d := range e.Details {
			if d.Name == "state" || d.Name == "why" {
				state += d.Value + " "
			}
		}
		states = append(states, state)
	}
	return states
}

func TestABackupIsMadeAndRemembered(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	before, err := s.Status(h.Ctx, h.Owner)
	h.Must(err)
	if before.Last != nil || before.Running != nil || before.Folder != "/data-backups" || before.Captured.Mails != 3 {
		t.Errorf("before: %+v", before)
	}
	made, err := s.Make(h.Ctx, h.Owner, backup.Wish{WithKey: true}, nil)
	h.Must(err)
	want := backup.Made{
		Path: "/data-backups/willcall-1", Folder: "/data-backups", At: coretest.Start(), Bytes: 1000, Files: 4, WithKey: true, By: h.Owner.Actor.Name,
	}
	if made != want {
		t.Errorf("made %+v, want %+v", made, want)
	}
	if want := (backup.Order{Folder: "/data-backups", At: coretest.Start(), WithKey: true}); c.asked[0] != want {
		t.Errorf("asked for %+v, want %+v", c.asked[0], want)
	}
	again := backup.NewService(h.Desk, c) // after a restart
	status, err := again.Status(h.Ctx, h.Owner)
	h.Must(err)
	if status.Last == nil || *status.Last != want {
		t.Errorf("remembered %+v", status.Last)
	}
	if got := runs(h); !slices.Equal(got, []string{"begun ", "made "}) {
		t.Errorf("the journal says %q", got)
	}
}

func TestABackupOfDamagedDataIsRememberedAsSuch(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	c.found = 3
	made, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
	status, err := s.Status(h.Ctx, h.Owner)
	h.Must(err)
	if made.Findings != 3 || status.Last.Findings != 3 {
		t.Errorf("made %+v, remembered %+v", made, status.Last)
	}
}

func TestNothingIsReadBeforeTheJournalSaysSo(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	c.copy = func(context.Context, func(done, all int64)) error {
		if got := runs(h); !slices.Equal(got, []string{"begun "}) {
			t.Errorf("while copying the journal says %q", got)
		}
		return nil
	}
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
}

func TestR86_OnlyOwnersBackUp(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	for _, role := range []core.Role{core.RoleAdmin, core.RoleOperator, core.RoleDeveloper} {
		req := h.Hire(role)
		_, err := s.Make(h.Ctx, req, backup.Wish{}, nil)
		h.Refused(err, core.CodeForbidden)
		if _, err = s.Status(h.Ctx, req); (role == core.RoleAdmin) != (err == nil) {
			t.Errorf("%s sees the status: %v", role, err)
		}
	}
	if len(c.asked) > 0 {
		t.Error("something was read")
	}
	_, err := s.Make(h.Ctx, local(), backup.Wish{}, nil)
	h.Must(err)
	_, err = s.Status(h.Ctx, local())
	h.Must(err)
}

// local is the user of this computer, in no institution.
func local() core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:olga"}}
}

func TestOneBackupAtATime(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	c.copy = func(_ context.Context, progress func(done, all int64)) error {
		progress(1, 2)
		close(begun)
		<-goOn
		return nil
	}
	var told []backup.Progress
	first := make(chan error)
	go func() {
		_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, func(p backup.Progress) { told = append(told, p) })
		first <- err
	}()
	<-begun
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Refused(err, core.CodeBusy)
	want := backup.Progress{Step: backup.StepCopy, Done: 1, All: 2, Begun: coretest.Start(), By: h.Owner.Actor.Name}
	if status, err := s.Status(h.Ctx, h.Owner); err != nil || status.Running == nil || *status.Running != want {
		t.Errorf("running %+v, %v", status.Running, err)
	}
	close(goOn)
	h.Must(<-first)
	if !slices.Equal(told, []backup.Progress{want}) {
		t.Errorf("told %v", told)
	}
	c.copy = nil
	_, err = s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
	if status, err := s.Status(h.Ctx, h.Owner); err != nil || status.Running != nil {
		t.Errorf("still running %+v, %v", status.Running, err)
	}
}

func TestAFailedBackupIsRecordedAndNotTheLastOne(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	good, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
	c.copy = func(context.Context, func(done, all int64)) error { return fmt.Errorf("write: %w", core.ErrFull) }
	_, err = s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	if core.CodeOf(err) != core.CodeFull {
		t.Errorf("full: %v", err)
	}
	ctx, cancel := context.WithCancel(h.Ctx)
	c.copy = func(ctx context.Context, _ func(done, all int64)) error {
		cancel()
		return ctx.Err()
	}
	if _, err = s.Make(ctx, h.Owner, backup.Wish{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	status, err := s.Status(h.Ctx, h.Owner)
	h.Must(err)
	if *status.Last != good {
		t.Errorf("the last one is %+v, want %+v", *status.Last, good)
	}
	want := []string{"begun ", "made ", "begun ", "failed full ", "begun ", "failed cancelled "}
	if got := runs(h); !slices.Equal(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
}

func TestARestoreVoidsWhatTheBackupBringsBack(t *testing.T) {
	t.Parallel()
	h, _, s := newService(t)
	h.Create(coretest.Person("Marie", "Dupont", "marie@example.org"))
	token := coretest.Token(h.Mails()[0])
	other := h.AddInstitution("Théâtre du Port")
	waiting := h.Create(coretest.Person("Luc", "Martin", "luc@example.org")).Sent.Mail
	elsewhere, err := h.Contacts.Create(h.Ctx, other.Owner, coretest.Person("Ada", "Roy", "ada@example.org"),
		validation.Context{Document: other.Made.Document, PointOfSale: other.Made.PointOfSale})
	h.Must(err)

	_, err = s.Restored(h.Ctx, h.Owner, backup.Made{At: coretest.Start()}, nil)
	h.Refused(err, core.CodeForbidden)
	revived, err := s.Restored(h.Ctx, local(), backup.Made{At: coretest.Start()}, nil)
	h.Must(err)
	if revived != (backup.Revived{Sessions: 1, Mails: 2}) {
		t.Errorf("voided %+v", revived)
	}
	_, err = s.Status(h.Ctx, h.Owner)
	h.Refused(err, core.CodeSignedOut)
	if landing, err := h.Links.Look(h.Ctx, token); err != nil || landing.State != validation.LinkUnknown {
		t.Errorf("the link of before leads to %+v, %v", landing, err)
	}
	if work := h.Mails(); len(work) > 0 {
		t.Errorf("%d mails still go out", len(work))
	}
	for id, institution := range map[core.ID]core.ID{waiting: h.Made.Institution, elsewhere.Sent.Mail: other.Made.Institution} {
		h.Must(h.Store.View(h.Ctx, func(v core.View) error {
			e, err := mail.EntryOf(v, institution, id)
			if e.State != mail.StateCancelled || e.Why != mail.WhyRestored || e.Sealed != nil {
				t.Errorf("mail %d is %s, %s", id, e.State, e.Why)
			}
			return err
		}))
	}
	h.SignIn(coretest.OwnerAddress) // passwords hold
	journal := h.Journal()
	at := slices.IndexFunc(journal, func(e core.Entry) bool { return e.Action == core.ActRestore && e.Refused == "" })
	if last := journal[max(at, 0)]; last.Action != core.ActRestore || last.Actor != local().Actor || last.Subject.Kind != core.KindStorage {
		t.Errorf("the journal says %+v", last)
	}
}

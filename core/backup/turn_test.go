package backup_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/core/record"
	"willcall/storage/storagetest"
)

// demote makes the house's owner an admin, past all rules.
func demote(h *coretest.House) {
	type station struct{ Role core.Role }
	table := record.NewTable("operators", core.KindOperator, record.New(
		record.Uint(3, func(s *station) *core.Role { return &s.Role })))
	h.Act(func(act *core.Act) error {
		id := h.Owner.Actor.ID
		_, version, err := table.Get(act, core.Installation, id)
		if err != nil {
			return err
		}
		_, err = table.Save(act, core.Installation, id, version, station{core.RoleAdmin})
		return err
	})
}

// TestTheEndIsRecordedWhateverBecomesOfWhoBeganIt has whoever began a backup
// lose what it takes to begin one, before it is made, is given up or fails.
func TestTheEndIsRecordedWhateverBecomesOfWhoBeganIt(t *testing.T) {
	t.Parallel()
	befalls := map[string]func(h *coretest.House){
		"signed out": func(h *coretest.House) { h.Must(h.Operators.SignOut(h.Ctx, h.Owner)) },
		"ended": func(h *coretest.House) {
			h.Act(func(act *core.Act) error {
				_, err := operators.EndSessions(act)
				return err
			})
		},
		"demoted": demote,
	}
	for want, ends := range map[string]error{"made ": nil, "failed cancelled ": context.Canceled, "failed full ": core.ErrFull} {
		for name, befall := range befalls {
			t.Run(want+name, func(t *testing.T) {
				t.Parallel()
				h, c, s := newService(t)
				c.copy = func(ctx context.Context, _ func(done, all int64)) error {
					befall(h)
					if ctx.Err() != nil {
						t.Error("given up for that")
					}
					return ends
				}
				made, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
				if (err == nil) != (ends == nil) || (made.Path != "") != (ends == nil) {
					t.Errorf("made %+v, %v", made, err)
				}
				if got := runs(h); !slices.Equal(got, []string{"begun ", want}) {
					t.Errorf("the journal says %q", got)
				}
				ended := lastEntry(h, core.ActBackupSettle)
				if ended.Actor.Kind != core.ActorJob || !slices.Contains(ended.Details, core.Detail{Name: "by", Value: h.Owner.Actor.Name}) {
					t.Errorf("the journal says %+v", ended)
				}
				status, err := s.Status(h.Ctx, local())
				h.Must(err)
				if (status.Last == nil) != (ends != nil) || status.Running != nil || status.CutOff != nil {
					t.Errorf("remembered %+v", status)
				}
			})
		}
	}
}

// lastEntry is the journal's newest line of an action.
func lastEntry(h *coretest.House, action core.ActionID) (last core.Entry) {
	for _, e := range h.Journal() {
		if e.Action == action {
			last = e
		}
	}
	return last
}

func TestForbiddenIsAnsweredBeforeBusy(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	admin := h.Hire(core.RoleAdmin)
	c.copy = func(context.Context, func(done, all int64)) error {
		_, err := s.Make(h.Ctx, admin, backup.Wish{}, nil)
		h.Refused(err, core.CodeForbidden)
		_, err = s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
		h.Refused(err, core.CodeBusy)
		if s.Running() == nil {
			t.Error("who was refused ended the other's turn")
		}
		return nil
	}
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
}

func TestEachCallMakesABackup(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	req := h.Owner
	req.Key = "the same again"
	for range 2 {
		_, err := s.Make(h.Ctx, req, backup.Wish{}, nil)
		h.Must(err)
	}
	if got := runs(h); !slices.Equal(got, []string{"begun ", "made ", "begun ", "made "}) || len(c.asked) != 2 {
		t.Errorf("%d backups, the journal says %q", len(c.asked), got)
	}
}

func TestAClosedServiceMakesNone(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	h.Must(s.Close())
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Refused(err, core.CodeBusy)
	if len(c.asked) > 0 || len(runs(h)) > 0 {
		t.Errorf("%d backups, the journal says %q", len(c.asked), runs(h))
	}
}

// TestClosingWaitsForTheBackup that is being made, and for its record.
func TestClosingWaitsForTheBackup(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	begun := make(chan struct{})
	ctx, cancel := context.WithCancel(h.Ctx)
	c.copy = func(ctx context.Context, _ func(done, all int64)) error {
		close(begun)
		<-ctx.Done()
		for range 10_000 { // who doesn't wait is ahead by then
			runtime.Gosched()
		}
		return ctx.Err()
	}
	over := make(chan error, 1)
	go func() {
		_, err := s.Make(ctx, h.Owner, backup.Wish{}, nil)
		over <- err
	}()
	<-begun
	cancel()
	h.Must(s.Close())
	if got := runs(h); !slices.Equal(got, []string{"begun ", "failed cancelled "}) {
		t.Errorf("once it is closed the journal says %q", got)
	}
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestR86_AnyOwnerCancels(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	admin, other := h.Hire(core.RoleAdmin), h.Hire(core.RoleOwner)
	h.Refused(s.Cancel(h.Ctx, other), core.CodeNotFound)
	c.copy = func(ctx context.Context, _ func(done, all int64)) error {
		h.Refused(s.Cancel(h.Ctx, admin), core.CodeForbidden)
		h.Refused(s.Cancel(h.Ctx, local()), core.CodeForbidden)
		if ctx.Err() != nil {
			t.Error("cancelled by who may not")
		}
		demote(h) // who began it can't any more, and others can
		h.Must(s.Cancel(h.Ctx, other))
		<-ctx.Done()
		return ctx.Err()
	}
	if _, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if by := lastEntry(h, core.ActBackupCancel); by.Actor != other.Actor || by.Subject.Kind != core.KindBackup || by.Subject.ID == 0 {
		t.Errorf("the journal says %+v", by)
	}
	want := []string{"forbidden", "forbidden", "", "failed cancelled "}
	if got := runs(h)[1:]; !slices.Equal(got, want) {
		t.Errorf("the journal says %q, want %q", got, want)
	}
}

func TestABackupWithoutAnEndIsToldAsSuch(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	good, err := s.Make(h.Ctx, h.Owner, backup.Wish{Folder: "/mnt/first"}, nil)
	h.Must(err)
	h.Clock.Advance(time.Minute)
	want := backup.Try{At: h.Clock.Effective(), By: h.Owner.Actor.Name, Folder: "/mnt/safe"}
	c.copy = func(context.Context, func(done, all int64)) error {
		again := backup.NewService(h.Desk, c) // a process that knows nothing of it
		status, err := again.Status(h.Ctx, h.Owner)
		h.Must(err)
		if status.Running != nil || status.CutOff == nil || *status.CutOff != want || *status.Last != good {
			t.Errorf("after a restart %+v", status)
		}
		status, err = s.Status(h.Ctx, h.Owner)
		h.Must(err)
		if status.Running == nil || status.CutOff != nil {
			t.Errorf("while it is made %+v", status)
		}
		return nil
	}
	_, err = s.Make(h.Ctx, h.Owner, backup.Wish{Folder: "/mnt/safe"}, nil)
	h.Must(err)
	status, err := backup.NewService(h.Desk, c).Status(h.Ctx, h.Owner)
	h.Must(err)
	if status.CutOff != nil {
		t.Errorf("once there is a newer one: %+v", status.CutOff)
	}
}

// TestTheEndOfABackupSurvivesEveryFault lets each write of the act fail that
// records an end, and its commit: the backup is told of, and nothing of the act
// stays.
func TestTheEndOfABackupSurvivesEveryFault(t *testing.T) {
	t.Parallel()
	faults := []storagetest.Fault{{Commit: true}}
	for n := range 30 {
		faults = append(faults, storagetest.Fault{Write: n + 1})
	}
	missed := 0
	for _, fault := range faults {
		disk := storagetest.FailingAt(storagetest.NewMemory(t), 0)
		h, c := coretest.New(t, disk), &copier{}
		s := backup.NewService(h.Desk, c)
		c.copy = func(context.Context, func(done, all int64)) error {
			disk.Arm(fault)
			return nil
		}
		made, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
		disk.Arm(storagetest.Fault{})
		if err == nil { // fewer writes than that
			missed++
			continue
		}
		if made.Path == "" || core.CodeOf(err) != core.CodeFull {
			t.Errorf("%+v: made %+v, %v", fault, made, err)
		}
		if got := runs(h); !slices.Equal(got, []string{"begun "}) {
			t.Errorf("%+v: the journal says %q", fault, got)
		}
		if status, err := s.Status(h.Ctx, local()); err != nil || status.Last != nil || status.Running != nil || status.CutOff == nil {
			t.Errorf("%+v: remembered %+v, %v", fault, status, err)
		}
	}
	if missed == 0 || missed > 27 {
		t.Errorf("%d of %d faults were behind the last write", missed, len(faults))
	}
}

func TestProgressNeverGoesBack(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	c.steps = func(progress func(step backup.Step, done, all int64)) {
		progress(backup.StepExamine, 9, 0)
		progress(backup.StepCopy, 5, 10)
		progress(backup.StepCopy, 3, 10)
	}
	var told []int64
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, func(p backup.Progress) { told = append(told, p.Done) })
	h.Must(err)
	if !slices.Equal(told, []int64{9, 5, 5}) {
		t.Errorf("told %v", told)
	}
}

func TestWatchersHearOnceASecondAndOfTheEnd(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	heard := 0
	stop := s.Watch(func() { heard++ })
	c.copy = func(_ context.Context, progress func(done, all int64)) error {
		for n, want := range []int{1, 1, 1, 2, 2} { // 0, 0.4, 0.8, 1.2, 1.6 s
			if progress(int64(n), 5); heard != want {
				t.Errorf("after %d words watchers heard %d", n+1, heard)
			}
			h.Clock.Advance(400 * time.Millisecond)
		}
		heard = 0
		return nil
	}
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
	if heard != 1 || s.Running() != nil {
		t.Errorf("of the end they heard %d times, running %v", heard, s.Running())
	}
	stop()
	c.copy = nil
	_, err = s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
	if heard != 1 {
		t.Error("heard after stopping")
	}
}

// TestEveryInstitutionHearsOfABackup: it is of all data.
func TestEveryInstitutionHearsOfABackup(t *testing.T) {
	t.Parallel()
	h, _, s := newService(t)
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	h.Must(err)
	if len(heard) != 2 {
		t.Fatalf("heard %v", heard)
	}
	for _, e := range heard {
		if e.Institution != core.Installation || e.Subject.Kind != core.KindBackup {
			t.Errorf("heard %+v", e)
		}
	}
}

func TestARestoredBackupHasItsEnd(t *testing.T) {
	t.Parallel()
	h, c, s := newService(t)
	c.copy = func(context.Context, func(done, all int64)) error {
		again := backup.NewService(h.Desk, c) // on data as the backup has it
		from := backup.Made{Path: "/mnt/moved/one", At: h.Clock.Effective(), Bytes: 4711, Files: 3, Findings: 2}
		_, err := again.Restored(h.Ctx, local(), from, nil)
		h.Must(err)
		status, err := again.Status(h.Ctx, local())
		h.Must(err)
		want := from
		want.Folder, want.By = "/mnt/safe", h.Owner.Actor.Name
		if status.CutOff != nil || status.Last == nil || *status.Last != want {
			t.Errorf("once restored: cut off %+v, last %+v, want %+v", status.CutOff, status.Last, want)
		}
		return nil
	}
	_, err := s.Make(h.Ctx, h.Owner, backup.Wish{Folder: "/mnt/safe"}, nil)
	h.Must(err)
}

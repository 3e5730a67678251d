// Package backup is making backups of all data, and what follows from going
// back to one.
package backup

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"willcall/core"
)

// Wish is what somebody wants of a backup.
type Wish struct {
	// Folder is where the backup is put, in a folder of its own; empty: where
	// backups go by default.
	Folder string
	// WithKey puts the key file into the backup, so that whoever holds it can
	// read the secrets in it.
	WithKey bool
}

// Made is a finished backup.
type Made struct {
	Path    string
	Folder  string    // below which it was put
	At      time.Time // when it was begun
	Bytes   int64
	Files   int
	WithKey bool
	By      string // who made it
	// Findings counts what the doctor would find in it.
	Findings int
}

// Try is a backup that was begun and whose end nobody recorded, since the
// program was killed or could not.
type Try struct {
	At     time.Time
	By     string
	Folder string // below which it was to be put
}

// Step is what a backup is at.
type Step uint8

// The steps, in their order.
const (
	StepExamine Step = iota // whether the data holds together
	StepCopy                // copying, compacting, checking and summing up
	stepsEnd
)

// Steps is how many there are.
const Steps = int(stepsEnd)

// Progress is how far a backup is. Done never goes back within a step.
type Progress struct {
	Step Step
	// Done counts entries while examining, of which nobody knows how many there
	// are: All is 0 then. While copying both are bytes of work, more than the
	// data has, and All is an estimate.
	Done, All int64
	Begun     time.Time
	By        string // who began it
}

// Captured is how much mail was captured.
type Captured struct {
	Mails int
	Bytes int64
}

// Kept is what lies beside the data or with it as it was once, before a migration,
// a repair or a restore: what was deleted since is still in it.
type Kept struct {
	Copies int
	Bytes  int64
}

// Status is where the data is, how much room it has, and the last backup.
type Status struct {
	Room     core.Room
	Data     string    // the data folder
	Folder   string    // where the next backup goes by default
	Last     *Made     // the last one that was finished
	CutOff   *Try      // the newest one, where it has no end and isn't being made
	Running  *Progress // of the one being made
	Captured Captured
	Kept     Kept
}

// Place is what a [Copier] knows without reading any data.
type Place struct {
	Room     core.Room
	Data     string
	Folder   string
	Captured Captured
	Kept     Kept
}

// Order is what a [Copier] is to make.
type Order struct {
	Folder  string
	At      time.Time
	WithKey bool
}

// Copied is what a [Copier] made.
type Copied struct {
	Path  string
	Bytes int64
	Files int
	// Findings counts what doesn't hold together in the data that was copied.
	Findings int
}

// Copier copies the data while it is used. It is safe for concurrent use.
type Copier interface {
	Place() Place
	// Copy makes a backup in a folder of its own below o.Folder. It fails with
	// [core.CodeFull] where there is no room for it, and with a refusal of the
	// field "folder" where nothing can be put there; then, and where ctx ends,
	// nothing of the backup is left. Data that can be copied but doesn't hold
	// together is copied all the same, with its Findings. progress may be called
	// from any goroutine, one call at a time; done and all are as in [Progress].
	Copy(ctx context.Context, o Order, progress func(step Step, done, all int64)) (Copied, error)
}

// Service makes backups, one at a time. It is safe for concurrent use.
type Service struct {
	desk   *core.Desk
	copier Copier

	mu       sync.Mutex
	turn     *turn   // nil while none is made
	first    core.ID // of those begun by this service, in the list of backups
	lost     core.ID // of the last one whose end couldn't be recorded
	closed   bool
	watchers map[int]func()
	watches  int
	under    sync.WaitGroup // the backup that is being made
}

// NewService makes a service.
func NewService(desk *core.Desk, copier Copier) *Service {
	return &Service{desk: desk, copier: copier, watchers: map[int]func(){}}
}

// Make makes a backup of all data. Nothing is read before the journal says who
// asked for it. tell, which may be nil, hears how far it is and must return
// quickly. Make refuses who may not make one, then with [core.CodeBusy] while
// another is made, and fails as [Copier] does. It ends before its time where ctx
// does and by [Service.Cancel]; that whoever began it signs out or gets another
// role doesn't end it. How it ended is recorded in any case. Where the backup was
// made but couldn't be recorded, Make gives both the backup and the error. Each
// call makes one: the request's key is not looked at.
func (s *Service) Make(ctx context.Context, req core.Request, w Wish, tell func(Progress)) (Made, error) {
	req.Key = ""
	if w.Folder == "" {
		w.Folder = s.copier.Place().Folder
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t, r, err := s.enter(ctx, req, w, cancel)
	if err != nil {
		return Made{}, err
	}
	defer s.end(t)
	copied, err := s.copy(ctx, t, Order{Folder: w.Folder, At: r.Begun, WithKey: w.WithKey}, tell)
	r = r.ended(copied, err)
	if recErr := s.settle(context.WithoutCancel(ctx), t.id, r); recErr != nil {
		s.lose(t)
		err = errors.Join(err, fmt.Errorf("record what came of the backup: %w", recErr))
	}
	if r.Failed != "" {
		return Made{}, err
	}
	return r.made(), err
}

// copy has the copier work, and passes on how far it is.
func (s *Service) copy(ctx context.Context, t *turn, o Order, tell func(Progress)) (Copied, error) {
	copied, err := s.copier.Copy(ctx, o, func(step Step, done, all int64) {
		p := s.note(t, step, done, all)
		if tell != nil {
			tell(p)
		}
	})
	if err != nil {
		return Copied{}, fmt.Errorf("make a backup: %w", err)
	}
	return copied, nil
}

// Status says where the data is, how much room it has, and how it is backed up.
func (s *Service) Status(ctx context.Context, req core.Request) (Status, error) {
	var last *Made
	var cutOff *Try
	err := s.desk.See(ctx, req, core.ActStorageShow, func(v core.View) (err error) {
		last, cutOff, err = s.newest(v)
		return err
	})
	if err != nil {
		return Status{}, err
	}
	at := s.copier.Place()
	return Status{
		Room: at.Room, Data: at.Data, Folder: at.Folder, Last: last, CutOff: cutOff,
		Running: s.Running(), Captured: at.Captured, Kept: at.Kept,
	}, nil
}

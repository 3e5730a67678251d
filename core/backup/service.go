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
	At      time.Time // when it was begun
	Bytes   int64
	Files   int
	WithKey bool
	By      string // who made it
	// Findings counts what the doctor would find in it.
	Findings int
}

// Progress is how far a backup is. All is an estimate, in bytes of work.
type Progress struct {
	Done, All int64
	Begun     time.Time
}

// Captured is how much mail was captured.
type Captured struct {
	Mails int
	Bytes int64
}

// Status is where the data is, how much room it has, and the last backup.
type Status struct {
	Room     core.Room
	Data     string    // the data folder
	Folder   string    // where the next backup goes by default
	Last     *Made     // the last one that was finished
	Running  *Progress // of the one being made
	Captured Captured
}

// Place is what a [Copier] knows without reading any data.
type Place struct {
	Room     core.Room
	Data     string
	Folder   string
	Captured Captured
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
	// together is copied all the same, with its Findings. progress may be called from any goroutine,
	// one call at a time.
	Copy(ctx context.Context, o Order, progress func(done, all int64)) (Copied, error)
}

// Service makes backups, one at a time. It is safe for concurrent use.
type Service struct {
	desk   *core.Desk
	copier Copier

	mu      sync.Mutex
	running *Progress
	closed  bool
	under   sync.WaitGroup // the backup that is being made
}

// NewService makes a service.
func NewService(desk *core.Desk, copier Copier) *Service {
	return &Service{desk: desk, copier: copier}
}

// Make makes a backup of all data. Nothing is read before the journal says who
// asked for it. tell, which may be nil, hears how far it is and must return
// quickly. Make fails with [core.CodeBusy] while another backup is made, and as
// [Copier] does; a failure is recorded too. Where the backup was made but
// couldn't be recorded, it gives both the backup and the error. Each call makes
// one: the request's key is not looked at.
func (s *Service) Make(ctx context.Context, req core.Request, w Wish, tell func(Progress)) (Made, error) {
	req.Key = ""
	begun := s.desk.Effective()
	if !s.begin(begun) {
		return Made{}, core.Refuse(core.CodeBusy)
	}
	defer s.end()
	if w.Folder == "" {
		w.Folder = s.copier.Place().Folder
	}
	id, r, err := s.enter(ctx, req, w)
	if err != nil {
		return Made{}, err
	}
	copied, err := s.copy(ctx, Order{Folder: w.Folder, At: r.Begun, WithKey: w.WithKey}, begun, tell)
	r = r.ended(copied, err)
	if recErr := s.settle(context.WithoutCancel(ctx), req, id, r); recErr != nil {
		err = errors.Join(err, fmt.Errorf("record what came of the backup: %w", recErr))
	}
	if r.Failed != "" {
		return Made{}, err
	}
	return r.made(), err
}

// copy has the copier work, and passes on how far it is.
func (s *Service) copy(ctx context.Context, o Order, begun time.Time, tell func(Progress)) (Copied, error) {
	copied, err := s.copier.Copy(ctx, o, func(done, all int64) {
		p := Progress{Done: done, All: all, Begun: begun}
		s.note(p)
		if tell != nil {
			tell(p)
		}
	})
	if err != nil {
		return Copied{}, fmt.Errorf("make a backup: %w", err)
	}
	return copied, nil
}

// begin takes the turn; end gives it back.
func (s *Service) begin(at time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil || s.closed {
		return false
	}
	s.under.Add(1)
	s.running = &Progress{Begun: at}
	return true
}

func (s *Service) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = nil
	s.under.Done()
}

// Close waits for the backup that is being made, which its context may have
// ended: nothing is left of it then. From now on Make fails with
// [core.CodeBusy].
func (s *Service) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.under.Wait()
	return nil
}

func (s *Service) note(p Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = &p
}

// Status says where the data is, how much room it has, and how it is backed up.
func (s *Service) Status(ctx context.Context, req core.Request) (Status, error) {
	var last *Made
	err := s.desk.See(ctx, req, core.ActStorageShow, func(v core.View) (err error) {
		last, err = lastMade(v)
		return err
	})
	if err != nil {
		return Status{}, err
	}
	at := s.copier.Place()
	return Status{
		Room: at.Room, Data: at.Data, Folder: at.Folder, Last: last, Running: s.now(), Captured: at.Captured,
	}, nil
}

// now is how far the running backup is, nil where there is none.
func (s *Service) now() *Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil
	}
	p := *s.running
	return &p
}

package backup

import (
	"context"
	"time"

	"willcall/core"
)

// tellEvery is how much time passes at least before watchers hear of a backup
// again.
const tellEvery = time.Second

// turn is the backup that is being made; there is one at a time.
type turn struct {
	id       core.ID // in the list of backups
	progress Progress
	told     time.Time // when watchers heard of it last
	cancel   context.CancelFunc
}

// begin takes the turn for t at a time, or refuses with [core.CodeBusy]. It is
// called in an act, which may run again: then t has the turn already.
func (s *Service) begin(t *turn, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.turn == t:
		return nil
	case s.turn != nil || s.closed:
		return core.Refuse(core.CodeBusy)
	}
	s.under.Add(1)
	t.progress.Begun = at
	s.turn = t
	return nil
}

// name notes under which id t is listed.
func (s *Service) name(t *turn, id core.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.id = id
	if s.first == 0 {
		s.first = id
	}
}

// end gives the turn back, where t has it.
func (s *Service) end(t *turn) {
	s.mu.Lock()
	had := s.turn == t
	if had {
		s.turn = nil
		s.under.Done()
	}
	s.mu.Unlock()
	if had {
		s.tellWatchers()
	}
}

// note keeps how far t is, and tells watchers of it. Within a step it never goes
// back.
func (s *Service) note(t *turn, step Step, done, all int64) Progress {
	now := s.desk.Effective()
	s.mu.Lock()
	p := &t.progress
	moved := step != p.Step
	if moved || done >= p.Done {
		p.Step, p.Done, p.All = step, done, all
	}
	told := *p
	due := moved || now.Sub(t.told) >= tellEvery
	if due {
		t.told = now
	}
	s.mu.Unlock()
	if due {
		s.tellWatchers()
	}
	return told
}

// Running is how far the backup is that is being made, nil where there is none.
func (s *Service) Running() *Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn == nil {
		return nil
	}
	p := s.turn.progress
	return &p
}

// Watch calls fn each time a backup has come further, at most once a second, and
// when it is over; until stop is called. fn must return quickly, and asks
// [Service.Running].
func (s *Service) Watch(fn func()) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watches++
	nth := s.watches
	s.watchers[nth] = fn
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, nth)
	}
}

func (s *Service) tellWatchers() {
	s.mu.Lock()
	all := make([]func(), 0, len(s.watchers))
	for _, fn := range s.watchers {
		all = append(all, fn)
	}
	s.mu.Unlock()
	for _, fn := range all {
		fn()
	}
}

// Cancel ends the backup that is being made, whoever began it. Make gives it up
// soon after and leaves nothing of it. Where none is made Cancel refuses with
// [core.CodeNotFound].
func (s *Service) Cancel(ctx context.Context, req core.Request) error {
	var t *turn
	_, err := s.desk.Do(ctx, req, core.ActBackupCancel, func(act *core.Act) error {
		var id core.ID
		if t, id = s.current(); t == nil {
			return core.Refuse(core.CodeNotFound).With("sentence", "words.no-backup")
		}
		ref := core.Ref{Kind: core.KindBackup, ID: id}
		act.Log(ref)
		announce(act, ref)
		return nil
	})
	if err == nil && t != nil {
		t.cancel()
	}
	return err
}

func (s *Service) current() (t *turn, id core.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn == nil {
		return nil, 0
	}
	return s.turn, s.turn.id
}

// lose notes that the end of t couldn't be recorded.
func (s *Service) lose(t *turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = t.id
}

// settles reports whether a listed backup was begun by this service, not by a
// process of before, and its end is recorded, or will be.
func (s *Service) settles(id core.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first != 0 && id >= s.first && id != s.lost
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

package coretest

import (
	"sync"
	"testing"

	"willcall/core"
	"willcall/core/activity"
)

// Spaces remembers which spaces a store's commits wrote to, beside those it was
// told of: the seam can't list them. It is safe for concurrent use.
type Spaces struct {
	mu   sync.Mutex
	seen map[core.Space]bool
}

// WatchSpaces listens to a store until the test's end. derived are the spaces of
// projections, which no commit is said to touch.
func WatchSpaces(t testing.TB, store core.Store, derived ...core.Space) *Spaces {
	t.Helper()
	s := &Spaces{seen: map[core.Space]bool{}}
	for _, space := range derived {
		s.seen[space] = true
	}
	t.Cleanup(store.Watch(func(c core.Commit) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, touch := range c.Touched {
			s.seen[touch.Space] = true
		}
	}))
	return s
}

// Dump reads every record of the spaces written to, by "space/key".
func (s *Spaces) Dump(v core.View) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]string{}
	for space := range s.seen {
		err := v.Ascend(space, nil, nil, func(key, value []byte) error {
			all[string(space)+"/"+string(key)] = string(value)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Dump is everything the house's store holds, by "space/key".
func (h *House) Dump() map[string]string {
	h.T.Helper()
	var all map[string]string
	h.Must(h.Store.View(h.Ctx, func(v core.View) (err error) {
		all, err = h.spaces.Dump(v)
		return err
	}))
	return all
}

// Journal is every entry of the journal, oldest first.
func (h *House) Journal() []core.Entry {
	h.T.Helper()
	var all []core.Entry
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		return activity.Journal{}.Ascend(v, 0, func(_ core.ID, e core.Entry) error {
			all = append(all, e)
			return nil
		})
	}))
	return all
}

// Notify puts a notice into an operator's inbox.
func (h *House) Notify(to core.ID, n core.Notice) {
	h.T.Helper()
	h.Act(func(act *core.Act) error { return activity.Inbox{}.Notify(act.Tx, act.At, to, n) })
}

// Act runs fn in an act of the owner's, past the desk's checks.
func (h *House) Act(fn func(act *core.Act) error) {
	h.T.Helper()
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		return fn(&core.Act{
			Tx: tx, Req: core.Request{Institution: h.Made.Institution}, At: h.Clock.Effective(), Random: Random(7),
		})
	}))
}

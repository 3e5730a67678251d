package storagetest

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
)

// step is one update of a random history, or a look at all registers.
type step struct {
	Reads  []string // registers it reads before it writes
	Writes []string // and those it then writes its own name to
	Fails  bool     // after its writes
	Looks  bool     // is a view

	name       string
	seen       map[string]string // what the committed run read
	begun, end uint64            // on the clock of the history
}

// lastWriter is a register that every update writes, so that a look tells which
// state it saw. Where an update wrote, it also leaves a key of its own.
const lastWriter = "last"

func registers() []string { return []string{"a", "b", "c", "d", lastWriter} }

// plans are a history for each of several callers.
func plans() *rapid.Generator[[][]step] {
	register := rapid.SampledFrom(registers()[:4])
	one := rapid.Custom(func(r *rapid.T) step {
		return step{
			Reads:  rapid.SliceOfNDistinct(register, 0, 3, rapid.ID).Draw(r, "reads"),
			Writes: rapid.SliceOfNDistinct(register, 0, 3, rapid.ID).Draw(r, "writes"),
			Fails:  rapid.IntRange(0, 5).Draw(r, "fails") == 0,
			Looks:  rapid.IntRange(0, 3).Draw(r, "looks") == 0,
		}
	})
	return rapid.SliceOfN(rapid.SliceOfN(one, 1, 6), 2, 5)
}

// historiesExplained runs random updates and views at once: the order of the
// revisions has to explain everything they read, and agree with the order in
// which they were called and answered.
func historiesExplained(t *testing.T, store core.Store) {
	var heard []core.Commit
	defer store.Watch(func(c core.Commit) { heard = append(heard, c) })()
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		heard = nil
		state := map[string]string{}
		look(t, store, func(v core.View) error { return readAll(v, registers(), state) })
		plan := plans().Draw(r, "plan")
		runPlan(t, store, plan, round)
		h := newHistory(state, heard)
		for i := range plan {
			for j := range plan[i] {
				h.add(&plan[i][j])
			}
		}
		if err := h.explain(); err != nil {
			r.Fatalf("%v", err)
		}
	})
}

func readAll(v core.View, keys []string, into map[string]string) error {
	for _, key := range keys {
		raw, err := v.Get(things, []byte(key))
		if err != nil {
			return err
		}
		into[key] = string(raw)
	}
	return nil
}

// runPlan runs each caller's steps on a goroutine of its own.
func runPlan(t *testing.T, store core.Store, plan [][]step, round int) {
	var clock atomic.Uint64
	var callers sync.WaitGroup
	for i, steps := range plan {
		callers.Go(func() {
			for j := range steps {
				s := &steps[j]
				s.name = fmt.Sprintf("#%d/%d/%d", round, i, j)
				s.begun = clock.Add(1)
				if err := s.run(t, store); err != nil && (!s.Fails || !errors.Is(err, errRefused)) {
					t.Errorf("%s: %v", s.name, err)
				}
				s.end = clock.Add(1)
			}
		})
	}
	callers.Wait()
}

func (s *step) run(t *testing.T, store core.Store) error {
	if s.Looks {
		return store.View(t.Context(), func(v core.View) error {
			s.seen = map[string]string{}
			return readAll(v, registers(), s.seen)
		})
	}
	return store.Update(t.Context(), func(tx core.Tx) error {
		s.seen = map[string]string{}
		if err := readAll(tx, s.Reads, s.seen); err != nil {
			return err
		}
		for _, key := range append([]string{lastWriter, s.name}, s.Writes...) {
			if err := tx.Put(things, []byte(key), []byte(s.name)); err != nil {
				return err
			}
		}
		if s.Fails {
			return errRefused
		}
		return nil
	})
}

// history is what happened, to be explained one revision after the other.
type history struct {
	state map[string]string
	order []string // names of updates, by revision
	steps map[string]*step
	told  map[string]bool
	looks []*step
}

func newHistory(state map[string]string, heard []core.Commit) *history {
	h := &history{state: state, steps: map[string]*step{}, told: map[string]bool{}}
	for _, c := range heard {
		for _, touch := range c.Touched {
			if strings.HasPrefix(touch.Key, "#") {
				h.order = append(h.order, touch.Key)
			}
		}
	}
	return h
}

func (h *history) add(s *step) {
	switch {
	case s.Looks:
		h.looks = append(h.looks, s)
	case !s.Fails:
		h.steps[s.name] = s
	}
}

// explain replays the updates in their order; each state answers its looks.
func (h *history) explain() error {
	if len(h.order) != len(h.steps) {
		return fmt.Errorf("%d updates were told of, %d were done: %v", len(h.order), len(h.steps), h.order)
	}
	latest := uint64(0) // begin of all updates so far
	for _, name := range h.order {
		if h.steps[name] == nil {
			return fmt.Errorf("told of %s, which failed", name)
		}
	}
	if err := h.answer(0); err != nil {
		return err
	}
	for i, name := range h.order {
		s := h.steps[name]
		if h.told[name] {
			return fmt.Errorf("told of %s twice", name)
		}
		h.told[name] = true
		for key, got := range s.seen {
			if got != h.state[key] {
				return fmt.Errorf("%s read %q under %s, the order of revisions gives %q", name, got, key, h.state[key])
			}
		}
		if s.end < latest {
			return fmt.Errorf("%s was answered before one ahead of it was called", name)
		}
		latest = max(latest, s.begun)
		for _, key := range append(s.Writes, lastWriter) {
			h.state[key] = name
		}
		if err := h.answer(i + 1); err != nil {
			return err
		}
	}
	if len(h.looks) > 0 {
		return fmt.Errorf("%s saw a state that never was: %v", h.looks[0].name, h.looks[0].seen)
	}
	return nil
}

// answer takes the looks at the present state, which the first done updates
// made, and holds that they came neither too early nor too late.
func (h *history) answer(done int) error {
	var rest []*step
	for _, s := range h.looks {
		if s.seen[lastWriter] != h.state[lastWriter] {
			rest = append(rest, s)
			continue
		}
		if !maps.Equal(s.seen, h.state) {
			return fmt.Errorf("%s saw %v, of several states; one is %v", s.name, s.seen, h.state)
		}
		for i, name := range h.order {
			if u := h.steps[name]; i >= done && u.end < s.begun || i < done && u.begun > s.end {
				return fmt.Errorf("%s and %s are in the wrong order: %v", s.name, name, h.order)
			}
		}
	}
	h.looks = rest
	return nil
}

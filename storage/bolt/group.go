package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"willcall/core"
)

// triesMost is how often a group is tried again because one of it failed after
// it wrote. Beyond it each runs alone, so that the work stays in proportion.
const triesMost = 4

// group is what shares a commit. All its state is here, not on the stack: the
// goroutine that serves it may be ended by a function it runs.
type group struct {
	members []*request
	tries   int
	ending  ending // of what is done for all of it: projections and commit
	done    bool
}

// serve runs g and answers all of it, once its commit is done and told: even a
// refusal may rest on what another one of the group wrote.
func (w *writer) serve(g *group) {
	for !g.done {
		if g.ending.failed() || g.tries > triesMost {
			if len(g.members) > 1 {
				w.split(g)
				return
			}
			g.members[0].ending = g.ending
			break
		}
		g.tries++
		w.attempt(g)
	}
	w.announce(g)
	for _, r := range g.members {
		close(r.answered)
	}
}

// split puts a group for each member in the place of g, so that what is wrong
// with one doesn't become that of others.
func (w *writer) split(g *group) {
	groups := w.groups[:1:1]
	for _, r := range g.members {
		r.out = false
		groups = append(groups, &group{members: []*request{r}})
	}
	w.groups = append(groups, w.groups[1:]...)
}

// attempt runs the members of g on one transaction and commits it. Where g is
// not done then, it is to be tried again, or failed.
func (w *writer) attempt(g *group) {
	btx, err := w.begin(true)
	if err != nil {
		g.ending = ending{err: fmt.Errorf("update: %w", err)}
		return
	}
	e := &engine{tx: btx}
	defer w.rollBack(e)
	if !w.run(g, e) || !g.heed() {
		g.done = len(g.members) == 1
		return
	}
	w.call(&g.ending, func() error { return w.project(e, g) })
	if g.ending.failed() {
		return
	}
	err = w.commit(e)
	if errors.Is(err, core.ErrOutcomeUnknown) {
		g.doubt(err)
	} else {
		g.ending.err = err
	}
	w.room.after(err)
	if g.done = !g.ending.failed(); g.done && g.goesOn() {
		g.done, g.tries = false, 0
	}
}

// run runs the members of g in turn and reports whether what they wrote can be
// committed. One that must leave nothing is skipped, as long as the same others
// wrote before it.
func (w *writer) run(g *group, e *engine) bool {
	var behind []*request
	for _, r := range g.members {
		if !r.take() || r.cancelled() || r.out && slices.Equal(r.behind, behind) {
			continue
		}
		r.out, r.behind = true, slices.Clone(behind) // stays so where it ends the goroutine
		r.tx = &transaction{view: view{ctx: r.ctx, engine: e}}
		w.runOne(r)
		if r.out = r.ending.failed() && (r.tx.wrote || e.spoiled != nil); r.out {
			return false
		}
		if r.tx.wrote {
			behind = append(behind, r)
		}
	}
	return true
}

func (w *writer) runOne(r *request) {
	tx := r.tx
	defer func() { tx.ended = true }()
	w.call(&r.ending, func() error {
		if err := r.fn(tx); err != nil {
			return err
		}
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("update: %w", err)
		}
		return tx.spoiled
	})
}

// heed looks for members whose context has ended since they ran, and reports
// whether none of them had written.
func (g *group) heed() bool {
	clean := true
	for _, r := range g.members {
		if r.effective() && r.cancelled() {
			r.out = r.tx.wrote
			clean = clean && !r.out
		}
	}
	return clean
}

// cancelled reports whether the context of r has ended, and ends r with it.
func (r *request) cancelled() bool {
	err := r.ctx.Err()
	if err != nil {
		r.ending = ending{err: fmt.Errorf("update: %w", err)}
	}
	return err != nil
}

// gone reports whether r ended with its context.
func (r *request) gone() bool {
	err := r.ctx.Err()
	return err != nil && errors.Is(r.ending.err, err)
}

// effective reports whether the last run of r counts.
func (r *request) effective() bool { return r.tx != nil && !r.out && !r.ending.failed() }

// touched is what g touched, each key as it is in the end.
func (g *group) touched() map[place]bool {
	all := map[place]bool{}
	for _, r := range g.members {
		if !r.effective() {
			continue
		}
		for at, deleted := range r.tx.touched {
			all[at] = deleted
		}
	}
	return all
}

// doubt gives err to all whose answer rests on a commit of which it isn't known
// whether it came to be: those who wrote, and those who ran behind one that did,
// since they may have answered by what it wrote. Who was cancelled, panicked or
// ended its goroutine is told that.
func (g *group) doubt(err error) {
	behind := false
	for _, r := range g.members {
		r.doubtful = r.effective()
		behind = behind || r.doubtful && r.tx.wrote
		if behind && r.tx != nil && !r.gone() && r.ending.panicked == nil && !r.ending.exited {
			r.ending.err = err
		}
	}
}

// commit makes what was written durable. Where nothing was, there is nothing to
// do.
func (w *writer) commit(e *engine) error {
	if e.writes == 0 {
		return nil
	}
	id := e.tx.ID()
	if err := e.commit(); err != nil {
		return w.commitError(id, err)
	}
	return nil
}

func (e *engine) commit() (err error) {
	defer damaged(&err)
	return e.tx.Commit()
}

// rollBack gives up what isn't committed; after a commit it does nothing. Where
// bbolt fails even at that, it keeps its locks.
func (w *writer) rollBack(e *engine) {
	var err error
	func() {
		defer damaged(&err)
		_ = e.tx.Rollback()
	}()
	if err != nil {
		w.broken.Store(true)
	}
}

// announce tells the watchers what each member did, or may have done: that a
// thing changed is a hint to read it again. A watcher may end the goroutine: the
// next one goes on behind it.
func (w *writer) announce(g *group) {
	for _, r := range g.members {
		if !r.told && (r.effective() || r.doubtful) {
			w.compose(r)
		}
		r.told = true
		w.tell(r)
	}
}

// compose makes what the watchers hear of r, if anything.
func (w *writer) compose(r *request) {
	if r.renewal != nil && r.effective() {
		w.projections = append(w.projections, r.renewal.p)
	}
	if r.tx.wrote {
		w.revision++
	} else if len(r.tx.events) == 0 {
		return
	}
	r.news = core.Commit{Revision: w.revision, Events: r.tx.events, Touched: touches(r.tx.touched)}
	r.untold = w.watchers.now()
}

// tell calls the watchers that r has to be told to. The first that panics or ends
// the goroutine does so to the caller of r, once all were told.
func (w *writer) tell(r *request) {
	for {
		if r.heard.failed() && !r.ending.failed() {
			r.ending = r.heard
		}
		r.heard = ending{}
		if len(r.untold) == 0 {
			return
		}
		fn := *r.untold[0]
		r.untold = r.untold[1:]
		w.call(&r.heard, func() error {
			fn(r.news)
			return nil
		})
	}
}

// project brings every projection up to date with what g touched. It runs for
// all of a group, so no member's context ends it.
func (w *writer) project(e *engine, g *group) error {
	if len(w.projections) == 0 || e.writes == 0 {
		return nil
	}
	t := &transaction{view: view{ctx: context.Background(), engine: e}}
	defer func() { t.ended = true }()
	if err := apply(t, w.projections, touches(g.touched())); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	if e.spoiled != nil {
		return fmt.Errorf("update: %w", e.spoiled)
	}
	return nil
}

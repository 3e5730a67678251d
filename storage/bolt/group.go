package bolt

import (
	"context"
	"errors"
	"fmt"

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
		g.blame(err)
	} else {
		g.ending.err = err
	}
	g.done = !g.ending.failed()
	w.room.after(err)
}

// run runs the members of g in turn and reports whether what they wrote can be
// committed. One that must leave nothing is skipped, as long as what it saw is
// the same.
func (w *writer) run(g *group, e *engine) bool {
	behind := 0
	for _, r := range g.members {
		if r.out && r.behind == behind || !r.take() {
			continue
		}
		r.out, r.behind = true, behind // stays so where it ends the goroutine
		r.tx = &transaction{view: view{ctx: r.ctx, engine: e}}
		w.runOne(r)
		if r.out = r.ending.failed() && (r.tx.wrote || e.spoiled != nil); r.out {
			return false
		}
		if r.tx.wrote {
			behind++
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
		if err := r.ctx.Err(); err != nil && r.effective() {
			r.ending.err = fmt.Errorf("update: %w", err)
			r.out = r.tx.wrote
			clean = clean && !r.out
		}
	}
	return clean
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

// blame gives err to all that wrote.
func (g *group) blame(err error) {
	for _, r := range g.members {
		if r.effective() && r.tx.wrote {
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

// announce tells the watchers what each member did. A watcher may end the
// goroutine: the next one goes on behind it.
func (w *writer) announce(g *group) {
	for _, r := range g.members {
		if r.told || !r.effective() {
			continue
		}
		r.told = true
		if r.projection != nil {
			w.projections = append(w.projections, r.projection)
		}
		if r.tx.wrote {
			w.revision++
		} else if len(r.tx.events) == 0 {
			continue
		}
		c := core.Commit{Revision: w.revision, Events: r.tx.events, Touched: touches(r.tx.touched)}
		w.call(&r.ending, func() error {
			w.watchers.tell(c)
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

package session

import (
	"context"
	"maps"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/drafts"
)

// DraftPause is how long after a change what was typed is kept: a killed
// program loses no more than was typed in that time.
const DraftPause = time.Second

// DraftStore is where drafts lie, such as a [drafts.Service].
type DraftStore interface {
	Keep(ctx context.Context, req core.Request, d drafts.Draft) (time.Time, error)
	All(ctx context.Context, req core.Request, forms string) ([]drafts.Draft, error)
	Discard(ctx context.Context, req core.Request, form string) error
}

// Drafts keeps what is typed into forms, in the order in which it was asked to:
// a command that runs late changes nothing any more. It is safe for concurrent
// use.
type Drafts struct {
	store DraftStore

	mu     sync.Mutex
	issued uint64
	turns  map[draftKey]*turns // of the forms that something was asked for and isn't done
}

// turns are what is asked for one form's draft.
type turns struct {
	waiting int    // that weren't done yet
	done    uint64 // the number of the newest that was
}

// draftKey names a form of an operator in an institution.
type draftKey struct {
	operator, institution core.ID
	form                  string
}

func keyOf(req core.Request, form string) draftKey {
	return draftKey{req.Actor.ID, req.Institution, form}
}

// NewDrafts keeps drafts in a store.
func NewDrafts(store DraftStore) *Drafts {
	return &Drafts{store: store, turns: map[draftKey]*turns{}}
}

// issue numbers what is asked for the drafts of some forms now. Each is to be
// done by one call of [Drafts.inTurn].
func (d *Drafts) issue(req core.Request, forms ...string) uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.issued++
	for _, form := range forms {
		key := keyOf(req, form)
		if d.turns[key] == nil {
			d.turns[key] = &turns{}
		}
		d.turns[key].waiting++
	}
	return d.issued
}

// inTurn does fn, unless something newer was done with the form. Once nothing
// waits for the form its turns are forgotten.
func (d *Drafts) inTurn(req core.Request, form string, nth uint64, fn func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := keyOf(req, form)
	t := d.turns[key]
	if t == nil {
		return nil // it was done
	}
	if t.waiting--; t.waiting == 0 {
		delete(d.turns, key)
	}
	if t.done > nth {
		return nil
	}
	err := fn()
	if err == nil {
		t.done = nth
	}
	return err
}

// Kept is the answer to keeping a form's draft.
type Kept struct {
	Form string
	At   time.Time
}

// DraftsRead is the answer to reading a page's drafts.
type DraftsRead []drafts.Draft

// DraftPaused tells a page that [DraftPause] has passed since something was
// typed there.
type DraftPaused struct{ Page PageKey }

// Keeper is a page with forms whose drafts are kept.
type Keeper interface {
	// Unkept gives what stands in its forms and isn't kept as it stands.
	Unkept() []drafts.Draft
	// Typed reports whether anything stands in them that isn't saved.
	Typed() bool
}

// KeepDrafts keeps all of them, one after the other, and gives the first error.
func (s *Session) KeepDrafts(all []drafts.Draft) func() error {
	keeping, ctx, req := s.Drafts, s.Ctx, s.Request
	forms := make([]string, len(all))
	for i, d := range all {
		forms[i] = d.Form
	}
	nth := keeping.issue(req, forms...)
	return func() (first error) {
		ctx, cancel := context.WithTimeout(ctx, Timeout)
		defer cancel()
		for _, d := range all {
			err := keeping.inTurn(req, d.Form, nth, func() error {
				_, err := keeping.store.Keep(ctx, req, d)
				return err
			})
			if first == nil {
				first = err
			}
		}
		return first
	}
}

// ReadDrafts reads the drafts of a page, whose forms' names begin with its key
// and a dot; the answer is [DraftsRead].
func (s *Session) ReadDrafts(page PageKey) tea.Cmd {
	if s.Drafts == nil {
		return nil
	}
	store := s.Drafts.store
	return s.Do(page, 0, func(ctx context.Context, req core.Request) (any, error) {
		all, err := store.All(ctx, req, string(page)+".")
		return DraftsRead(all), err
	})
}

// DiscardDraft forgets a form's draft.
func (s *Session) DiscardDraft(page PageKey, form string) tea.Cmd {
	if s.Drafts == nil {
		return nil
	}
	keeping, nth := s.Drafts, s.Drafts.issue(s.Request, form)
	return s.Do(page, 0, func(ctx context.Context, req core.Request) (any, error) {
		return Kept{Form: form}, keeping.inTurn(req, form, nth, func() error { return keeping.store.Discard(ctx, req, form) })
	})
}

// Keeping is what a form knows of its draft. The zero value is that of a form
// without one. It is used from the update loop only.
type Keeping struct {
	// At is when the draft was kept last, by this page; zero for never, and while
	// it is being kept.
	At time.Time
	// Err is why it could not be kept last.
	Err error

	kept  map[string]string // what was typed when it was kept last
	armed bool              // a pause is awaited
}

// Restored notes that the form was filled from a draft.
func (k *Keeping) Restored(d drafts.Draft) { k.kept = d.Typed }

// Behind reports whether something else stands in the form than is kept.
func (k *Keeping) Behind(typed map[string]string) bool { return !maps.Equal(k.kept, typed) }

// Since is when what was typed was kept; zero unless all of it is.
func (k *Keeping) Since(typed map[string]string) time.Time {
	if k.Behind(typed) {
		return time.Time{}
	}
	return k.At
}

// Changed is called after each key with what was typed by then. Once something
// isn't kept it waits for [DraftPause]; the answer is [DraftPaused].
func (k *Keeping) Changed(s *Session, page PageKey, typed map[string]string) tea.Cmd {
	if s.Drafts == nil || k.armed || !k.Behind(typed) {
		return nil
	}
	k.armed = true
	return tea.Tick(DraftPause, func(time.Time) tea.Msg { return DraftPaused{page} })
}

// Keep keeps a draft where it isn't kept as it stands; one of nothing is
// discarded. The answer is [Kept].
func (k *Keeping) Keep(s *Session, page PageKey, d drafts.Draft) tea.Cmd {
	k.armed = false
	if s.Drafts == nil || !k.Behind(d.Typed) {
		return nil
	}
	k.kept, k.At = d.Typed, time.Time{}
	if len(d.Typed) == 0 {
		return s.DiscardDraft(page, d.Form)
	}
	keeping, nth := s.Drafts, s.Drafts.issue(s.Request, d.Form)
	return s.Do(page, 0, func(ctx context.Context, req core.Request) (any, error) {
		kept := Kept{Form: d.Form}
		err := keeping.inTurn(req, d.Form, nth, func() (err error) {
			kept.At, err = keeping.store.Keep(ctx, req, d)
			return err
		})
		return kept, err
	})
}

// Took notes how keeping went. After a failure the next change tries again.
func (k *Keeping) Took(at time.Time, err error) {
	k.At, k.Err = at, err
	if err != nil {
		k.kept = nil
	}
}

// Draftable is a form whose draft is kept.
type Draftable interface {
	comparable
	// Unkept is the draft of what stands in the form; where nothing was typed it
	// holds no fields.
	Unkept() drafts.Draft
	// Keeping is what it knows of its draft.
	Keeping() *Keeping
}

// Forms are all in which something may stand: the one in front, if there is one,
// and those that were left and are kept.
func Forms[K comparable, F Draftable](front F, kept map[K]F) (all []F) {
	var none F
	if front != none {
		all = append(all, front)
	}
	for _, f := range kept {
		if f != front {
			all = append(all, f)
		}
	}
	return all
}

// Earlier are the drafts that were kept before, by their forms' names, without
// those of forms in which something was typed since.
func Earlier[F Draftable](all DraftsRead, forms []F) map[string]drafts.Draft {
	earlier := make(map[string]drafts.Draft, len(all))
	for _, d := range all {
		earlier[d.Form] = d
	}
	for _, f := range forms {
		if d := f.Unkept(); len(d.Typed) > 0 {
			delete(earlier, d.Form)
		}
	}
	return earlier
}

// Unkept gives the drafts of forms in which something else stands than is kept.
func Unkept[F Draftable](forms []F) (all []drafts.Draft) {
	for _, f := range forms {
		if d := f.Unkept(); len(d.Typed) > 0 && f.Keeping().Behind(d.Typed) {
			all = append(all, d)
		}
	}
	return all
}

// KeepPaused keeps the drafts of a page's forms once nothing was typed there for
// a moment.
func KeepPaused[F Draftable](s *Session, page PageKey, msg DraftPaused, forms []F) tea.Cmd {
	if msg.Page != page {
		return nil
	}
	var all []tea.Cmd
	for _, f := range forms {
		all = append(all, f.Keeping().Keep(s, page, f.Unkept()))
	}
	return tea.Batch(all...)
}

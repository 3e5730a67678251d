// Package doctor looks through everything that is stored for what doesn't hold
// together, and mends what can be mended.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/backup"
	"willcall/core/contacts"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/record"
	"willcall/core/secret"
	"willcall/core/validation"
	"willcall/core/venue"
)

const (
	// mostKept bounds how many findings are held at a time.
	mostKept = 200_000
	// perAct is how many findings are mended in one act.
	perAct = 500
	// mostRounds bounds how often is looked again for what a mending brought to
	// light.
	mostRounds = 20
)

// Examine reports what is wrong with anything stored. keys open what is sealed;
// nil leaves that out.
func Examine(v core.View, keys *secret.Keys, report func(core.Finding) error) error {
	err := errors.Join(
		core.Examine(v, report),
		venue.Examine(v, report),
		operators.Examine(v, report),
		contacts.Examine(v, report),
		validation.Examine(v, report),
		mail.Examine(v, venue.Known(v), report),
		activity.Examine(v, operators.Known(v), report),
		backup.Examine(v, report),
		drafts.Examine(v, venue.Known(v), report),
	)
	if err != nil || keys == nil {
		return err
	}
	return errors.Join(
		mail.ExamineSeals(v, keys, report), drafts.ExamineSeals(v, keys, report), operators.ExamineSeals(v, keys, report))
}

// Service examines and mends the data of one store. It is safe for concurrent
// use, but what is mended should not be worked on by anybody else.
type Service struct {
	desk  *core.Desk
	store Store
	keys  *secret.Keys
	stale bool // what is derived is
}

// Store is where data is examined. [core.Store] is one.
type Store interface {
	// View is that of [core.Store].
	View(ctx context.Context, fn func(core.View) error) error
}

// NewService makes a service; keys are nil where there is no usable key file,
// and desk where nothing is to be mended.
func NewService(desk *core.Desk, store Store, keys *secret.Keys) *Service {
	return &Service{desk: desk, store: store, keys: keys}
}

// Underived is the service without a word on what is derived, which is that of
// another version of the program, and made anew when the store is opened.
func (s *Service) Underived() *Service {
	other := *s
	other.stale = true
	return &other
}

// Found is what an examination found.
type Found struct {
	// Findings are the first of them, no more than 200,000.
	Findings []core.Finding
	// More tells that there were more.
	More bool
	// Quarantined counts what was set aside earlier, by the space it came from.
	Quarantined map[core.Space]int
	// Aside are the first keys of each space under which it lay.
	Aside map[core.Space][][]byte
	// Institutions are the names of those that can be read.
	Institutions map[core.ID]string
}

// Mendable reports whether any of the findings can be mended.
func (f *Found) Mendable() bool {
	return slices.ContainsFunc(f.Findings, func(f core.Finding) bool { return f.Mend != nil })
}

// fewAside is how many keys of a space are kept of what was set aside.
const fewAside = 3

// look notes what there is beside findings.
func (f *Found) look(v core.View) error {
	f.Quarantined, f.Aside = map[core.Space]int{}, map[core.Space][][]byte{}
	err := record.EachAside(v, func(space core.Space, key []byte) error {
		if f.Quarantined[space]++; f.Quarantined[space] <= fewAside {
			f.Aside[space] = append(f.Aside[space], slices.Clone(key))
		}
		return nil
	})
	if err == nil {
		f.Institutions, err = venue.InstitutionNames(v)
	}
	return err
}

// errMore ends an examination that found more than is held.
var errMore = errors.New("more findings than are held")

// Examine looks at one state of the store and changes nothing. tell hears, from
// this goroutine, how many entries were looked at so far.
func (s *Service) Examine(ctx context.Context, tell func(entries int)) (Found, error) {
	var found Found
	err := s.store.View(ctx, func(v core.View) (err error) {
		found = Found{}
		if err := found.look(v); err != nil {
			return err
		}
		return Examine(&counter{View: v, tell: tell}, s.keys, func(f core.Finding) error {
			if s.stale && f.Detail == record.DetailDerived {
				return nil
			}
			if len(found.Findings) == mostKept {
				return errMore
			}
			found.Findings = append(found.Findings, f)
			return nil
		})
	})
	if errors.Is(err, errMore) {
		found.More, err = true, nil
	}
	if err != nil {
		return Found{}, fmt.Errorf("examine the data: %w", err)
	}
	return found, nil
}

// counter is a view that counts what ranges walk over.
type counter struct {
	core.View
	tell func(entries int)
	seen int
}

// Ascend implements [core.View].
func (c *counter) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	return c.View.Ascend(space, from, to, func(key, value []byte) error {
		c.seen++
		c.tell(c.seen)
		return fn(key, value)
	})
}

// Repair examines, mends what can be mended and examines again, until nothing
// is left to mend. It gives how many findings were mended and what is left.
func (s *Service) Repair(ctx context.Context, req core.Request, tell func(entries int)) (mended int, left Found, err error) {
	for range mostRounds {
		if left, err = s.Examine(ctx, tell); err != nil {
			return mended, left, err
		}
		todo := mendable(left.Findings)
		if len(todo) == 0 {
			break
		}
		for batch := range slices.Chunk(todo, perAct) {
			if err := s.mend(ctx, req, batch); err != nil {
				return mended, left, fmt.Errorf("mend the data: %w", err)
			}
			mended += len(batch)
		}
	}
	return mended, left, nil
}

// mendable are the findings that can be mended, those of counters first: the
// journal entry of the mending takes an id too.
func mendable(found []core.Finding) []core.Finding {
	todo := slices.DeleteFunc(slices.Clone(found), func(f core.Finding) bool { return f.Mend == nil })
	order := func(f core.Finding) int {
		if f.Detail == record.DetailCounter {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(todo, func(a, b core.Finding) int { return order(a) - order(b) })
	return todo
}

// mend puts a batch of findings right in one act.
func (s *Service) mend(ctx context.Context, req core.Request, batch []core.Finding) error {
	_, err := s.desk.Do(ctx, req, core.ActDoctor, func(act *core.Act) error {
		counts := map[core.Fault]int{}
		for _, f := range batch {
			if err := f.Mend(act.Tx); err != nil {
				return fmt.Errorf("%s in %s: %w", f.Fault, f.Space, err)
			}
			counts[f.Fault]++
		}
		act.Log(core.Ref{Kind: core.KindStorage}, details(counts)...)
		return nil
	})
	return err
}

// details are what the journal keeps of a mending: how many of each fault.
func details(counts map[core.Fault]int) (all []core.Detail) {
	for _, fault := range core.Faults() {
		if counts[fault] > 0 {
			all = append(all, core.Detail{Name: fault.String(), Value: strconv.Itoa(counts[fault])})
		}
	}
	return all
}

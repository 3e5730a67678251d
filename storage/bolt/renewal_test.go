package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"willcall/core"
)

// copiedKeys are the derived ones.
func copiedKeys(t *testing.T, s *Store) (all []string) {
	t.Helper()
	err := s.View(context.Background(), func(v core.View) error {
		return v.Ascend(copied, nil, nil, func(key, _ []byte) error {
			all = append(all, string(key))
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// TestRenewalIsMadeInSteps makes one of 25 keys in steps of 10 and 5, the last
// one full, ends it early in each step, and makes it again.
func TestRenewalIsMadeInSteps(t *testing.T) {
	t.Parallel()
	for _, batch := range []int{5, 10, 100} {
		for ends := range 25 {
			t.Run(fmt.Sprintf("%d at a time, ended by the key %d", batch, ends), func(t *testing.T) {
				t.Parallel()
				s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), Options{NoSync: true, InitialMap: 1 << 20})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = s.Close() }()
				var want []string
				for i := range 25 {
					want = append(want, fmt.Sprintf("%02d", i))
					if err := s.Update(t.Context(), writing(want[i])); err != nil {
						t.Fatal(err)
					}
				}
				p := &copies{fail: func(key string) error {
					if key == want[ends] {
						return errRefused
					}
					return nil
				}}
				if err := s.project(t.Context(), &renewal{p: p, batch: batch}); !errors.Is(err, errRefused) {
					t.Errorf("ended early: %v", err)
				}
				if got, most := copiedKeys(t, s), ends/batch*batch; len(got) != most {
					t.Errorf("%d were kept, want %d", len(got), most)
				}
				p = &copies{}
				if err := s.project(t.Context(), &renewal{p: p, batch: batch}); err != nil {
					t.Fatal(err)
				}
				if got := copiedKeys(t, s); !slices.Equal(got, want) {
					t.Errorf("made anew it has %q", got)
				}
				if steps := (25 + batch - 1) / batch; p.applied != steps {
					t.Errorf("applied %d times, want %d", p.applied, steps)
				}
				if err := s.Update(t.Context(), writing("new")); err != nil || p.applied != (25+batch-1)/batch+1 {
					t.Errorf("not registered: %v", err)
				}
			})
		}
	}
}

// TestNobodyRunsBetweenTheStepsOfARenewal queues an update behind it.
func TestNobodyRunsBetweenTheStepsOfARenewal(t *testing.T) {
	t.Parallel()
	s := still(t)
	serve(s, updates(t, writing("a"), writing("b"), writing("c"))...)
	p := &copies{}
	n := &renewal{p: p, batch: 1}
	first := newRequest(t.Context(), n.step)
	first.renewal = n
	later := updates(t, func(tx core.Tx) error {
		if p.applied != 3 {
			t.Errorf("it ran after %d of 3 steps", p.applied)
		}
		return writing("d")(tx)
	})
	serve(s, first, later[0])
	if got := copiedKeys(t, s); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("derived are %q", got)
	}
}

func TestACancelledRenewalEndsBetweenItsSteps(t *testing.T) {
	t.Parallel()
	s := still(t)
	serve(s, updates(t, writing("a"), writing("b"))...)
	ctx, cancel := context.WithCancel(t.Context())
	n := &renewal{p: &copies{}, batch: 1}
	r := newRequest(ctx, func(tx core.Tx) error {
		defer cancel()
		return n.step(tx)
	})
	r.renewal = n
	serve(s, r)
	if !errors.Is(r.ending.err, context.Canceled) {
		t.Errorf("it ended with %+v", r.ending)
	}
}

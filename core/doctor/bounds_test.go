package doctor_test

import (
	"context"
	"fmt"
	"testing"

	"willcall/core"
	"willcall/core/doctor"
)

// littered is a store that always has more keys in its index of mails by state:
// whatever is mended.
type littered struct {
	core.Store
	strays int
	looks  int
}

func (l *littered) View(ctx context.Context, fn func(core.View) error) error {
	l.looks++
	return l.Store.View(ctx, func(v core.View) error { return fn(strayView{v, l.strays}) })
}

type strayView struct {
	core.View
	strays int
}

func (v strayView) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	if space != "outbox.state" {
		return v.View.Ascend(space, from, to, fn)
	}
	for i := range v.strays {
		if err := fn(fmt.Appendf(nil, "x%d", i), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

func TestARepairThatNeverEndsIsGivenUp(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	store := &littered{Store: p.Store, strays: 3}
	mended, left, err := doctor.NewService(p.Desk, store, p.Keys).Repair(p.Ctx, local(), func(int) {})
	p.Must(err)
	const rounds = 20
	if store.looks != rounds || mended != 3*rounds || len(left.Findings) != 3 || !left.Mendable() {
		t.Errorf("looked %d times, mended %d, left are %v", store.looks, mended, faults(left.Findings))
	}
}

func TestMoreFindingsThanAreHeldAreTold(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	const most = 200_000
	for strays, more := range map[int]bool{most: false, most + 1: true} {
		found, err := doctor.NewService(nil, &littered{Store: p.Store, strays: strays}, p.Keys).Examine(p.Ctx, func(int) {})
		p.Must(err)
		if len(found.Findings) != most || found.More != more {
			t.Errorf("of %d it holds %d, and tells of more: %t", strays, len(found.Findings), found.More)
		}
	}
}

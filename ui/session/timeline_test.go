package session

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"willcall/core"
)

// past are ids that fall by one down to 1, the newest of them given.
type past struct {
	newest core.ID
	asked  []core.ID // before which they were read
	broken error
}

// pastBatch is how many are read at once.
const pastBatch = 10

func (p *past) read(_ context.Context, _ core.Request, before core.ID) (s Stretch[core.ID, int], err error) {
	p.asked = append(p.asked, before)
	if before == 0 {
		before = p.newest + 1
		s.Along = int(p.newest)
	}
	for id := before - 1; id > 0 && len(s.Entries) < pastBatch; id-- {
		s.Entries = append(s.Entries, id)
	}
	return s, p.broken
}

// window is a list that shows some rows.
type window struct {
	rows    int
	deepest core.ID
	missing bool
}

func (w window) Want() (first, count int, missing bool) { return 0, w.rows, w.missing }
func (w window) Deepest() core.ID                       { return w.deepest }

func timeline(t *testing.T) *Timeline[core.ID, int] {
	t.Helper()
	line := NewTimeline[core.ID, int](&Session{Ctx: t.Context()}, PageOutbox, func(id core.ID) core.ID { return id })
	return &line
}

// hear takes an answer as a page does.
func hear(t *testing.T, line *Timeline[core.ID, int], msg any) {
	t.Helper()
	answer, ok := msg.(Result)
	if !ok {
		t.Fatalf("answered %v", msg)
	}
	if found, ok := answer.Value.(Found[core.ID, int]); ok && line.Awaits(answer) {
		line.Take(found, answer.Err)
	}
}

// known fails unless the entries run from the newest to the oldest.
func known(t *testing.T, line *Timeline[core.ID, int], newest, oldest core.ID) {
	t.Helper()
	var want []core.ID
	for id := newest; id >= oldest; id-- {
		want = append(want, id)
	}
	if !slices.Equal(line.Entries, want) {
		t.Errorf("known are %v, want %d to %d", line.Entries, newest, oldest)
	}
}

func TestATimelineIsReadAsFarDownAsAnybodyLooks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in     window
		oldest core.ID
	}{
		"one stretch":          {window{rows: 3, deepest: math.MaxUint64}, 91},
		"the screen is taller": {window{rows: 25, deepest: math.MaxUint64}, 71},
		"keys act below it":    {window{rows: 3, deepest: 68}, 61},
		"there is no more":     {window{rows: 300, deepest: math.MaxUint64}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line, p := timeline(t), &past{newest: 100}
			hear(t, line, line.Refresh(c.in, p.read)())
			known(t, line, 100, c.oldest)
			if line.Along != 100 || line.End != (c.oldest == 1) {
				t.Errorf("along came %d, the end is %t", line.Along, line.End)
			}
		})
	}
}

func TestOlderEntriesAreReadOnceAndBelow(t *testing.T) {
	t.Parallel()
	line, p := timeline(t), &past{newest: 100}
	missing := window{rows: 3, deepest: 100, missing: true}
	if cmd := line.Older(missing, p.read); cmd != nil {
		t.Error("something older than nothing is read")
	}
	hear(t, line, line.Refresh(missing, p.read)())
	if cmd := line.Older(window{rows: 3}, p.read); cmd != nil {
		t.Error("more is read though nothing is missing")
	}
	below := line.Older(missing, p.read)
	if line.Older(missing, p.read) != nil {
		t.Error("the same is read twice")
	}
	hear(t, line, below())
	known(t, line, 100, 81)
	if line.Along != 100 {
		t.Errorf("along came %d", line.Along)
	}
	if line.Older(missing, p.read) == nil {
		t.Error("nothing more is read after the first time")
	}
}

func TestAnAnswerFromBeforeTheLastReadingIsDropped(t *testing.T) {
	t.Parallel()
	line, p := timeline(t), &past{newest: 100}
	in := window{rows: 3, deepest: 100, missing: true}
	hear(t, line, line.Refresh(in, p.read)())
	below := line.Older(in, p.read)
	p.newest = 105
	again := line.Refresh(in, p.read)
	hear(t, line, again())
	hear(t, line, below())
	known(t, line, 105, 96)
	if line.Older(in, p.read) == nil {
		t.Error("a dropped answer is waited for")
	}
}

func TestWhatCouldNotBeReadChangesNothing(t *testing.T) {
	t.Parallel()
	line, p := timeline(t), &past{newest: 100}
	in := window{rows: 3, deepest: 100, missing: true}
	hear(t, line, line.Refresh(in, p.read)())
	p.broken = errors.New("the disk is gone")
	hear(t, line, line.Refresh(in, p.read)())
	hear(t, line, line.Older(in, p.read)())
	known(t, line, 100, 91)
	if line.Older(in, p.read) == nil {
		t.Error("it can't be tried again")
	}
}

func TestTheEndOfATimelineIsReadNoMore(t *testing.T) {
	t.Parallel()
	line, p := timeline(t), &past{newest: 20}
	in := window{rows: 20, deepest: 1, missing: true}
	hear(t, line, line.Refresh(in, p.read)())
	known(t, line, 20, 1)
	hear(t, line, line.Older(in, p.read)()) // a full stretch may be the last
	known(t, line, 20, 1)
	if cmd := line.Older(in, p.read); cmd != nil || !line.End {
		t.Errorf("more is read below the oldest; the end is %t", line.End)
	}
	if want := []core.ID{0, 11, 1}; !slices.Equal(p.asked, want) {
		t.Errorf("read before %v, want %v", p.asked, want)
	}
}

func TestAnEntryIsFoundByItsID(t *testing.T) {
	t.Parallel()
	line, p := timeline(t), &past{newest: 100}
	hear(t, line, line.Refresh(window{rows: 3, deepest: 100}, p.read)())
	for _, id := range []core.ID{100, 91, 90, 101} {
		if got, ok := line.Entry(id); ok != (id >= 91 && id <= 100) || ok && got != id {
			t.Errorf("%d is %d, known %t", id, got, ok)
		}
	}
}

package session

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
)

// Stretch is a part of a timeline, newest first.
type Stretch[T, A any] struct {
	Entries []T
	Along   A    // what was read along with them, such as how many there are
	End     bool // there are no older ones
}

// Read reads the newest entries of a timeline that are older than before; 0
// stands for the newest of all. It runs off the update loop, and keeps to what was
// asked for when it was made. An empty stretch is the end.
type Read[T, A any] func(ctx context.Context, req core.Request, before core.ID) (Stretch[T, A], error)

// View is the list that a timeline is shown in.
type View interface {
	// Want tells which rows the screen shows, and whether some of them are missing.
	Want() (first, count int, missing bool)
	// Deepest is the least id that keys act on; the greatest there can be where
	// they act on none.
	Deepest() core.ID
}

// Timeline is what a page knows of things that come one after the other, such as
// mails, and of which there may be any number: the newest ones without a gap, as
// far down as somebody looked. Older ones are read when the screen comes to the
// end of what is known.
type Timeline[T, A any] struct {
	Stretch[T, A] // Along is that of the newest entries

	session *Session
	page    PageKey
	id      func(T) core.ID
	asked   Question // the newest reading from the top
	older   bool     // older ones are being read
}

// Found is the answer to a reading of a timeline.
type Found[T, A any] struct {
	Stretch[T, A]
	Older bool // they stand below those that are known
}

// NewTimeline makes a timeline that is empty until it is read. The ids of its
// entries fall from the newest on.
func NewTimeline[T, A any](s *Session, page PageKey, id func(T) core.ID) Timeline[T, A] {
	return Timeline[T, A]{session: s, page: page, id: id}
}

// Refresh reads from the top again, down to what the screen shows and keys act on.
// It is answered by a [Found].
func (t *Timeline[T, A]) Refresh(in View, read Read[T, A]) tea.Cmd {
	first, count, _ := in.Want()
	need, through := first+count, in.Deepest()
	t.older = false
	return t.session.Do(t.page, t.asked.Next(), func(ctx context.Context, req core.Request) (any, error) {
		all, err := t.newest(ctx, req, read, need, through)
		return Found[T, A]{Stretch: all}, err
	})
}

// newest reads at least so many entries, and on until one as old as through.
func (t *Timeline[T, A]) newest(ctx context.Context, req core.Request, read Read[T, A], need int, through core.ID) (Stretch[T, A], error) {
	all, err := read(ctx, req, 0)
	for err == nil && !t.ends(all) && (len(all.Entries) < need || t.oldest(all) > through) {
		var below Stretch[T, A]
		below, err = read(ctx, req, t.oldest(all))
		all.Entries, all.End = append(all.Entries, below.Entries...), t.ends(below)
	}
	all.End = t.ends(all)
	return all, err
}

func (t *Timeline[T, A]) ends(s Stretch[T, A]) bool { return s.End || len(s.Entries) == 0 }

// oldest is the id of a stretch's last entry.
func (t *Timeline[T, A]) oldest(s Stretch[T, A]) core.ID { return t.id(s.Entries[len(s.Entries)-1]) }

// Older reads on where the screen has come to the end of what is known; nil where
// there is nothing to read. It is answered by a [Found].
func (t *Timeline[T, A]) Older(in View, read Read[T, A]) tea.Cmd {
	if _, _, missing := in.Want(); !missing || t.older || t.ends(t.Stretch) {
		return nil
	}
	t.older = true
	from := t.oldest(t.Stretch)
	return t.session.Do(t.page, t.asked.Stamp, func(ctx context.Context, req core.Request) (any, error) {
		below, err := read(ctx, req, from)
		return Found[T, A]{below, true}, err
	})
}

// Awaits reports whether an answer is to what was asked last.
func (t *Timeline[T, A]) Awaits(answer Result) bool { return answer.Stamp == t.asked.Stamp }

// Take takes an answer that the timeline awaits. What couldn't be read changes
// nothing.
func (t *Timeline[T, A]) Take(found Found[T, A], err error) {
	if found.Older {
		t.older = false
	}
	switch {
	case err != nil:
	case found.Older:
		t.Entries, t.End = append(slices.Clip(t.Entries), found.Entries...), t.ends(found.Stretch)
	default:
		t.Stretch = found.Stretch
	}
}

// Entry is the one of an id, as far as it is known.
func (t *Timeline[T, A]) Entry(id core.ID) (entry T, known bool) {
	at := slices.IndexFunc(t.Entries, func(e T) bool { return t.id(e) == id })
	if at < 0 {
		return entry, false
	}
	return t.Entries[at], true
}

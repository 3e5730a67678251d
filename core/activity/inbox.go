package activity

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// MostNotices is how many notices an operator has; of more, the oldest go.
	MostNotices = 500
	// joinWithin is how long after its first a notice stands for others like it.
	joinWithin = time.Hour
)

const (
	spaceNotices core.Space = "notices"
	// spaceInboxes finds an operator's notices, spaceUnread those of them that
	// were not read, both by age.
	spaceInboxes core.Space = "notices.operator"
	spaceUnread  core.Space = "notices.unread"
)

// notice is a notice as it lies in an inbox.
type notice struct {
	core.Notice
	To    core.ID
	At    time.Time // of the newest it stands for
	First time.Time // of the oldest
	Count uint32    // how many it stands for
	Read  time.Time // zero: not yet
}

func notices() record.Table[notice] {
	inbox := func(n *notice) [][]byte { return [][]byte{inboxKey(n.To)} }
	return record.NewTable(spaceNotices, core.KindNotice, record.New(
		record.Uint(1, func(n *notice) *core.ID { return &n.To }),
		record.Time(2, func(n *notice) *time.Time { return &n.At }),
		record.Time(3, func(n *notice) *time.Time { return &n.First }),
		record.Uint(4, func(n *notice) *uint32 { return &n.Count }),
		record.Time(5, func(n *notice) *time.Time { return &n.Read }),
		record.Text(6, func(n *notice) *core.NoticeKind { return &n.Kind }),
		record.Map(7, func(n *notice) *map[string]string { return &n.Args }),
		record.Text(8, func(n *notice) *core.Kind { return &n.Subject.Kind }),
		record.Uint(9, func(n *notice) *core.ID { return &n.Subject.ID }),
		record.Uint(10, func(n *notice) *core.ID { return &n.Institution }),
	), record.NewIndex(spaceInboxes, inbox), record.NewIndex(spaceUnread, func(n *notice) [][]byte {
		if !n.Read.IsZero() {
			return nil
		}
		return inbox(n)
	}))
}

func inboxKey(operator core.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(operator)) }

// Inbox keeps operators' notices in the store, the newest [MostNotices] of
// each. What comes in floods is joined: within an hour of an unread notice,
// others like it only raise its count. It is safe for concurrent use.
type Inbox struct{}

// Notify implements [core.Inbox].
func (Inbox) Notify(tx core.Tx, at time.Time, to core.ID, n core.Notice) error {
	like, err := alike(tx, at, to, n)
	switch {
	case err != nil:
		return err
	case like != 0:
		err = join(tx, at, like, n)
	default:
		_, err = notices().Insert(tx, core.Installation, notice{Notice: n, To: to, At: at, First: at, Count: 1})
		if err == nil {
			err = dropOldest(tx, to)
		}
	}
	if err != nil {
		return err
	}
	changed(tx, to)
	return nil
}

// changed tells of an operator's inbox.
func changed(tx core.Tx, operator core.ID) {
	tx.Emit(core.Event{Institution: core.Installation, Subject: core.Ref{Kind: core.KindNotice, ID: operator}})
}

// joins reports whether notices of a kind come in floods: failed mails whatever
// they were about, others about the same subject.
func joins(a, b core.Notice) bool {
	if a.Kind != b.Kind || a.Institution != b.Institution {
		return false
	}
	switch a.Kind {
	case core.NoticeMailFailed:
		return true
	case core.NoticeLockedOut, core.NoticeSpray, core.NoticeClockAhead, core.NoticeClockBack:
		return a.Subject == b.Subject
	case core.NoticeSecurity:
	}
	return false
}

// alike finds the newest unread notice that one more may join, 0 for none.
// Notices lie in the order of their first, so what is older ends the search.
func alike(v core.View, at time.Time, to core.ID, n core.Notice) (like core.ID, err error) {
	err = newest(v, spaceUnread, to, 0, unheard, func(id core.ID, old notice) error {
		switch past := at.Sub(old.First); {
		case past >= joinWithin:
			return core.Stop
		case past >= 0 && joins(old.Notice, n):
			like = id
			return core.Stop
		}
		return nil
	})
	return like, err
}

// join lets an unread notice stand for one more, which it then leads to.
func join(tx core.Tx, at time.Time, id core.ID, n core.Notice) error {
	now, version, err := notices().Get(tx, core.Installation, id)
	if err != nil {
		return err
	}
	now.Notice, now.At, now.Count = n, at, now.Count+1
	_, err = notices().Save(tx, core.Installation, id, version, now)
	return err
}

// dropOldest keeps an inbox within its bounds.
func dropOldest(tx core.Tx, operator core.ID) error {
	var ids []core.ID
	err := notices().Lookup(tx, core.Installation, spaceInboxes, inboxKey(operator), func(id core.ID) error {
		ids = append(ids, id)
		return nil
	})
	if err != nil {
		return fmt.Errorf("count an inbox: %w", err)
	}
	for len(ids) > MostNotices {
		_, version, err := notices().Get(tx, core.Installation, ids[0])
		if err == nil {
			err = notices().Delete(tx, core.Installation, ids[0], version)
		}
		if err != nil && !spoilt(err) {
			return fmt.Errorf("drop an old notice: %w", err)
		}
		ids = ids[1:]
	}
	return nil
}

// spoilt reports whether an index led to what can't be read or isn't there.
func spoilt(err error) bool {
	return errors.Is(err, core.ErrDamaged) || core.CodeOf(err) == core.CodeNotFound
}

// unheard is for damage that somebody else tells of.
func unheard(error) {}

// newest calls fn for an operator's notices of an index with ids below before,
// 0 being no limit, newest first; fn returns [core.Stop] to end early. One that
// is spoilt goes to met: it must not hide the others.
func newest(
	v core.View, index core.Space, operator, before core.ID, met func(error), fn func(id core.ID, n notice) error,
) error {
	from := append(core.Prefix(core.Installation), inboxKey(operator)...)
	to := core.PrefixEnd(from)
	if before != 0 {
		to = binary.BigEndian.AppendUint64(append([]byte(nil), from...), uint64(before))
	}
	err := v.Descend(index, from, to, func(key, _ []byte) error {
		id := core.ID(binary.BigEndian.Uint64(key[len(key)-8:]))
		n, _, err := notices().Get(v, core.Installation, id)
		switch {
		case err == nil:
			return fn(id, n)
		case spoilt(err):
			met(fmt.Errorf("%w: %w", core.ErrDamaged, err))
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the inbox of operator %d: %w", operator, err)
	}
	return nil
}

package activity

import (
	"context"
	"fmt"
	"time"

	"willcall/core"
)

// maxNoticeRows is how many notices one answer holds at most.
const maxNoticeRows = 200

// NoticeEntry is a notice in its operator's inbox.
type NoticeEntry struct {
	ID core.ID
	core.Notice
	At time.Time // of the newest it stands for
	// Count is how many notices it stands for: what is alike within an hour is
	// one. Its Subject is the newest one's.
	Count int
	Read  time.Time // zero: not yet
}

// Notices is what operators do in their own inboxes. It is safe for concurrent
// use.
type Notices struct{ desk *core.Desk }

// NewNotices makes the use cases at a desk.
func NewNotices(desk *core.Desk) *Notices { return &Notices{desk} }

// List gives the notices, of whoever asks, with ids below before, 0 being no
// limit, newest first: limit of them, 50 where that is 0, 200 at most. They are
// the operator's own, of every institution. One that can't be read is left out:
// the doctor tells of it.
func (s *Notices) List(ctx context.Context, req core.Request, before core.ID, limit int) (all []NoticeEntry, err error) {
	if limit <= 0 {
		limit = 50
	}
	err = s.desk.See(ctx, req, core.ActNoticesList, func(v core.View) error {
		all = nil
		return newest(v, spaceInboxes, req.Actor.ID, before, s.desk.Met, func(id core.ID, n notice) error {
			all = append(all, NoticeEntry{ID: id, Notice: n.Notice, At: n.At, Count: int(n.Count), Read: n.Read})
			if len(all) == min(limit, maxNoticeRows) {
				return core.Stop
			}
			return nil
		})
	})
	return all, err
}

// Unread counts the notices of whoever asks that were not read.
func (s *Notices) Unread(ctx context.Context, req core.Request) (n int, err error) {
	err = s.desk.See(ctx, req, core.ActNoticesList, func(v core.View) error {
		ids, err := unread(v, req.Actor.ID)
		n = len(ids)
		return err
	})
	return n, err
}

// Read marks notices of whoever asks as read; without ids, all of them. Those
// of others, and what isn't there any more, are passed over.
func (s *Notices) Read(ctx context.Context, req core.Request, ids ...core.ID) error {
	_, err := s.desk.Do(ctx, req, core.ActNoticesRead, func(act *core.Act) error {
		marked := ids
		if len(marked) == 0 {
			all, err := unread(act, req.Actor.ID)
			if err != nil {
				return err
			}
			marked = all
		}
		for _, id := range marked {
			if err := markRead(act, id); err != nil {
				return err
			}
		}
		changed(act, req.Actor.ID)
		return nil
	})
	return err
}

func unread(v core.View, operator core.ID) (ids []core.ID, err error) {
	err = notices().Lookup(v, core.Installation, spaceUnread, inboxKey(operator), func(id core.ID) error {
		ids = append(ids, id)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count unread notices: %w", err)
	}
	return ids, nil
}

func markRead(act *core.Act, id core.ID) error {
	n, version, err := notices().Get(act, core.Installation, id)
	switch {
	case spoilt(err), err == nil && (n.To != act.Req.Actor.ID || !n.Read.IsZero()):
		return nil
	case err != nil:
		return err
	}
	n.Read = act.At
	_, err = notices().Save(act, core.Installation, id, version, n)
	return err
}

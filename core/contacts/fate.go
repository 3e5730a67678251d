package contacts

import (
	"context"
	"time"

	"willcall/core"
)

// Fate is what became of a contact that was removed.
type Fate struct {
	By core.Actor
	At time.Time
	// Until is when its removal can't be undone any more, zero where it is gone
	// for good.
	Until time.Time
}

// Fate tells who removed a contact that is found no more, and until when that
// can be undone (R90). It is zero for one that is there or never was.
func (s *Service) Fate(ctx context.Context, req core.Request, id core.ID) (fate Fate, err error) {
	err = s.desk.See(ctx, req, core.ActContactsHistory, func(v core.View) error {
		fate = Fate{}
		c, _, err := table().Get(v, req.Institution, id)
		switch code := core.CodeOf(err); {
		case err != nil && code != core.CodeNotFound:
			return err
		case err == nil && c.Removed.IsZero():
			return nil
		case err == nil:
			fate.Until = c.Removed.Add(UndoTime)
		}
		return s.chronicle.Of(v, req.Institution, ref(id), 0, func(_ core.ID, e core.Entry) error {
			if e.Refused != "" || e.Action != core.ActContactsRemove {
				return nil
			}
			fate.By, fate.At = e.Actor, e.At
			return core.Stop
		})
	})
	return fate, err
}

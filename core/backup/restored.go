package backup

import (
	"context"
	"errors"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/record"
	"willcall/core/secret"
)

// Revived is what going back to a backup must not bring back.
type Revived struct {
	Sessions int // that were ended
	Mails    int // that waited and were cancelled
}

// Restored is the one act on data that comes out of a backup, before anybody
// works with it: what was issued, opened or waiting then may have been used,
// closed or sent since. Every mailed link and code is void, every session over,
// no device trusted, and every waiting mail cancelled. from is the backup, as its manifest has it: the
// data in it only knows that one was begun, so its end is told now. captured is the
// latest outbox entry of each institution in its mail log.
func (s *Service) Restored(
	ctx context.Context, req core.Request, from Made, captured map[core.ID]core.ID,
) (r Revived, err error) {
	_, err = s.desk.Do(ctx, req, core.ActRestore, func(act *core.Act) (err error) {
		if err := secret.RaiseEpoch(act); err != nil {
			return err
		}
		if r.Sessions, err = operators.EndSessions(act); err != nil {
			return err
		}
		if err := operators.Restored(act); err != nil {
			return err
		}
		if r.Mails, err = mail.WithdrawAll(act, core.WithdrawnRestored); err != nil {
			return err
		}
		if err := mail.PassOver(act, captured); err != nil {
			return err
		}
		if err := conclude(act, from); err != nil {
			return err
		}
		ref := core.Ref{Kind: core.KindStorage}
		act.Log(ref,
			core.Detail{Name: "made", Value: from.At.UTC().Format(time.RFC3339)},
			core.Detail{Name: "sessions", Value: strconv.Itoa(r.Sessions)},
			core.Detail{Name: "mails", Value: strconv.Itoa(r.Mails)})
		act.EmitFor(ref)
		return nil
	})
	return r, err
}

// conclude gives the run that made a backup its end, in the data that comes out of
// it. Without it that backup would be told as one that was cut off.
func conclude(act *core.Act, from Made) error {
	err := runs().Descend(act, core.Installation, 0, func(id core.ID, version record.Version, r run) error {
		if r.Ended.IsZero() && r.Begun.Truncate(time.Second).Equal(from.At) {
			r = r.ended(Copied{Path: from.Path, Bytes: from.Bytes, Files: from.Files, Findings: from.Findings}, nil)
			r.Ended = act.At
			if _, err := runs().Save(act, core.Installation, id, version, r); err != nil {
				return err
			}
		}
		return core.Stop
	})
	if errors.Is(err, core.ErrDamaged) {
		return nil // the doctor's work, as for all records
	}
	return err
}

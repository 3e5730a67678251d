package backup

import (
	"context"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/operators"
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
// and every waiting mail cancelled. made is when the backup was, captured the
// latest outbox entry of each institution in its mail log.
func (s *Service) Restored(
	ctx context.Context, req core.Request, made time.Time, captured map[core.ID]core.ID,
) (r Revived, err error) {
	_, err = s.desk.Do(ctx, req, core.ActRestore, func(act *core.Act) (err error) {
		if err := secret.RaiseEpoch(act); err != nil {
			return err
		}
		if r.Sessions, err = operators.EndSessions(act); err != nil {
			return err
		}
		if r.Mails, err = mail.WithdrawAll(act, core.WithdrawnRestored); err != nil {
			return err
		}
		if err := mail.PassOver(act, captured); err != nil {
			return err
		}
		ref := core.Ref{Kind: core.KindStorage}
		act.Log(ref,
			core.Detail{Name: "made", Value: made.UTC().Format(time.RFC3339)},
			core.Detail{Name: "sessions", Value: strconv.Itoa(r.Sessions)},
			core.Detail{Name: "mails", Value: strconv.Itoa(r.Mails)})
		act.EmitFor(ref)
		return nil
	})
	return r, err
}

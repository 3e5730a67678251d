package mail

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"willcall/core"
)

// Mask stands where a secret was.
const Mask = "••••••"

// maxRows is how many entries one page of the outbox holds at most.
const maxRows = 200

// OutboxQuery selects entries of the outbox, newest first.
type OutboxQuery struct {
	States  []State // none: of any state
	Contact core.ID // 0: of everybody
	Before  core.ID // only older than this entry; 0 for the newest
	Limit   int     // 50 where 0, 200 at most
}

// OutboxRow is one entry with its id, without its secrets.
type OutboxRow struct {
	ID core.ID
	Entry
	// Damage is why the entry can't be read, nil where it can.
	Damage error
}

// OutboxPage is one answer to an [OutboxQuery].
type OutboxPage struct {
	Rows  []OutboxRow
	Total int // of the query without Before and Limit
	// Waiting and Failed count the institution's entries, whatever was asked.
	Waiting int
	Failed  int
}

// Outbox lists the outbox of the request's institution (R87).
func (r *Reading) Outbox(ctx context.Context, req core.Request, q OutboxQuery) (OutboxPage, error) {
	var page OutboxPage
	err := r.desk.See(ctx, req, core.ActOutboxList, func(v core.View) (err error) {
		page, err = listOutbox(v, req.Institution, q)
		for _, row := range page.Rows {
			r.desk.Met(row.Damage)
		}
		return err
	})
	return page, err
}

func listOutbox(v core.View, institution core.ID, q OutboxQuery) (page OutboxPage, err error) {
	found, err := q.find(v, institution)
	if err != nil {
		return page, err
	}
	page.Total = len(found)
	for _, id := range q.cut(found) {
		row, err := rowAt(v, institution, id)
		if err != nil {
			return page, err
		}
		page.Rows = append(page.Rows, row)
	}
	if page.Waiting, err = countStates(v, institution, StateQueued, StateLeased); err != nil {
		return page, err
	}
	page.Failed, err = countStates(v, institution, StateFailed)
	return page, err
}

// rowAt reads an entry that an index leads to. One that can't be read, or isn't
// there, becomes a row with its Damage: it must not hide the others.
func rowAt(v core.View, institution, id core.ID) (OutboxRow, error) {
	e, err := EntryOf(v, institution, id)
	switch {
	case err == nil:
		return OutboxRow{ID: id, Entry: e.shown()}, nil
	case errors.Is(err, core.ErrDamaged):
		return OutboxRow{ID: id, Damage: err}, nil
	case core.CodeOf(err) == core.CodeNotFound:
		return OutboxRow{ID: id, Damage: fmt.Errorf("%w: %w", core.ErrDamaged, err)}, nil
	}
	return OutboxRow{}, err
}

// shown is the entry without what is sealed in it.
func (e Entry) shown() Entry {
	e.Sealed = nil
	return e
}

// find gives the ids of the entries asked for, newest first. It walks keys of
// an index; only a contact's entries are read, for their state.
func (q OutboxQuery) find(v core.View, institution core.ID) (ids []core.ID, err error) {
	collect := func(id core.ID) error {
		ids = append(ids, id)
		return nil
	}
	if q.Contact != 0 {
		subject := subjectKey(core.Ref{Kind: core.KindContact, ID: q.Contact})
		err = entries().Lookup(v, institution, spaceSubjects, subject, collect)
		if err == nil && len(q.States) > 0 {
			ids, err = q.ofStates(v, institution, ids)
		}
	} else {
		for _, state := range q.states() {
			if err == nil {
				err = entries().Lookup(v, institution, spaceStates, []byte{byte(state)}, collect)
			}
		}
		slices.Sort(ids)
	}
	if err != nil {
		return nil, fmt.Errorf("look through the outbox: %w", err)
	}
	slices.Reverse(ids)
	return ids, nil
}

// ofStates keeps the entries whose state is asked for.
func (q OutboxQuery) ofStates(v core.View, institution core.ID, ids []core.ID) (kept []core.ID, err error) {
	for _, id := range ids {
		e, err := EntryOf(v, institution, id)
		if err != nil {
			return nil, err
		}
		if slices.Contains(q.States, e.State) {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

// states are those asked for, each once.
func (q OutboxQuery) states() []State {
	if len(q.States) == 0 {
		return States()
	}
	return slices.Compact(slices.Sorted(slices.Values(q.States)))
}

// cut gives the page out of all that was found.
func (q OutboxQuery) cut(found []core.ID) []core.ID {
	if q.Before != 0 {
		start := slices.IndexFunc(found, func(id core.ID) bool { return id < q.Before })
		if start < 0 {
			return nil
		}
		found = found[start:]
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	return found[:min(len(found), limit, maxRows)]
}

func countStates(v core.View, institution core.ID, states ...State) (n int, err error) {
	for _, state := range states {
		err := entries().Lookup(v, institution, spaceStates, []byte{byte(state)}, func(core.ID) error {
			n++
			return nil
		})
		if err != nil {
			return n, fmt.Errorf("count %s mails: %w", state, err)
		}
	}
	return n, nil
}

// OutboxMail is one entry in full.
type OutboxMail struct {
	OutboxRow
	// Subject and Body are the text as it is sent, each secret as [Mask]; empty
	// where the document's text is gone.
	Subject string
	Body    string
	// Again and Cancel are why the mail can't be sent again or cancelled, nil
	// where it can. Again ends at Until, where that is not zero.
	Again  error
	Until  time.Time
	Cancel error
}

// OutboxMail shows one entry of the request's institution. It fails with
// [core.CodeNotFound], also for one of another institution (R87).
func (r *Reading) OutboxMail(ctx context.Context, req core.Request, id core.ID) (OutboxMail, error) {
	var m OutboxMail
	now := r.desk.Effective()
	err := r.desk.See(ctx, req, core.ActOutboxShow, func(v core.View) error {
		e, err := EntryOf(v, req.Institution, id)
		if err != nil {
			return err
		}
		m.OutboxRow, m.Cancel = OutboxRow{ID: id, Entry: e.shown()}, e.Cancellable()
		if m.Until, m.Again, err = r.againNow(v, req, e, now); err != nil {
			return err
		}
		m.Subject, m.Body, err = r.masked(v, req.Institution, e)
		return err
	})
	return m, err
}

// masked fills a mail's text with its variables, the secret ones hidden.
func (r *Reading) masked(v core.View, institution core.ID, e Entry) (subject, body string, err error) {
	subject, body, err = r.texts.Text(v, institution, e.Mail)
	if core.CodeOf(err) == core.CodeNotFound {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("find the mail's text: %w", err)
	}
	values := maps.Clone(e.Variables)
	if values == nil {
		values = map[string]string{}
	}
	for _, name := range e.Secrets {
		values[name] = Mask
	}
	return r.fill(subject, values), r.fill(body, values), nil
}

// Cancellable is why the entry can't be cancelled, or nil.
func (e Entry) Cancellable() error {
	switch {
	case e.State.Final():
		return core.Refuse(core.CodeSettled)
	case e.WayIn():
		return core.Refuse(core.CodeWayIn)
	case e.State == StateLeased:
		return core.Refuse(core.CodeBusy)
	}
	return nil
}

// againNow is why the entry can't be sent again at a time, or nil; until is when
// that is over, where only time stands against it.
func (r *Reading) againNow(v core.View, req core.Request, e Entry, now time.Time) (until time.Time, refusal, err error) {
	refusal, err = e.sendable(v)
	if refusal != nil || err != nil || !e.madeAnew() {
		return until, refusal, err
	}
	if until, refusal = r.remakable(v, req, e, now); core.CodeOf(refusal) == core.CodeInternal {
		return until, nil, fmt.Errorf("look whether the mail can be made anew: %w", refusal)
	}
	return until, refusal, nil
}

// madeAnew reports whether sending the entry again takes a fresh secret.
func (e Entry) madeAnew() bool { return e.State.Final() && len(e.Secrets) > 0 }

// sendable is why the entry can't be sent again, or nil.
func (e Entry) sendable(v core.View) (refusal, err error) {
	switch {
	case e.State == StateLeased:
		return core.Refuse(core.CodeBusy), nil
	case e.madeAnew() && e.WayIn(): // its code is asked for where it is needed
		return core.Refuse(core.CodeWayIn), nil
	}
	captured, err := CapturedOnly(v)
	if err == nil && !captured && core.ReservedAddress(e.To) {
		refusal = core.Refuse(core.CodeReserved)
	}
	return refusal, err
}

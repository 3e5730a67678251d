package contacts

import (
	"context"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/validation"
)

// Chronicle tells of the past: the entries about one subject of an
// institution, newest first, with ids below before, 0 being no limit. fn
// returns [core.Stop] to end early.
type Chronicle interface {
	Of(v core.View, institution core.ID, subject core.Ref, before core.ID, fn func(id core.ID, e core.Entry) error) error
}

// Change is one line of a contact's history.
type Change struct {
	Entry   core.ID
	At      time.Time
	By      core.Actor
	Action  core.ActionID
	Details []core.Detail // an erased one has an empty value
}

// historyPage is how many changes are given where the caller doesn't say.
const historyPage = 50

// History lists who changed what on a contact, newest first: at most limit
// changes (50 where 0) with entries below before, 0 for the newest. It shows no
// sign-ins, sources or security acts (R57). It fails with [core.CodeNotFound].
func (s *Service) History(ctx context.Context, req core.Request, id core.ID, before core.ID, limit int) ([]Change, error) {
	if limit <= 0 {
		limit = historyPage
	}
	var changes []Change
	err := s.desk.See(ctx, req, core.ActContactsHistory, func(v core.View) error {
		if _, _, err := find(v, req.Institution, id); err != nil {
			return err
		}
		changes = nil
		return s.chronicle.Of(v, req.Institution, ref(id), before, func(entry core.ID, e core.Entry) error {
			if !tells(e) {
				return nil
			}
			changes = append(changes, changeOf(entry, e))
			if len(changes) == limit {
				return core.Stop
			}
			return nil
		})
	})
	return changes, err
}

// changing are the acts that always change a contact.
func changing() []core.ActionID {
	return []core.ActionID{
		core.ActContactsCreate, core.ActContactsEdit, core.ActContactsSend, core.ActContactsRemove, core.ActContactsRestore,
		core.ActContactsImport, core.ActCustomerRegister, core.ActCustomerAddress,
	}
}

// tells reports whether an entry is part of a contact's history (R57). A
// sign-in is only where it brought a change with it, a link only where it
// validated.
func tells(e core.Entry) bool {
	switch {
	case e.Refused != "":
		return false
	case e.Action == core.ActSSOSignIn:
		return len(e.Details) > 0
	case e.Action == core.ActValidationFollow:
		done := validation.LinkDone.String()
		return slices.ContainsFunc(e.Details, func(d core.Detail) bool { return d.Name == "state" && d.Value == done })
	}
	return slices.Contains(changing(), e.Action)
}

func changeOf(entry core.ID, e core.Entry) Change {
	c := Change{Entry: entry, At: e.At, By: e.Actor, Action: e.Action, Details: e.Details}
	if e.Action == core.ActValidationFollow {
		c.Details = nil // which link it was is for those who keep watch
	}
	return c
}

// Differences are what the journal tells of a contact that became another; the
// zero contact is none. It is for what writes the past of contacts that come
// with one.
func Differences(before, after Contact) []core.Detail { return differences(before, after) }

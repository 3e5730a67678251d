package drafts_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/drafts"
	"willcall/storage/storagetest"
)

const form = "contacts.edit/17"

func draft(form, notes string) drafts.Draft {
	return drafts.Draft{
		Form: form, Subject: core.Ref{Kind: core.KindContact, ID: 17}, Version: 3,
		Typed: map[string]string{"notes": notes}, Was: map[string]string{"notes": "before"},
	}
}

func house(t *testing.T) *coretest.House {
	t.Helper()
	return coretest.New(t, storagetest.New(t))
}

func keep(h *coretest.House, req core.Request, d drafts.Draft) {
	h.T.Helper()
	_, err := h.Drafts.Keep(h.Ctx, req, d)
	h.Must(err)
}

func all(h *coretest.House, req core.Request, forms string) []drafts.Draft {
	h.T.Helper()
	found, err := h.Drafts.All(h.Ctx, req, forms)
	h.Must(err)
	return found
}

func TestADraftComesBackAsItWasKeptLast(t *testing.T) {
	t.Parallel()
	h := house(t)
	keep(h, h.Owner, draft(form, "first"))
	h.Clock.Advance(time.Minute)
	keep(h, h.Owner, draft(form, "second"))
	keep(h, h.Owner, draft("settings.document/3", "other"))
	got := all(h, h.Owner, "contacts.")
	if len(got) != 1 {
		t.Fatalf("%d drafts", len(got))
	}
	d, want := got[0], draft(form, "second")
	if d.Form != form || d.Subject != want.Subject || d.Version != 3 || !maps.Equal(d.Typed, want.Typed) ||
		!maps.Equal(d.Was, want.Was) || !d.Kept.Equal(coretest.Start().Add(time.Minute)) {
		t.Errorf("got %+v", d)
	}
	h.Must(h.Drafts.Discard(h.Ctx, h.Owner, form))
	h.Must(h.Drafts.Discard(h.Ctx, h.Owner, form))
	if got := all(h, h.Owner, ""); len(got) != 1 || got[0].Form != "settings.document/3" {
		t.Errorf("left are %+v", got)
	}
}

func TestR87_DraftsAreTheOperatorsOwnWhereTheyBelong(t *testing.T) {
	t.Parallel()
	h := house(t)
	keep(h, h.Owner, draft(form, "olga’s"))
	other := h.Hire(core.RoleOperator)
	if got := all(h, other, ""); len(got) != 0 {
		t.Errorf("somebody else reads %+v", got)
	}
	h.Must(h.Drafts.Discard(h.Ctx, other, form))
	second := h.AddInstitution("Théâtre du Port")
	if got := all(h, second.Owner, ""); len(got) != 0 {
		t.Errorf("in another institution stand %+v", got)
	}
	outside := other
	outside.Institution = second.Made.Institution
	_, err := h.Drafts.Keep(h.Ctx, outside, draft(form, "outside"))
	h.Refused(err, core.CodeNotFound)
	_, err = h.Drafts.All(h.Ctx, outside, "")
	h.Refused(err, core.CodeNotFound)
	if got := all(h, h.Owner, ""); len(got) != 1 {
		t.Errorf("left are %+v", got)
	}
}

func TestASessionThatEndedKeepsNothing(t *testing.T) {
	t.Parallel()
	h := house(t)
	h.Must(h.Operators.SignOut(h.Ctx, h.Owner))
	_, err := h.Drafts.Keep(h.Ctx, h.Owner, draft(form, "late"))
	h.Refused(err, core.CodeSignedOut)
}

func TestWhatIsTypedIsSealed(t *testing.T) {
	t.Parallel()
	h := house(t)
	keep(h, h.Owner, draft(form, "allergic to peanuts"))
	for key, value := range h.Dump() {
		if strings.Contains(value, "peanuts") || strings.Contains(key, "peanuts") || strings.Contains(value, "before") {
			t.Errorf("%q holds it as it is", key)
		}
	}
	for _, e := range h.Journal() {
		if e.Action == core.ActDraftsKeep {
			t.Errorf("the journal tells of it: %+v", e)
		}
	}
}

func TestDraftsAreBounded(t *testing.T) {
	t.Parallel()
	h := house(t)
	_, err := h.Drafts.Keep(h.Ctx, h.Owner, draft(form, strings.Repeat("x", drafts.MaxSize)))
	h.Refused(err, core.CodeTooLong)
	_, err = h.Drafts.Keep(h.Ctx, h.Owner, draft(strings.Repeat("x", 201), ""))
	h.Refused(err, core.CodeTooLong)
	other := h.Hire(core.RoleOperator)
	keep(h, other, draft(form, "somebody else’s"))
	for i := range drafts.Most {
		h.Clock.Advance(time.Second)
		keep(h, h.Owner, draft(fmt.Sprintf("contacts.edit/%d", i), "x"))
	}
	h.Clock.Advance(time.Second)
	keep(h, h.Owner, draft("contacts.edit/0", "again")) // no longer the oldest
	keep(h, h.Owner, draft("contacts.edit/last", "x"))
	got := map[string]bool{}
	for _, d := range all(h, h.Owner, "") {
		got[d.Form] = true
	}
	if len(got) != drafts.Most || got["contacts.edit/1"] || !got["contacts.edit/0"] || !got["contacts.edit/last"] {
		t.Errorf("%d drafts: %v", len(got), got)
	}
	if len(all(h, other, "")) != 1 {
		t.Error("somebody else’s made room")
	}
}

func TestDraftsAreKeptForThirtyDays(t *testing.T) {
	t.Parallel()
	h := house(t)
	keep(h, h.Owner, draft(form, "old"))
	h.Clock.Advance(drafts.Life - time.Second)
	req := h.SignIn(coretest.OwnerAddress)
	keep(h, req, draft("contacts.new", "new"))
	if got := all(h, req, ""); len(got) != 2 {
		t.Errorf("before the time is over: %+v", got)
	}
	h.Clock.Advance(time.Second)
	if got := all(h, req, ""); len(got) != 1 {
		t.Errorf("after the time is over: %+v", got)
	}
	rest := func() (n int) {
		for key := range h.Dump() {
			if strings.HasPrefix(key, "drafts/") {
				n++
			}
		}
		return n
	}
	if rest() != 2 {
		t.Errorf("%d are stored", rest())
	}
	keep(h, req, draft("contacts.new", "newer"))
	if rest() != 1 {
		t.Errorf("%d are stored after the sweep", rest())
	}
}

func TestDraftsAboutWhoIsErasedGo(t *testing.T) {
	t.Parallel()
	h := house(t)
	id := h.Create(coretest.Person("Gone", "By", "")).ID
	about := draft(fmt.Sprintf("contacts.edit/%d", id), "x")
	about.Subject.ID = id
	keep(h, h.Owner, about)
	keep(h, h.Owner, draft(form, "about another"))
	now := h.Show(id)
	_, err := h.Contacts.Remove(h.Ctx, h.Owner, id, now.Version)
	h.Must(err)
	h.Clock.Advance(25 * time.Hour)
	req := h.SignIn(coretest.OwnerAddress)
	if len(all(h, req, "")) != 2 {
		t.Error("the draft went while the removal could be undone")
	}
	_, err = h.Contacts.Create(h.Ctx, req, coretest.Person("New", "Comer", ""), h.Context()) // sweeps
	h.Must(err)
	if got := all(h, req, ""); len(got) != 1 || got[0].Form != form {
		t.Errorf("left are %+v", got)
	}
}

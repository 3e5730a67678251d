package operators_test

import (
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

func TestALanguageIsKeptForTheNextSignIn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	speaks := func(address string) string {
		in, err := h.Operators.SignIn(h.Ctx, address, coretest.Password)
		h.Must(err)
		return in.Language
	}
	before := speaks(coretest.OwnerAddress)
	h.Must(h.Operators.Speak(h.Ctx, admin, "fr"))
	if got := speaks("admin@opera.example"); got != "fr" {
		t.Errorf("the admin's console speaks %q", got)
	}
	h.Must(h.Operators.Speak(h.Ctx, admin, "en"))
	if got := speaks("admin@opera.example"); got != "en" {
		t.Errorf("back again it speaks %q", got)
	}
	if got := speaks(coretest.OwnerAddress); got != before {
		t.Errorf("a colleague's console speaks %q", got)
	}
	h.Must(look(h, admin)) // a language ends no session
	for _, unknown := range []string{"", "de", "FR"} {
		h.Refused(h.Operators.Speak(h.Ctx, admin, unknown), core.CodeLanguage)
	}
	h.Refused(h.Operators.Speak(h.Ctx, core.Request{Actor: core.Actor{Kind: core.ActorAnonymous}}, "fr"), core.CodeForbidden)
}

func TestR56_ALanguageIsRecorded(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Must(h.Operators.Speak(h.Ctx, h.Owner, "fr"))
	got := h.Journal()
	last := got[len(got)-1]
	if last.Action != core.ActSessionLanguage || last.Actor != h.Owner.Actor || last.Subject != (core.Ref{Kind: core.KindOperator, ID: h.Made.Owner}) {
		t.Errorf("recorded %+v", last)
	}
}

package operators_test

import (
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// TestAChangeIsToldByMailAndNotice holds what is in both, in the operator's own
// language and the institution's time.
func TestAChangeIsToldByMailAndNotice(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator)
	h.Must(h.Operators.Speak(h.Ctx, leo, "fr"))
	h.Must(promote(h, h.Owner, leo.Actor.ID, core.RoleAdmin))
	mails := h.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	if m.System != "security.role" || m.Language != "fr" || m.To != "operator@opera.example" || m.FromName != "Opéra du Lac" {
		t.Errorf("mailed %+v", m.Mail)
	}
	want := map[string]string{
		"name": "operator", "address": "operator@opera.example", "institution": "Opéra du Lac", "by": "Olga Brunner", "when": "2026-11-21 20:42",
	}
	for name, value := range want {
		if m.Values[name] != value {
			t.Errorf("{%s} is %q", name, m.Values[name])
		}
	}
	again := h.SignIn("operator@opera.example")
	notices, err := h.Notices.List(h.Ctx, again, 0, 10)
	h.Must(err)
	if len(notices) != 1 || notices[0].Kind != core.NoticeSecurity || notices[0].Args["change"] != "role" {
		t.Errorf("notices %+v", notices)
	}
	if n, err := h.Notices.Unread(h.Ctx, h.Owner); n != 0 || err != nil {
		t.Errorf("the owner has %d, %v", n, err)
	}
}

func TestAHouseThatCanSendNothingLeavesItAtTheNotice(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator) // at a reserved domain
	h.GoLive()
	h.Must(promote(h, h.Owner, leo.Actor.ID, core.RoleDeveloper))
	if got := h.Mails(); len(got) != 0 {
		t.Errorf("%d mails", len(got))
	}
	if n, err := h.Notices.Unread(h.Ctx, h.SignIn("operator@opera.example")); n != 1 || err != nil {
		t.Errorf("%d notices, %v", n, err)
	}
}

func TestMailComesFromARunningPointOfSaleWhereThereIsOne(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	sender := func() string {
		t.Helper()
		h.Must(h.Operators.Forgot(h.Ctx, coretest.Local(), coretest.OwnerAddress))
		mails := h.Mails()
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		h.Clock.Advance(time.Minute)
		return mails[0].From
	}
	save := func(id core.ID, version core.Version, state venue.State, from string) {
		t.Helper()
		_, err := h.Venue.SavePointOfSale(h.Ctx, h.Owner, id, version, venue.PointOfSaleDraft{
			Name: from, Organisation: h.Made.Organisation, Channel: 1, State: state,
			SenderName: from, Sender: from, SignInURL: coretest.SignInURL,
		})
		h.Must(err)
	}
	save(h.Made.PointOfSale, 1, venue.StateClosed, "first@opera.tests")
	if got := sender(); got != "first@opera.tests" {
		t.Errorf("from %s, though nothing else is there", got)
	}
	save(0, 0, venue.StateRunning, "second@opera.tests")
	if got := sender(); got != "second@opera.tests" {
		t.Errorf("from %s", got)
	}
}

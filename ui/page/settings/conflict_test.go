package settings_test

import (
	"fmt"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/venue"
	"willcall/ui/session"
)

// rename saves another name for the point of sale, as somebody else.
func (st *stage) rename(name string) {
	st.t.Helper()
	theirs := st.overview().PointsOfSale[0]
	_, err := st.house.Venue.SavePointOfSale(st.t.Context(), st.house.Owner, theirs.ID, theirs.Version, venue.PointOfSaleDraft{
		Name: name, Organisation: theirs.Organisation, Channel: theirs.Channel, State: theirs.State,
		SenderName: theirs.SenderName, Sender: theirs.Sender, SignInURL: theirs.SignInURL,
	})
	st.house.Must(err)
}

func TestAConflictIsLeftAndMetAgain(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.retype("Mine")
	st.rename("Theirs")
	st.Press("ctrl+s", "right", "esc")
	st.Want("Mine", "ctrl+s save")
	st.rename("Theirs again")
	st.Press("ctrl+s")
	st.Want("[ ] Theirs again", "[ ] Mine", "1 field was changed on both sides")
	st.Press("right", "e")
	st.Want("ctrl+s save", "Mine")
	st.Press("ctrl+s")
	st.Want("Mine saved")
}

func TestAKeptFormMeetsWhatWasSavedSince(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.retype("Mine")
	st.Press("esc")
	st.rename("Theirs")
	st.changed()
	st.Press("e")
	st.Want("[ ] Theirs", "[ ] Mine", "Olga Brunner")
	st.KeysAreClear()
	st.Press("right", "enter")
	st.Want("Mine saved")
}

func TestAMailServerRemovedMeanwhileIsAskedAboutAgain(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.house.GoLive()
	st.changed()
	st.on("Mail server")
	st.Press("e")
	st.retype("mail.opera.swiss")
	_, err := st.house.Servers.Remove(st.t.Context(), st.house.Owner, st.server().Version)
	st.house.Must(err)
	st.Press("ctrl+s")
	st.Want("The mail server was removed meanwhile.", "[ ] mail.opera.swiss")
	st.Press(">", "enter")
	st.KeysAreClear()
	if st.server().Set {
		t.Fatal("mail is delivered before anybody agreed")
	}
	st.Press("S") // its password went with it
	st.Want("▸ Password", "This is needed.", "mail.opera.swiss")
	st.Type("secret of the post")
	st.Press("ctrl+s", "S")
	st.Want("The mail server is saved.")
}

// TestAPasswordTypedIsSavedWithWhatWasChosen keeps what is shown nowhere.
func TestAPasswordTypedIsSavedWithWhatWasChosen(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Mail server")
	st.Press("e")
	st.typeServer()
	st.until("▸ User")
	st.retype("opera")
	st.Press("tab")
	st.Type("secret of the post")
	_, err := st.house.Servers.Save(st.t.Context(), st.house.Owner, 0, mail.ServerDraft{
		Host: "mail.opera.example", Port: 587, Security: mail.SecuritySTARTTLS,
	})
	st.house.Must(err)
	st.Press("ctrl+s", "S")
	st.Want("[ ] mail.opera.example", "[✓] opera")
	st.Without("secret of the post")
	st.Press("right", "enter")
	st.Want("The mail server is saved.")
	if v := st.server(); v.Host != "mail.opera.swiss" || v.User != "opera" || !v.HasPassword {
		t.Errorf("saved as %+v", v)
	}
}

// until goes on to a field.
func (st *stage) until(text string) {
	st.t.Helper()
	for range 40 {
		if st.Frame().Contains(text) {
			return
		}
		st.Press("tab")
	}
	st.Want(text)
}

// TestADraftThatMetAConflictIsNotSavedOverIt: the choice is left, and saving
// asks again.
func TestADraftThatMetAConflictIsNotSavedOverIt(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	before := st.overview().PointsOfSale[0].Name
	st.rename("Theirs")
	st.changed()
	st.page.Update(session.Result{Page: st.page.Key(), Value: session.DraftsRead{{
		Form:  fmt.Sprintf("settings.points-of-sale/%d", st.house.Made.PointOfSale),
		Typed: map[string]string{"name": "Mine"}, Was: map[string]string{"name": before},
	}}})
	st.Press("e")
	st.Want("[ ] Theirs", "[ ] Mine")
	st.Press("esc")
	st.Want("Mine", "ctrl+s save")
	st.Press("ctrl+s")
	if got := st.overview().PointsOfSale[0].Name; got != "Theirs" {
		t.Fatalf("nobody chose, and %q was saved", got)
	}
	st.Want("[ ] Theirs", "[ ] Mine")
	st.Press("right", "e", "ctrl+s")
	st.Want("Mine saved")
}

// TestADraftReadDuringAPreviewMeetsWhatWasSaved: what was typed once comes to
// the form behind the preview, and with it the choice.
func TestADraftReadDuringAPreviewMeetsWhatWasSaved(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24)
	st.on("Welcome")
	st.Press("e", "ctrl+r")
	st.page.Update(session.Result{Page: st.page.Key(), Value: session.DraftsRead{{
		Form:  fmt.Sprintf("settings.documents/%d", st.house.Made.Document),
		Typed: map[string]string{"name": "Mine"}, Was: map[string]string{"name": "Welcome once"},
	}}})
	st.Press("down")
	st.Want("Somebody else saved this while you typed.", "[ ] Mine")
}

func TestAConflictAboutAnOperatorNamesWhoSaved(t *testing.T) {
	t.Parallel()
	var admin core.Request
	st := build(t, core.RoleOwner, 120, 40, hired(core.RoleOperator), func(h *coretest.House) { admin = h.Hire(core.RoleAdmin) })
	st.on("operator")
	st.Press("e")
	st.retype("Leo Brandt")
	m := st.member("operator")
	st.house.Must(st.house.Operators.Edit(st.t.Context(), admin, m.ID, m.Version, operators.EditDraft{
		Name: "Leonard Brandt", Address: m.Address, Role: m.Role, Institutions: m.Institutions,
	}))
	st.Press("ctrl+s")
	st.Want("[ ] Leonard Brandt", "[ ] Leo Brandt", "changed on both sides", "by admin")
}

func TestAConflictAboutTheCompanyNamesWhoSaved(t *testing.T) {
	t.Parallel()
	var admin core.Request
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		h.Enrol(h.Owner)
		admin = h.Hire(core.RoleAdmin)
		h.Enrol(admin)
	})
	st.on("General")
	st.Press("e", "tab", "tab", "space")
	plan, err := st.house.Operators.PlanCompany(st.t.Context(), admin, operators.Company{Version: st.company().Version, Required: true})
	st.house.Must(err)
	st.house.Must(st.house.Operators.ApplyCompany(st.t.Context(), admin, plan))
	st.Press("ctrl+s")
	st.Want("by admin")
}

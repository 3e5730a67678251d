package settings_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
)

func TestNewPointOfSale(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Points of sale")
	st.Press("n")
	st.Want("New point of sale", "Pick a sales channel", "Main house", "set up")
	st.Press("ctrl+s")
	st.Want("This is needed. Fill it in.")
	st.Type("Box office 2")
	st.Press("tab", "tab", "enter", "enter", "tab", "tab")
	st.Type("Opéra du Lac")
	st.Press("tab")
	st.Type("no address")
	st.Press("tab")
	st.Type("https://shop.opera.example/in")
	st.Press("ctrl+s")
	if len(st.overview().PointsOfSale) != 1 {
		t.Fatal("a point of sale without an address was saved")
	}
	st.retype("box@opera.example")
	st.Press("ctrl+s")
	st.Want("Box office 2 saved, 19:42.", "box@opera.example", "https://shop.opera.example/in")
	made := st.overview().PointsOfSale[1]
	if made.Organisation != st.house.Made.Organisation || made.State != venue.StateSetUp || made.SenderName != "Opéra du Lac" {
		t.Errorf("saved as %+v", made)
	}
}

func TestEverySaveOfADocumentMakesAnEdition(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.house.Clock.Advance(time.Hour)
	st.on("Welcome")
	st.Press("e")
	st.Want("Edit Welcome", "Saving makes edition 2")
	st.Press("tab", "tab")
	st.Want("A brace lists what the text may hold: {name}", "{point-of-sale}")
	st.retype("Please confirm, {name}")
	st.Press("ctrl+s")
	st.Want("Welcome saved, 20:42.", "2, 21 Nov 2026, 20:42 by Olga Brunner", "Please confirm, {name}")
	document := st.overview().Documents[0]
	first, err := editionOf(st, document.ID, 1)
	st.house.Must(err)
	if document.Edition != 2 || first.Texts[0].Subject != "Confirm, {name}" {
		t.Errorf("edition %d, the first one now says %q", document.Edition, first.Texts[0].Subject)
	}
}

func TestTextsAreRefusedAtTheirField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tabs         int
		typed, wants string
	}{
		"unknown variable in a subject": {2, "Dear {nmae}", "There is no variable {nmae}."},
		"unknown variable in a text":    {3, "{link} for {seat}: ", "There is no variable {seat}."},
		"subject left empty":            {4, "", "This is needed."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := build(t, core.RoleOwner, 120, 40)
			st.on("Welcome")
			st.Press("e")
			for range c.tabs {
				st.Press("tab")
			}
			st.retype(c.typed)
			st.Press("ctrl+s")
			st.Want("Edit Welcome", c.wants)
			if got := st.overview().Documents[0].Edition; got != 1 {
				t.Errorf("edition %d was made", got)
			}
			st.KeysAreClear()
		})
	}
}

func TestNewDocumentNeedsALinkAndMayBeInOneLanguage(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Documents")
	st.Press("n")
	st.Type("Reminder")
	st.Press("tab", "tab", "tab")
	st.Type("Still there?")
	st.Press("tab")
	st.Paste("Hello {name},\nplease confirm.\n")
	st.Press("ctrl+s")
	st.Want("The text has no {link}.")
	st.Paste("\n{link}")
	st.Press("ctrl+s")
	st.Want("Reminder saved", "Still there?", "1, 21 Nov 2026")
	texts := st.overview().Documents[2].Newest.Texts
	if len(texts) != 1 || texts[0].Body != "Hello {name},\nplease confirm.\n\n{link}" {
		t.Errorf("saved as %+v", texts)
	}
}

func TestEscKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.Want("esc back")
	st.retype("Web shop and more")
	st.Want("esc keep for later")
	st.Press("esc")
	if !st.page.Unsaved() {
		t.Error("typed text counts as saved")
	}
	st.Want("A draft is kept, e goes on.")
	st.drafts("Web shop")
	st.changed()
	st.drafts("Web shop")
	st.Press("e")
	st.Want("Web shop and more")
	st.retype("Web shop")
	st.Press("esc")
	st.Without("A draft is kept")
	st.drafts("")
}

// drafts fails unless the tree marks what is named, and only that, as a draft.
func (st *stage) drafts(name string) {
	st.t.Helper()
	_, y, found := st.Frame().Find("draft ")
	if found != (name != "") || found && !strings.Contains(st.Frame().Line(y), name) {
		st.t.Errorf("the tree marks no draft, or another one than %q:\n%s", name, st.Frame())
	}
}

func TestDraftOfSomethingNewIsMarkedAtItsSection(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Points of sale")
	st.Press("n")
	st.Type("Box office 2")
	st.Press("esc")
	st.Want("A draft is kept, n goes on.")
	st.drafts("Points of sale")
	st.Press("n")
	st.Want("Box office 2")
}

func TestDiscardingATextIsAskedFirst(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]bool{"an edit": true, "a draft": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := build(t, core.RoleOwner, 120, 40)
			st.on("Web shop")
			st.Press("e")
			st.Without("discard")
			st.retype("Web shop and more")
			if !edit {
				st.Press("esc", "e")
			}
			st.Press("ctrl+x")
			st.Want("Discard what you typed?", "the text is lost", "Web shop and more", "X discard")
			st.KeysAreClear()
			st.Type("x")
			st.Paste("pasted")
			st.Press("ctrl+x", "esc")
			st.Want("Web shop and more", "Edit Web shop")
			st.Without("Discard what you typed?", "pasted")
			st.Press("ctrl+x", "X")
			st.Without("and more", "Discard what you typed?")
			st.Want("Edit Web shop")
			if st.page.Unsaved() {
				t.Error("discarded text counts as unsaved")
			}
			st.Press("esc")
			st.Without("A draft is kept")
			st.drafts("")
		})
	}
}

func TestTheQuestionKeepsTheFormWhenSomethingElseIsOpened(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.retype("Web shop and more")
	st.Press("ctrl+x")
	st.page.Open(core.Ref{Kind: core.KindDocument, ID: st.house.Made.Document})
	st.Press("esc")
	st.Want("Web shop and more")
}

func TestConflictTakesWhatWasNotTouchedAndShowsBothOfTheRest(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.retype("Mine")
	theirs := st.overview().PointsOfSale[0]
	_, err := st.house.Venue.SavePointOfSale(t.Context(), st.house.Owner, theirs.ID, theirs.Version, venue.PointOfSaleDraft{
		Name: "Theirs", Organisation: theirs.Organisation, Channel: theirs.Channel, State: venue.StateClosed,
		SenderName: theirs.SenderName, Sender: theirs.Sender, SignInURL: theirs.SignInURL,
	})
	st.house.Must(err)
	st.Press("ctrl+s")
	st.Want("Somebody else saved this", "[ ] Theirs", "[ ] Mine", "[✓] closed", "[ ] running", "Olga Brunner", "1 field was changed on both sides")
	st.KeysAreClear()
	if got := st.overview().PointsOfSale[0].Name; got != "Theirs" {
		t.Fatalf("a conflict saved %q", got)
	}
	st.Press("enter", "ctrl+s")
	st.Want("1 field was changed on both sides")
	st.Press("right")
	st.Want("[✓] Mine", "Saving changes what is sent from now on.")
	st.Press("enter")
	st.Want("Mine saved")
	if got := st.overview().PointsOfSale[0]; got.Name != "Mine" || got.State != venue.StateClosed {
		t.Errorf("saved as %+v", got)
	}
}

func TestConflictOverATextNamesItsLanguage(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Welcome")
	st.Press("e", "tab", "tab")
	st.retype("My subject")
	theirs := st.overview().Documents[0]
	draft := venue.DocumentDraft{Name: theirs.Name, Active: true, Texts: theirs.Newest.Texts[:1]}
	draft.Texts[0].Subject, draft.Texts[0].Body = "Their subject", strings.Repeat("long ", 200)+"{link}"
	_, err := st.house.Venue.SaveDocument(t.Context(), st.house.Owner, theirs.ID, theirs.Version, draft)
	st.house.Must(err)
	st.Press("ctrl+s")
	st.Want("Subject (English)", "[ ] Their subject", "[ ] My subject", "[✓] long long")
	st.Press(">")
	st.Want("[✓] My subject", "Saving makes edition 3")
	st.Press("enter")
	st.Want("Welcome saved", "My subject")
}

func editionOf(st *stage, document core.ID, edition uint32) (e venue.Edition, err error) {
	err = st.house.Store.View(st.t.Context(), func(v core.View) error {
		e, err = venue.EditionOf(v, st.house.Made.Institution, document, edition)
		return err
	})
	return e, err
}

// save presses ctrl+s and leaves the save under way.
func (st *stage) save() (under tea.Cmd) {
	st.t.Helper()
	return st.Step(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl})
}

func TestWhatIsTypedWhileSavingIsNotTaken(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.retype("Mine")
	under := st.save()
	st.Type("XYZ")
	st.Paste("pasted")
	st.Press("tab", "enter")
	st.Want("Saving…", "Mine")
	st.Without("XYZ", "pasted")
	st.KeysAreClear()
	st.Run(under)
	st.Want("Mine saved")
	if got := st.overview().PointsOfSale[0].Name; got != "Mine" {
		t.Errorf("saved as %q", got)
	}
}

func TestASwitchIsNotSwitchedWhileSaving(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Welcome")
	st.Press("e", "tab", "space")
	under := st.save()
	st.Press("space")
	if _, y, _ := st.Frame().Find("▸ Active"); !strings.Contains(st.Frame().Line(y), "] off") {
		t.Errorf("the switch was switched while it was saved:\n%s", st.Frame())
	}
	st.Run(under)
	st.Want("Welcome saved", "inactive")
}

func TestARefusalAfterLeavingTheFormIsTold(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Web shop")
	st.Press("e")
	st.retype("Mine")
	theirs := st.overview().PointsOfSale[0]
	_, err := st.house.Venue.SavePointOfSale(t.Context(), st.house.Owner, theirs.ID, theirs.Version, venue.PointOfSaleDraft{
		Name: "Theirs", Organisation: theirs.Organisation, Channel: theirs.Channel, State: theirs.State,
		SenderName: theirs.SenderName, Sender: theirs.Sender, SignInURL: theirs.SignInURL,
	})
	st.house.Must(err)
	under := st.save()
	st.Press("esc")
	st.Without("Somebody else saved this first.")
	st.Run(under)
	st.Want("Somebody else saved this first.", "A draft is kept")
	st.Press("e")
	st.Want("[ ] Theirs", "[ ] Mine")
}

func TestQuestionsAreWholeOnTheSmallestScreen(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 40, 10)
	st.on("Validation")
	st.Press("e")
	st.Want("Switch validation off?", "links already mailed", "still work.")
	st.Press("esc")
	st.on("Web shop")
	st.Press("e")
	st.retype("Web shop and more")
	st.Press("ctrl+x")
	st.Want("Discard what you typed?", "lost.")
}

func TestADraftHidesNoState(t *testing.T) {
	t.Parallel()
	for _, width := range []int{100, 80, 40} {
		st := build(t, core.RoleOwner, width, 24)
		st.on("Web shop")
		st.Press("e")
		st.retype("Web shop and more")
		st.Press("esc")
		if line := st.selected(); !strings.Contains(line, "draft") || !strings.Contains(line, "running") {
			t.Errorf("%d cells: %q", width, line)
		}
	}
}

package settings_test

import (
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/venue"
)

// editing opens the form of the verification document with the keyboard in its
// first subject.
func editing(t *testing.T, width, height int) *stage {
	t.Helper()
	st := build(t, core.RoleOwner, width, height)
	st.on("Welcome")
	st.Press("e", "tab", "tab")
	return st
}

func TestVariablesAreOfferedWhileTyping(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		st := editing(t, size[0], size[1])
		st.retype("Dear {")
		st.Want("▸ {name}", "the contact’s name", "{point-of-sale}", "{hours}")
		st.KeysAreClear()
		st.Type("ho")
		st.Want("▸ {hours}")
		st.Without("the contact’s name")
		st.Press("enter")
		st.Type(" and {{a")
		st.Without("▸ {")
		st.Press("tab")
		st.retype("{link}")
		st.Press("ctrl+s")
		st.Want("Welcome saved")
		if got := st.overview().Documents[0].Newest.Texts[0].Subject; got != "Dear {hours} and {{a" {
			t.Errorf("saved %q", got)
		}
	}
}

func TestOfferedVariablesAreThoseOfTheKind(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Documents")
	st.Press("n")
	st.Type("Old address")
	st.Press("tab", "enter", "down", "enter", "tab", "tab")
	st.Type("{")
	st.Want("{institution}")
	st.Without("{link}", "{hours}")
	st.Press("enter")
	st.Press("tab")
	st.Type("Bye {address}. {link}")
	st.Want("There is no variable {link}.")
	st.Press("ctrl+s")
	if n := len(st.overview().Documents); n != 2 {
		t.Fatalf("%d documents, a broken one was saved", n)
	}
	st.retype("Bye {address}.")
	st.Press("ctrl+s")
	st.Want("Old address saved", "Address changed notice")
	if got := st.overview().Documents[2]; got.Kind != venue.DocumentNotice {
		t.Errorf("saved as %+v", got)
	}
}

func TestABrokenDocumentIsToldWhileTypingAndNotSaved(t *testing.T) {
	t.Parallel()
	st := editing(t, 80, 24)
	st.retype("Dear {nmae}")
	st.Want("There is no variable {nmae}.")
	st.Press("ctrl+s")
	st.Want("Edit Welcome", "There is no variable {nmae}.")
	if got := st.overview().Documents[0].Edition; got != 1 {
		t.Fatalf("edition %d was made", got)
	}
	st.Press("backspace", "backspace", "backspace", "backspace", "backspace", "backspace")
	st.Without("There is no variable")
	st.Type("{na")
	st.Press("enter", "ctrl+s")
	st.Want("Welcome saved")
}

func TestPreviewFollowsEveryKey(t *testing.T) {
	t.Parallel()
	st := editing(t, 100, 30)
	st.retype("For {")
	st.Press("enter")
	st.Want("Preview", "For Camille Martin", "/v/sample", "English")
	st.Press("tab", "tab")
	st.Want("Confirmez, Camille Martin", "Preview")
	st.Resize(99, 30)
	st.Without("Preview")
	st.Press("ctrl+r")
	st.Want("Preview", "Confirmez, Camille Martin")
	st.Without("Edit Welcome")
	st.KeysAreClear()
	st.Type("x")
	st.Press("ctrl+r")
	st.Want("Edit Welcome", "Confirmez, {name}")
	st.Press("ctrl+r", "esc")
	st.Want("Edit Welcome")
	st.Press("esc")
	st.Want("draft      active")
}

func TestPreviewShowsThePlaceBeingWritten(t *testing.T) {
	t.Parallel()
	st := editing(t, 120, 24)
	st.Press("tab")
	st.Paste(strings.Repeat("line\n", 60) + "the last line {na")
	st.Type("m")
	st.Press("enter")
	if n := strings.Count(st.Frame().Text(), "the last line"); n != 2 {
		t.Errorf("the place being written is shown %d times:\n%s", n, st.Frame())
	}
	st.Want("the last line Camille Martin")
}

func TestPreviewSaysWhoGetsWhatIsLeftEmpty(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Documents")
	st.Press("n")
	st.Want("Nothing is written yet.")
	st.Press("tab", "tab", "tab")
	st.Want("Nothing is written in this language. Its readers get", "Français.")
}

// edited saves a second edition of the verification document.
func edited(h *coretest.House) {
	h.Clock.Advance(time.Hour)
	_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, h.Made.Document, 1, venue.DocumentDraft{
		Name: "Welcome", Active: true, Texts: []venue.Text{{Language: "fr", Subject: "Nouveau", Body: "Suivez {link}"}},
	})
	h.Must(err)
}

func TestEditionsAreListedReadAndUsedAgain(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {80, 24}} {
		st := build(t, core.RoleOwner, size[0], size[1], edited)
		st.on("Welcome")
		st.Press("enter")
		st.Want("2, 21 Nov 2026, 20:42 by Olga Brunner", "1, 21 Nov 2026, 19:42 by set-up", "Nouveau")
		st.KeysAreClear()
		st.Press("enter")
		st.Want("Edition 2", "Edition 1", "Olga Brunner")
		st.KeysAreClear()
		st.Press("down", "enter")
		st.Want("Confirmez, {name}", "Using this text again", "e use this text again")
		st.KeysAreClear()
		st.Press("esc", "enter", "e")
		st.Want("Edit Welcome", "Saving makes edition 3", "Confirm, {name}")
		st.Press("ctrl+s")
		st.Want("Welcome saved")
		texts := st.overview().Documents[0].Newest.Texts
		if len(texts) != 2 || texts[0].Subject != "Confirm, {name}" {
			t.Errorf("saved as %+v", texts)
		}
		st.Want("3, 21 Nov 2026, 20:42 by Olga Brunner")
	}
}

func TestAnOlderTextNeverOverwritesADraft(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, edited)
	st.on("Welcome")
	st.Press("e")
	st.retype("Typed so far")
	st.Press("esc", "enter", "enter", "e")
	st.Want("A draft of this document is kept.", "Edition 1")
	st.Press("esc", "e")
	st.Want("Typed so far")
}

func TestEditionsOfManySavesAreCounted(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		for v := range core.Version(7) {
			_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, h.Made.Document, v+1, venue.DocumentDraft{
				Name: "Welcome", Active: true, Texts: []venue.Text{{Language: "fr", Subject: "Nouveau", Body: "Suivez {link}"}},
			})
			h.Must(err)
		}
	})
	st.on("Welcome")
	st.Want("8, 21 Nov", "5, 21 Nov", "and 4 older ones")
	st.Without("4, 21 Nov")
	st.Press("enter", "enter")
	st.Want("Edition 8", "Edition 1")
}

func TestSampleGoesThroughTheOutbox(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		st := build(t, core.RoleAdmin, size[0], size[1])
		st.on("Welcome")
		st.Press("t")
		if size[0] > 40 {
			st.Want("Send edition 1 of Welcome, filled with sample values, to whom?", "Language", "Français")
		}
		st.KeysAreClear()
		st.Press("enter")
		st.Want("This is needed.")
		st.Type("no address")
		st.Press("enter")
		st.retype("mia@opera.example")
		st.Press("enter")
		if size[0] > 40 {
			st.Want("Sample for mia@opera.example captured.", "g m")
		}
		sent := st.outbox()
		if len(sent) != 1 || sent[0].To != "mia@opera.example" || sent[0].Language != "fr" || sent[0].Document != st.house.Made.Document {
			t.Errorf("%v: sent %+v", size, sent)
		}
	}
}

func TestR89_ASampleIsSentOnceThereIsAMailServer(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) { h.GoLive() })
	st.on("Welcome")
	st.Press("t", "shift+tab", "enter", "up", "enter", "tab")
	st.Type("mia@opera.swiss")
	st.Press("enter")
	st.Want("Sample for mia@opera.swiss is on its way.", "g o")
	st.Without("captured")
	if sent := st.outbox(); len(sent) != 1 || sent[0].Language != "en" {
		t.Errorf("sent %+v", sent)
	}
}

func TestASampleNobodyCanSendSaysWhy(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		write(h, func(act *core.Act) error {
			return venue.PointsOfSale().Delete(act, h.Made.Institution, h.Made.PointOfSale, 1)
		})
	})
	st.on("Welcome")
	st.Press("t")
	st.Type("mia@opera.example")
	st.Press("enter")
	st.Want("There is no document or no point of sale to send from.", "mia@opera.example")
	st.Press("esc")
	st.Without("to whom?")
	if sent := st.outbox(); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

// outbox is what was sent, newest first.
func (st *stage) outbox() []mail.OutboxRow {
	st.t.Helper()
	page, err := st.house.Reading.Outbox(st.t.Context(), st.house.Owner, mail.OutboxQuery{Limit: 10})
	st.house.Must(err)
	return page.Rows
}

package validation_test

import (
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// saveNotice saves a notice document, a new one where id is 0.
func saveNotice(h *coretest.House, id core.ID, name string, active bool) core.ID {
	h.T.Helper()
	var version core.Version
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	for _, e := range o.Documents {
		if e.ID == id {
			version = e.Version
		}
	}
	receipt, err := h.Venue.SaveDocument(h.Ctx, h.Owner, id, version, venue.DocumentDraft{
		Name: name, Kind: venue.DocumentNotice, Active: active, Texts: []venue.Text{
			{Language: "en", Subject: name, Body: "{name} {address} {institution}"},
			{Language: "fr", Subject: name + " (fr)", Body: "{name} {address} {institution}"},
		},
	})
	h.Must(err)
	return receipt.Subject.ID
}

// noticed changes a validated address and gives the notice to the former one.
func noticed(h *coretest.House, language string) mail.Work {
	h.T.Helper()
	d := coretest.Person("Marie", "Dupont", marie)
	d.Language = language
	id := h.Create(d).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	for _, m := range h.Mails() {
		if m.To == marie {
			return m
		}
	}
	h.T.Fatal("no notice went out")
	return mail.Work{}
}

func TestR8_TheNoticeIsTheFirstActiveDocumentOfItsKind(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saveNotice(h, h.Made.Notice, "First", false)
	second := saveNotice(h, 0, "Second", true)
	saveNotice(h, 0, "Third", true)
	got := noticed(h, "en")
	if got.Document != second || got.Edition != 1 || got.System != "" || got.Subject != "Second" {
		t.Errorf("the notice is %q of document %d, edition %d", got.Subject, got.Document, got.Edition)
	}
	if strings.Contains(got.Body+got.Subject, other) || got.Body != "Marie Dupont "+marie+" Opéra du Lac" {
		t.Errorf("the notice says %q", got.Body)
	}
	saveNotice(h, second, "Second again", true)
	if got := noticed(h, "en"); got.Edition != 2 || got.Subject != "Second again" {
		t.Errorf("the notice is %q of edition %d, not of the newest", got.Subject, got.Edition)
	}
}

func TestR8_TheNoticeSpeaksTheContactsLanguage(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saveNotice(h, h.Made.Notice, "First", true)
	for language, want := range map[string]string{"en": "First", "fr": "First (fr)", "": "First (fr)"} {
		if got := noticed(h, language); got.Subject != want {
			t.Errorf("to a contact who speaks %q: %q", language, got.Subject)
		}
	}
}

func TestR8_WithoutADocumentTheNoticeIsTheProductsOwn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saveNotice(h, h.Made.Notice, "First", false)
	for language, want := range map[string]string{"en": "en", "": "fr"} {
		got := noticed(h, language)
		if got.System != "address-changed" || got.Document != 0 || got.Language != want {
			t.Errorf("to a contact who speaks %q: text %q, document %d, in %q", language, got.System, got.Document, got.Language)
		}
		if strings.Contains(got.Body+got.Subject, other) || !strings.Contains(got.Body, marie) {
			t.Errorf("the notice says %q", got.Body)
		}
	}
}

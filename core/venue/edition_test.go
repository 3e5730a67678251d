package venue_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

func TestEditionsTellWhoAndWhen(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	first := overview(h).Documents[0]
	h.Clock.Advance(time.Hour)
	_, err := h.Venue.SaveDocument(h.Ctx, admin, first.ID, first.Version, document(english()))
	h.Must(err)
	all, err := h.Venue.Editions(h.Ctx, h.Hire(core.RoleOperator), first.ID)
	h.Must(err)
	if len(all) != 2 || all[0].Number != 2 || all[1].Number != 1 {
		t.Fatalf("editions %+v", all)
	}
	if e := all[0]; e.By != "admin" || !e.At.Equal(h.Clock.Effective()) || !slices.Equal(e.Texts, []venue.Text{english()}) {
		t.Errorf("the newest is %+v", e)
	}
	if e := all[1]; e.By != "set-up" || !e.At.Equal(coretest.Start()) || !slices.Equal(e.Texts, first.Newest.Texts) {
		t.Errorf("the first is %+v", e)
	}
	_, err = h.Venue.Editions(h.Ctx, h.Owner, 99)
	h.Refused(err, core.CodeNotFound)
}

// notice is a draft of a notice that is accepted where its body is.
func notice(body string) venue.DocumentDraft {
	return venue.DocumentDraft{
		Name: "Moved", Kind: venue.DocumentNotice, Active: true,
		Texts: []venue.Text{{Language: "en", Subject: "Changed", Body: body}},
	}
}

func TestR8_ANoticeHasNoLinkAndNoNewAddress(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	made, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, notice("{name} {address} {institution} {{link}}"))
	h.Must(err)
	if d := overview(h).Documents[made.Subject.ID-1]; d.Kind != venue.DocumentNotice {
		t.Errorf("saved as a %v", d.Kind)
	}
	for _, variable := range []string{"link", "hours", "point-of-sale", "new-address"} {
		for _, id := range []core.ID{0, made.Subject.ID} {
			_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, id, 1, notice("{"+variable+"}"))
			var refusal *core.Error
			if !errors.As(err, &refusal) || refusal.Code != core.CodeVariable || refusal.Args["name"] != variable {
				t.Errorf("{%s} is refused with %v", variable, err)
			}
		}
	}
}

func TestADocumentsKindIsChosenOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for kind, want := range map[venue.DocumentKind]venue.DocumentKind{0: venue.DocumentVerification, venue.DocumentVerification: venue.DocumentVerification} {
		d := document(english())
		d.Kind = kind
		made, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, d)
		h.Must(err)
		if got := overview(h).Documents[made.Subject.ID-1].Kind; got != want {
			t.Errorf("kind %d is saved as %v", kind, got)
		}
	}
	d := notice("{name}")
	d.Kind++
	_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, d)
	if got := coretest.FieldsOf(err)["kind"]; got != core.CodeChoice {
		t.Errorf("an unknown kind is refused with %v", err)
	}
	d = notice("{link}")
	_, err = h.Venue.SaveDocument(h.Ctx, h.Owner, h.Made.Document, 1, d)
	h.Must(err)
	if got := overview(h).Documents[0].Kind; got != venue.DocumentVerification {
		t.Errorf("an edit made it a %v", got)
	}
}

func TestR19_ANoticeIsNoVerificationDocument(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		for kind, want := range map[venue.DocumentKind]core.ID{
			venue.DocumentVerification: h.Made.Document, venue.DocumentNotice: h.Made.Notice,
		} {
			got, err := venue.ActiveDocuments(v, h.Made.Institution, kind)
			if err != nil || len(got) != 1 || got[0].ID != want {
				t.Errorf("of kind %v: %v, %v", kind, got, err)
			}
		}
		return nil
	}))
}

func TestSamplesFillEveryVariable(t *testing.T) {
	t.Parallel()
	house := venue.Institution{Name: "Opéra", PortalURL: "https://portal.example", LinkHours: 48}
	for _, kind := range venue.DocumentKinds() {
		values := venue.Samples(kind, house)
		if got, want := slices.Sorted(maps.Keys(values)), slices.Sorted(slices.Values(venue.Variables(kind))); !slices.Equal(got, want) {
			t.Errorf("a %v is filled with %v, want %v", kind, got, want)
		}
		for name, value := range values {
			if value == "" {
				t.Errorf("{%s} is empty", name)
			}
		}
	}
	got := venue.Samples(venue.DocumentVerification, house)
	if got["link"] != "https://portal.example/v/sample" || got["hours"] != "48" || got["institution"] != "Opéra" {
		t.Errorf("filled with %v", got)
	}
}

const tester = "olga@tests.example"

func TestASampleGoesThroughTheOutbox(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	for document, want := range map[core.ID]struct{ language, subject, body string }{
		h.Made.Document: {"fr", "Confirmez, Camille Martin", "Bonjour Camille Martin, suivez https://tickets.opera.example/v/sample dans 24 h. Opéra du Lac"},
		h.Made.Notice:   {"en", "Changed, Camille Martin", "Hello Camille Martin, Opéra du Lac no longer writes to camille.martin@mail.example."},
	} {
		receipt, err := h.Venue.SendSample(h.Ctx, admin, document, want.language, " Olga@Tests.example ")
		h.Must(err)
		if receipt.Subject != (core.Ref{Kind: core.KindDocument, ID: document}) {
			t.Errorf("receipt for %v", receipt.Subject)
		}
		mails := h.Mails()
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		m := mails[0]
		if m.To != tester || m.From != "tickets@opera.example" || m.FromName != "Opéra du Lac" {
			t.Errorf("sent to %s from %s <%s>", m.To, m.FromName, m.From)
		}
		if m.Subject != want.subject || m.Body != want.body || m.Language != want.language {
			t.Errorf("it says %q, %q in %s", m.Subject, m.Body, m.Language)
		}
		if m.Entry.Subject != (core.Ref{Kind: core.KindOperator, ID: admin.Actor.ID}) || m.Sealed != nil {
			t.Errorf("it is about %v", m.Entry.Subject)
		}
	}
}

func TestASampleIsOfTheNewestEditionAndNamesThePointOfSale(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, h.Made.Document, 1,
		document(venue.Text{Language: "en", Subject: "From {point-of-sale}", Body: "{link}"}))
	h.Must(err)
	_, err = h.Venue.SendSample(h.Ctx, h.Owner, h.Made.Document, "fr", tester)
	h.Must(err)
	if m := h.Mails()[0]; m.Edition != 2 || m.Subject != "From Web shop" || m.Language != "en" {
		t.Errorf("edition %d says %q in %s", m.Edition, m.Subject, m.Language)
	}
}

func TestASampleIsRefused(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for name, tt := range map[string]struct {
		document     core.ID
		language, to string
		want         codes
	}{
		"no address":       {h.Made.Document, "en", "", codes{"to": core.CodeAddress}},
		"no language":      {h.Made.Document, "xx", tester, codes{"language": core.CodeLanguage}},
		"a second line":    {h.Made.Document, "en", tester + "\nBcc: eve@tests.example", codes{"to": core.CodeAddress}},
		"no such document": {99, "en", tester, codes{"": core.CodeNotFound}},
	} {
		_, err := h.Venue.SendSample(h.Ctx, h.Owner, tt.document, tt.language, tt.to)
		if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) {
			t.Errorf("%s: refused %v, want %v", name, got, tt.want)
		}
	}
	_, err := h.Venue.SendSample(h.Ctx, h.Hire(core.RoleOperator), h.Made.Document, "en", tester)
	h.Refused(err, core.CodeForbidden)
	h.Act(func(act *core.Act) error {
		return venue.PointsOfSale().Delete(act, h.Made.Institution, h.Made.PointOfSale, 1)
	})
	_, err = h.Venue.SendSample(h.Ctx, h.Owner, h.Made.Document, "en", tester)
	h.Refused(err, core.CodeNoContext)
	h.GoLive()
	_, err = h.Venue.SendSample(h.Ctx, h.Owner, h.Made.Document, "en", tester)
	if got := coretest.FieldsOf(err); !maps.Equal(got, codes{"to": core.CodeReserved}) {
		t.Errorf("a reserved name while mail is delivered: refused %v", got)
	}
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails went out", len(mails))
	}
}

func TestSamplesCountInNoCap(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for range 120 {
		_, err := h.Venue.SendSample(h.Ctx, h.Owner, h.Made.Document, "en", tester)
		h.Must(err)
	}
	id := h.Create(coretest.Person("Olga", "Brunner", tester)).ID
	h.Clock.Advance(time.Hour)
	_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
	h.Must(err)
	if n := len(h.Mails()); n != 120+2 {
		t.Errorf("%d mails went out", n)
	}
}

func TestR87_PlacesAreOnesOwn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	other := h.AddInstitution("Théâtre du Port")
	_, err := h.Venue.SaveOrganisation(h.Ctx, other.Owner, 0, 0, "Studio")
	h.Must(err)
	asked := []core.ID{other.Made.Institution, h.Made.Institution, 99}
	port := venue.Place{ID: other.Made.Institution, Name: "Théâtre du Port", TimeZone: "Europe/Paris", Organisations: []venue.Named{{ID: 1, Name: "Main house"}, {ID: 2, Name: "Studio"}}}
	lake := venue.Place{ID: h.Made.Institution, Name: "Opéra du Lac", TimeZone: "Europe/Zurich", Organisations: []venue.Named{{ID: 1, Name: "Main house"}}}
	for name, tt := range map[string]struct {
		req  core.Request
		want []venue.Place
	}{"owner of both": {h.Owner, []venue.Place{port, lake}}, "admin of one": {admin, []venue.Place{lake}}} {
		got, err := h.Venue.Places(h.Ctx, tt.req, asked)
		h.Must(err)
		if !slices.EqualFunc(got, tt.want, func(a, b venue.Place) bool {
			return a.ID == b.ID && a.Name == b.Name && a.TimeZone == b.TimeZone && slices.Equal(a.Organisations, b.Organisations)
		}) {
			t.Errorf("%s works in %+v", name, got)
		}
	}
	h.Must(h.Operators.SignOut(h.Ctx, admin))
	_, err = h.Venue.Places(h.Ctx, admin, asked)
	h.Refused(err, core.CodeSignedOut)
}

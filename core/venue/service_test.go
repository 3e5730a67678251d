package venue_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/record"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

type codes = map[string]core.Code

func overview(h *coretest.House) venue.Overview {
	h.T.Helper()
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	return o
}

func english() venue.Text {
	return venue.Text{Language: "en", Subject: "Confirm", Body: "Follow {link}"}
}

func french() venue.Text {
	return venue.Text{Language: "fr", Subject: "Confirmez", Body: "Suivez {link}"}
}

func document(texts ...venue.Text) venue.DocumentDraft {
	return venue.DocumentDraft{Name: "Spring", Active: true, Texts: texts}
}

func TestDocumentsAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	body := func(body string) venue.DocumentDraft {
		return document(venue.Text{Language: "en", Subject: "Confirm", Body: body})
	}
	subject := func(subject string) venue.DocumentDraft {
		return document(venue.Text{Language: "en", Subject: subject, Body: "{link}"})
	}
	tests := map[string]struct {
		draft venue.DocumentDraft
		want  codes
	}{
		"no name":             {venue.DocumentDraft{Texts: []venue.Text{english()}}, codes{"name": core.CodeRequired}},
		"no text":             {document(), codes{"body.en": core.CodeRequired}},
		"only empty texts":    {document(venue.Text{Language: "en", Subject: " ", Body: "\n"}, venue.Text{Language: "fr"}), codes{"body.en": core.CodeRequired}},
		"no subject":          {subject(""), codes{"subject.en": core.CodeRequired}},
		"a long subject":      {subject(strings.Repeat("é", core.MaxSubject+1)), codes{"subject.en": core.CodeTooLong}},
		"a subject of lines":  {subject("a\nBcc: b"), codes{"subject.en": core.CodeControl}},
		"a subject's unknown": {subject("{nmae}"), codes{"subject.en": core.CodeVariable}},
		"no body":             {body(" "), codes{"body.en": core.CodeRequired}},
		"a long body":         {body("{link}" + strings.Repeat("é", 20000)), codes{"body.en": core.CodeTooLong}},
		"a body's escape":     {body("{link}\x1b[2J"), codes{"body.en": core.CodeControl}},
		"a body's unknown":    {body("{link} {nmae}"), codes{"body.en": core.CodeVariable}},
		"no link":             {body("Follow me"), codes{"body.en": core.CodeLinkMissing}},
		"a link as text":      {body("Follow {{link}}"), codes{"body.en": core.CodeLinkMissing}},
		"one of two":          {document(english(), venue.Text{Language: "fr", Subject: "Confirmez", Body: "Suivez"}), codes{"body.fr": core.CodeLinkMissing}},
		"a language":          {document(venue.Text{Language: "xx", Subject: "Confirm", Body: "{link}"}), codes{"language": core.CodeLanguage}},
	}
	for name, tt := range tests {
		_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, tt.draft)
		if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) {
			t.Errorf("%s: refused %v, want %v", name, got, tt.want)
		}
		o := overview(h)
		_, err = h.Venue.SaveDocument(h.Ctx, h.Owner, o.Documents[0].ID, o.Documents[0].Version, tt.draft)
		if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) {
			t.Errorf("%s, edited: refused %v, want %v", name, got, tt.want)
		}
	}
	if o := overview(h); len(o.Documents) != 2 || o.Documents[0].Edition != 1 {
		t.Errorf("left behind %+v", o.Documents)
	}
}

func TestAnUnknownVariableIsNamed(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, document(venue.Text{Language: "en", Subject: "Confirm", Body: "{link} {nmae}"}))
	var refusal *core.Error
	if !errors.As(err, &refusal) || refusal.Field != "body.en" || refusal.Args["name"] != "nmae" {
		t.Errorf("refused with %v", err)
	}
}

func TestEditionsAreKeptAsTheyWere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	first := overview(h).Documents[0]
	h.Clock.Advance(time.Hour)
	d := document(french(), english())
	d.Active = false
	receipt, err := h.Venue.SaveDocument(h.Ctx, h.Owner, first.ID, first.Version, d)
	h.Must(err)
	if receipt.Subject != (core.Ref{Kind: core.KindDocument, ID: first.ID}) {
		t.Errorf("receipt for %v", receipt.Subject)
	}
	second := overview(h).Documents[0]
	if second.Name != "Spring" || second.Active || second.Edition != 2 || second.Version != first.Version+1 {
		t.Errorf("document %+v", second)
	}
	if !slices.Equal(second.Newest.Texts, d.Texts) || second.Newest.By != "Olga Brunner" || !second.Newest.At.Equal(h.Clock.Effective()) {
		t.Errorf("newest %+v", second.Newest)
	}
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		kept, err := venue.EditionOf(v, h.Made.Institution, first.ID, 1)
		if !slices.Equal(kept.Texts, first.Newest.Texts) || !kept.At.Equal(coretest.Start()) {
			t.Errorf("the first edition is %+v", kept)
		}
		if _, missing := venue.EditionOf(v, h.Made.Institution, first.ID, 3); core.CodeOf(missing) != core.CodeNotFound {
			t.Errorf("a third edition: %v", missing)
		}
		return err
	}))
}

func TestEditionsSpeakALanguageOrTheNextBest(t *testing.T) {
	t.Parallel()
	both := venue.Edition{Texts: []venue.Text{english(), french()}}
	tests := []struct{ language, fallback, want string }{
		{"fr", "en", "fr"}, {"en", "fr", "en"}, {"xx", "fr", "fr"}, {"xx", "yy", "en"}, {"", "", "en"}, {"", "fr", "fr"},
	}
	for _, tt := range tests {
		if got, ok := both.In(tt.language, tt.fallback); !ok || got.Language != tt.want {
			t.Errorf("%+v: %q, %v", tt, got.Language, ok)
		}
	}
	if got, ok := (venue.Edition{}).In("en", "fr"); ok {
		t.Errorf("nothing speaks %+v", got)
	}
}

func TestTextsAreStoredClean(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	messy := venue.Text{Language: "fr", Subject: "  Cafe\u0301 ", Body: "a\r\n{link}\tb\n"}
	_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, document(venue.Text{Language: "en", Body: " \n"}, messy))
	h.Must(err)
	want := []venue.Text{{Language: "fr", Subject: "Café", Body: "a\n{link}\tb\n"}}
	if got := overview(h).Documents[2].Newest.Texts; !slices.Equal(got, want) {
		t.Errorf("stored as %+v", got)
	}
}

// pointOfSale is a draft that is accepted.
func pointOfSale(h *coretest.House) venue.PointOfSaleDraft {
	o := overview(h)
	return venue.PointOfSaleDraft{
		Name: "Festival", Organisation: o.Organisations[0].ID, Channel: o.Channels[0].ID, State: venue.StateSetUp,
		SenderName: "Festival", Sender: "Box@Festival.example", SignInURL: " https://festival.example/in ",
	}
}

func TestPointsOfSaleAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	h.Act(func(act *core.Act) error { // parts of another institution, under ids unknown here
		act.Req.Institution++
		for _, name := range []string{"First", "Second", "Third"} {
			if _, err := venue.CreateOrganisation(act, name); err != nil {
				return err
			}
			if _, err := venue.CreateChannel(act, venue.SalesChannel{Name: name, Kind: venue.ChannelInternetB2C}); err != nil {
				return err
			}
		}
		return nil
	})
	long := strings.Repeat("é", core.MaxName+1)
	tests := map[string]struct {
		change func(*venue.PointOfSaleDraft)
		want   codes
	}{
		"no name":                {func(d *venue.PointOfSaleDraft) { d.Name = " " }, codes{"name": core.CodeRequired}},
		"a long name":            {func(d *venue.PointOfSaleDraft) { d.Name = long }, codes{"name": core.CodeTooLong}},
		"no sender's name":       {func(d *venue.PointOfSaleDraft) { d.SenderName = "" }, codes{"sender-name": core.CodeRequired}},
		"a sender's second line": {func(d *venue.PointOfSaleDraft) { d.SenderName = "a\nBcc: b" }, codes{"sender-name": core.CodeControl}},
		"no sender":              {func(d *venue.PointOfSaleDraft) { d.Sender = "" }, codes{"sender": core.CodeAddress}},
		"a script to sign in":    {func(d *venue.PointOfSaleDraft) { d.SignInURL = "javascript:alert(1)" }, codes{"sign-in-url": core.CodeURL}},
		"nowhere to sign in":     {func(d *venue.PointOfSaleDraft) { d.SignInURL = "" }, codes{"sign-in-url": core.CodeRequired}},
		"no state":               {func(d *venue.PointOfSaleDraft) { d.State = 0 }, codes{"state": core.CodeChoice}},
		"a state that isn't":     {func(d *venue.PointOfSaleDraft) { d.State = venue.StateClosed + 1 }, codes{"state": core.CodeChoice}},
		"R87 foreign parts": {func(d *venue.PointOfSaleDraft) { d.Organisation, d.Channel = 3, 3 }, codes{
			"organisation": core.CodeChoice, "channel": core.CodeChoice,
		}},
		"all of it": {func(d *venue.PointOfSaleDraft) { *d = venue.PointOfSaleDraft{} }, codes{
			"name": core.CodeRequired, "sender-name": core.CodeRequired, "sign-in-url": core.CodeRequired, "sender": core.CodeAddress,
			"state": core.CodeChoice, "organisation": core.CodeChoice, "channel": core.CodeChoice,
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := pointOfSale(h)
			tt.change(&d)
			_, err := h.Venue.SavePointOfSale(h.Ctx, h.Owner, 0, 0, d)
			if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) {
				t.Errorf("refused %v, want %v", got, tt.want)
			}
		})
	}
	if n := len(overview(h).PointsOfSale); n != 1 {
		t.Errorf("%d points of sale", n)
	}
}

func TestAPointOfSaleIsStoredClean(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := pointOfSale(h)
	d.Name, d.SenderName = " Fe\u0301te ", " Fe\u0301te "
	_, err := h.Venue.SavePointOfSale(h.Ctx, h.Owner, 0, 0, d)
	h.Must(err)
	want := venue.PointOfSale{
		Name: "Féte", Organisation: d.Organisation, Channel: d.Channel, State: venue.StateSetUp,
		SenderName: "Féte", Sender: "box@festival.example", SignInURL: "https://festival.example/in",
	}
	if got := overview(h).PointsOfSale[1].PointOfSale; got != want {
		t.Errorf("stored as %+v", got)
	}
}

func TestSettingsSavedFromAnOldVersionAreAConflict(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	old := overview(h)
	point, doc := old.PointsOfSale[0], old.Documents[0]
	save := map[string]func(record.Version) error{
		"switch": func(ago record.Version) error {
			_, err := h.Venue.SwitchValidation(h.Ctx, h.Owner, overview(h).InstitutionVersion-ago, false)
			return err
		},
		"point of sale": func(ago record.Version) error {
			_, err := h.Venue.SavePointOfSale(h.Ctx, h.Owner, point.ID, overview(h).PointsOfSale[0].Version-ago, pointOfSale(h))
			return err
		},
		"document": func(ago record.Version) error {
			_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, doc.ID, overview(h).Documents[0].Version-ago, document(english()))
			return err
		},
	}
	for name, save := range save {
		if err := save(0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := save(1); core.CodeOf(err) != core.CodeConflict {
			t.Errorf("%s, from an old version: %v", name, err)
		}
	}
	now := overview(h)
	if now.Institution.Validation || now.PointsOfSale[0].Name != "Festival" || now.Documents[0].Edition != 2 {
		t.Errorf("saved %+v", now)
	}
	unknown := pointOfSale(h)
	unknown.Name = "Nowhere"
	_, err := h.Venue.SavePointOfSale(h.Ctx, h.Owner, 99, 1, unknown)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Venue.SaveDocument(h.Ctx, h.Owner, 99, 1, document(english()))
	h.Refused(err, core.CodeNotFound)
}

func TestR86_OperatorsAndDevelopersReadTheSettingsOnly(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	o := overview(h)
	tries := map[string]func(core.Request) error{
		"switch": func(req core.Request) error {
			_, err := h.Venue.SwitchValidation(h.Ctx, req, o.InstitutionVersion, false)
			return err
		},
		"new point of sale": func(req core.Request) error {
			_, err := h.Venue.SavePointOfSale(h.Ctx, req, 0, 0, pointOfSale(h))
			return err
		},
		"point of sale": func(req core.Request) error {
			d := pointOfSale(h)
			d.Name = "Fair"
			_, err := h.Venue.SavePointOfSale(h.Ctx, req, o.PointsOfSale[0].ID, o.PointsOfSale[0].Version, d)
			return err
		},
		"new document": func(req core.Request) error {
			_, err := h.Venue.SaveDocument(h.Ctx, req, 0, 0, document(english()))
			return err
		},
		"document": func(req core.Request) error {
			_, err := h.Venue.SaveDocument(h.Ctx, req, o.Documents[0].ID, o.Documents[0].Version, document(english()))
			return err
		},
	}
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator} {
		req := h.Hire(role)
		if _, err := h.Venue.Overview(h.Ctx, req); err != nil {
			t.Errorf("%v can't look: %v", role, err)
		}
		for name, try := range tries {
			if err := try(req); core.CodeOf(err) != core.CodeForbidden {
				t.Errorf("%s as %v: %v", name, role, err)
			}
		}
	}
	admin := h.Hire(core.RoleAdmin)
	for name, try := range tries {
		if err := try(admin); err != nil {
			t.Errorf("%s as an admin: %v", name, err)
		}
	}
}

func TestR87_SettingsShowOneInstitution(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	before := overview(h)
	h.Act(func(act *core.Act) error {
		act.Req.Institution++
		if _, err := venue.CreateOrganisation(act, "Elsewhere"); err != nil {
			return err
		}
		if _, err := venue.CreateChannel(act, venue.SalesChannel{Name: "Elsewhere", Kind: venue.ChannelCounter}); err != nil {
			return err
		}
		if _, err := venue.PointsOfSale().Insert(act, act.Req.Institution, venue.PointOfSale{Name: "Elsewhere"}); err != nil {
			return err
		}
		_, err := venue.CreateDocument(act, venue.DocumentVerification, document(english()))
		return err
	})
	after := overview(h)
	if len(after.Organisations) != len(before.Organisations) || len(after.Channels) != len(before.Channels) ||
		len(after.PointsOfSale) != len(before.PointsOfSale) || len(after.Documents) != len(before.Documents) {
		t.Errorf("seen from next door: %+v", after)
	}
}

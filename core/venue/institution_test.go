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

// draft is what a form would say of an institution.
func draft(i venue.Institution) venue.InstitutionDraft {
	return venue.InstitutionDraft{
		Name: i.Name, Language: i.Language, TimeZone: i.TimeZone, PortalURL: i.PortalURL, LinkHours: i.LinkHours,
	}
}

func TestInstitutionsAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	good := venue.InstitutionDraft{Name: " Ope\u0301ra ", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: " https://opera.example/tickets// "}
	tests := map[string]struct {
		change func(*venue.InstitutionDraft)
		want   codes
	}{
		"no name":         {func(d *venue.InstitutionDraft) { d.Name = "" }, codes{"name": core.CodeRequired}},
		"no language":     {func(d *venue.InstitutionDraft) { d.Language = "" }, codes{"language": core.CodeLanguage}},
		"a time zone":     {func(d *venue.InstitutionDraft) { d.TimeZone = "Mars/Olympus" }, codes{"time-zone": core.CodeTimeZone}},
		"the local zone":  {func(d *venue.InstitutionDraft) { d.TimeZone = "Local" }, codes{"time-zone": core.CodeTimeZone}},
		"a path of zones": {func(d *venue.InstitutionDraft) { d.TimeZone = "../etc/passwd" }, codes{"time-zone": core.CodeTimeZone}},
		"a file":          {func(d *venue.InstitutionDraft) { d.PortalURL = "file:///etc/passwd" }, codes{"portal-url": core.CodeURL}},
		"too long a life": {func(d *venue.InstitutionDraft) { d.LinkHours = 169 }, codes{"link-hours": core.CodeRange}},
		"all of it": {func(d *venue.InstitutionDraft) { *d = venue.InstitutionDraft{} }, codes{
			"name": core.CodeRequired, "language": core.CodeLanguage, "time-zone": core.CodeTimeZone, "portal-url": core.CodeRequired,
		}},
	}
	h.Act(func(act *core.Act) error {
		for name, tt := range tests {
			d := good
			tt.change(&d)
			_, err := venue.CreateInstitution(act, d)
			if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) {
				t.Errorf("%s: refused %v, want %v", name, got, tt.want)
			}
		}
		id, err := venue.CreateInstitution(act, good)
		if err != nil {
			return err
		}
		got, _, err := venue.Institutions().Get(act, core.Installation, id)
		want := venue.Institution{
			Name: "Opéra", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: "https://opera.example/tickets", Validation: true, LinkHours: 24,
		}
		if got != want {
			t.Errorf("saved %+v", got)
		}
		return err
	})
	h.Act(func(act *core.Act) error {
		if _, err := venue.CreateOrganisation(act, " "); !maps.Equal(coretest.FieldsOf(err), codes{"name": core.CodeRequired}) {
			t.Errorf("an organisation without a name: %v", err)
		}
		return nil
	})
}

func TestAnInstitutionsTimes(t *testing.T) {
	t.Parallel()
	i := venue.Institution{TimeZone: "Europe/Zurich", LinkHours: 24}
	if got := i.Location().String(); got != "Europe/Zurich" {
		t.Errorf("in %s", got)
	}
	if got := (venue.Institution{TimeZone: "Mars/Olympus"}).Location(); got != time.UTC {
		t.Errorf("a lost zone is %v", got)
	}
	if got := i.LinkLife(); got != 24*time.Hour {
		t.Errorf("a link lives %v", got)
	}
}

func TestR2_R3_ANewHouseBeginsOnAndOneThatMovesOverOff(t *testing.T) {
	t.Parallel()
	for _, moving := range []bool{false, true} {
		h := coretest.Empty(t, storagetest.New(t))
		d := coretest.Draft()
		d.Institution.Moving = moving
		_, err := h.Setup.Do(h.Ctx, d)
		h.Must(err)
		h.Owner = h.SignIn(coretest.OwnerAddress)
		if got := overview(h).Institution.Validation; got == moving {
			t.Errorf("moving over %v: validation %v", moving, got)
		}
	}
}

func TestR3_SettingsKeepTheSwitchUntilAnAdminTurnsIt(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, on := range []bool{false, true} {
		_, err := h.Venue.SwitchValidation(h.Ctx, h.Owner, overview(h).InstitutionVersion, on)
		h.Must(err)
		o := overview(h)
		d := draft(o.Institution)
		d.Name, d.Moving = "Opéra", on
		_, err = h.Venue.SaveInstitution(h.Ctx, h.Owner, o.InstitutionVersion, d)
		h.Must(err)
		if got := overview(h).Institution.Validation; got != on {
			t.Errorf("saved with the switch %v, it is %v", on, got)
		}
	}
}

func TestAnInstitutionIsEdited(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	receipt, err := h.Venue.SaveInstitution(h.Ctx, h.Hire(core.RoleAdmin), overview(h).InstitutionVersion, venue.InstitutionDraft{
		Name: " Ope\u0301ra ", Language: "en", TimeZone: "UTC", PortalURL: " https://opera.example/ ", LinkHours: 48,
	})
	h.Must(err)
	want := venue.Institution{
		Name: "Opéra", Language: "en", TimeZone: "UTC", PortalURL: "https://opera.example", Validation: true, LinkHours: 48,
	}
	ref := core.Ref{Kind: core.KindInstitution, ID: h.Made.Institution}
	if o := overview(h); o.Institution != want || o.InstitutionVersion != 2 || receipt.Subject != ref {
		t.Errorf("saved %+v as version %d, %v", o.Institution, o.InstitutionVersion, receipt.Subject)
	}
	told := core.Event{Institution: h.Made.Institution, Subject: ref, Action: core.ActInstitutionsEdit}
	if !slices.Contains(heard, told) {
		t.Errorf("told of %+v", heard)
	}
}

func TestAnInstitutionsSettingsAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	before := overview(h)
	for hours, refused := range map[uint32]bool{0: true, 1: false, 168: false, 169: true} {
		o := overview(h)
		d := draft(o.Institution)
		d.LinkHours = hours
		_, err := h.Venue.SaveInstitution(h.Ctx, h.Owner, o.InstitutionVersion, d)
		var refusal *core.Error
		if errors.As(err, &refusal) != refused {
			t.Errorf("%d hours: %v", hours, err)
		}
		if refused && (refusal.Code != core.CodeRange || refusal.Field != "link-hours" || !maps.Equal(refusal.Args, map[string]string{"min": "1", "max": "168"})) {
			t.Errorf("%d hours are refused with %v", hours, err)
		}
	}
	_, err := h.Venue.SaveInstitution(h.Ctx, h.Owner, overview(h).InstitutionVersion, venue.InstitutionDraft{LinkHours: 1})
	want := codes{"name": core.CodeRequired, "language": core.CodeLanguage, "time-zone": core.CodeTimeZone, "portal-url": core.CodeRequired}
	if got := coretest.FieldsOf(err); !maps.Equal(got, want) {
		t.Errorf("an empty draft is refused with %v", got)
	}
	_, err = h.Venue.SaveInstitution(h.Ctx, h.Owner, before.InstitutionVersion, draft(before.Institution))
	h.Refused(err, core.CodeConflict)
}

func TestR11_LinksLiveAsLongAsTheSettingSays(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	o := overview(h)
	d := draft(o.Institution)
	d.LinkHours = 2
	_, err := h.Venue.SaveInstitution(h.Ctx, h.Owner, o.InstitutionVersion, d)
	h.Must(err)
	h.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
	mail := h.Mails()[0]
	if got := mail.Expires.Sub(h.Clock.Effective()); got != 2*time.Hour || mail.Values["hours"] != "2" {
		t.Errorf("the link lives %v, the mail says %s hours", got, mail.Values["hours"])
	}
}

package settings_test

import (
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/venue"
)

func TestInstitutionIsEdited(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("This institution")
	st.Press("e")
	st.Want("Edit Opéra du Lac", "Links already mailed keep")
	st.KeysAreClear()
	st.retype("Opéra du Port")
	st.Press("tab", "tab")
	st.Type("berlin")
	st.Press("enter", "tab", "tab")
	st.retype("0")
	st.Press("ctrl+s")
	st.Want("from 1 to 168")
	if got := st.overview().Institution.Name; got != "Opéra du Lac" {
		t.Fatalf("a refused form saved %q", got)
	}
	st.retype("48")
	st.Press("ctrl+s")
	st.Want("Opéra du Port saved", "Europe/Berlin", "48 h")
	got := st.overview().Institution
	want := venue.Institution{
		Name: "Opéra du Port", Language: "fr", TimeZone: "Europe/Berlin", PortalURL: coretest.PortalURL, Validation: true, LinkHours: 48,
	}
	if got != want {
		t.Errorf("saved as %+v", got)
	}
}

func TestInstitutionThatSomebodyElseSavedIsAConflict(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("This institution")
	st.Press("e")
	st.retype("Mine")
	o := st.overview()
	_, err := st.house.Venue.SaveInstitution(t.Context(), st.house.Owner, o.InstitutionVersion, venue.InstitutionDraft{
		Name: "Theirs", Language: "en", TimeZone: o.Institution.TimeZone, PortalURL: o.Institution.PortalURL, LinkHours: 24,
	})
	st.house.Must(err)
	st.Press("ctrl+s")
	st.Want("[ ] Theirs", "[ ] Mine", "[✓] English", "Olga Brunner")
	st.Press("right", "enter")
	st.Want("Mine saved")
	if got := st.overview().Institution; got.Name != "Mine" || got.Language != "en" {
		t.Errorf("saved as %+v", got)
	}
}

func TestOrganisationsAreMadeAndRenamed(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Organisations")
	st.Press("n")
	st.Want("New organisation", "It needs a point of")
	st.Type("Main house")
	st.Press("ctrl+s")
	st.Want("New organisation")
	if n := len(st.overview().Organisations); n != 1 {
		t.Fatalf("%d organisations of one name", n)
	}
	st.retype("Ballet")
	st.Press("ctrl+s")
	st.Want("Ballet saved", "Operators who work in Ballet")
	st.on("Main house")
	st.Press("e")
	st.retype("Great hall")
	st.Press("ctrl+s")
	st.Want("Great hall saved", "Web shop (running)")
	got := st.overview().Organisations
	if len(got) != 2 || got[0].Name != "Great hall" || got[1].Name != "Ballet" {
		t.Errorf("saved as %+v", got)
	}
}

func TestSalesChannelsSayWhomTheyServe(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Sales channels")
	st.Press("n")
	st.Want("Pick a kind")
	st.Type("Foyer")
	st.Press("tab", "enter", "end", "enter")
	st.Want("counter", "Offered for nobody")
	st.Press("enter", "up", "up", "enter")
	st.Want("offered for validation mails to structures and relays.")
	st.Press("ctrl+s")
	st.Want("Foyer saved", "Internet B2B")
	if got := st.overview().Channels[1]; got.Kind != venue.ChannelInternetB2B || got.Name != "Foyer" {
		t.Errorf("saved as %+v", got)
	}
}

// addInstitution fills the form of another institution up to how it begins.
func addInstitution(t *testing.T, width, height int) *stage {
	t.Helper()
	st := build(t, core.RoleOwner, width, height)
	st.on("Institutions")
	st.Press("n")
	st.Type("Théâtre du Port")
	st.Press("tab", "tab", "tab", "tab")
	return st
}

func TestR3_AnInstitutionThatMovesOverBeginsWithValidationOff(t *testing.T) {
	t.Parallel()
	for name, moving := range map[string]bool{"new": false, "moving": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := addInstitution(t, 120, 40)
			st.Want("as a new institution", "Validation is on.")
			if moving {
				st.Press("enter", "down", "enter")
				st.Want("moving from another system", "Validation is off, no mail goes")
			}
			st.KeysAreClear()
			st.Press("tab", "tab")
			st.Type("port@opera.example")
			st.Press("tab")
			st.Type("https://port.opera.example/in")
			st.Press("ctrl+s")
			st.Want("Théâtre du Port saved", "You may work here too.")
			owner := st.house.SignIn(coretest.OwnerAddress)
			owner.Institution = 2
			o, err := st.house.Venue.Overview(t.Context(), owner)
			st.house.Must(err)
			if o.Institution.Name != "Théâtre du Port" || o.Institution.Validation == moving || len(o.Documents) != 2 {
				t.Errorf("made %+v", o.Institution)
			}
			if o.PointsOfSale[0].Sender != "port@opera.example" || o.PointsOfSale[0].SenderName != "Théâtre du Port" {
				t.Errorf("sells at %+v", o.PointsOfSale)
			}
		})
	}
}

func TestANewInstitutionIsRefusedAtItsFields(t *testing.T) {
	t.Parallel()
	st := addInstitution(t, 80, 24)
	st.Press("tab", "tab")
	st.Type("no address")
	st.Press("ctrl+s")
	st.Want("New institution")
	if n := strings.Count(st.Frame().Text(), "saved"); n != 0 {
		t.Error("it says saved")
	}
	st.Press("esc")
	st.Want("draft")
}

func TestR86_OnlyAnOwnerMakesInstitutions(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Institutions")
	st.Want("Your role does not allow this. An owner can.")
	st.Press("n")
	st.Without("Begins")
}

package setup_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

func TestARefusedSetUpNamesItsFieldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", core.MaxName+1)
	tests := map[string]struct {
		change func(*setup.Draft)
		field  string
		code   core.Code
	}{
		"no name":               {func(d *setup.Draft) { d.Institution.Name = " " }, "name", core.CodeRequired},
		"a long name":           {func(d *setup.Draft) { d.Institution.Name = long }, "name", core.CodeTooLong},
		"a language":            {func(d *setup.Draft) { d.Institution.Language = "xx" }, "language", core.CodeLanguage},
		"a time zone":           {func(d *setup.Draft) { d.Institution.TimeZone = "Mars" }, "time-zone", core.CodeTimeZone},
		"a portal":              {func(d *setup.Draft) { d.Institution.PortalURL = "opera.example" }, "portal-url", core.CodeURL},
		"a sender's name":       {func(d *setup.Draft) { d.SenderName = "a\nb" }, "sender-name", core.CodeControl},
		"a blank sender's name": {func(d *setup.Draft) { d.SenderName = " " }, "sender-name", core.CodeRequired},
		"a sender":              {func(d *setup.Draft) { d.Sender = "tickets" }, "sender", core.CodeAddress},
		"a sign-in":             {func(d *setup.Draft) { d.SignInURL = "ftp://shop.example" }, "sign-in-url", core.CodeURL},
		"no owner":              {func(d *setup.Draft) { d.OwnerName = "" }, "owner-name", core.CodeRequired},
		"an owner's address":    {func(d *setup.Draft) { d.OwnerEmail = "olga" }, "owner-address", core.CodeAddress},
		"a short password":      {func(d *setup.Draft) { d.Password = "curtain up" }, "password", core.CodePassword},
		"the product's name":    {func(d *setup.Draft) { d.Password = "willcall willcall" }, "password", core.CodePassword},
		"the venue's name":      {func(d *setup.Draft) { d.Password = "Opéra du Lac 1111" }, "password", core.CodePassword},
		"the owner's name":      {func(d *setup.Draft) { d.Password = "brunner olga 1111" }, "password", core.CodePassword},
		"the owner's address":   {func(d *setup.Draft) { d.Password = "olga@opera.example" }, "password", core.CodePassword},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.Empty(t, storagetest.New(t))
			before := h.Dump()
			d := coretest.Draft()
			tt.change(&d)
			made, err := h.Setup.Do(h.Ctx, d)
			if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{tt.field: tt.code}) {
				t.Errorf("refused with %v", err)
			}
			if made != (setup.Made{}) {
				t.Errorf("made %+v", made)
			}
			if after := h.Dump(); !maps.Equal(after, before) {
				t.Errorf("left behind %q", slices.Collect(maps.Keys(after)))
			}
			if needed, err := h.Setup.Needed(h.Ctx); err != nil || !needed {
				t.Errorf("the set-up is needed: %v, %v", needed, err)
			}
			made, err = h.Setup.Do(h.Ctx, coretest.Draft())
			if err != nil || made.Institution != 1 || made.Owner != 1 {
				t.Errorf("a second try makes %+v, %v", made, err)
			}
		})
	}
}

func TestWhatASetUpMakes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	t.Run("R2 validation is on", func(t *testing.T) {
		t.Parallel()
		want := venue.Institution{
			Name: "Opéra du Lac", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: coretest.PortalURL, Validation: true, LinkHours: 24,
		}
		if o.Institution != want {
			t.Errorf("institution %+v", o.Institution)
		}
	})
	t.Run("one point of sale, running on an Internet B2C channel", func(t *testing.T) {
		t.Parallel()
		if len(o.Organisations) != 1 || len(o.Channels) != 1 || len(o.PointsOfSale) != 1 {
			t.Fatalf("made %+v", o)
		}
		house := venue.OrganisationEntry{ID: h.Made.Organisation, Version: 1, Organisation: venue.Organisation{Name: "Main house"}}
		channel := venue.Channel{ID: 1, Version: 1, SalesChannel: venue.SalesChannel{Name: "Internet", Kind: venue.ChannelInternetB2C}}
		want := venue.PointOfSale{
			Name: "Web shop", Organisation: h.Made.Organisation, Channel: 1, State: venue.StateRunning,
			SenderName: "Opéra du Lac", Sender: "tickets@opera.example", SignInURL: coretest.SignInURL,
		}
		if o.Organisations[0] != house || o.Channels[0] != channel || o.PointsOfSale[0].PointOfSale != want {
			t.Errorf("made %+v", o)
		}
	})
	t.Run("one active document of each kind", func(t *testing.T) {
		t.Parallel()
		want := []venue.Document{
			{Name: "Welcome", Kind: venue.DocumentVerification, Active: true, Edition: 1},
			{Name: "Address changed", Kind: venue.DocumentNotice, Active: true, Edition: 1},
		}
		for i, d := range o.Documents {
			if len(o.Documents) != len(want) || d.Document != want[i] || len(d.Newest.Texts) != 2 {
				t.Errorf("made %+v", o.Documents)
			}
		}
	})
	t.Run("nothing more to set up", func(t *testing.T) {
		t.Parallel()
		if needed, err := h.Setup.Needed(h.Ctx); err != nil || needed {
			t.Errorf("needed: %v, %v", needed, err)
		}
	})
}

func TestASenderMayHaveANameOfItsOwn(t *testing.T) {
	t.Parallel()
	h := coretest.Empty(t, storagetest.New(t))
	d := coretest.Draft()
	d.SenderName = "Box office"
	made, err := h.Setup.Do(h.Ctx, d)
	h.Must(err)
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		p, _, err := venue.PointsOfSale().Get(v, made.Institution, made.PointOfSale)
		if p.SenderName != "Box office" {
			t.Errorf("sends as %q", p.SenderName)
		}
		return err
	}))
}

func TestTheStoreHoldsNoPassword(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for key, value := range h.Dump() {
		if strings.Contains(key+value, coretest.Password) {
			t.Errorf("%q holds the password", key)
		}
	}
}

func TestTwoSetUpsAtOnceMakeOneHouse(t *testing.T) {
	t.Parallel()
	h := coretest.Empty(t, storagetest.New(t))
	results := make(chan error)
	for range 2 {
		go func() {
			_, err := h.Setup.Do(h.Ctx, coretest.Draft())
			results <- err
		}()
	}
	codes := []core.Code{core.CodeOf(<-results), core.CodeOf(<-results)}
	slices.Sort(codes)
	if !slices.Equal(codes, []core.Code{"", core.CodeSetUp}) {
		t.Errorf("answered %q", codes)
	}
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		if n, err := venue.Institutions().Count(v, core.Installation); n != 1 || err != nil {
			t.Errorf("%d institutions, %v", n, err)
		}
		return nil
	}))
}

package outbox_test

import (
	"context"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/outbox"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// harbour adds a second institution, on the other side of the ocean, and gives
// its owner's request there.
func harbour(h *coretest.House) core.Request {
	h.T.Helper()
	made, err := h.Setup.AddInstitution(h.Ctx, h.Owner, setup.AddDraft{
		Institution: venue.InstitutionDraft{
			Name: "Harbour Hall", Language: "en", TimeZone: "America/New_York", PortalURL: "https://hall.example",
		},
		Sender: "hall@hall.example", SignInURL: "https://shop.hall.example/sign-in",
	})
	h.Must(err)
	req := h.Owner
	req.Institution, req.Organisation = made.Institution, made.Organisation
	return req
}

// wired is a console of sign-in and outbox on a house, with what switching
// needs from the core.
func wired(t *testing.T, h *coretest.House) *uitest.Driver {
	t.Helper()
	return uitest.NewStage(t, h, 120, 30, uitest.Pages{
		session.PageOutbox: func(s *session.Session) session.Page { return outbox.New(s, h.Reading, h.Office, h.Venue) },
	}, func(c *console.Config) {
		c.Switch = h.Operators.Switch
		c.Places = func(ctx context.Context, req core.Request, institutions []core.ID) ([]console.Place, error) {
			found, err := h.Venue.Places(ctx, req, institutions)
			var all []console.Place
			for _, f := range found {
				zone, err := time.LoadLocation(f.TimeZone)
				h.Must(err)
				place := console.Place{ID: f.ID, Name: f.Name, Location: zone}
				for _, o := range f.Organisations {
					place.Organisations = append(place.Organisations, console.Organisation{ID: o.ID, Name: o.Name})
				}
				all = append(all, place)
			}
			return all, err
		}
	}).Driver
}

func signIn(d *uitest.Driver) {
	d.Type(coretest.OwnerAddress)
	d.Press("enter")
	d.Type(coretest.Password)
	d.Press("enter")
}

func TestR87_TheOutboxIsThatOfThePresentInstitution(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	people("Marie")(h)
	there := harbour(h)
	_, err := h.Contacts.Create(h.Ctx, there, coretest.Person("John", "Miller", address("john")), h.Context())
	h.Must(err)
	d := wired(t, h)
	signIn(d)
	d.Want("Opéra du Lac ▸ Main house", "Marie Dupont", "20:42")
	d.Without("John")
	d.Press("o", "down", "enter")
	d.Want("Harbour Hall ▸ Main house", "John Miller", "14:43", "All 1")
	d.Without("Marie", "Opéra")
	d.Press("a", "enter")
	d.Want("goes to the captured mail again")
	h.Must(h.Office.Cancel(h.Ctx, there, 1))
	e := entry(h, h.Made.Institution, 1)
	if e.State != mail.StateQueued || e.ToName != "Marie Dupont" {
		t.Errorf("the mail of the first institution is %+v", e)
	}
}

func TestR87_TheNextSignInBeginsWhereTheOperatorWorkedLast(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	harbour(h)
	d := wired(t, h)
	signIn(d)
	d.Press("o", "down", "enter")
	d.Want("Harbour Hall ▸ Main house")
	d = wired(t, h)
	signIn(d)
	d.Want("Harbour Hall ▸ Main house")
	d.Press("o", "up", "enter")
	d.Want("Opéra du Lac ▸ Main house")
}

// entry reads an outbox entry past the desk.
func entry(h *coretest.House, institution, id core.ID) (e mail.Entry) {
	h.T.Helper()
	h.Must(h.Store.View(h.Ctx, func(v core.View) (err error) {
		e, err = mail.EntryOf(v, institution, id)
		return err
	}))
	return e
}

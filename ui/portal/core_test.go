package portal_test

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/secret"
	"willcall/core/setup"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// letters keeps the links of mails that go out, in the act's own transaction.
type letters struct{}

const letterSpace core.Space = "letters"

func (letters) Enqueue(act *core.Act, m core.Mail) (core.ID, error) {
	id, err := act.NewID(core.Installation, letterSpace)
	if err != nil || m.Secret["link"] == "" {
		return id, err
	}
	return id, act.Put(letterSpace, core.Key(core.Installation, id), []byte(m.Secret["link"]))
}

func (letters) Withdraw(*core.Act, core.Ref, core.Withdrawal) error { return nil }

// anyOwner lets everybody act as an owner.
type anyOwner struct{}

func (anyOwner) Standing(core.View, core.Request) (core.Standing, error) {
	return core.Standing{Role: core.RoleOwner}, nil
}

// boxOffice is the real core behind a portal.
type boxOffice struct {
	house
	desk     *core.Desk
	store    core.Store
	contacts *contacts.Service
	setup    *setup.Service
	made     setup.Made
}

func openBoxOffice(t *testing.T) *boxOffice {
	t.Helper()
	o := &boxOffice{store: storagetest.New(t)}
	keys, err := secret.NewKeys(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	clock := newWatch()
	o.desk = core.NewDesk(core.DeskConfig{
		Store: o.store, Clock: clock, Random: rand.Reader, Actions: core.Actions(),
		Standings: anyOwner{}, Journal: activity.Journal{}, Outbox: letters{}, Captured: mail.CapturedOnly,
	})
	o.contacts = contacts.NewService(o.desk, contacts.Lines{}, activity.Journal{})
	o.house = open(t, validation.NewLinks(o.desk, contacts.Book{}, keys))
	o.clock = clock
	o.setUp(t)
	return o
}

func (o *boxOffice) setUp(t *testing.T) {
	t.Helper()
	hasher := operators.NewHasher(operators.Cost{MemoryKiB: 64, Passes: 1, Threads: 1})
	names := func(string) setup.Names {
		return setup.Names{
			Organisation: "Office", Channel: "Internet", PointOfSale: "Shop", Document: "Verification",
			Texts:  []venue.Text{{Language: "fr", Subject: "Validate", Body: "{link}"}},
			Notice: "Notice", NoticeTexts: []venue.Text{{Language: "fr", Subject: "Changed", Body: "{address}"}},
		}
	}
	o.setup = setup.NewService(o.desk, o.store, hasher, rand.Reader, names)
	var err error
	o.made, err = o.setup.Do(t.Context(), setup.Draft{
		Institution: venue.InstitutionDraft{
			Name: "Opéra du Lac", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: "http://portal.test",
		},
		Sender: "office@opera.test", SignInURL: "https://shop.test/sign-in",
		OwnerName: "Olga", OwnerEmail: "olga@opera.test", Password: "a rather long pass phrase",
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (o *boxOffice) request() core.Request {
	return core.Request{
		Actor:       core.Actor{Kind: core.ActorOperator, ID: o.made.Owner, Name: "Olga"},
		Institution: o.made.Institution, Organisation: o.made.Organisation,
	}
}

func marie(address string) contacts.Draft {
	return contacts.Draft{
		Kind: core.ContactIndividual, FirstName: "Marie", LastName: "Rochat", Language: "fr", Address: address,
	}
}

// create makes a contact, which sends it a link.
func (o *boxOffice) create(t *testing.T) core.ID {
	t.Helper()
	saved, err := o.contacts.Create(t.Context(), o.request(), marie("marie@mail.test"), o.context())
	if err != nil {
		t.Fatal(err)
	}
	return saved.ID
}

// links are those that went out, oldest first.
func (o *boxOffice) links(t *testing.T) []string {
	t.Helper()
	var all []string
	err := o.store.View(t.Context(), func(v core.View) error {
		return v.Ascend(letterSpace, nil, nil, func(_, link []byte) error {
			all = append(all, string(link))
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (o *boxOffice) context() validation.Context {
	return validation.Context{Document: o.made.Document, PointOfSale: o.made.PointOfSale}
}

func (o *boxOffice) detail(t *testing.T, id core.ID) contacts.Detail {
	t.Helper()
	d, err := o.contacts.Show(t.Context(), o.request(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// changes counts commits, so that a test can see that nothing was stored.
func (o *boxOffice) changes(t *testing.T) *int {
	t.Helper()
	n := 0
	t.Cleanup(o.store.Watch(func(core.Commit) { n++ }))
	return &n
}

// formOf reads the form token of a page.
func formOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `name="form" value="`)
	form, _, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		t.Fatalf("no form token:\n%s", page)
	}
	return form
}

func TestR9_R10_R11_TheWholeWay(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	id := o.create(t)
	link := o.links(t)[0]
	stored := o.changes(t)

	o.ask(http.MethodHead, link, "")
	for range 9 {
		o.get(link)
	}
	page := o.get(link)
	says(t, page, http.StatusOK, "Opéra du Lac", "Confirmez votre adresse e-mail", "m•••••@mail.test", "22 nov. 2026, 21:00")
	if *stored != 0 || o.detail(t, id).Email.Status != core.EmailNotValidated {
		t.Errorf("R9: looking stored %d times, status %v", *stored, o.detail(t, id).Email.Status)
	}

	says(t, o.ask(http.MethodPost, link, "forged"), http.StatusForbidden, `role="alert"`)
	if *stored != 0 {
		t.Error("a forged form was stored")
	}

	done := o.ask(http.MethodPost, link, formOf(t, page.Body.String()))
	says(t, done, http.StatusOK, "Votre adresse e-mail est confirmée", `href="https://shop.test/sign-in"`)
	if got := o.detail(t, id).Email; got.Status != core.EmailValidated || got.Proof.How != core.ProofLink {
		t.Errorf("R9: %v by %v after the button", got.Status, got.Proof.How)
	}
	for _, again := range []string{http.MethodGet, http.MethodPost} {
		says(t, o.ask(again, link, formOf(t, page.Body.String())), http.StatusOK,
			"Cette adresse est déjà confirmée", `href="https://shop.test/sign-in"`)
	}
	if strings.Contains(o.log.String(), strings.TrimPrefix(link, "http://portal.test/v/")) {
		t.Errorf("T20: the log holds the token:\n%s", o.log)
	}
}

func TestR11_ExpiredAfterADay(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	id := o.create(t)
	link := o.links(t)[0]
	o.clock.move(24*time.Hour - time.Second)
	form := formOf(t, o.get(link).Body.String())
	o.clock.move(time.Second)
	says(t, o.get(link), http.StatusGone, "Ce lien a expiré")
	says(t, o.ask(http.MethodPost, link, form), http.StatusGone, "Ce lien a expiré")
	if got := o.detail(t, id).Email.Status; got != core.EmailNotValidated {
		t.Errorf("status %v", got)
	}
}

func TestR11_R75_ReplacedAddress(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	id := o.create(t)
	form := formOf(t, o.get(o.links(t)[0]).Body.String())
	_, err := o.contacts.Edit(t.Context(), o.request(), id, o.detail(t, id).Version, marie("m.rochat@mail.test"), o.context(), false)
	if err != nil {
		t.Fatal(err)
	}
	says(t, o.get(o.links(t)[0]), http.StatusGone, "Cette adresse n’est plus enregistrée")
	says(t, o.ask(http.MethodPost, o.links(t)[0], form), http.StatusGone, "Cette adresse n’est plus enregistrée")
	if got := o.detail(t, id).Email.Status; got != core.EmailNotValidated {
		t.Errorf("status %v", got)
	}
	says(t, o.ask(http.MethodPost, o.links(t)[1], form), http.StatusForbidden, `role="alert"`)
	page := o.get(o.links(t)[1])
	says(t, o.ask(http.MethodPost, o.links(t)[1], formOf(t, page.Body.String())), http.StatusOK, "est confirmée")
}

func TestR11_R75_ANewerLinkVoidsNoOlderOne(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	id := o.create(t)
	o.clock.move(12 * time.Hour)
	if _, err := o.contacts.SendValidation(t.Context(), o.request(), id, 1, o.context()); err != nil {
		t.Fatal(err)
	}
	links := o.links(t)
	older, newer := links[0], links[1]
	form := formOf(t, o.get(older).Body.String())
	says(t, o.ask(http.MethodPost, older, form), http.StatusOK, "Votre adresse e-mail est confirmée")
	says(t, o.get(newer), http.StatusOK, "Cette adresse est déjà confirmée")
}

func TestT10_UnknownLinksOfTheRealCore(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	o.create(t)
	want := o.get("/v/" + token)
	says(t, want, http.StatusNotFound, "know this link")
	hides(t, want, "Opéra")
	for _, path := range []string{"/v/", "/v/x", "/v/" + token + "="} {
		if got := o.get(path); got.Code != want.Code || got.Body.String() != want.Body.String() {
			t.Errorf("%s differs from an unknown link", path)
		}
	}
}

func TestTheLinkOfASampleMailLeadsToAPageThatSaysSo(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	link := venue.Samples(venue.DocumentVerification, venue.Institution{PortalURL: "http://portal.test"})["link"]
	stored := o.changes(t)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		says(t, o.ask(method, link, "x", "Accept-Language", "fr"), http.StatusOK, "d’un courriel d’essai", "rien à confirmer")
		says(t, o.ask(method, link, "", "Accept-Language", "en"), http.StatusOK, "This is the link of a sample mail", "nothing to confirm")
	}
	says(t, o.ask(http.MethodHead, link, ""), http.StatusOK)
	w := o.ask(http.MethodPut, link, "")
	says(t, w, http.StatusMethodNotAllowed)
	if got := w.Header().Get("Allow"); got != "GET, HEAD, POST" {
		t.Errorf("allows %q", got)
	}
	if *stored != 0 {
		t.Errorf("it stored %d times", *stored)
	}
}

func TestR87_ALinkBelongsToItsOwnInstitutionsAddress(t *testing.T) {
	t.Parallel()
	o := openBoxOffice(t)
	made, err := o.setup.AddInstitution(t.Context(), o.request(), setup.AddDraft{
		Institution: venue.InstitutionDraft{
			Name: "Théâtre du Port", Language: "fr", TimeZone: "Europe/Paris", PortalURL: "https://port.test",
		},
		Sender: "office@port.test", SignInURL: "https://shop.port.test",
	})
	if err != nil {
		t.Fatal(err)
	}
	o.create(t)
	o.made = made
	o.create(t)
	links := o.links(t)
	lake, port := links[0], links[1]
	if !strings.HasPrefix(lake, "http://portal.test/v/") || !strings.HasPrefix(port, "https://port.test/v/") {
		t.Fatalf("links %s and %s", lake, port)
	}
	for link, want := range map[string]string{lake: "", port: "max-age=31536000"} {
		if got := o.get(link).Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: told %q, want %q", link, got, want)
		}
	}
	page := o.get(lake)
	says(t, page, http.StatusOK, "Opéra du Lac")
	form := formOf(t, page.Body.String())
	says(t, o.ask(http.MethodPost, lake, form, "Origin", "https://port.test"), http.StatusForbidden)
	says(t, o.ask(http.MethodPost, lake, form, "Origin", "http://portal.test"), http.StatusOK, "est confirmée")
}

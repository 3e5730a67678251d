// Package coretest gives tests a house with its services on a real store, a
// clock that stands still until moved, and repeatable randomness.
package coretest

import (
	"context"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/secret"
	"willcall/core/setup"
	"willcall/core/validation"
	"willcall/core/venue"
)

// Start is when the clock of every test begins: a Saturday evening.
func Start() time.Time { return time.Date(2026, time.November, 21, 19, 42, 0, 0, time.UTC) }

// Clock stands still until it is moved. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that shows [Start].
func NewClock() *Clock { return &Clock{now: Start()} }

// Effective implements [core.Clock].
func (c *Clock) Effective() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Random is a repeatable stream, safe for concurrent use.
func Random(seed byte) io.Reader {
	return &random{source: rand.NewChaCha8([32]byte{seed})}
}

type random struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

// Read implements [io.Reader].
func (r *random) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.Read(p)
}

// The owner every house begins with.
const (
	OwnerAddress = "olga@opera.example"
	Password     = "curtain up at eight"
	PortalURL    = "https://tickets.opera.example"
	SignInURL    = "https://shop.opera.example/sign-in"
)

// House is an institution after its set-up, with the owner signed in.
type House struct {
	T     testing.TB
	Ctx   context.Context
	Store core.Store
	Clock *Clock
	Keys  *secret.Keys
	Desk  *core.Desk

	Setup     *setup.Service
	Operators *operators.Service
	Venue     *venue.Service
	Contacts  *contacts.Service
	Links     *validation.Links
	Queue     *mail.Queue
	Servers   *mail.Servers
	Drafts    *drafts.Service
	Notices   *activity.Notices
	Prober    *Prober
	Reading   *mail.Reading // without captured mail; see [House.ReadingOf]
	Office    *mail.Office
	// Remake is what the office makes mails with secrets anew by.
	Remake mail.Remake
	// Remakable is what the reading side asks about such mails.
	Remakable mail.Remakable

	Made  setup.Made
	Owner core.Request

	spaces  *Spaces
	damaged bool
	starts  byte // how often the program was started again
}

// New sets up a house on an empty store.
func New(t testing.TB, store core.Store) *House {
	t.Helper()
	h := Empty(t, store)
	var err error
	h.Made, err = h.Setup.Do(h.Ctx, Draft())
	h.Must(err)
	h.Owner = h.SignIn(OwnerAddress)
	return h
}

// Empty makes a house before its set-up.
func Empty(t testing.TB, store core.Store) *House {
	t.Helper()
	return start(t, &House{Clock: NewClock()}, store)
}

// Again is the house as after a restart of the program, on a store that holds
// what the house's did. It has a clock of its own, which stands where h's does;
// no randomness comes a second time in the first 80 restarts.
func (h *House) Again(t testing.TB, store core.Store) *House {
	t.Helper()
	clock := &Clock{now: h.Clock.Effective()}
	return start(t, &House{Clock: clock, Made: h.Made, Owner: h.Owner, starts: h.starts + 1}, store)
}

// start wires a house that has its clock.
func start(t testing.TB, h *House, store core.Store) *House {
	t.Helper()
	h.T, h.Ctx, h.Store = t, t.Context(), store
	h.spaces = WatchSpaces(t, h.Store, contacts.Projection().Derived()...)
	h.Must(h.Store.Project(h.Ctx, contacts.Projection()))
	var err error
	h.Keys, err = secret.NewKeys(make([]byte, secret.KeySize))
	h.Must(err)
	t.Cleanup(h.examined)
	outbox := mail.NewOutbox(h.Keys)
	h.Desk = core.NewDesk(core.DeskConfig{
		Store: h.Store, Clock: h.Clock, Random: h.random(1), Actions: core.Actions(),
		Standings: operators.Standings{Clock: h.Clock, Captured: mail.CapturedOnly}, Journal: activity.Journal{},
		Outbox: outbox, Captured: mail.CapturedOnly, Inbox: activity.Inbox{},
	})
	h.mails(outbox)
	hasher := hasher()
	if h.starts > 0 { // what it hashes itself after a restart is never looked at
		hasher = operators.NewHasher(operators.Cost{MemoryKiB: 64, Passes: 1, Threads: 1})
	}
	h.Setup = setup.NewService(h.Desk, h.Store, hasher, h.random(2), names)
	h.Venue = venue.NewService(h.Desk, activity.Journal{})
	h.Contacts = contacts.NewService(h.Desk, contacts.Lines{}, activity.Journal{})
	h.Drafts = drafts.NewService(h.Desk, h.Keys)
	h.Notices = activity.NewNotices(h.Desk)
	h.Links = validation.NewLinks(h.Desk, contacts.Book{}, h.Keys)
	h.Operators, err = operators.NewService(operators.Config{
		Desk: h.Desk, Hasher: hasher, Keys: h.Keys, Random: h.random(3), Issuer: "willcall",
		Recovery: operators.Cost{MemoryKiB: 64, Passes: 1, Threads: 1},
	})
	h.Must(err)
	return h
}

// hasher costs as little as is allowed.
func hasher() *operators.Hasher {
	return operators.NewHasher(operators.Cost{MemoryKiB: 8 * 1024, Passes: 1, Threads: 1})
}

// random is a repeatable stream of this start of the program.
func (h *House) random(seed byte) io.Reader { return Random(seed + 3*h.starts) }

// Draft is a set-up that is accepted.
func Draft() setup.Draft {
	return setup.Draft{
		Institution: venue.InstitutionDraft{
			Name: "Opéra du Lac", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: PortalURL,
		},
		Sender: "tickets@opera.example", SignInURL: SignInURL,
		OwnerName: "Olga Brunner", OwnerEmail: OwnerAddress, Password: Password,
	}
}

func names(string) setup.Names {
	return setup.Names{
		Organisation: "Main house", Channel: "Internet", PointOfSale: "Web shop", Document: "Welcome",
		Texts: []venue.Text{
			{Language: "en", Subject: "Confirm, {name}", Body: "Hello {name}, follow {link} within {hours} h. {institution}"},
			{Language: "fr", Subject: "Confirmez, {name}", Body: "Bonjour {name}, suivez {link} dans {hours} h. {institution}"},
		},
		Notice: "Address changed",
		NoticeTexts: []venue.Text{
			{Language: "en", Subject: "Changed, {name}", Body: "Hello {name}, {institution} no longer writes to {address}."},
			{Language: "fr", Subject: "Changée, {name}", Body: "Bonjour {name}, {institution} n'écrit plus à {address}."},
		},
	}
}

// texts is what cmd wires from documents and catalogue.
type texts struct{}

// Text implements [mail.Texts].
func (texts) Text(v core.View, institution core.ID, m core.Mail) (subject, body string, err error) {
	if m.System != "" {
		return m.System, m.System + " {name} {address}", nil
	}
	edition, err := venue.EditionOf(v, institution, m.Document, m.Edition)
	if err != nil {
		return "", "", err
	}
	text, _ := edition.In(m.Language, m.Language)
	return text.Subject, text.Body, nil
}

// Must ends the test on an error.
func (h *House) Must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// Refused ends the test unless err has a code.
func (h *House) Refused(err error, want core.Code) {
	h.T.Helper()
	if core.CodeOf(err) != want {
		h.T.Fatalf("want refusal %q, got %v", want, err)
	}
}

// SignIn gives the request of an operator who just signed in.
func (h *House) SignIn(address string) core.Request {
	h.T.Helper()
	begun, err := h.Operators.Begin(h.Ctx, Local(), address, Password)
	h.Must(err)
	if begun.In == nil {
		h.T.Fatalf("%s needs a code, or can't sign in", address)
	}
	return h.Request(*begun.In)
}

// Local is a sign-in from this computer, by no device.
func Local() operators.From { return operators.From{Source: "local"} }

// Request is that of a new session, in the first institution.
func (h *House) Request(in operators.SignedIn) core.Request {
	return core.Request{
		Actor: in.Actor, Session: in.Session, Institution: in.Institutions[0], Organisation: h.Made.Organisation,
	}
}

// Hire adds an operator of a role and gives their request.
func (h *House) Hire(role core.Role) core.Request {
	h.T.Helper()
	return h.HireAt(role, role.String()+"@opera.example")
}

// HireAt is [House.Hire] for an address of one's own.
func (h *House) HireAt(role core.Role, address string) core.Request {
	h.T.Helper()
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		act := &core.Act{Tx: tx, Req: core.Request{Institution: h.Made.Institution}, At: h.Clock.Effective()}
		hash, err := hasher().Hash(h.Ctx, Random(9), Password)
		if err != nil {
			return err
		}
		_, err = operators.Insert(act, operators.Operator{
			Name: role.String(), Address: address, Role: role, Password: hash, Epoch: 1,
			Institutions: []core.ID{h.Made.Institution}, Language: "en",
		})
		return err
	}))
	return h.SignIn(address)
}

// Context is the document and point of sale of the set-up.
func (h *House) Context() validation.Context {
	return validation.Context{Document: h.Made.Document, PointOfSale: h.Made.PointOfSale}
}

// Person is a draft of an individual.
func Person(first, last, address string) contacts.Draft {
	return contacts.Draft{Kind: core.ContactIndividual, FirstName: first, LastName: last, Address: address, Language: "en"}
}

// Create saves a contact as the owner.
func (h *House) Create(d contacts.Draft) contacts.Saved {
	h.T.Helper()
	saved, err := h.Contacts.Create(h.Ctx, h.Owner, d, h.Context())
	h.Must(err)
	return saved
}

// Show reads a contact as the owner.
func (h *House) Show(id core.ID) contacts.Detail {
	h.T.Helper()
	d, err := h.Contacts.Show(h.Ctx, h.Owner, id)
	h.Must(err)
	return d
}

// Edit saves a changed draft of a contact as the owner.
func (h *House) Edit(id core.ID, change func(*contacts.Draft)) contacts.Saved {
	h.T.Helper()
	now := h.Show(id)
	d := contacts.DraftOf(now.Contact)
	change(&d)
	saved, err := h.Contacts.Edit(h.Ctx, h.Owner, id, now.Version, d, h.Context(), false)
	h.Must(err)
	return saved
}

// Mails takes all mail that is due, as captured, oldest first.
func (h *House) Mails() []mail.Work {
	h.T.Helper()
	var all []mail.Work
	for {
		work, ok, _, err := h.Queue.Lease(h.Ctx)
		h.Must(err)
		if !ok {
			return all
		}
		h.Must(h.Queue.Finish(h.Ctx, work, mail.Answer{Verdict: mail.Captured}))
		all = append(all, work)
	}
}

// Token is the link's token in a mail.
func Token(w mail.Work) string {
	return w.Values["link"][len(PortalURL)+len(validation.LinkPath):]
}

// Follow looks at a link and presses its button.
func (h *House) Follow(token string) validation.Landing {
	h.T.Helper()
	seen, err := h.Links.Look(h.Ctx, token)
	h.Must(err)
	landing, err := h.Links.Follow(h.Ctx, token, seen.FormToken)
	h.Must(err)
	return landing
}

// Status is a contact's email status.
func (h *House) Status(id core.ID) core.EmailStatus {
	h.T.Helper()
	return h.Show(id).Email.Status
}

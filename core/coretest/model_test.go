package coretest_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/bolt"
	"willcall/storage/storagetest"
)

// TestModel does random acts on the real engine and on a plain map, with
// crashes in between: what was answered is there, and nothing else.
func TestModel(t *testing.T) {
	t.Parallel()
	founded := filepath.Join(t.TempDir(), "founded.db")
	house := found(t, founded)
	for range storagetest.Rounds(t) {
		rapid.Check(t, func(r *rapid.T) {
			m := &model{dir: t.TempDir(), path: founded, people: map[core.ID]*person{}, mails: map[core.ID]*letter{}, on: true}
			m.tb = attempt{t, r}
			m.house, m.signedIn = house.Again(m.tb, m.next(founded)), coretest.Start()
			r.Repeat(map[string]func(*rapid.T){
				"create": m.create, "import": m.bringIn, "edit": m.edit, "remove": m.remove, "restore": m.restore,
				"send": m.send, "deliver": m.deliver, "follow": m.follow, "cancel": m.cancel, "switch": m.flip,
				"wait": m.wait, "crash": m.crash,
			})
			m.compare()
		})
	}
}

// attempt is one try of a random test, which ends with it.
type attempt struct {
	testing.TB
	r *rapid.T
}

func (a attempt) Helper()                   { a.r.Helper() }
func (a attempt) Cleanup(fn func())         { a.r.Cleanup(fn) }
func (a attempt) Context() context.Context  { return context.WithoutCancel(a.r.Context()) }
func (a attempt) Failed() bool              { return a.r.Failed() }
func (a attempt) Error(args ...any)         { a.r.Error(args...) }
func (a attempt) Errorf(f string, v ...any) { a.r.Errorf(f, v...) }
func (a attempt) Fatal(args ...any)         { a.r.Fatal(args...) }
func (a attempt) Fatalf(f string, v ...any) { a.r.Fatalf(f, v...) }

// found sets up an institution in a file.
func found(t *testing.T, path string) *coretest.House {
	t.Helper()
	store, err := bolt.Open(t.Context(), path, bolt.Options{NoSync: true, InitialMap: 1 << 15})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return coretest.New(t, store)
}

// person is what the model knows of a contact.
type person struct {
	number  uint64
	name    string
	address string
	status  core.EmailStatus
	links   uint64 // rises when those that were sent become void
	removed time.Time
}

// letter is what the model knows of a mail.
type letter struct {
	of      core.ID
	state   mail.State
	notice  bool // has no link
	links   uint64
	expires time.Time
	token   string // once it was delivered
}

// model is a house with a plain map beside it.
type model struct {
	tb    testing.TB
	house *coretest.House
	dir   string
	path  string
	files int

	people map[core.ID]*person
	mails  map[core.ID]*letter
	on     bool // validation

	signedIn time.Time // when the owner's session began
}

// next copies a file as it is on disk and opens the copy.
func (m *model) next(from string) core.Store {
	raw, err := os.ReadFile(from)
	if err != nil {
		m.tb.Fatal(err)
	}
	m.files++
	m.path = filepath.Join(m.dir, fmt.Sprintf("%d.db", m.files))
	if err := os.WriteFile(m.path, raw, 0o600); err != nil {
		m.tb.Fatal(err)
	}
	store, err := bolt.Open(m.tb.Context(), m.path, bolt.Options{NoSync: true, InitialMap: 1 << 15})
	if err != nil {
		m.tb.Fatal(err)
	}
	m.tb.Cleanup(func() { _ = store.Close() })
	return store
}

// crash goes on with the file as it is, without the process that wrote it.
func (m *model) crash(*rapid.T) {
	m.house.Damaged() // its copy is looked through instead
	m.house = m.house.Again(m.tb, m.next(m.path))
	m.compare()
}

func (m *model) now() time.Time { return m.house.Clock.Effective() }

func (m *model) wait(r *rapid.T) {
	m.house.Clock.Advance(time.Duration(rapid.IntRange(1, 10).Draw(r, "hours")) * time.Hour)
	if m.now().Sub(m.signedIn) >= 12*time.Hour {
		m.house.Owner, m.signedIn = m.house.SignIn(coretest.OwnerAddress), m.now()
	}
}

// some draws one of the ids for which fits holds; there may be none.
func some[T any](r *rapid.T, all map[core.ID]*T, fits func(*T) bool) (core.ID, *T) {
	var ids []core.ID
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if fits(all[id]) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		r.Skip("nobody to choose from")
	}
	id := rapid.SampledFrom(ids).Draw(r, "id")
	return id, all[id]
}

func present(p *person) bool { return p.removed.IsZero() }

func draft(r *rapid.T) contacts.Draft {
	last := rapid.StringMatching(`[A-Z][a-z]{2,6}`).Draw(r, "name")
	address := rapid.SampledFrom([]string{"", "a@mail.example", "b@mail.example", "c@mail.example"}).Draw(r, "address")
	return coretest.Person("Ann", last, address)
}

// statusOf is the status of an address nobody has vouched for.
func statusOf(address string) core.EmailStatus {
	if address == "" {
		return core.EmailNone
	}
	return core.EmailNotValidated
}

// allowed ends the test where an act was refused for another reason; it reports
// whether it was done.
func (m *model) allowed(err error, codes ...core.Code) bool {
	m.tb.Helper()
	if err != nil && !slices.Contains(codes, core.CodeOf(err)) {
		m.tb.Fatalf("refused: %v", err)
	}
	return err == nil
}

// add is a new contact, under the next id and number.
func (m *model) add(saved contacts.Saved, d contacts.Draft, status core.EmailStatus) {
	id := core.ID(len(m.people) + 1)
	m.people[id] = &person{number: saved.Number, name: d.LastName, address: d.Address, status: status}
	if saved.ID != id || saved.Status != status {
		m.tb.Fatalf("saved as %+v, want the id %d and %s", saved, id, status)
	}
	for other, p := range m.people {
		if other != id && p.number == saved.Number {
			m.tb.Fatalf("contacts %d and %d have the number %d", other, id, p.number)
		}
	}
}

// mailed is a mail that went out, under the next id. A link's is void when the
// contact's links are.
func (m *model) mailed(l *letter) core.ID {
	id := core.ID(len(m.mails) + 1)
	l.state, l.links = mail.StateQueued, m.people[l.of].links
	m.mails[id] = l
	return id
}

// sent holds what a save says of its mail against whether one was due.
func (m *model) sent(id core.ID, s contacts.Saved, due bool) {
	if due != (s.Sent.Mail != 0 || s.Held != nil) {
		m.tb.Fatalf("sent %+v, held %v, due %t", s.Sent, s.Held, due)
	}
	if s.Sent.Mail == 0 {
		return
	}
	if got := m.mailed(&letter{of: id, expires: s.Sent.Expires}); got != s.Sent.Mail {
		m.tb.Fatalf("mail %d, want %d", s.Sent.Mail, got)
	}
}

// withdraw cancels what waits for a contact and has a link.
func (m *model) withdraw(id core.ID) {
	for _, l := range m.mails {
		if l.of == id && !l.notice && l.state == mail.StateQueued {
			l.state = mail.StateCancelled
		}
	}
}

func (m *model) create(r *rapid.T) {
	d := draft(r)
	saved, err := m.house.Contacts.Create(m.house.Ctx, m.house.Owner, d, m.house.Context())
	m.house.Must(err)
	m.add(saved, d, statusOf(d.Address))
	m.sent(saved.ID, saved, m.on && d.Address != "")
}

func (m *model) bringIn(r *rapid.T) {
	d := draft(r)
	proven := d.Address != "" && rapid.Bool().Draw(r, "proven")
	saved, err := m.house.Contacts.Import(m.house.Ctx, m.house.Owner, contacts.Imported{Draft: d, Validated: proven})
	m.house.Must(err)
	status := statusOf(d.Address)
	if proven {
		status = core.EmailValidated
	}
	m.add(saved, d, status)
}

func (m *model) edit(r *rapid.T) {
	id, p := some(r, m.people, present)
	now, d := m.house.Show(id), draft(r)
	saved, err := m.house.Contacts.Edit(m.house.Ctx, m.house.Owner, id, now.Version, d, m.house.Context(), false)
	m.house.Must(err)
	p.name = d.LastName
	if d.Address == p.address {
		return
	}
	m.withdraw(id)
	former := p.status
	p.address, p.status, p.links = d.Address, statusOf(d.Address), p.links+1
	if former == core.EmailValidated && m.on {
		m.mailed(&letter{of: id, notice: true, expires: m.now().Add(24 * time.Hour)})
	}
	m.sent(id, saved, m.on && d.Address != "")
}

func (m *model) remove(r *rapid.T) {
	id, p := some(r, m.people, present)
	_, err := m.house.Contacts.Remove(m.house.Ctx, m.house.Owner, id, m.house.Show(id).Version)
	if m.allowed(err, core.CodeNotMistake) {
		m.withdraw(id)
		p.removed, p.links = m.now(), p.links+1
	}
}

func (m *model) restore(r *rapid.T) {
	id, p := some(r, m.people, func(p *person) bool { return !present(p) })
	_, err := m.house.Contacts.Restore(m.house.Ctx, m.house.Owner, id)
	over := m.now().Sub(p.removed) >= contacts.UndoTime
	if m.allowed(err, core.CodeUndoOver) == over {
		m.tb.Fatalf("restored %v after %v: %v", p, m.now().Sub(p.removed), err)
	}
	if !over {
		p.removed = time.Time{}
	}
}

func (m *model) send(r *rapid.T) {
	id, p := some(r, m.people, func(p *person) bool { return present(p) && p.status == core.EmailNotValidated })
	generation := m.house.Show(id).Email.Generation
	sent, err := m.house.Contacts.SendValidation(m.house.Ctx, m.house.Owner, id, generation, m.house.Context())
	if !m.allowed(err, core.CodeSwitchOff, core.CodeCoolDown, core.CodeDailyCap, core.CodeHourlyCap) {
		return
	}
	if !m.on || sent.To != p.address {
		m.tb.Fatalf("sent %+v, validation on %t, address %s", sent, m.on, p.address)
	}
	m.mailed(&letter{of: id, expires: sent.Expires})
}

// deliver takes all mail that waits.
func (m *model) deliver(*rapid.T) {
	for _, w := range m.house.Mails() {
		l := m.mails[w.ID]
		if l == nil || l.state != mail.StateQueued || !m.fresh(l) {
			m.tb.Fatalf("mail %d went out, which the model has as %+v", w.ID, l)
		}
		l.state = mail.StateCaptured
		if !l.notice {
			l.token = coretest.Token(w)
		}
	}
	for _, l := range m.mails {
		if l.state == mail.StateQueued {
			if m.fresh(l) {
				m.tb.Fatalf("%+v didn't go out", l)
			}
			l.state = mail.StateExpired
		}
	}
}

func (m *model) fresh(l *letter) bool { return m.now().Before(l.expires) }

func (m *model) follow(r *rapid.T) {
	_, l := some(r, m.mails, func(l *letter) bool { return l.token != "" })
	p := m.people[l.of]
	open := present(p) && p.links == l.links && p.status == core.EmailNotValidated && m.fresh(l)
	landing := m.house.Follow(l.token)
	if (landing.State.String() == "done") != open {
		m.tb.Fatalf("a link of %+v to %+v is %s", l, p, landing.State)
	}
	if open {
		p.status = core.EmailValidated
	}
}

func (m *model) cancel(r *rapid.T) {
	id, l := some(r, m.mails, func(*letter) bool { return true })
	err := m.house.Office.Cancel(m.house.Ctx, m.house.Owner, id)
	if m.allowed(err, core.CodeSettled) != (l.state == mail.StateQueued) {
		m.tb.Fatalf("cancelling %+v: %v", l, err)
	}
	if err == nil {
		l.state = mail.StateCancelled
	}
}

// flip switches validation; off withdraws all that waits.
func (m *model) flip(*rapid.T) {
	_, err := m.house.Venue.SwitchValidation(m.house.Ctx, m.house.Owner, settings(m.house).InstitutionVersion, !m.on)
	m.house.Must(err)
	m.on = !m.on
	for _, l := range m.mails {
		if !m.on && l.state == mail.StateQueued {
			l.state = mail.StateCancelled
		}
	}
}

// compare holds all that the house shows against the model.
func (m *model) compare() {
	there := 0
	for id, p := range m.people {
		d, err := m.house.Contacts.Show(m.house.Ctx, m.house.Owner, id)
		if !present(p) {
			m.house.Refused(err, core.CodeNotFound)
			continue
		}
		m.house.Must(err)
		there++
		if d.Number != p.number || d.LastName != p.name || d.Email.Typed != p.address || d.Email.Status != p.status {
			m.tb.Fatalf("contact %d is %d %s, %+v; want %+v", id, d.Number, d.LastName, d.Email, p)
		}
	}
	found, err := m.house.Contacts.Find(m.house.Ctx, m.house.Owner, contacts.Query{})
	m.house.Must(err)
	if found.Total != there || found.Matches != there {
		m.tb.Fatalf("%d of %d contacts are listed, want %d", found.Matches, found.Total, there)
	}
	m.house.Must(m.house.Store.View(m.house.Ctx, m.compareMails))
}

func (m *model) compareMails(v core.View) error {
	for id, l := range m.mails {
		e, err := mail.EntryOf(v, m.house.Made.Institution, id)
		if err != nil {
			return err
		}
		if e.State != l.state || e.Subject.ID != l.of {
			return fmt.Errorf("mail %d to contact %d is %s, want %+v", id, e.Subject.ID, e.State, l)
		}
	}
	_, err := mail.EntryOf(v, m.house.Made.Institution, core.ID(len(m.mails)+1))
	if core.CodeOf(err) != core.CodeNotFound {
		return fmt.Errorf("there is a mail that nobody sent: %w", err)
	}
	return nil
}

package main

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/bus"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/venue"
	"willcall/mailer"
	"willcall/storage"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

const storyPortal = "http://127.0.0.1:8710"

// story is a day at one console: the whole program but its sockets, stepped by
// hand. Everything in it is repeatable.
type story struct {
	*uitest.Driver
	t       testing.TB
	h       *house
	web     http.Handler
	events  *bus.Mailbox
	now     *time.Time
	root    *console.Root
	session *session.Session // the console's

	locks  bool      // the console locks when nobody touches it
	listed bool      // the list has the keyboard, not the search
	keys   *keyTable // notes what keys do, or nil
}

// newStory opens a house in a folder of the test's.
func newStory(t testing.TB) *story {
	t.Helper()
	return openStory(t, t.TempDir(), coretest.Random(7))
}

// openStory opens a house in a folder, with the randomness that it draws from.
func openStory(t testing.TB, dir string, random io.Reader) *story {
	t.Helper()
	now := coretest.Start()
	s := &story{t: t, now: &now}
	h, err := openHouse(t.Context(), storyOptions(dir, t.TempDir(), random, func() time.Time { return *s.now }))
	s.must(err)
	t.Cleanup(func() { s.must(h.close()) })
	s.h, s.web = h, h.portal()
	return s
}

// sentences are those of all stories' catalogue, which never changes.
var sentences = sync.OnceValues(text.Load)

// storyOptions are those of a house that nobody would miss.
func storyOptions(dir, state string, random io.Reader, wall core.Wall) options {
	words, _ := sentences() // where that fails, opening says why
	return options{
		dir: dir, state: state, wall: wall, random: random, cost: demoCost(), codes: operators.Cost{MemoryKiB: 8, Passes: 1},
		storage: storage.Options{NoSync: true, InitialMap: 1 << 20}, log: slog.New(slog.DiscardHandler), words: words,
	}
}

// demo is a story that begins at the sign-in of a house with sample data.
func demo(t testing.TB, width, height int) *story {
	t.Helper()
	s := filledStory(t)
	s.start(width, height)
	return s
}

// fill fills in the sample data.
func (s *story) fill(n int) {
	s.t.Helper()
	s.must(s.h.fillDemo(s.t.Context(), storyPortal, n, func(int) {}))
}

// start opens the console.
func (s *story) start(width, height int) {
	s.t.Helper()
	needed, err := s.h.setup.Needed(s.t.Context())
	s.must(err)
	cfg := s.h.consoleConfig(s.t.Context(), storyPortal, nil, needed)
	cfg.FPS, cfg.Session.Location = 0, time.UTC
	if !s.locks { // hours pass in most stories, and somebody is there
		cfg.Unlock = nil
	}
	s.root, s.session = console.New(cfg), cfg.Session
	s.Driver = uitest.New(s.t, keyed{s.t, s.root, s.keys}, width, height)
	s.events = s.h.bus.Subscribe(1, 256)
	s.t.Cleanup(s.events.Close)
}

func (s *story) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// signIn signs in an operator of the demo.
func (s *story) signIn(address string) {
	s.t.Helper()
	s.Type(address)
	s.Press("tab")
	s.Type(demoPassword)
	s.Press("enter")
}

// pass moves the clock on.
func (s *story) pass(d time.Duration) { *s.now = s.now.Add(d) }

// post hands over all mail that is due, as the worker does, into the captured
// mail.
func (s *story) post() {
	s.t.Helper()
	queue := s.h.queue(s.h.clock)
	for {
		work, ok, _, err := queue.Lease(s.t.Context())
		s.must(err)
		if !ok {
			return
		}
		raw, err := mailer.Render(work, work.Created)
		s.must(err)
		_, err = s.h.mailbox.Append(s.t.Context(), mail.Envelope{
			From: work.From, Recipients: []mail.Recipient{{Address: work.To}}, Helo: "localhost",
			At: s.h.clock.Effective(), Institution: work.Institution, Entry: work.ID,
		}, raw)
		s.must(err)
		s.must(queue.Finish(s.t.Context(), work, mail.Answer{Verdict: mail.Captured, Text: "250 2.0.0 OK"}))
	}
}

// live lets the console hear what happened since.
func (s *story) live() {
	s.t.Helper()
	s.h.bus.Publish(core.Event{Institution: 1, Subject: core.Ref{Kind: "test"}})
	batch, err := s.events.Next(s.t.Context())
	s.must(err)
	s.Send(console.Changed(batch))
}

// newest is the newest captured mail.
func (s *story) newest() mail.Message {
	s.t.Helper()
	page, err := s.h.mailbox.List(s.t.Context(), mail.Query{Everything: true, Limit: 1})
	s.must(err)
	if len(page.Messages) == 0 {
		s.t.Fatal("no mail was captured")
	}
	m, err := s.h.mailbox.Get(s.t.Context(), page.Messages[0].Seq)
	s.must(err)
	return m
}

var formPattern = regexp.MustCompile(`name="form" value="([^"]*)"`)

// visit opens a link as a browser does.
func (s *story) visit(link string) (status int, page string) {
	s.t.Helper()
	answer := httptest.NewRecorder()
	s.web.ServeHTTP(answer, httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, link, nil))
	return answer.Code, answer.Body.String()
}

// press presses the button of a page.
func (s *story) press(link, page string) (status int, next string) {
	s.t.Helper()
	found := formPattern.FindStringSubmatch(page)
	if found == nil {
		s.t.Fatalf("no button on %s", page)
	}
	body := strings.NewReader(url.Values{"form": {html.UnescapeString(found[1])}}.Encode())
	request := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, link, body)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer := httptest.NewRecorder()
	s.web.ServeHTTP(answer, request)
	return answer.Code, answer.Body.String()
}

// link is the validation link of the newest mail.
func (s *story) link() string {
	s.t.Helper()
	m := s.newest()
	if len(m.Links) == 0 {
		s.t.Fatalf("no link in %s", m.Text)
	}
	return m.Links[0]
}

// validate follows the link of the newest mail to its end.
func (s *story) validate() {
	s.t.Helper()
	link := s.link()
	_, page := s.visit(link)
	if status, done := s.press(link, page); status != http.StatusOK {
		s.t.Fatalf("the button says %d\n%s", status, done)
	}
	s.live()
}

// TestARedContactTurnsGreen is the main job from end to end: found, mailed,
// captured, followed, green by itself.
func TestARedContactTurnsGreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn("leo@opera.example")
	s.Want("Opéra du Lac", "mail is captured, not delivered", "Leo Brandt")
	s.Type("dupont marie")
	s.Want("Dupont Marie", "not validated", "no validation mail yet")
	s.Press("down")
	if s.Press("v"); !s.Frame().Contains("Send Welcome from Web shop") && !s.Frame().Contains("Send [") {
		t.Fatalf("v doesn't ask\n%s", s.Frame())
	}
	s.Press("enter")
	s.Want("sending", "captured")
	s.post()
	s.live()
	s.Want("captured 20:42")

	s.Press("g", "m")
	s.Want("Merci de confirmer", "/v/")
	link := s.link()
	s.Press("g", "c")
	status, page := s.visit(link)
	if status != http.StatusOK || !strings.Contains(page, "Opéra du Lac") {
		t.Fatalf("the page says %d\n%s", status, page)
	}
	s.live()
	if s.Frame().Contains("● validated") {
		t.Fatal("green by looking")
	}
	if status, page = s.press(link, page); status != http.StatusOK {
		t.Fatalf("the button says %d\n%s", status, page)
	}
	s.live()
	s.Want("validated", "by link")
	look, _ := s.Frame().StyleOf("●✓")
	if !strings.Contains(look, "fg=") {
		t.Errorf("the marker looks %q\n%s", look, s.Frame())
	}
	if _, again := s.visit(link); !strings.Contains(again, "déjà") {
		t.Errorf("a later use says\n%s", again)
	}
}

// captured lists all captured mail.
func (s *story) captured() []mail.Summary {
	s.t.Helper()
	page, err := s.h.mailbox.List(s.t.Context(), mail.Query{Everything: true, Limit: 1000})
	s.must(err)
	return page.Messages
}

// setUp makes a house without sample data.
func (s *story) setUp() {
	s.t.Helper()
	draft := coretest.Draft()
	draft.Password, draft.OwnerEmail = demoPassword, demoOwner
	_, err := s.h.setup.Do(s.t.Context(), draft)
	s.must(err)
}

// closeAll closes every point of sale.
func (s *story) closeAll() {
	s.t.Helper()
	req := s.owner()
	o, err := s.h.venue.Overview(s.t.Context(), req)
	s.must(err)
	for _, p := range o.PointsOfSale {
		_, err := s.h.venue.SavePointOfSale(s.t.Context(), req, p.ID, p.Version, venue.PointOfSaleDraft{
			Name: p.Name, Organisation: p.Organisation, Channel: p.Channel, State: venue.StateClosed,
			SenderName: p.SenderName, Sender: p.Sender, SignInURL: p.SignInURL,
		})
		s.must(err)
	}
}

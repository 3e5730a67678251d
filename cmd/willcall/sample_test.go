package main

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
)

// drawn makes n sample contacts without storing them.
func drawn(t testing.TB, n int) []contacts.Contact {
	t.Helper()
	s, err := newSampler(coretest.Start())
	if err != nil {
		t.Fatal(err)
	}
	var all []contacts.Contact
	for groups := s.storied(); len(all) < n; groups = []group{s.group()} {
		for _, g := range groups {
			all = append(all, g...)
		}
	}
	return all[:n]
}

func TestSampleIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	if !reflect.DeepEqual(drawn(t, 3000), drawn(t, 3000)) {
		t.Error("two samples differ")
	}
}

// TestSampleContactsCouldBeTyped holds sample contacts against the checks of
// forms.
func TestSampleContactsCouldBeTyped(t *testing.T) {
	t.Parallel()
	today := core.DateOf(coretest.Start())
	for i, c := range drawn(t, 20_000) {
		if err := contacts.DraftOf(c).Check(true, today); err != nil {
			t.Fatalf("contact %d, %s: %v", i, c.Listed(), err)
		}
		if c.Created.After(coretest.Start()) || c.LastOrder.After(coretest.Start()) || c.LastSignIn.After(coretest.Start()) {
			t.Fatalf("contact %d, %s, is of the future", i, c.Listed())
		}
	}
}

// TestSampleIsSkewed counts what a box office's contacts are like.
func TestSampleIsSkewed(t *testing.T) {
	t.Parallel()
	const n = 40_000
	count := map[string]int{}
	names, surnames := map[string]int{}, map[string]int{}
	var lastPostal string
	for _, c := range drawn(t, n) {
		names[c.Listed()]++
		surnames[c.LastName]++
		count["kind "+c.Kind.String()]++
		count["status "+c.Email.Status.String()]++
		for name, is := range map[string]bool{
			"guest": c.Guest, "sso": c.SSO != "", "orders": c.HasOrders, "notes": c.Notes != "", "birth": c.Birth != 0,
			"opt-out": c.OptOuts != 0, "several postals": len(c.Postals) > 1, "phone": len(c.Phones) > 0,
			"older than two years": coretest.Start().Sub(c.Created) > 2*365*24*time.Hour,
		} {
			if is {
				count[name]++
			}
		}
		if len(c.Postals) > 0 && c.Postals[0].Street+c.LastName == lastPostal {
			count["family"]++
		}
		if len(c.Postals) > 0 {
			lastPostal = c.Postals[0].Street + c.LastName
		}
	}
	for name, between := range map[string][2]int{
		"kind structure": {3, 8}, "kind relay": {5, 15}, "status none": {8, 25}, "status validated": {35, 60},
		"guest": {3, 6}, "sso": {3, 6}, "orders": {35, 65}, "notes": {5, 9}, "birth": {30, 60}, "opt-out": {10, 20},
		"several postals": {5, 15}, "phone": {60, 95}, "older than two years": {30, 50}, "family": {10, 25},
	} {
		if share := count[name] * 100 / n; share < between[0] || share > between[1] {
			t.Errorf("%s: %d in a hundred, want %v", name, share, between)
		}
	}
	if len(names) < n/3 {
		t.Errorf("%d different names", len(names))
	}
	most := 0
	for surname, times := range surnames {
		if surname != "" {
			most = max(most, times)
		}
	}
	if mean := n / len(surnames); most < 50*mean {
		t.Errorf("the commonest of %d surnames is had by %d: no skew", len(surnames), most)
	}
}

// TestDemoTellsItsStory looks for what the demo is to show.
func TestDemoTellsItsStory(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(100)
	req := s.owner()
	found, err := s.h.contacts.Find(t.Context(), req, contacts.Query{Limit: 1000})
	s.must(err)
	if found.Total != 100 {
		t.Errorf("%d contacts", found.Total)
	}
	page, err := s.h.reading.Outbox(t.Context(), req, mail.OutboxQuery{Limit: 10})
	s.must(err)
	var states []string
	for _, row := range page.Rows {
		states = append(states, row.State.String()+" "+string(row.Why))
	}
	if got, want := strings.Join(states, ", "), "queued busy, failed mailbox, captured , captured , captured "; got != want {
		t.Errorf("the outbox holds %q, want %q", got, want)
	}
	for name, want := range map[string]core.EmailStatus{
		"chevalier anais": core.EmailNotValidated, "perrenoud gregoire": core.EmailValidated, "aumonier elodie": core.EmailNone,
	} {
		found, err := s.h.contacts.Find(t.Context(), req, contacts.Query{Text: name, Limit: 1})
		s.must(err)
		if len(found.Rows) == 0 || found.Rows[0].Status != want {
			t.Errorf("%s: %v", name, found.Rows)
		}
	}
	if in, err := coretest.SignIn(t.Context(), s.h.operators, "mia@opera.example", demoPassword); err != nil || len(in.Institutions) != 2 {
		t.Errorf("R87 mia works in %v: %v", in.Institutions, err)
	}
}

// TestDemoHistoriesSayWhatContactsSay: who made each one and when, and every
// change that it counts.
func TestDemoHistoriesSayWhatContactsSay(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(120)
	changed, crew := 0, 0
	found, err := s.h.contacts.Find(t.Context(), s.owner(), contacts.Query{Limit: 120})
	s.must(err)
	for _, row := range found.Rows {
		d, err := s.h.contacts.Show(t.Context(), s.owner(), row.ID)
		s.must(err)
		all, err := s.h.contacts.History(t.Context(), s.owner(), row.ID, 0, 100)
		s.must(err)
		if len(all) == 0 {
			t.Fatalf("%s has no history", row.Name)
		}
		first, edits := all[len(all)-1], 0
		if !first.At.Equal(d.Created) || first.By.Name != d.CreatedBy {
			t.Errorf("%s was created %v by %s, the journal says %v by %s", row.Name, d.Created, d.CreatedBy, first.At, first.By.Name)
		}
		for i, c := range all {
			if c.Action == core.ActContactsEdit {
				edits++
			}
			if i > 0 && c.At.After(all[i-1].At) {
				t.Errorf("%s: the past isn't in order", row.Name)
			}
		}
		if edits != int(d.Changes) {
			t.Errorf("%s counts %d changes, the journal %d", row.Name, d.Changes, edits)
		}
		changed += min(1, edits)
		if first.By.Kind == core.ActorOperator {
			crew++
		}
	}
	if changed < 10 || crew < 5 {
		t.Errorf("%d of 120 were changed, %d made by operators", changed, crew)
	}
}

// TestDemoFillingIsCancelled ends a filling between two of its acts.
func TestDemoFillingIsCancelled(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	ctx, cancel := context.WithCancel(t.Context())
	acts := 0
	err := s.h.fillDemo(ctx, storyPortal, 3*batch, func(int) {
		acts++
		cancel()
	})
	if !errors.Is(err, context.Canceled) || acts != 1 {
		t.Errorf("after %d acts: %v", acts, err)
	}
}

func TestProgressIsToldAfterASecond(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	var out strings.Builder
	clock := coretest.NewClock()
	bar := newProgress(&out, s.h.words.In("en"), "command.demo.progress", clock.Effective)
	bar.live = true
	bar.tell(20_000, 100_000)
	clock.Advance(time.Second)
	bar.tell(40_000, 100_000)
	bar.tell(100_000, 100_000)
	bar.end()
	if want := "\r40,000 of 100,000 contacts\r100,000 of 100,000 contacts\n"; out.String() != want {
		t.Errorf("told %q, want %q", out.String(), want)
	}
}

func TestDemoSizes(t *testing.T) {
	t.Parallel()
	for typed, good := range map[string]bool{
		"50": true, "1000000": true, "49": false, "1000001": false, "-5": false, "many": false, "": false, "1e3": false,
	} {
		n := size(demoContacts)
		if err := n.Set(typed); (err == nil) != good {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// TestDemoTellsItsOwnerWhatHappened holds the notices of the sample's owner: of
// the account, and of the mail that failed.
func TestDemoTellsItsOwnerWhatHappened(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	req := s.owner()
	all, err := s.h.notices.List(t.Context(), req, 0, 0)
	s.must(err)
	if len(all) != 2 || all[0].Kind != core.NoticeMailFailed || all[1].Kind != core.NoticeSecurity || !all[1].At.Before(all[0].At) {
		t.Fatalf("the notices are %+v", all)
	}
	m, err := s.h.reading.OutboxMail(t.Context(), req, all[0].Subject.ID)
	if err != nil || m.State != mail.StateFailed {
		t.Errorf("the mail that failed is %v, %v", m.State, err)
	}
}

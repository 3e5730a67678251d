package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/venue"
	"willcall/ui/uitest"
)

// canary stands in every stored field before it is replaced by something
// hostile of the same length, past every check.
const canary = "canarycanarycanarycanarycanarycanarycana"

// hostile are the walks: by name the texts that stand in fields in turn, each as
// long as the canary. Every attack stands in all fields of one walk; what is only
// hard to draw shares two.
func hostile() map[string][]string {
	walks := map[string][]string{}
	for i, n := range coretest.Nasties() {
		name := n.Name
		if !n.Attack {
			name = []string{"hard to draw", "hard to place"}[i%2]
		}
		walks[name] = append(walks[name], (n.Text + strings.Repeat("x", len(canary)))[:len(canary)])
	}
	return walks
}

// fields are the spaces in which untrusted text is stored and shown.
func fields() []core.Space {
	return []core.Space{
		"institutions", "organisations", "sales-channels", "points-of-sale", "documents", "documents.editions",
		"operators", "contacts", "outbox", "validation.last", "activity", "activity.personal",
	}
}

// plantCanary fills every field that a form or a server fills, by the ways they
// are filled, of a house with sample data.
func (s *story) plantCanary() {
	s.t.Helper()
	req := s.owner()
	s.must(s.h.store.Update(s.t.Context(), func(tx core.Tx) error {
		act := &core.Act{Tx: tx, Req: req, At: s.h.clock.Effective()}
		hash, err := s.h.hasher.Hash(s.t.Context(), s.h.random, demoPassword)
		if err != nil {
			return err
		}
		_, err = operators.Insert(act, operators.Operator{
			Name: canary, Address: "planted@opera.example", Role: core.RoleOwner, Password: hash, Epoch: 1,
			Institutions: []core.ID{1, 2}, Language: "en",
		})
		if err != nil {
			return err
		}
		if err := venue.Organisations().Put(tx, 1, 1, venue.Organisation{Name: canary}); err != nil {
			return err
		}
		house, _, err := venue.Institutions().Get(tx, core.Installation, 1)
		if err != nil {
			return err
		}
		house.Name = canary
		if err := venue.Institutions().Put(tx, core.Installation, 1, house); err != nil {
			return err
		}
		if _, err := venue.CreateChannel(act, venue.SalesChannel{Name: canary, Kind: venue.ChannelInternetB2C}); err != nil {
			return err
		}
		return plantPeople(act)
	}))
	s.plantVenue(req)
	s.plantContact(req)
	s.plantMail()
}

// plantPeople fills what no form lets through: a structure and its relay with
// the canary in every line.
func plantPeople(act *core.Act) error {
	c := contacts.Contact{
		Kind: core.ContactStructure, FirstName: canary, LastName: canary, Company: canary, Notes: canary, SSO: canary,
		Phones:  []contacts.Phone{{Use: contacts.PhoneWork, Number: canary}},
		Postals: []contacts.Postal{{Use: contacts.PostalBilling, Street: canary, PostalCode: canary, City: canary, Country: canary}},
		Email:   core.Email{Typed: canary, Key: canary, Generation: 1, Status: core.EmailNotValidated, Since: act.At},
		Birth:   99999999, OptOuts: contacts.NoPost, HasOrders: true, Created: act.At, CreatedBy: canary, Changed: act.At,
	}
	structure, err := contacts.Insert(act, c)
	if err != nil {
		return err
	}
	c.Kind, c.Structure, c.Primary, c.SSO = core.ContactRelay, structure, true, canary+" too"
	_, err = contacts.Insert(act, c)
	return err
}

// plantHistory has the journal tell a text of the planted structure.
func (s *story) plantHistory(text string) {
	s.t.Helper()
	_, err := s.h.desk.Do(s.t.Context(), s.owner(), core.ActContactsEdit, func(act *core.Act) error {
		act.Log(core.Ref{Kind: core.KindContact, ID: demoContacts + 1},
			core.Detail{Name: "last-name", Value: text + " → " + text, Personal: true}, core.Detail{Name: "guest", Value: text})
		return nil
	})
	s.must(err)
}

// plantServer sets a mail server and puts texts in its record.
func (s *story) plantServer(texts ...string) {
	s.t.Helper()
	_, err := s.h.servers.Save(s.t.Context(), s.owner(), 0, mail.ServerDraft{
		Host: "host.example", Port: 587, Security: mail.SecuritySTARTTLS, User: canary, Password: canary,
	})
	s.must(err)
	s.replaceCanary(texts, "mail.relay")
	s.live()
}

func (s *story) plantVenue(req core.Request) {
	s.t.Helper()
	_, err := s.h.venue.SavePointOfSale(s.t.Context(), req, 1, 1, venue.PointOfSaleDraft{
		Name: canary, Organisation: 1, Channel: 1, State: venue.StateRunning, SenderName: canary,
		Sender: "tickets@opera.example", SignInURL: "https://shop.example/" + canary,
	})
	s.must(err)
	_, err = s.h.venue.SaveDocument(s.t.Context(), req, 1, 1, venue.DocumentDraft{
		Name: canary, Active: true,
		Texts: []venue.Text{{Language: "en", Subject: canary, Body: canary + "\n{link}\n" + canary}},
	})
	s.must(err)
}

// plantContact makes contacts of every kind, with a mail that a server refused.
func (s *story) plantContact(req core.Request) {
	s.t.Helper()
	in, err := coretest.SignIn(s.t.Context(), s.h.operators, "planted@opera.example", demoPassword)
	s.must(err)
	req.Actor, req.Session = in.Actor, in.Session
	for _, kind := range core.ContactKinds() {
		d := contacts.Draft{
			Kind: kind, FirstName: canary, LastName: canary, Company: canary, Language: "en",
			Address: canary + "@mail.example",
			Postals: []contacts.Postal{{Use: contacts.PostalHome, Street: canary, PostalCode: canary, City: canary, Country: canary}},
		}
		offer, err := s.h.contacts.Offer(s.t.Context(), req, kind, 0)
		s.must(err)
		_, err = s.h.contacts.Create(s.t.Context(), req, d, offer.Suggested)
		s.must(err)
	}
	queue := s.h.queue(s.h.clock)
	for range core.ContactKinds() {
		work, ok, _, err := queue.Lease(s.t.Context())
		s.must(err)
		if !ok {
			s.t.Fatal("no mail to refuse")
		}
		s.must(queue.Finish(s.t.Context(), work, mail.Answer{Verdict: mail.Never, Text: canary}))
	}
}

// plantMail captures mails that say the canary wherever a mail can.
func (s *story) plantMail() {
	s.t.Helper()
	for _, head := range []string{
		"From: canary <a@b.example>\r\nTo: canary\r\nSubject: canary\r\nDate: canary\r\nMessage-ID: <canary>\r\n\r\n",
		"Subject: =?utf-8?q?canary?=\r\nContent-Type: text/html; charset=canary\r\n\r\n<p>",
		"",
	} {
		body := "canary https://x.example/canary code 418 204 canary\n<a href=\"https://x.example/canary\">canary</a>"
		_, err := s.h.mailbox.Append(s.t.Context(), mail.Envelope{
			From: canary, Recipients: []mail.Recipient{{Address: canary, Params: canary}}, Helo: canary,
			User: canary, Remote: canary, At: s.h.clock.Effective(), Institution: 1,
		}, []byte(strings.ReplaceAll(head+body, "canary", canary)))
		s.must(err)
	}
}

// replaceCanary puts texts, one after the other, in the canary's place in every
// field of spaces.
func (s *story) replaceCanary(texts []string, spaces ...core.Space) {
	s.t.Helper()
	s.must(s.h.store.Update(s.t.Context(), func(tx core.Tx) error {
		for _, space := range spaces {
			changed := map[string][]byte{}
			err := tx.Ascend(space, nil, nil, func(key, value []byte) error {
				if bytes.Contains(value, []byte(canary)) {
					changed[string(key)] = swapped(space, key, value, texts)
				}
				return nil
			})
			if err != nil {
				return err
			}
			if len(changed) == 0 {
				s.t.Errorf("nothing was planted in %s", space)
			}
			for key, value := range changed {
				if err := tx.Put(space, []byte(key), value); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// swapped is a stored value with texts in the canary's place, with a checksum that
// is right again where it ends with one.
func swapped(space core.Space, key, value []byte, texts []string) []byte {
	if end := len(value) - coretest.SumSize; end > 0 && bytes.Equal(coretest.Sealed(space, key, value[:end]), value) {
		return coretest.Sealed(space, key, inTurn(value[:end], texts))
	}
	return inTurn(value, texts)
}

// inTurn puts the texts, one after the other, in the place of every canary, each
// time beginning with another one.
func inTurn(value []byte, texts []string) []byte {
	parts := bytes.Split(value, []byte(canary))
	out := slices.Clone(parts[0])
	for i, part := range parts[1:] {
		out = append(append(out, texts[(len(value)+i)%len(texts)]...), part...)
	}
	return out
}

// hostileMail captures the text itself as a mail, in every place and encoding.
func (s *story) hostileMail(text string) {
	s.t.Helper()
	raw := "From: " + text + " <a@b.example>\r\nTo: " + text + "\r\nSubject: " + text + "\r\n\r\n" + text +
		"\nhttps://x.example/" + text + "\n&#27;[2J &#x9b;31m &#8238;"
	for _, kind := range []string{"", "Content-Type: text/html\r\n"} {
		_, err := s.h.mailbox.Append(s.t.Context(), mail.Envelope{
			From: text, Recipients: []mail.Recipient{{Address: text}}, Helo: text, User: text, Remote: text,
			At: s.h.clock.Effective(), Institution: 1,
		}, []byte(kind+raw))
		s.must(err)
	}
}

// walk visits every screen that shows stored text.
func (s *story) walk() {
	s.signIn("planted@opera.example")
	s.Type("C-00050")
	s.Press("down")
	for range 5 {
		s.Press("enter", "end", "h", "esc", "esc", "e", "f1", "esc", "end", "esc", "v")
		if s.Frame().Contains("esc leave") { // it asks, where nothing forbids it
			s.Press("tab", "esc")
		}
		s.Press("j")
	}
	s.Press("n", "esc", "?", "esc", "o", "down", "esc", "g", "o")
	for range 4 {
		s.Press("enter", "end", "esc", "a", "esc", "C", "esc", "j")
	}
	s.toMail()
	for range 5 {
		s.Press("enter", "c", "end", "esc", "j")
	}
	s.toSettings()
	for range 32 {
		s.Press("enter", "end", "esc", "j")
	}
	for _, row := range []string{"This institution", "Organisations", "Points of sale"} {
		s.toRow(row)
		s.Press("j", "e", "esc", "esc")
	}
	s.toRow("Documents")
	s.Press("j", "e", "ctrl+r", "esc", "esc", "t", "esc", "enter", "enter", "enter", "esc", "esc", "esc")
}

// walkLive visits what a mail server changes, and leaves.
func (s *story) walkLive() {
	s.section("Mail server")
	s.Press("enter", "e", "esc", "t", "esc", "R", "esc", "esc", "g", "o", "enter", "esc", "g", "c", "ctrl+d")
}

// TestTheWalkShowsWhatWasPlanted proves that the walk below looks where stored
// text is.
func TestTheWalkShowsWhatWasPlanted(t *testing.T) {
	t.Parallel()
	s := filledStory(t)
	s.plantCanary()
	s.plantHistory(canary)
	s.start(120, 40)
	s.walk()
	s.plantServer(canary)
	s.walkLive()
	shown := 0
	for _, v := range s.Views() {
		if uitest.Flatten(v, 120, 40).Contains("canarycan") {
			shown++
		}
	}
	if all := len(s.Views()); shown < all*2/3 {
		t.Errorf("only %d of %d views show what was planted", shown, all)
	}
}

// onceEach leaves out what was on the screen before.
func onceEach(views []tea.View) (all []tea.View) {
	seen := map[string]bool{}
	for _, v := range views {
		if !seen[v.Content] {
			seen[v.Content] = true
			all = append(all, v)
		}
	}
	return all
}

// TestHostileTextNeverReachesTheTerminal parses all that a real program writes
// on a walk over all screens.
func TestHostileTextNeverReachesTheTerminal(t *testing.T) {
	t.Parallel()
	for name, texts := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			width, height := 120, 40
			if name == "escapes" {
				width, height = 80, 24
			}
			s := filledStory(t)
			s.plantCanary()
			s.replaceCanary(texts, fields()...)
			for _, text := range texts {
				s.hostileMail(text)
			}
			s.plantHistory(texts[0])
			s.start(width, height)
			s.walk()
			s.plantServer(texts...)
			s.walkLive()
			output := uitest.Record(t, width, height, onceEach(s.Views())...).All()
			if err := uitest.Allowed(output); err != nil {
				t.Error(err)
			}
			if attack := len(texts) == 1; attack && strings.Contains(string(output), texts[0]) && name != "our signs" {
				t.Error("the text was written as it is")
			}
		})
	}
}

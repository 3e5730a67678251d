package main

import (
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/mail"
	"willcall/core/operators"
)

// screen is one picture of the console and how to get there.
type screen struct {
	name  string
	fresh bool // before the set-up, instead of the demo
	as    string
	play  func(*story)
}

// find leaves the search for the first contact found.
func (s *story) find(words string) {
	if s.listed {
		s.Press("/", "esc")
	}
	s.Type(words)
	s.Press("down")
	s.listed = true
}

// sendToMarie sends the validation mail of the story's contact and hands it over.
func (s *story) sendToMarie() {
	s.find("C-000001")
	s.Press("v", "enter")
	s.post()
	s.live()
}

// toMail opens the tab of captured mail, toSettings that of the settings.
func (s *story) toMail()     { s.Press("g", "m") }
func (s *story) toSettings() { s.Press("g", "s") }

const (
	operator = "leo@opera.example"
	admin    = "mia@opera.example"
)

func screens() []screen {
	return slices.Concat(firstScreens(), contactScreens(), bookScreens(), mailScreens(), settingScreens(), documentScreens(), storageScreens(), staffScreens(), profileScreens())
}

func firstScreens() []screen {
	return []screen{
		{name: "setup", fresh: true, play: func(*story) {}},
		{name: "setup-refused", fresh: true, play: func(s *story) { s.Type("Opéra"); s.Press("ctrl+s") }},
		{name: "signin", play: func(*story) {}},
		{name: "signin-password", play: func(s *story) { s.Type(operator); s.Press("enter") }},
		{name: "signin-code", play: func(s *story) { s.signIn("nobody@opera.example") }},
		{name: "signin-refused", play: func(s *story) { s.signIn("nobody@opera.example"); s.Press("enter") }},
		{name: "signin-remember", play: func(s *story) { s.signIn("nobody@opera.example"); s.Press("down", "space") }},
		{name: "signin-recovery", play: func(s *story) { s.signIn("nobody@opera.example"); s.Press("tab") }},
		{name: "signin-mailed", play: func(s *story) { s.goLive(); s.signIn("nobody@opera.example"); s.Press("tab", "tab", "enter") }},
		{name: "signin-one-time", play: func(s *story) { s.Press("tab") }},
		{name: "signin-choose", play: func(s *story) { s.invited(); s.Press("tab"); s.Paste(s.mailedCode()); s.Press("enter") }},
		{name: "signin-forgot", play: func(s *story) { s.Press("tab", "tab") }},
		{name: "proof", as: admin, play: func(s *story) { s.pass(6 * time.Minute); s.Press("down"); s.section("Mail server"); s.Press("e") }},
	}
}

// invited has an invitation captured.
func (s *story) invited() {
	s.t.Helper()
	_, err := s.h.operators.Invite(s.t.Context(), s.requestOf(admin), operators.InviteDraft{
		Name: "Nina Rossi", Address: "nina@opera.example", Role: core.RoleOperator, Institutions: []core.ID{1}, Language: "en",
	})
	s.must(err)
	s.post()
}

func contactScreens() []screen {
	return []screen{
		{name: "contacts", as: operator, play: func(s *story) { s.Type("dupont mar") }},
		{name: "contacts-list", as: operator, play: func(s *story) { s.find("dupont"); s.Press("j", "j") }},
		{name: "contacts-no-match", as: operator, play: func(s *story) { s.Type("nobody at all") }},
		{name: "contacts-scripts", as: operator, play: func(s *story) { s.Press("down", "end") }},
		{name: "contact", as: operator, play: func(s *story) { s.find("C-000001"); s.Press("enter") }},
		{name: "contact-long", as: operator, play: func(s *story) { s.find("C-000004"); s.Press("enter") }},
		{name: "contact-ask", as: operator, play: func(s *story) { s.find("C-000001"); s.Press("v", "tab", "right") }},
		{name: "contact-sent", as: operator, play: func(s *story) { s.sendToMarie() }},
		{name: "contact-green", as: operator, play: func(s *story) { s.sendToMarie(); s.validate() }},
		{name: "contact-expired", as: operator, play: func(s *story) {
			s.sendToMarie()
			s.pass(25 * time.Hour)
			s.live() // the session is over too
			s.signIn(operator)
			s.listed = false
			s.find("C-000001")
		}},
		{name: "contact-new", as: operator, play: func(s *story) {
			s.Press("down", "n")
			s.Type("Zoé")
			s.Press("tab")
			s.Type("Dupont")
			s.Press("tab", "tab")
			s.Type("zoe@mail.example")
		}},
		{name: "contact-new-alike", as: operator, play: func(s *story) { s.likeMarie() }},
		{name: "contact-alike", as: operator, play: func(s *story) { s.likeMarie(); s.Press("ctrl+o") }},
		{name: "contact-new-refused", as: operator, play: func(s *story) { s.Press("down", "n", "ctrl+s") }},
		{name: "contact-edit", as: operator, play: func(s *story) {
			s.find("C-000001")
			s.Press("e", "tab", "tab", "tab", "tab")
			s.Type(".new")
		}},
	}
}

// likeMarie types what the book has already into a new contact's form.
func (s *story) likeMarie() {
	s.Press("down", "n")
	s.put("First name", "Marie")
	s.put("Last name", "Dupont")
	s.put("Address", "marie.dupont@orange.example")
}

// bookScreens are those of what else a box office keeps of a contact.
func bookScreens() []screen {
	return []screen{
		{name: "contact-structure", as: operator, play: func(s *story) { s.find("C-000011"); s.Press("enter") }},
		{name: "contact-relay-new", as: operator, play: func(s *story) {
			s.find("C-000011")
			s.Press("+")
			s.put("Last name", "Blanc")
			s.toField("Structure")
			s.Type("lyc")
		}},
		{name: "contact-family", as: operator, play: func(s *story) { s.find("rochat"); s.Press("enter") }},
		{name: "contact-edit-more", as: operator, play: func(s *story) {
			s.find("rochat")
			s.Press("e")
			s.put("Birth date", "3.5.2984")
			s.Press("ctrl+s")
		}},
		{name: "contact-history", as: operator, play: func(s *story) {
			s.find("C-000001")
			s.Press("e")
			s.put("First name", "Marie-Louise")
			s.Press("ctrl+s", "h")
		}},
		{name: "contact-remove", as: operator, play: func(s *story) { s.mistake(); s.Press("D") }},
		{name: "contact-removed", as: operator, play: func(s *story) { s.mistake(); s.Press("D", "D") }},
		{name: "contact-conflict", as: admin, play: (*story).contest},
		{name: "palette", as: operator, play: func(s *story) { s.Press("down", "ctrl+p"); s.Type("dupont") }},
		{name: "keys", as: operator, play: func(s *story) { s.Press("down", "?") }},
		{name: "quit", fresh: true, play: func(s *story) { s.Type("Opéra"); s.Press("ctrl+c") }},
		{name: "switch", as: admin, play: func(s *story) { s.Press("down", "o", "down") }},
	}
}

// mistake makes a contact that is to be removed.
func (s *story) mistake() {
	s.Press("down", "n")
	s.put("Last name", "Dupond")
	s.Press("ctrl+s")
}

func mailScreens() []screen {
	outbox := func(s *story) { s.Press("down", "g", "o") }
	return []screen{
		{name: "captured-empty", as: admin, play: func(s *story) { s.toPort(); s.toMail() }},
		{name: "captured", as: operator, play: func(s *story) { s.sendToMarie(); s.toMail() }},
		{name: "captured-open", as: operator, play: func(s *story) { s.sendToMarie(); s.toMail(); s.Press("enter") }},
		{name: "captured-masked", as: "dana@opera.example", play: func(s *story) {
			s.sample()
			s.goLive()
			s.toMail()
			s.Press("enter")
		}},
		{name: "outbox", as: operator, play: func(s *story) { outbox(s) }},
		{name: "outbox-failed", as: operator, play: func(s *story) { outbox(s); s.toRow("failed"); s.Press("enter") }},
		{name: "outbox-again", as: operator, play: func(s *story) { outbox(s); s.toRow("failed"); s.Press("a") }},
		{name: "outbox-cancel", as: operator, play: func(s *story) { outbox(s); s.toRow("waiting"); s.Press("C") }},
		{name: "outbox-empty", as: admin, play: func(s *story) { s.toPort(); s.Press("g", "o") }},
		{name: "outbox-live", as: operator, play: func(s *story) { s.goLive(); outbox(s) }},
	}
}

// toPort goes to the institution that has sent nothing yet.
func (s *story) toPort() { s.Press("down", "o", "down", "enter", "down") }

// goLive sets a mail server as the owner.
func (s *story) goLive() {
	s.t.Helper()
	_, err := s.h.servers.Save(s.t.Context(), s.owner(), 0, mail.ServerDraft{
		Host: "smtp.opera.example", Port: 587, Security: mail.SecuritySTARTTLS,
	})
	s.must(err)
	s.live()
}

// sample has a validation mail captured without a screen.
func (s *story) sample() {
	s.t.Helper()
	req := s.owner()
	d, err := s.h.contacts.Show(s.t.Context(), req, 1)
	s.must(err)
	_, err = s.h.contacts.SendValidation(s.t.Context(), req, 1, d.Email.Generation, d.Offer.Suggested)
	s.must(err)
	s.post()
}

func settingScreens() []screen {
	at := func(row string, keys ...string) func(*story) {
		return func(s *story) { s.Press("down"); s.section(row); s.Press(keys...) }
	}
	return []screen{
		{name: "settings", as: admin, play: func(s *story) { s.Press("down"); s.toSettings() }},
		{name: "settings-institution-edit", as: admin, play: at("This institution", "e")},
		{name: "settings-switch", as: admin, play: at("Validation", "e")},
		{name: "settings-organisation", as: admin, play: at("Main house")},
		{name: "settings-channel-new", as: admin, play: at("Sales channels", "n")},
		{name: "settings-point-of-sale", as: admin, play: at("Points of sale", "down", "e")},
		{name: "settings-mail-server", as: admin, play: at("Mail server")},
		{name: "settings-mail-server-edit", as: admin, play: at("Mail server", "e")},
		{name: "settings-mail-server-confirm", as: admin, play: func(s *story) {
			at("Mail server", "e")(s)
			s.put("Host", "smtp.opera.example")
			s.Press("ctrl+s")
		}},
		{name: "settings-mail-server-set", as: admin, play: func(s *story) { s.goLive(); at("Mail server", "enter")(s) }},
		{name: "settings-institution-new", as: "olga@opera.example", play: at("Institutions", "n")},
		{name: "settings-read-only", as: operator, play: at("Validation", "e")},
	}
}

func documentScreens() []screen {
	at := func(keys ...string) func(*story) {
		return func(s *story) { s.Press("down"); s.section("Welcome"); s.Press(keys...) }
	}
	return []screen{
		{name: "settings-document", as: admin, play: at("enter")},
		{name: "settings-document-edit", as: admin, play: at("e")},
		{name: "settings-document-complete", as: admin, play: func(s *story) { at("e")(s); s.toField("Text"); s.Type("{") }},
		{name: "settings-document-broken", as: admin, play: func(s *story) {
			at("e")(s)
			s.put("Subject", "Hello {nmae}")
			s.Press("ctrl+s")
		}},
		{name: "settings-document-preview", as: admin, play: at("e", "ctrl+r")},
		{name: "settings-document-sample", as: admin, play: at("t")},
		{name: "settings-document-editions", as: admin, play: func(s *story) {
			at("e")(s)
			s.put("Subject", "Welcome, {name}")
			s.Press("ctrl+s", "enter", "enter")
		}},
	}
}

// at plays a screen at a size.
func (sc screen) at(t testing.TB, width, height int) *story {
	t.Helper()
	return sc.with(t, width, height, nil)
}

// with plays a screen and notes what keys do on the way there.
func (sc screen) with(t testing.TB, width, height int, keys *keyTable) *story {
	t.Helper()
	open := filledStory
	if sc.fresh {
		open = newStory
	}
	s := open(t)
	s.keys, s.locks = keys, keys != nil
	s.start(width, height)
	s.h.backup = backup.NewService(s.h.desk, stillCopier{})
	if sc.as != "" {
		s.signIn(sc.as)
	}
	sc.play(s)
	return s
}

package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
)

// company changes what holds for everybody, as an owner does.
func (s *story) company(req core.Request, change func(*operators.Company)) {
	s.t.Helper()
	c, err := s.h.operators.Company(s.t.Context(), req)
	s.must(err)
	change(&c)
	plan, err := s.h.operators.PlanCompany(s.t.Context(), req, c)
	s.must(err)
	s.must(s.h.operators.ApplyCompany(s.t.Context(), req, plan))
}

var groupsOfFour = regexp.MustCompile(`\b[A-Z2-7]{4}(?: [A-Z2-7]{4}){3}\b`)

// passWall enrols as the wall asks for, with the key that stands on the screen.
func (s *story) passWall() coretest.App {
	s.t.Helper()
	s.Want("Your house requires a second factor")
	key := strings.Join(groupsOfFour.FindAllString(s.Frame().String(), 2), "")
	app := coretest.App{Secret: strings.ReplaceAll(key, " ", "")}
	s.Press("enter")
	s.Type(s.code(app))
	s.Press("enter")
	s.Want("I have kept them")
	s.Press("space", "enter")
	s.Without("Your house requires a second factor")
	s.pass(time.Minute) // the app shows another code
	return app
}

// TestR67_TheWallKeepsAForm is a colleague's unsaved form, while an admin
// requires a second factor of everybody.
func TestR67_TheWallKeepsAForm(t *testing.T) {
	t.Parallel()
	s := typing(t)
	s.put("Last name", "Durand")
	owner := s.owner()
	s.enrol(owner)
	s.company(owner, func(c *operators.Company) { c.Required = true })
	s.Want("New contact", "Vidalie") // until the next action
	s.Press("ctrl+s")
	s.Want("Set up an authenticator app")
	s.Without("Vidalie", "Outbox")
	s.Press("ctrl+p", "g", "o", "ctrl+n")
	s.Without("Vidalie", "What to do", "Notices")
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		s.Resize(size[0], size[1])
		s.Want("Code", "enter")
		s.Without("Vidalie")
	}
	s.passWall()
	s.Want("New contact", "Vidalie", "Durand", "Outbox")
	s.Press("ctrl+s")
	s.Want("Durand", "C-000501")
}

// TestR67_WhoSignsInWithoutAFactorMeetsTheWall keeps a draft through it.
func TestR67_WhoSignsInWithoutAFactorMeetsTheWall(t *testing.T) {
	t.Parallel()
	s := typing(t)
	owner := s.owner()
	s.enrol(owner)
	s.Press("esc", "ctrl+d")
	s.company(owner, func(c *operators.Company) { c.Required = true })
	s.signIn("mia@opera.example")
	s.Want("Opéra du Lac", "Set up an authenticator app")
	app := s.passWall()
	s.leave()
	s.signIn("mia@opera.example")
	s.typeCode(s.code(app))
	s.reopened()
}

// TestSavingTheMailServerTakesAFreshProof is the step-up from end to end.
func TestSavingTheMailServerTakesAFreshProof(t *testing.T) {
	t.Parallel()
	s := opening(t)
	s.signIn(admin)
	s.toServerForm()
	s.Press("R", "R") // the sign-in is proof enough
	s.Without("Is it you?")
	s.pass(6 * time.Minute)
	s.Press("e")
	s.Want("Is it you?", "This needs your password.")
	s.Without("app")
	s.Press("esc")
	s.Without("Is it you?", "Host") // the form wasn't opened
	s.Press("e")
	s.Type(demoPassword)
	s.Press("enter")
	s.put("Host", "smtp.opera.test")
	s.pass(6 * time.Minute) // it took its time
	s.Press("ctrl+s")
	s.Want("Is it you?")
	s.Press("esc")
	s.Without("Is it you?")
	s.Want("smtp.opera.test") // still typed
	if s.server().Set {
		t.Fatal("it was saved without a proof")
	}
	s.Press("ctrl+s")
	s.Type("wrong")
	s.Press("enter")
	s.Want("This is wrong")
	s.Type(demoPassword)
	s.Without(demoPassword)
	s.Press("enter")
	s.Without("Is it you?")
	s.Press("S") // what saving asks
	if got := s.server(); got.Host != "smtp.opera.test" || !got.Set {
		t.Errorf("saved %+v", got)
	}
	s.Press("R", "R") // the proof is still fresh
	s.Without("Is it you?")
	if s.server().Set {
		t.Error("it wasn't removed")
	}
}

// TestStepUpByTheApp takes a code of the app in place of the password.
func TestStepUpByTheApp(t *testing.T) {
	t.Parallel()
	s := opening(t)
	app := s.enrol(s.requestOf(admin))
	s.signIn(admin)
	s.typeCode(s.code(app))
	s.pass(6 * time.Minute)
	s.Press("down")
	s.section("Mail server")
	s.Press("e")
	s.Want("or the 6 digits of your app")
	code := s.code(app)
	s.Paste(code[:3] + " " + code[3:])
	s.Press("enter")
	s.Without("Is it you?")
	s.put("Host", "smtp.opera.test")
	s.saveServer()
	if !s.server().Set {
		t.Error("it wasn't saved")
	}
}

// toServerForm fills in a mail server and saves it.
func (s *story) toServerForm() {
	s.t.Helper()
	s.Press("down")
	s.section("Mail server")
	s.Press("e")
	s.put("Host", "smtp.opera.test")
	s.saveServer()
}

// saveServer saves the form, and answers what that asks.
func (s *story) saveServer() {
	s.t.Helper()
	s.Press("ctrl+s", "S")
}

func (s *story) server() mail.ServerView {
	s.t.Helper()
	view, err := s.h.servers.Show(s.t.Context(), s.owner())
	s.must(err)
	return view
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// hire adds an operator whose address mail can reach, and is proven.
func (s *story) hire(name, address string) {
	s.t.Helper()
	req := s.owner()
	s.must(s.h.store.Update(s.t.Context(), func(tx core.Tx) error {
		act := &core.Act{Tx: tx, Req: req, At: s.h.clock.Effective()}
		hash, err := s.h.hasher.Hash(s.t.Context(), s.h.random, demoPassword)
		if err != nil {
			return err
		}
		_, err = operators.Insert(act, operators.Operator{
			Name: name, Address: address, Role: core.RoleOwner, Password: hash, Epoch: 1,
			Institutions: []core.ID{1}, Language: "en", Created: act.At, Validated: act.At,
		})
		return err
	}))
}

// TestR54_AMailedCodeOpensANewDeviceOnce is a mailed code from the mail server's
// hand to the remembered device.
func TestR54_AMailedCodeOpensANewDeviceOnce(t *testing.T) {
	t.Parallel()
	const nina = "nina@theatre.ch"
	s := opening(t)
	server := s.serveMail()
	_, err := s.h.servers.Save(t.Context(), s.owner(), 0, server.route)
	s.must(err)
	s.hire("Nina Rossi", nina)
	s.must(s.h.operators.SwitchMailed(t.Context(), s.requestOf(nina), true))
	s.signIn(nina)
	s.deliver(server)
	first := sixDigits.FindString(server.last(s))
	s.pass(time.Minute)
	s.Press("tab", "tab", "enter")
	s.Want("Again from")
	s.deliver(server)
	second := sixDigits.FindString(server.last(s))
	s.Type(first)
	s.Press("enter")
	s.Want(saysWrong) // a newer one is on its way
	s.Press("down", "space")
	s.Want("For 30 days this device needs no mailed code")
	s.Press("up")
	s.Type(second)
	s.Press("enter")
	s.Want("Nina Rossi", "This device is remembered for 30 days")

	s.leave()
	s.signIn(nina)
	s.Want("Nina Rossi") // no code is asked for here
	s.leave()
	s.pass(31 * 24 * time.Hour)
	s.signIn(nina)
	s.Want(expectsCode)
}

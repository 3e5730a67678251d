package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
)

const (
	expectsCode = "6 digits from your app"
	saysWrong   = "The address, the password or the code"
)

// opening is a story at the sign-in of the demo.
func opening(t *testing.T) *story {
	t.Helper()
	return demo(t, 120, 40)
}

// requestOf signs an operator in beside the console.
func (s *story) requestOf(address string) core.Request {
	s.t.Helper()
	in, err := coretest.SignIn(s.t.Context(), s.h.operators, address, demoPassword)
	s.must(err)
	return core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institution, Organisation: in.Organisation}
}

// enrol links an authenticator app for the operator of a request.
func (s *story) enrol(req core.Request) coretest.App {
	s.t.Helper()
	e, err := s.h.operators.BeginEnrolment(s.t.Context(), req)
	s.must(err)
	app := coretest.App{Secret: e.Secret}
	app.Recovery, err = s.h.operators.ConfirmEnrolment(s.t.Context(), req, s.code(app))
	s.must(err)
	s.pass(time.Minute) // the app shows another code
	return app
}

// code is what an app shows now.
func (s *story) code(app coretest.App) string { return app.Code(s.h.clock.Effective()) }

// typeCode gives a code at the code step.
func (s *story) typeCode(code string) {
	s.t.Helper()
	s.Want(expectsCode)
	s.Type(code)
	s.Press("enter")
}

// leave signs out from the list of contacts.
func (s *story) leave() {
	s.t.Helper()
	s.Press("down", "ctrl+d")
	s.Want("I have a code")
}

func TestSigningInWithoutASecondFactor(t *testing.T) {
	t.Parallel()
	s := opening(t)
	s.signIn(operator)
	s.Want("Leo Brandt", "Contacts")
	s.Without("remembered", "recovery codes")
}

func TestR68_SigningInWithTheApp(t *testing.T) {
	t.Parallel()
	s := opening(t)
	app := s.enrol(s.requestOf(operator))
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		s.Resize(size[0], size[1])
		s.signIn(operator)
		s.Want("Code", "esc")
		s.Type("000000")
		s.Press("enter")
		s.Want("wrong")
		code := s.code(app)
		s.Paste(code[:3] + " " + code[3:] + "\n")
		s.Without(code[:3], code[3:])
		s.Press("enter")
		s.Want("Leo Brandt")
		s.leave()
		s.pass(time.Minute)
	}
	s.signIn(operator)
	s.typeCode(s.code(app))
	s.Want("Leo Brandt")
	s.leave()
	s.signIn(operator)
	s.typeCode(s.code(app)) // the same once more
	s.Want(saysWrong)
}

func TestR68_WhateverIsWrongLooksTheSame(t *testing.T) {
	t.Parallel()
	s := opening(t)
	s.enrol(s.requestOf(operator))
	looks := func(address, password string) (frames []string) {
		s.Type(address)
		s.Press("enter")
		s.Type(password)
		s.Press("enter")
		frames = append(frames, s.Frame().String())
		s.Press("enter") // no code
		frames = append(frames, s.Frame().String())
		s.Press("esc")
		for range address {
			s.Press("backspace")
		}
		return frames
	}
	right := looks(operator, demoPassword)
	if !strings.Contains(right[0], expectsCode) || !strings.Contains(right[1], saysWrong) {
		t.Fatalf("it looks like\n%s\n%s", right[0], right[1])
	}
	for name, typed := range map[string][2]string{
		"wrong password":     {operator, "curtain up at nine"},
		"unknown address":    {"lea@opera.example", demoPassword},
		"password of nobody": {"lea@opera.example", "curtain up at nine"},
		"not an address":     {"leo-opera.example", demoPassword},
		"one without factor": {"mia@opera.example", "curtain up at nine"},
	} {
		for i, frame := range looks(typed[0], typed[1]) {
			if strings.ReplaceAll(frame, typed[0], operator) != right[i] {
				t.Errorf("%s looks like\n%s", name, frame)
			}
		}
	}
}

func TestR82_SigningInWithARecoveryCode(t *testing.T) {
	t.Parallel()
	s := opening(t)
	app := s.enrol(s.requestOf(operator))
	s.signIn(operator)
	s.Press("tab")
	s.Want("One of your ten recovery codes")
	s.Paste(strings.ToLower(app.Recovery[3]))
	s.Without(app.Recovery[3], strings.ToLower(app.Recovery[3]))
	s.Press("enter")
	s.Want("Leo Brandt")
	s.leave()
	s.signIn(operator)
	s.Press("tab")
	s.Paste(app.Recovery[3])
	s.Press("enter")
	s.Want(saysWrong)
	for _, code := range app.Recovery[4:10] {
		s.Paste(code)
		s.Press("enter")
		s.Want("Leo Brandt")
		s.leave()
		s.signIn(operator)
		s.Press("tab")
	}
	s.Paste(strings.ReplaceAll(app.Recovery[0], "-", " "))
	s.Press("enter")
	s.Want("Leo Brandt", "You have 2 recovery codes left")
}

func TestAnAttemptThatIsOver(t *testing.T) {
	t.Parallel()
	s := opening(t)
	app := s.enrol(s.requestOf(operator))
	s.signIn(operator)
	s.pass(10 * time.Minute)
	s.typeCode(s.code(app))
	s.Want("This sign-in took too long", "Password", operator)
	s.Type(demoPassword)
	s.Press("enter")
	s.typeCode(s.code(app))
	s.Want("Leo Brandt")
}

func TestKeysTypedBeforeTheCodeStepAreDropped(t *testing.T) {
	t.Parallel()
	s := opening(t)
	s.enrol(s.requestOf(operator))
	s.Type(operator)
	s.Press("enter")
	s.Type(demoPassword)
	answer := s.Step(tea.KeyPressMsg{Code: tea.KeyEnter})
	s.Want("Signing in…")
	s.Type("early")
	s.Run(answer)
	s.Want(expectsCode)
	s.Without("•")
}

var oneTimeCode = regexp.MustCompile(`\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b`)

// mailedCode is the one-time code in the newest captured mail.
func (s *story) mailedCode() string {
	s.t.Helper()
	code := oneTimeCode.FindString(s.newest().Text)
	if code == "" {
		s.t.Fatalf("no code in %s", s.newest().Text)
	}
	return code
}

// choosePassword takes a one-time code up in the console.
func (s *story) choosePassword(code, password string) {
	s.t.Helper()
	s.Paste(code)
	s.Without(code)
	s.Press("enter")
	s.Want("Choose a password")
	s.Type(password)
	s.Press("enter")
	s.Type(password)
	s.Without(password)
	s.Press("enter")
}

func TestAnInvitationIsTakenUp(t *testing.T) {
	t.Parallel()
	s := opening(t)
	s.invited()
	code := s.mailedCode()
	s.Press("tab")
	s.Want("The code of an invitation")
	s.choosePassword(strings.ToLower(code), "the second bell rings twice")
	s.Want("Nina Rossi", "operator")
	s.leave()
	s.Press("tab")
	s.Paste(code)
	s.Press("enter")
	s.Want("This code is not known") // it was used
}

func TestAForgottenPasswordIsChosenAnewAndTheFactorStillAsked(t *testing.T) {
	t.Parallel()
	s := opening(t)
	app := s.enrol(s.requestOf(operator))
	s.Press("tab", "tab")
	s.Type("nobody@opera.example")
	s.Press("enter")
	unknown := s.Frame().String()
	s.Press("tab")
	for range "nobody@opera.example" {
		s.Press("backspace")
	}
	s.Type(operator)
	s.Press("enter")
	if got := s.Frame().String(); got != unknown {
		t.Errorf("an operator's address is told from another:\n%s\n%s", unknown, got)
	}
	s.post()
	s.choosePassword(s.mailedCode(), "the second bell rings twice")
	s.typeCode(s.code(app))
	s.Want("Leo Brandt")
}

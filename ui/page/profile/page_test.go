package profile_test

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/ui/console"
	"willcall/ui/page/profile"
	"willcall/ui/session"
)

func answerOf(recovery string) operators.Answer {
	return operators.Answer{Code: recovery, Recovery: true}
}

var (
	_ session.Opener  = (*profile.Page)(nil)
	_ session.Asker   = (*profile.Page)(nil)
	_ session.Speaker = (*profile.Page)(nil)
	_ session.Tall    = (*profile.Page)(nil)
)

func TestTheProfileTellsWhatThereIs(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40)
	st.Want("Profile", "Olga Brunner", "owner", "Opéra du Lac", "English. For another one:", "ctrl+p, language.", "e  change name",
		"✗ olga@opera.example", "Authenticator app", "Mailed codes", "Password", "Known devices", "Open sessions", "this one")
	st.Without("f2") // the sign-in page's only
	st.KeysAreClear()
	for range 12 {
		st.Press("down")
		st.KeysAreClear()
		st.Press("enter")
		st.KeysAreClear()
		st.Press("esc")
	}
	st.Press("esc")
	st.Want("Contacts")
	st.Without("Known devices")
}

func TestAProfileThatCannotBeReadSaysSo(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) { st.desk.fails = core.Refuse(core.CodeBusy) })
	st.Want("Your profile can’t be read", "Try again")
	st.KeysAreClear()
}

func TestSecretsAreNoDraft(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	if _, keeps := any(st.page).(session.Keeper); keeps {
		t.Error("what is typed here is kept as a draft")
	}
}

func TestTheOwnNameIsChanged(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.Press("e")
	st.Want("What are you called?", "Olga Brunner")
	st.KeysAreClear()
	st.Press("ctrl+e", "ctrl+u")
	st.Type("Olga Meier")
	st.Press("enter")
	st.Want("From now on you are called Olga Meier.", "Olga Meier · owner")
	if got := st.read().Name; got != "Olga Meier" {
		t.Errorf("the name is %q", got)
	}
	st.Press("e", "ctrl+e", "ctrl+u", "enter")
	st.KeysAreClear()
	st.Press("esc")
	st.Without("What are you called?")
}

func TestR73_TheAddressIsValidatedByACode(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.on("Address")
	st.Press("enter")
	st.Want("●✗ not validated", "v  validate: mail me a code")
	st.Press("v")
	st.Want("Type the 6 digits of the mail to olga@opera.example. It is captured")
	st.KeysAreClear()
	st.Type("000000")
	st.Press("enter")
	st.Want("Code *")
	if !st.read().Validated.IsZero() {
		t.Fatal("a wrong code validates")
	}
	st.Press("esc")
	st.Want("v  type the mailed code") // the way to the mail and back
	st.Press("v")
	st.Type(st.house.Code())
	st.Press("enter")
	st.Want("olga@opera.example is validated.", "●✓ validated", "Your address is validated.")
	if st.read().Validated.IsZero() {
		t.Error("the right code doesn't validate")
	}
	st.KeysAreClear()
}

func TestAnotherAddressCountsFromItsCode(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.on("Address")
	st.Press("e")
	st.Type("olga")
	st.Press("enter")
	st.Want("New address") // refused at its field
	st.KeysAreClear()
	st.Type(".brunner@opera.example")
	st.Press("enter")
	st.Want("mail to olga.brunner@opera.example")
	if got := st.read().Address; got != coretest.OwnerAddress {
		t.Fatalf("the address is %q before its code", got)
	}
	st.Type(st.house.Code())
	st.Press("enter")
	st.Want("olga.brunner@opera.example is validated.", "✓ olga.brunner@opera.example")
	if got := st.read(); got.Address != "olga.brunner@opera.example" || got.Validated.IsZero() {
		t.Errorf("the address is %q, validated %v", got.Address, got.Validated)
	}
	if st.Session.Address != "olga.brunner@opera.example" {
		t.Errorf("the session has the address %q", st.Session.Address)
	}
}

func TestAnotherCodeIsMailedAfterAWhile(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.on("Address")
	st.Press("v")
	first := st.house.Code()
	st.Press("ctrl+t")
	st.Want("19:43") // from when on
	st.KeysAreClear()
	st.house.Clock.Advance(2 * time.Minute)
	st.Press("ctrl+t")
	if second := st.house.Code(); second == first {
		t.Error("the second code is the first one")
	}
}

func TestR53_MailedCodesAreSwitchedByOneself(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.on("Mailed codes")
	st.Press("enter")
	st.Want("Your own address is not validated.")
	st.Press("e")
	if st.read().Mailed.Own {
		t.Fatal("codes are mailed to an address nobody knows")
	}
	st.house.Validate(st.req)
	st.refreshed()
	st.Want("No mail server is set")
	st.house.Delivers("olga@opera.tests")
	st.refreshed()
	st.Want("e  switch on")
	st.Press("e")
	st.Want("Mailed codes are on.", "e  switch off")
	if !st.read().Mailed.Own {
		t.Error("mailed codes are off")
	}
	st.KeysAreClear()
	st.Press("e")
	st.Want("Your own mailed codes are off.", "e  switch on")
	if st.read().Mailed.Own {
		t.Error("mailed codes are on")
	}
}

// refreshed reads the page again, as after a change elsewhere.
func (st *stage) refreshed() { st.Send(console.Changed{Resync: true}) }

func TestR72_TheAppWins(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) {
		st.house.Enrol(st.req)
		st.house.Validate(st.req)
		st.house.Delivers("olga@opera.tests")
		st.house.Must(st.house.Operators.SwitchMailed(st.t.Context(), st.req, true))
	})
	st.on("Mailed codes")
	st.Want("on, but the app wins")
	st.Press("enter")
	st.says("While the app is on you are asked for its code, and none is mailed.")
}

func TestThePasswordIsChanged(t *testing.T) {
	t.Parallel()
	const next = "der lange Weg nach Haus"
	st := build(t, 80, 24, func(st *stage) { st.house.SignIn(coretest.OwnerAddress) })
	st.on("Password")
	fill := func(values ...string) {
		st.Press("e")
		for i, value := range values {
			st.Type(value)
			if i < len(values)-1 {
				st.Press("tab")
			}
		}
		st.Press("ctrl+s")
	}
	fill(coretest.Password, next, next+"e")
	st.Want("Change the password.", "New one again")
	st.Without(next, coretest.Password)
	st.KeysAreClear()
	st.Press("esc")
	fill("curtain up at nine", next, next)
	st.Want("Password now")
	st.Press("esc")
	fill(coretest.Password, "short", "short")
	st.Want("too short")
	st.Press("esc")
	fill(coretest.Password, next, next)
	st.Want("The password is changed.")
	if sessions := st.read().Sessions; len(sessions) != 1 || !sessions[0].Here {
		t.Errorf("sessions left are %+v", sessions)
	}
	st.Press("e")
	st.Without("•") // nothing typed is left
}

func TestSessionsElsewhereAreEnded(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40, func(st *stage) {
		st.house.Clock.Advance(time.Hour)
		st.house.SignIn(coretest.OwnerAddress)
	})
	st.Press("end")
	for st.onHere() {
		st.Press("up")
	}
	st.Press("X")
	st.Want("End this session?")
	st.KeysAreClear()
	st.Press("X")
	st.Want("The session is over.")
	if left := st.read().Sessions; len(left) != 1 || !left[0].Here {
		t.Errorf("sessions left are %+v", left)
	}
	st.Press("end", "X")
	st.Want("You are working in this session: ctrl+d signs out.")
}

// onHere reports whether the selected line is that of this session.
func (st *stage) onHere() bool {
	return st.Frame().Contains("You are working in this session.")
}

func TestR54_DevicesAreRevoked(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40, func(st *stage) {
		_, err := st.house.Operators.Begin(st.t.Context(), st.house.Terminal(5), coretest.OwnerAddress, coretest.Password)
		st.house.Must(err)
	})
	st.on("box office")
	st.Want("terminal of this computer", "Known since", "Last used")
	st.Press("R")
	st.Want("Forget box office?")
	st.KeysAreClear()
	st.Press("R")
	st.Want("box office is forgotten.")
	if left := st.read().Devices; len(left) != 0 {
		t.Errorf("devices left are %+v", left)
	}
	st.on("Known devices")
	st.Want("No device is known.")
}

// TestAQuestionThatIsOverGoes away with what it was about.
func TestAQuestionThatIsOverGoes(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40, func(st *stage) {
		_, err := st.house.Operators.Begin(st.t.Context(), st.house.Terminal(5), coretest.OwnerAddress, coretest.Password)
		st.house.Must(err)
	})
	st.on("box office")
	st.Press("R")
	st.house.Must(st.house.Operators.RevokeDevice(t.Context(), st.req, st.read().Devices[0].ID))
	st.refreshed()
	st.Without("Forget box office?", "box office")
	st.KeysAreClear()
}

// TestOneActAtATime keeps keys from doing anything while an act is under way.
func TestOneActAtATime(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) { st.house.Enrol(st.req) })
	st.on("Authenticator app")
	st.Press("R")
	under := st.Step(tea.KeyPressMsg{Code: 'R', Text: "R"})
	st.Want("One moment…")
	st.Press("R")
	st.KeysAreClear()
	st.Run(under)
	st.Press("n")
	st.Want("Set up an authenticator app")
}

func TestTheMouseReachesTheList(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	x, y, _ := st.Frame().Find("Mailed codes")
	st.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	st.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	st.Want("On a device that isn’t known")
	st.Send(tea.MouseWheelMsg{X: 5, Y: 8, Button: tea.MouseWheelDown})
	st.Press("esc")
	st.Send(tea.MouseWheelMsg{X: 5, Y: 8, Button: tea.MouseWheelDown})
	st.Want("Mailed codes")
}

func TestEveryWindowHasItsKeys(t *testing.T) {
	t.Parallel()
	st := build(t, 40, 10)
	at := func() {
		for _, width := range []int{40, 55, 79, 100, 200} {
			for _, height := range []int{10, 15, 16, 24, 50} {
				st.Resize(width, height)
				st.KeysAreClear()
			}
		}
	}
	at()
	st.Press("end", "enter")
	at()
	st.Press("esc")
	st.Resize(40, 10)
	st.on("Authenticator")
	st.Press("n")
	at()
	st.Press("c", "c")
	at()
	st.Type(st.code())
	at()
	st.Press("enter")
	at()
	st.Press("w", "c")
	at()
}

func TestTheSentencesChangeWithTheLanguage(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.on("Authenticator app")
	st.Press("n")
	st.Send(session.Speak{Language: "fr"})
	st.Want("Ajouter une application de codes")
	st.Press("esc")
	st.Want("Application de codes")
	st.on("Mot de passe")
	st.Press("e")
	st.Want("Changer le mot de passe.", "Nouveau")
	st.Send(session.Speak{Language: "en"})
	st.Want("Change the password.", "New password")
}

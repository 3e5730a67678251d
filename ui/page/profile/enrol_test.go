package profile_test

import (
	"errors"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/ui/uitest"
)

// enrolling shows the enrolment of the owner.
func enrolling(t *testing.T, width, height int, change ...func(*stage)) *stage {
	t.Helper()
	st := build(t, width, height, change...)
	st.on("Authenticator")
	st.Press("n")
	return st
}

// grouped is a key as it is shown.
func grouped(key string) (lines []string) {
	for ; key != ""; key = key[16:] {
		lines = append(lines, strings.Join([]string{key[:4], key[4:8], key[8:12], key[12:16]}, " "))
	}
	return lines
}

func TestR64_TheQRCodeIsReadOffTheScreen(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]struct {
		msg   tea.Msg
		light bool
	}{
		"dark":              {msg: tea.ColorProfileMsg{Profile: colorprofile.TrueColor}},
		"light":             {msg: tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, light: true},
		"256 colours":       {msg: tea.ColorProfileMsg{Profile: colorprofile.ANSI256}},
		"16 colours":        {msg: tea.ColorProfileMsg{Profile: colorprofile.ANSI}},
		"16 colours, light": {msg: tea.ColorProfileMsg{Profile: colorprofile.ANSI}, light: true},
		"no colour":         {msg: tea.EnvMsg{"NO_COLOR=1", "LANG=en_GB.UTF-8"}},
		"no colour, light":  {msg: tea.EnvMsg{"NO_COLOR=1", "LANG=en_GB.UTF-8"}, light: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := enrolling(t, 80, 24)
			paper := uitest.DarkPaper()
			st.Send(look.msg)
			if look.light {
				st.Send(tea.BackgroundColorMsg{Color: color.White})
				paper = uitest.LightPaper()
			}
			got, err := st.Frame().ScanQR(paper)
			if err != nil || got != st.desk.enrolment.URI {
				t.Errorf("read %q, %v; the enrolment is %q", got, err, st.desk.enrolment.URI)
			}
			st.Want(grouped(st.desk.enrolment.Secret)...)
			st.KeysAreClear()
		})
	}
}

// TestR64_AUsualAddressFits holds that the window of 80 by 24 shows the code also
// of an address that is longer than most.
func TestR64_AUsualAddressFits(t *testing.T) {
	t.Parallel()
	st := enrolling(t, 80, 24, func(st *stage) {
		st.req = st.house.HireAt(core.RoleAdmin, "marie-claire.dupont-martin@opera-du-lac.example")
	})
	if got, err := st.Frame().ScanQR(uitest.DarkPaper()); err != nil || got != st.desk.enrolment.URI {
		t.Errorf("read %q, %v", got, err)
	}
}

// TestR64_WithoutRoomTheKeyIsThere tells why there is no code, and shows the key
// in every window.
func TestR64_WithoutRoomTheKeyIsThere(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 60) + "@" + strings.Repeat("b", 60) + "." + strings.Repeat("c", 60) + "." + strings.Repeat("d", 60) + ".example"
	for name, c := range map[string]struct {
		width, height int
		address       string
		env           tea.EnvMsg
		want          []string
	}{
		"small window":  {40, 10, "", nil, []string{"too narrow"}},
		"low window":    {80, 15, "", nil, []string{"For a QR code", "too low"}},
		"narrow window": {60, 24, "", nil, []string{"For a QR code", "too narrow"}},
		"long address":  {80, 24, long, nil, []string{"too narrow"}},
		"ASCII":         {80, 24, "", tea.EnvMsg{"LANG=C"}, []string{"This terminal can't show a QR code."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := enrolling(t, c.width, c.height, func(st *stage) {
				if c.address != "" {
					st.req = st.house.HireAt(core.RoleAdmin, c.address)
				}
			})
			if c.env != nil {
				st.Send(c.env)
			}
			st.Want(append(grouped(st.desk.enrolment.Secret), c.want...)...)
			st.Want("Code")
			if got, err := st.Frame().ScanQR(uitest.DarkPaper()); err == nil {
				t.Errorf("a code was read all the same: %q", got)
			}
			st.Type(st.code())
			st.Press("enter", "w", "space", "enter")
			if !st.read().Factor.On {
				t.Errorf("the app is not linked:\n%s", st.Frame())
			}
		})
	}
}

func TestR63_R65_TheAppCountsFromItsFirstRightCode(t *testing.T) {
	t.Parallel()
	st := enrolling(t, 80, 24)
	st.Want("Set up an authenticator app", "until 19:52")
	st.Without("Settings", "nothing else is open")
	if st.read().Factor.On {
		t.Fatal("the app is linked before its code was typed")
	}
	st.Type("000000")
	st.KeysAreClear()
	st.Press("enter")
	st.Want("This is not the code", "6 digits")
	if st.read().Factor.On {
		t.Fatal("the app is linked by a wrong code")
	}
	st.Type(st.code())
	st.Press("enter")
	st.Want("Recovery codes", "I have kept them")
	if !st.read().Factor.On {
		t.Error("the app is not linked by its code")
	}
	st.KeysAreClear()
}

func TestR65_LeavingChangesNothing(t *testing.T) {
	t.Parallel()
	st := enrolling(t, 80, 24)
	secret := st.desk.enrolment.Secret
	st.Type("12")
	st.Press("esc")
	st.Want("leave, nothing changed")
	st.Press("esc")
	st.Want("Authenticator app", "off")
	st.Without(append(grouped(secret), secret)...)
	if st.read().Factor.On || st.page.Unsaved() {
		t.Error("something is left of the enrolment")
	}
	st.Press("n")
	if st.desk.enrolment.Secret == secret {
		t.Error("the next enrolment has the same secret")
	}
	st.Without("12")
}

func TestR65_AnEnrolmentEndsAfterTenMinutes(t *testing.T) {
	t.Parallel()
	st := enrolling(t, 80, 24)
	st.house.Clock.Advance(10 * time.Minute)
	st.house.Must(st.house.Operators.StepUp(t.Context(), st.req, coretest.Local(), coretest.Password))
	st.Type(st.code())
	st.Press("enter")
	st.Want("Setting up the app took too long.", "Authenticator app")
	st.Without(grouped(st.desk.enrolment.Secret)...)
	st.KeysAreClear()
}

func TestACodeIsTypedInAnyGroups(t *testing.T) {
	t.Parallel()
	st := enrolling(t, 80, 24)
	code := st.code()
	st.Paste(code[:3] + " " + code[3:])
	st.Press("enter")
	st.Want("I have kept them")
}

// TestKeyAndLinkAreCopiedBare one after the other, before the field is typed in.
func TestKeyAndLinkAreCopiedBare(t *testing.T) {
	t.Parallel()
	st := enrolling(t, 80, 24)
	st.copies(st.desk.enrolment.Secret)
	st.Want("The key, handed to the clipboard:", st.desk.enrolment.Secret)
	st.copies(st.desk.enrolment.URI)
	if got, err := st.Frame().ScanQR(uitest.DarkPaper()); err != nil || got != st.desk.enrolment.URI {
		t.Errorf("what was copied covers the code: %q, %v", got, err)
	}
	st.Press("enter", "c")
	st.Want("Code *  c")
}

func TestAnEnrolmentThatCannotBeginSaysSo(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.desk.fails = core.Refuse(core.CodeBusy)
	st.on("Authenticator app")
	st.Press("n")
	st.Want("Try again")
	st.KeysAreClear()
	st.desk.fails = errors.New("the disk is gone")
	st.Press("n")
	st.Want("Something went wrong")
}

// required has the company require a second factor of everybody, as the owner who
// has one may.
func required(st *stage) {
	st.t.Helper()
	h := st.house
	h.Enrol(h.Owner)
	c, err := h.Operators.Company(h.Ctx, h.Owner)
	h.Must(err)
	c.Required, c.MailMeets = true, st.live
	plan, err := h.Operators.PlanCompany(h.Ctx, h.Owner, c)
	h.Must(err)
	h.Must(h.Operators.ApplyCompany(h.Ctx, h.Owner, plan))
}

// walled is somebody of whom a second factor is required, without one.
func walled(st *stage) {
	st.t.Helper()
	st.req = st.house.HireAt(core.RoleOperator, "leo@opera.example")
	required(st)
}

func TestR67_BehindTheWallThereIsTheEnrolmentOnly(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, walled)
	st.Want("Set up an authenticator app", "ctrl+d sign out", "ctrl+q quit")
	st.Want(grouped(st.desk.enrolment.Secret)...)
	st.Press("esc", "esc", "left")
	st.Want("Set up an authenticator app")
	st.Without("Password", "Open sessions")
	if got, err := st.Frame().ScanQR(uitest.DarkPaper()); err != nil || got != st.desk.enrolment.URI {
		t.Errorf("read %q, %v", got, err)
	}
	st.KeysAreClear()
	st.Type(st.code())
	st.Press("enter")
	st.Want("I have kept them")
	st.Session.Walled = false // as the root hears
	st.Press("space", "enter")
	st.Want("Contacts")
	if !st.read().Factor.On {
		t.Error("the app is not linked")
	}
}

// TestR72_BehindTheWallMailedCodesAreAWay where the company takes them for the
// second factor: from an address that isn't validated to the work that waited.
func TestR72_BehindTheWallMailedCodesAreAWay(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) {
		st.live = true
		st.house.GoLive()
		st.req = st.house.HireAt(core.RoleOperator, "leo@opera.swiss")
		required(st)
	})
	st.Want("Set up an authenticator app", "e  codes by mail instead", "e codes by mail")
	st.KeysAreClear()
	st.Press("e")
	st.Want("Type the 6 digits that were mailed to leo@opera.swiss.")
	st.Press("esc")
	st.Want("Set up an authenticator app")
	st.Press("e") // the code is on its way still
	st.Type(st.house.Code())
	st.Press("enter")
	if p := st.read(); p.Validated.IsZero() || !p.Mailed.Own {
		t.Fatalf("it isn't passed: %+v", p)
	}
	st.Session.Walled = false // as the root hears
	st.Run(st.page.Refresh())
	st.Want("Contacts", "Codes by mail are your second factor")
	st.Without("Set up")
}

func TestR72_BehindTheWallOnlyAnAppWhereMailDoesNotMeetIt(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, walled)
	st.Without("by mail")
	st.Press("e")
	st.Want("Set up an authenticator app")
}

func TestTheHelpLineSaysWhatEnterDoesInTheSmallestWindow(t *testing.T) {
	t.Parallel()
	st := build(t, 40, 10)
	st.on("Authenticator")
	st.Press("n", "enter")
	st.Want("enter switch it on")
}

func TestR67_BehindTheWallARefusedEnrolmentIsBegunAnew(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, walled, func(st *stage) { st.desk.fails = core.Refuse(core.CodeBusy) })
	st.Without("Open sessions")
	st.desk.fails = nil
	st.Press("n")
	st.Want(grouped(st.desk.enrolment.Secret)...)
	st.KeysAreClear()
}

func TestR67_WhatIsRequiredIsNotGivenUp(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, required)
	st.on("Authenticator app")
	st.Press("enter")
	st.says("Your house requires it of everyone. Last used", "It can’t be switched off now.")
	st.Press("R")
	st.Without("Do without the app?")
	if !st.read().Factor.On {
		t.Error("the app is gone")
	}
}

func TestR70_WhoGivesTheAppUpIsToldToDeleteItsEntry(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) { st.house.Enrol(st.req) })
	st.on("Authenticator app")
	st.Press("R")
	st.Want("Do without the app?", "leave")
	st.KeysAreClear()
	st.Press("esc")
	if !st.read().Factor.On {
		t.Fatal("the app is gone unasked")
	}
	st.Press("R", "R")
	st.Want("Delete the entry willcall (olga@opera.example) in it", "off")
	if st.read().Factor.On {
		t.Error("the app is still on")
	}
	st.KeysAreClear()
}

func TestR71_LinkingAgainMakesAnotherSecret(t *testing.T) {
	t.Parallel()
	var app coretest.App
	st := build(t, 80, 24, func(st *stage) { app = st.house.Enrol(st.req) })
	st.on("Authenticator app")
	st.Press("R", "R", "n")
	if st.desk.enrolment.Secret == app.Secret || st.desk.enrolment == (operators.Enrolment{}) {
		t.Errorf("the secret is %q", st.desk.enrolment.Secret)
	}
	st.Type(app.Code(st.house.Clock.Effective()))
	st.Press("enter")
	st.Want("This is not the code")
}

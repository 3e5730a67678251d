package profile_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/ui/session"
)

var recoveryCode = regexp.MustCompile(`[0-9A-Z]{4}(-[0-9A-Z]{4}){3}`)

// shown are the recovery codes on the screen, the first column first.
func (st *stage) shown() (codes []string) {
	lines := recoveryCode.FindAllString(st.Frame().Text(), -1)
	for column := range 2 {
		for at := column; at < len(lines); at += 2 {
			codes = append(codes, lines[at])
		}
	}
	return codes
}

func TestR82_TenCodesAreShownOnceAndThenGone(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {40, 10}} {
		st := build(t, size[0], size[1])
		st.link()
		codes := st.shown()
		if len(codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 10 {
			t.Fatalf("shown are %q:\n%s", codes, st.Frame())
		}
		st.Want("[ ] I have kept them")
		st.KeysAreClear()
		st.Press("enter")
		st.Want("Tick the box first")
		if !st.page.Unsaved() || !st.page.Asking() {
			t.Error("the codes can be left unseen")
		}
		st.Press("esc", "f3", "ctrl+d", "ctrl+p")
		st.Want("I have kept them")
		st.Press("space", "enter")
		st.Want("10 codes")
		if left := st.shown(); len(left) > 0 || st.page.Unsaved() {
			t.Errorf("still shown are %q", left)
		}
		st.Press("c", "w")
		if len(st.files) > 0 || len(st.shown()) > 0 {
			t.Error("the codes are still there")
		}
		st.KeysAreClear()
	}
}

func TestR82_TheCodesAreTheOnesThatOpen(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.link()
	code := st.shown()[3]
	attempt := st.house.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	_, err := st.house.Operators.Answer(t.Context(), coretest.Local(), attempt, answerOf(code))
	st.house.Must(err)
	if left := st.read().Factor.RecoveryLeft; left != 9 {
		t.Errorf("%d are left", left)
	}
}

func TestR82_CodesAreWrittenToAFileOrCopied(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.link()
	codes := st.shown()
	st.Press("w")
	st.Want("Written to "+written, "Only you can read it.")
	if len(st.files) != 1 || !strings.Contains(st.files[0], strings.Join(codes, "\n")+"\n") {
		t.Errorf("written was %q", st.files)
	}
	if !strings.HasPrefix(st.files[0], "Recovery codes for signing in to willcall as olga@opera.example, made 21 Nov 2026") {
		t.Errorf("the file doesn't say what it is: %q", st.files[0])
	}
	st.copies(strings.Join(codes, " "))
	st.Want("[ ] I have kept them")
	st.Press("space")
	st.Want("[✓] I have kept them")
	st.Press("space")
	st.Want("[ ] I have kept them")
}

func TestCodesThatCannotBeWrittenSaySo(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) { st.full = true })
	st.link()
	st.Press("w")
	st.says("Nothing could be written to " + written + ". Copy the codes instead.")
	st.KeysAreClear()
}

func TestNoFileIsWrittenOnAnotherComputer(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) { st.away = true })
	st.link()
	st.Press("w")
	st.Want("A file would lie on another computer than yours.")
}

func TestR82_CodesAreRenewed(t *testing.T) {
	t.Parallel()
	var app coretest.App
	st := build(t, 80, 24, func(st *stage) { app = st.house.Enrol(st.req) })
	st.on("Authenticator app")
	st.Press("N")
	st.Want("Make ten new recovery codes?")
	st.KeysAreClear()
	st.Press("N")
	st.Want("The codes you had before are void.")
	codes := st.shown()
	if len(codes) != 10 || slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(app.Recovery, code) }) {
		t.Errorf("the new codes are %q", codes)
	}
	st.Send(session.Click{X: 3, Y: 0, Width: 80})
	_, y, _ := st.Frame().Find("[ ] I have")
	st.Send(tea.MouseClickMsg{X: 3, Y: y, Button: tea.MouseLeft})
	st.Want("[✓] I have kept them")
}

func TestRenewingThatIsRefusedSaysSo(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) { st.house.Enrol(st.req) })
	st.on("Authenticator app")
	st.Press("N")
	st.desk.fails = core.Refuse(core.CodeBusy)
	st.Press("N")
	st.desk.fails = nil
	st.Want("Try again")
	st.KeysAreClear()
}

func TestR82_FewCodesAreWarnedOf(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40, func(st *stage) {
		app := st.house.Enrol(st.req)
		for _, code := range app.Recovery[:7] {
			attempt := st.house.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
			in, err := st.house.Operators.Answer(st.t.Context(), coretest.Local(), attempt, answerOf(code))
			st.house.Must(err)
			st.req = st.house.Request(in)
		}
	})
	st.on("Authenticator app")
	st.Want("on · 3 codes", "! 3 left of 10", "Renew them before they run out")
	few, _ := st.Frame().StyleOf("on · 3 codes")
	st.on("Name")
	name, _ := st.Frame().StyleOf("on · 3 codes")
	if few == "" || name == "" {
		t.Errorf("the warning has the looks %q and %q", few, name)
	}
}

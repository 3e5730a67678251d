package console_test

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// clickOn clicks on the cell where a text begins first.
func clickOn(t *testing.T, d *uitest.Driver, text string) {
	t.Helper()
	x, y, found := d.Frame().Find(text)
	if !found {
		t.Fatalf("%q is not on the screen:\n%s", text, d.Frame())
	}
	d.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
}

func TestAClickIsAKeyATabOrThePages(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		st, d := enter(t, core.RoleAdmin, size[0], size[1])
		p := st.pages[session.PageContacts]
		clickOn(t, d, "new contact")
		if p.opens != 1 {
			t.Errorf("%v: the help line's entry did nothing", size)
		}
		clickOn(t, d, "山田太郎")
		if want := (session.Click{X: 3, Y: 3, Width: size[0]}); len(p.clicks) != 1 || p.clicks[0] != want {
			t.Errorf("%v: the page heard %v, want %v", size, p.clicks, want)
		}
		clickOn(t, d, "Outbox")
		if p := st.pages[session.PageOutbox]; p == nil || p.opened != 1 {
			t.Errorf("%v: the tab didn't come to the front", size)
		}
		d.Send(tea.MouseClickMsg{X: 3, Y: 3, Button: tea.MouseRight})
		if len(st.pages[session.PageOutbox].clicks) != 0 {
			t.Errorf("%v: the right button clicked", size)
		}
	}
}

func TestAClickBeforeThePictureIsDropped(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 120, 24)
	x, y, _ := d.Frame().Find("new contact")
	click := tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}
	opened := d.Step(click)
	d.Run(d.Step(click))
	if p := st.pages[session.PageContacts]; p.opens != 1 {
		t.Errorf("opened %d times before it was drawn", p.opens)
	}
	d.Run(opened)
}

func TestADoubleClickAnswersNoQuestion(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	p.unsaved = true
	d.Press("ctrl+q")
	d.Want("Quit?")
	x, y, _ := d.Frame().Find("quit without saving")
	d.Send(tea.MouseClickMsg{X: 1, Y: 1, Button: tea.MouseLeft}) // beside the question
	d.Want("Quit?")
	d.Press("esc")
	d.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	d.Press("ctrl+q")
	d.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	if d.Quit() {
		t.Fatal("the second of two clicks at one place answered")
	}
	d.Send(tea.MouseClickMsg{X: x + 1, Y: y, Button: tea.MouseLeft})
	if !d.Quit() {
		t.Error("a click on the word did nothing")
	}
}

func TestWhileThePageAsksNoTabIsReached(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	st.pages[session.PageContacts].asking = true
	clickOn(t, d, "Settings")
	if st.pages[session.PageSettings] != nil {
		t.Error("a click led away from the question")
	}
}

func TestTheWheelIsMergedBetweenFrames(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	notch := func(b tea.MouseButton) tea.Msg { return tea.MouseWheelMsg{X: 5, Y: 8, Button: b} }
	frame := d.Step(notch(tea.MouseWheelDown))
	for range 500 {
		for _, b := range []tea.MouseButton{tea.MouseWheelDown, tea.MouseWheelLeft} {
			if passed := console.Filter(st.root, notch(b)); passed != nil {
				t.Fatalf("%v reached the console between two frames", passed)
			}
		}
	}
	if len(p.wheels) != 1 || p.wheels[0] != (session.Wheel{X: 5, Y: 5, Width: 80, Rows: 3}) {
		t.Fatalf("the page heard %v", p.wheels)
	}
	d.Run(frame)
	if len(p.wheels) != 2 || p.wheels[1].Rows != 1500 {
		t.Errorf("a frame later the page heard %v", p.wheels)
	}
	if console.Filter(st.root, notch(tea.MouseWheelUp)) == nil {
		t.Error("the wheel still waits")
	}
	if console.Filter(st.root, tea.MouseMotionMsg{}) != nil || console.Filter(st.root, tea.MouseReleaseMsg{}) != nil {
		t.Error("motion reaches the console")
	}
}

func TestTheMouseIsTheTerminalsWhereItIsOff(t *testing.T) {
	t.Parallel()
	st := build(t, func(c *console.Config) { c.NoMouse = true })
	d := uitest.New(t, st.root, 80, 24)
	d.Send(entered(core.RoleAdmin))
	if d.View().MouseMode != tea.MouseModeNone {
		t.Error("the terminal reports the mouse")
	}
	clickOn(t, d, "Settings")
	if st.pages[session.PageSettings] != nil {
		t.Error("a click was taken")
	}
	d.Press("?")
	d.Want("The mouse is off")
	d.Press("esc", "ctrl+p")
	d.Type("mouse")
	d.Press("enter")
	if d.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse didn't come back")
	}
	clickOn(t, d, "Settings")
	if st.pages[session.PageSettings] == nil {
		t.Error("a click did nothing")
	}
}

func TestAClickTakesAToastAwayAndNothingElse(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	d.Send(session.Toast{Text: "The backup is done."})
	clickOn(t, d, "The backup is done.")
	d.Without("The backup is done.")
	if p := st.pages[session.PageContacts]; !slices.Equal(p.clicks, nil) {
		t.Errorf("the page below heard %v", p.clicks)
	}
}

func TestAClickOnTheHeaderOpensWhatItCounts(t *testing.T) {
	t.Parallel()
	for _, width := range []int{120, 80} {
		_, d, _ := told(t, width, nil, 3)
		clickOn(t, d, "3 notices")
		d.Want("notices")
		if x, y, found := d.Frame().Find("Notices"); !found || y != 1 {
			t.Errorf("no tab of the notices at %d, %d:\n%s", x, y, d.Frame())
		}
	}
}

func TestAnEmptySearchLetsCtrlDSignOut(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	p.typing = true
	d.Press("ctrl+d")
	if len(st.signedOut) != 0 || len(p.heard) != 1 {
		t.Fatalf("signed out %v, the field heard %v", st.signedOut, p.heard)
	}
	p.blank = true
	d.Press("ctrl+d")
	if d.Want("signin"); len(st.signedOut) != 1 {
		t.Error("not signed out")
	}
}

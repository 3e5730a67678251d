package console_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

func TestFrameGoldens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width, height int
		messages      []tea.Msg
	}{
		"wide":      {width: 120, height: 40},
		"medium":    {width: 80, height: 24},
		"light":     {width: 80, height: 24, messages: []tea.Msg{tea.BackgroundColorMsg{Color: ansi.BrightWhite}}},
		"no-colour": {width: 80, height: 24, messages: []tea.Msg{tea.EnvMsg{"NO_COLOR=", "LANG=C"}}},
		"smallest":  {width: 40, height: 10},
		"too-small": {width: 39, height: 9},
		"keys":      {width: 80, height: 24, messages: []tea.Msg{tea.KeyPressMsg{Code: '?', Text: "?"}}},
		"refusal":   {width: 80, height: 24, messages: []tea.Msg{tea.KeyPressMsg{Code: 'v', Text: "v"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, d := enter(t, core.RoleAdmin, c.width, c.height)
			for _, msg := range c.messages {
				d.Send(msg)
			}
			uitest.Golden(t, name, d.Frame())
		})
	}
}

func TestFrameFillsTheScreenExactly(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	rapid.Check(t, func(rt *rapid.T) {
		d.Resize(rapid.IntRange(20, 260).Draw(rt, "width"), rapid.IntRange(8, 70).Draw(rt, "height"))
		st.s.Institution = rapid.String().Draw(rt, "institution")
		st.s.Operator = rapid.String().Draw(rt, "operator")
		d.Press(rapid.SampledFrom([]string{"?", "esc", "v", "g", "down"}).Draw(rt, "key"))
		width, height := d.Frame().Size()
		lines := strings.Split(d.View().Content, "\n")
		if len(lines) != height {
			rt.Fatalf("%d lines on a screen of %d", len(lines), height)
		}
		for i, line := range lines {
			if got := ansi.StringWidth(line); got != width {
				rt.Fatalf("line %d has %d cells of %d: %q", i, got, width, line)
			}
		}
	})
}

func TestSizesAreClamped(t *testing.T) {
	t.Parallel()
	for in, want := range map[[2]int][2]int{
		{0, 0}: {20, 8}, {-1, 1 << 31}: {20, 200}, {4_000_000_000, 5}: {500, 8}, {80, 24}: {80, 24},
	} {
		got := console.Clamp(tea.WindowSizeMsg{Width: in[0], Height: in[1]})
		if got.Width != want[0] || got.Height != want[1] {
			t.Errorf("%v is clamped to %v", in, got)
		}
	}
	_, d := enter(t, core.RoleAdmin, 80, 24)
	d.Resize(100_000, 100_000)
	if got := strings.Count(d.View().Content, "\n"); got != 199 {
		t.Errorf("%d lines are drawn", got+1)
	}
}

func TestTooSmallScreensWait(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 39, 9)
	d.Press("w", "n", "ctrl+d")
	if p := st.pages[session.PageContacts]; len(p.heard) != 0 || len(st.signedOut) != 0 {
		t.Errorf("an unseen page heard %v", p.heard)
	}
	d.Resize(40, 10)
	d.Want("contacts", "? keys")
	d.Resize(39, 9)
	d.Press("ctrl+q")
	if !d.Quit() {
		t.Error("a small screen can't be left")
	}
}

func TestLookFollowsTheTerminal(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	dark, _ := d.Frame().StyleOf("mail is captured")
	d.Send(tea.BackgroundColorMsg{Color: ansi.BrightWhite})
	light, _ := d.Frame().StyleOf("mail is captured")
	if dark == light || dark == "" || st.s.Theme.Options.Dark {
		t.Errorf("the notice looks %q on dark, %q on light", dark, light)
	}
	d.Send(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	if look, _ := d.Frame().StyleOf("mail is captured"); strings.Contains(look, "#") {
		t.Errorf("with 16 colours the notice looks %q", look)
	}
	for env, ascii := range map[string]bool{
		"LANG=en_GB.UTF-8": false, "LC_ALL=fr_FR.utf8": false, "LANG=C": true, "LC_CTYPE=de_DE.ISO-8859-1": true, "TERM=xterm": false,
	} {
		d.Send(tea.EnvMsg{env})
		if st.s.Theme.Options.ASCII != ascii || st.s.Theme.Options.NoColour {
			t.Errorf("%s gives %+v", env, st.s.Theme.Options)
		}
	}
	d.Send(tea.EnvMsg{"NO_COLOR=0"})
	if look, _ := d.Frame().StyleOf("mail is captured"); strings.Contains(look, "fg") {
		t.Errorf("without colour the notice looks %q", look)
	}
}

func TestHeaderKeepsWhatMattersMost(t *testing.T) {
	t.Parallel()
	_, d := enter(t, core.RoleAdmin, 120, 24)
	for _, c := range []struct {
		width   int
		want    string
		missing string
	}{
		{120, "Opéra du Lac ▸ Main house", ""},
		{90, "mail is captured, not delivered   Mia Keller · admin", "Main house"},
		{64, "mail captured   Mia Keller · admin", "not delivered"},
		{50, "mail captured   Mia Keller", "admin"},
		{40, "mail captured   Mia Keller", "Opéra"},
	} {
		d.Resize(c.width, 24)
		if line := d.Frame().Line(0); !strings.Contains(line, c.want) || c.missing != "" && strings.Contains(line, c.missing) {
			t.Errorf("at %d columns the header is %q", c.width, line)
		}
	}
}

func TestCursorStandsInThePagesField(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	if _, _, shown := d.Frame().Cursor(); shown {
		t.Error("a cursor without a field")
	}
	st.pages[session.PageContacts].typing = true
	d.Type("ab")
	if x, y, shown := d.Frame().Cursor(); x != 12 || y != 3 || !shown {
		t.Errorf("the cursor stands at %d,%d %v", x, y, shown)
	}
	d.Press("f1")
	if _, _, shown := d.Frame().Cursor(); shown {
		t.Error("a cursor below a dialog")
	}
}

func TestHostileNamesNeverReachTheTerminal(t *testing.T) {
	t.Parallel()
	hostile := "A\x1b]52;c;aGk=\a\x1b[2J\u202eB\u2066\u009b31m\x00" + strings.Repeat("e\u0301\u0301", 500) + "\xff"
	for _, width := range []int{160, 80, 40} {
		st, d := enter(t, core.RoleAdmin, width, 16)
		msg := entered(core.RoleAdmin)
		msg.Actor.Name, msg.InstitutionName, msg.OrganisationName = hostile, hostile, hostile
		d.Send(msg)
		st.pages[session.PageContacts].rows[0] = hostile
		d.Send(session.Toast{Text: hostile})
		d.Press("?")
		d.Send(session.Left{Reason: hostile})
		r := uitest.Record(t, width, 16, d.Views()...)
		if err := uitest.Allowed(r.All()); err != nil {
			t.Errorf("at %d columns: %v", width, err)
		}
	}
}

package component

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"willcall/core"
	"willcall/ui/theme"
)

func TestToastsStayUntilAKeyAfterTheyWereDrawn(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	page := fill(nil, 40, 6)
	var toasts Toasts
	toasts.Add("Leo saved C-004821.", false)
	toasts.Update(press("x"))
	if s := flat(toasts.Over(k, page, 40)); !strings.Contains(s, "Leo saved") {
		t.Errorf("gone before it was drawn:\n%s", s)
	}
	toasts.Update(press("x"))
	if s := flat(toasts.Over(k, page, 40)); strings.Contains(s, "Leo saved") {
		t.Errorf("still there after a key:\n%s", s)
	}
}

func TestToastsPushOutTheOldest(t *testing.T) {
	t.Parallel()
	var toasts Toasts
	for _, s := range []string{"first", "second", "third", "fourth"} {
		toasts.Add(s, false)
	}
	s := flat(toasts.Over(darkLook(t), fill(nil, 40, 6), 40))
	if strings.Contains(s, "first") || !strings.HasSuffix(s, "┃ fourth") || !strings.Contains(s, "second") {
		t.Errorf("toasts:\n%s", s)
	}
}

func TestTabsShowTheOneInFront(t *testing.T) {
	t.Parallel()
	k := newLook(t, theme.Options{NoColour: true, Profile: colorprofile.TrueColor})
	tabs := []Tab{{Label: "Contacts"}, {Label: "Duplicates", Count: 1200}, {Label: "Not validated", Count: 38}, {Label: "Settings"}}
	line := Tabs(k, tabs, 1, 80)
	if !strings.Contains(stripped(line), " Contacts  Duplicates 1,200  Not validated 38  Settings ") {
		t.Errorf("%q", stripped(line))
	}
	if !strings.Contains(line, "\x1b[7;1mDuplicates") {
		t.Errorf("nothing but colour shows the tab in front: %q", line)
	}
	if narrow := stripped(Tabs(k, tabs, 3, 24)); !strings.Contains(narrow, "Settings") {
		t.Errorf("the tab in front is off the screen: %q", narrow)
	}
}

func TestSearchSaysHowMuchWasFound(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	s := Search{Found: 214, Total: 1_204_331}
	typed(&s, "dupont mar")
	if got := stripped(s.Render(k, 60, true)); !strings.HasPrefix(got, " / dupont mar ") || !strings.HasSuffix(got, " 214 of 1,204,331 ") {
		t.Errorf("%q", got)
	}
	if got := s.CursorIn(k, 60); got != 13 {
		t.Errorf("cursor on %d", got)
	}
	if !s.Update(press("esc")) || s.Value() != "" || s.Update(press("esc")) {
		t.Error("esc empties the field once, then is the page's")
	}
}

func TestMarkerIsAlwaysASignAndAColour(t *testing.T) {
	t.Parallel()
	th := theme.New(theme.Options{Dark: true, Profile: colorprofile.ANSI})
	for status, want := range map[core.EmailStatus]string{
		core.EmailValidated: "\x1b[92m●✓\x1b[m", core.EmailNotValidated: "\x1b[91m●✗\x1b[m", core.EmailNone: "○ ",
	} {
		line := Look{Theme: th}.Line(th.Signs.MarkWidth)
		if got := line.Mark(status).String(); got != want {
			t.Errorf("%v: %q, want %q", status, got, want)
		}
	}
}

func TestOverlayKeepsWhatIsBeside(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	page := []string{k.Line(12).Text(theme.Green, "山田太郎次郎").String(), k.Line(12).Text(theme.Red, "abcdefghijkl").String()}
	got := Overlay(page, []string{"[xy]", "[xy]", "[xy]"}, 3, 0)
	if want := "山 [xy] 次郎"; stripped(got[0]) != want {
		t.Errorf("%q, want %q", stripped(got[0]), want)
	}
	if want := "abc[xy]hijkl"; stripped(got[1]) != want {
		t.Errorf("%q, want %q", stripped(got[1]), want)
	}
	if rest := got[1][strings.Index(got[1], "[xy]"):]; !strings.Contains(rest, "\x1b[38;2;255;138;128m") {
		t.Errorf("what follows lost its colour: %q", rest)
	}
}

func TestDialogFitsSmallScreens(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	d := Dialog{Title: "Leave", Text: "What was typed would be lost.", Actions: sampleActions("")[:2]}
	for _, size := range [][2]int{{40, 5}, {40, 10}, {80, 24}} {
		got := flat(d.Over(k, fill(nil, size[0], size[1]), size[0]))
		for _, want := range []string{"Leave", "What was typed would be lost.", "n new contact", "e edit", "╰"} {
			if !strings.Contains(got, want) {
				t.Errorf("%v: no %q in\n%s", size, want, got)
			}
		}
	}
}

func TestDialogTitleLiesOnItsEdge(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Leave": "╭─ Leave ─────────╮", "שלום": "╭─ שלום  ─────────╮", "": "╭─────────────────╮",
		"A title of many words": "╭─ A title of m… ─╮",
	} {
		if got := flat(Dialog{Title: title}.Box(darkLook(t), 19, 9)[:1]); got != want {
			t.Errorf("%q: %s, want %s", title, got, want)
		}
	}
}

func TestDetailSaysThatMoreFollows(t *testing.T) {
	t.Parallel()
	d := sampleDetail(darkLook(t), 50, "Marie")
	short := strings.Split(flat(d.Lines(0, 4)), "\n")
	if short[3] != "  …" {
		t.Errorf("last line %q", short[3])
	}
	end := flat(d.Lines(d.Len(), 4))
	if strings.Contains(end, "…") || !strings.HasSuffix(end, "Marie") {
		t.Errorf("the end:\n%s", end)
	}
}

func TestDetailShowsAbsentValues(t *testing.T) {
	t.Parallel()
	s := flat(darkLook(t).Detail(50).Item("Phone", "").Item("Post", "12 rue des Fleurs\n69001 Lyon").Lines(0, 3))
	if want := "  Phone           –\n  Post            12 rue des Fleurs\n                  69001 Lyon"; s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
}

func TestPanesNeedRoom(t *testing.T) {
	t.Parallel()
	if left, right := Panes(80); left != 80 || right != 0 {
		t.Errorf("80 cells: %d and %d", left, right)
	}
	if left, right := Panes(120); left+right+1 != 120 || right < 40 {
		t.Errorf("120 cells: %d and %d", left, right)
	}
}

func TestTooSmallNamesBothSizes(t *testing.T) {
	t.Parallel()
	if Fits(39, 10) || Fits(40, 9) || !Fits(40, 10) {
		t.Error("the smallest screen is not 40 by 10")
	}
	s := strings.Join(strings.Fields(flat(TooSmall(darkLook(t), 39, 9))), " ")
	if !strings.Contains(s, "39 by 9") || !strings.Contains(s, "40 by 10") {
		t.Errorf("%q", s)
	}
}

func TestToastsCoverTheirLines(t *testing.T) {
	t.Parallel()
	for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI, colorprofile.NoTTY} {
		k := newLook(t, theme.Options{Profile: profile})
		page := make([]string, 4)
		for i := range page {
			page[i] = k.Line(40).Text(theme.Green, strings.Repeat("山", 20)).String()
		}
		var toasts Toasts
		toasts.Add("Saved.", true)
		got := toasts.Over(k, page, 40)
		exact(t, "page", got, 40, 4)
		if s := flat(got[3:]); s != " ┃ Saved." || strings.Contains(flat(got[:3]), "Saved") {
			t.Errorf("%v: %q", profile, s)
		}
		if !strings.Contains(page[3], "山") {
			t.Error("the page itself was changed")
		}
	}
}

func TestLowDialogHasNoBlankLines(t *testing.T) {
	t.Parallel()
	d := Dialog{Title: "Leave", Text: "What was typed would be lost.", Actions: sampleActions("")[:1]}
	low, high := d.Box(darkLook(t), 40, 13), d.Box(darkLook(t), 40, 14)
	if len(low) != 4 || len(high) != 6 {
		t.Errorf("%d lines on a low page, %d on a high one", len(low), len(high))
	}
}

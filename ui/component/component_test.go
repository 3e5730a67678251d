package component

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/text"
	"willcall/ui/theme"
)

func newLook(t testing.TB, o theme.Options) Look {
	t.Helper()
	catalogue, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	return Look{Theme: theme.New(o), Text: catalogue.In(text.English)}
}

func darkLook(t testing.TB) Look {
	t.Helper()
	return newLook(t, theme.Options{Dark: true, Profile: colorprofile.TrueColor})
}

// press makes the message of a key by the name that Bubble Tea gives it.
func press(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"tab": tea.KeyTab, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "space": tea.KeySpace,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	}
	base, mod := name, tea.KeyMod(0)
	for prefix, m := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "alt+": tea.ModAlt, "shift+": tea.ModShift} {
		if rest, ok := strings.CutPrefix(base, prefix); ok {
			base, mod = rest, m
		}
	}
	msg := tea.KeyPressMsg{Mod: mod, Code: []rune(base)[0]}
	if code, ok := codes[base]; ok {
		msg.Code = code
	}
	if name == "space" {
		msg.Text = " "
	} else if _, ok := codes[base]; !ok && mod == 0 {
		msg.Text = base
	}
	return msg
}

type updater interface{ Update(msg tea.Msg) bool }

func keys(u updater, names ...string) {
	for _, name := range names {
		u.Update(press(name))
	}
}

func typed(u updater, s string) {
	for _, r := range s {
		keys(u, map[bool]string{true: "space", false: string(r)}[r == ' '])
	}
}

// hostile is what names and mails may hold.
func hostile() []string {
	texts := []string{"", "Marie Dupont"}
	for _, n := range coretest.Nasties() {
		texts = append(texts, n.Text)
	}
	return texts
}

// exact fails where a line isn't exactly so many cells, or holds anything but
// text and SGR.
func exact(t *testing.T, what string, lines []string, width, height int) {
	t.Helper()
	if len(lines) != height {
		t.Fatalf("%s: %d lines, want %d", what, len(lines), height)
	}
	for i, line := range lines {
		plain := stripped(line)
		if got := ansi.StringWidth(plain); got != width {
			t.Fatalf("%s: line %d has %d cells, want %d: %q", what, i, got, width, line)
		}
		if strings.ContainsFunc(plain, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }) {
			t.Fatalf("%s: line %d holds control characters: %q", what, i, line)
		}
	}
}

// stripped removes SGR sequences and nothing else.
func stripped(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		s = strings.TrimLeft(after, "0123456789;")
		rest, ok := strings.CutPrefix(s, "m")
		if !ok {
			b.WriteString("\x1b[")
			continue
		}
		s = rest
	}
}

func flat(lines []string) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.TrimRight(strings.ReplaceAll(stripped(line), safetext.Barrier, " "), " ")
	}
	return strings.Join(out, "\n")
}

func widths() []int { return []int{20, 21, 37, 40, 64, 80, 99, 100, 120, 240} }

func sampleList(names []string) *List {
	l := &List{
		Marked: true, Focused: true,
		Columns: []Column{
			{Title: "Name", Width: 16, Grow: 2},
			{Title: "Address", Width: 18, Grow: 3, Drop: 1},
			{Title: "Place", Width: 10, Drop: 2},
			{Title: "Number", Width: 8, Right: true, Drop: 3},
		},
	}
	var rows []Row
	for i, name := range names {
		rows = append(rows, Row{
			ID: core.ID(i + 1), Status: core.EmailStatus(i % 3),
			Cells: []Cell{{Text: name}, {Text: name, Token: theme.Muted}, {Text: name}, {Text: fmt.Sprint(i)}},
		})
	}
	l.Set(Batch{Rows: rows, Total: len(rows)})
	return l
}

func sampleForm(value string) *Form {
	options := []Option{{Key: "a", Label: value, Hint: value}, {Key: "b", Label: "Other", Hint: "b"}}
	f := NewForm(
		Field{Kind: FieldHeading, Label: value},
		Field{Name: "name", Label: "Last name", Required: true, Hint: value, Placeholder: value},
		Field{Name: "secret", Label: value, Kind: FieldPassword},
		Field{Name: "pick", Label: "Document", Kind: FieldChoice, Options: options, Hint: value},
		Field{Name: "none", Label: "Point of sale", Kind: FieldChoice, None: value},
		Field{Name: "on", Label: "Guest", Kind: FieldToggle, Hint: value},
		Field{Name: "found", Label: "Structure", Kind: FieldLookup, Marked: true, Options: options},
		Field{Name: "code", Label: "Postal code"},
		Field{Name: "city", Label: "City", Beside: true, Brief: value},
		Field{Name: "lines", Label: "Text", Kind: FieldLines, Hint: value, Placeholder: value, Rows: 4},
		Field{Name: "shown", Label: "Number", Kind: FieldShown},
		Field{Kind: FieldNote, Label: value},
	)
	for _, name := range []string{"name", "secret", "lines", "shown", "code", "city"} {
		f.Set(name, value)
	}
	f.Set("pick", "a")
	f.Set("found", "a")
	return f
}

func TestEveryLineHasItsCells(t *testing.T) {
	t.Parallel()
	k := newLook(t, theme.Options{Dark: true, Profile: colorprofile.ANSI256})
	for _, width := range widths() {
		for _, s := range hostile() {
			drawAll(t, k, width, s)
		}
	}
}

func TestEveryLineHasItsCellsInASCII(t *testing.T) {
	t.Parallel()
	k := newLook(t, theme.Options{Profile: colorprofile.ASCII, ASCII: true})
	for _, s := range hostile() {
		drawAll(t, k, 80, s)
	}
}

// drawAll draws every component with one hostile text.
func drawAll(t *testing.T, k Look, width int, s string) {
	t.Helper()
	const height = 24
	exact(t, "list", sampleList([]string{s, "b", s}).Render(k, width, height), width, height)
	exact(t, "state", State{Title: s, Text: s, Key: "n", Do: s, Alarm: true}.Render(k, width, height), width, height)
	f := sampleForm(s)
	f.Fail(core.Fields{core.RefuseField(core.CodeRequired, "name"), core.Refuse(core.CodeBusy)})
	for range 10 {
		exact(t, "form", f.Render(k, width, height), width, height)
		x, y, shown := f.Cursor()
		if shown && (x < 0 || x >= width || y < 0 || y >= height) {
			t.Fatalf("form: cursor at %d, %d on %d by %d", x, y, width, height)
		}
		keys(f, "tab")
	}
	f.Focus("pick")
	keys(f, "enter")
	exact(t, "open choice", f.Render(k, width, height), width, height)
	f.Focus("found")
	keys(f, "enter")
	f.Asks()
	f.Answer("found", "", []Option{{Key: "b", Label: s, Hint: s}}, 9, nil)
	exact(t, "open look-up", f.Render(k, width, height), width, height)
	search := Search{Found: 3, Total: 1_204_331}
	search.Set(s)
	exact(t, "search", []string{search.Render(k, width, true), search.Render(k, width, false)}, width, 2)
	tabs := []Tab{{Label: "Contacts"}, {Label: s, Count: 1234}, {Label: "Settings"}}
	exact(t, "tabs", []string{Tabs(k, tabs, 0, width), Tabs(k, tabs, 2, width), k.Rule(width)}, width, 3)
	drawOver(t, k, width, s)
}

func drawOver(t *testing.T, k Look, width int, s string) {
	t.Helper()
	const height = 24
	page := sampleDetail(k, width, s).Lines(0, height)
	exact(t, "detail", page, width, height)
	left, right := Panes(width)
	if right > 0 {
		both := k.Beside(sampleDetail(k, left, s).Lines(1, 9), sampleDetail(k, right, s).Lines(0, 9))
		exact(t, "panes", both, width, 9)
	}
	dialog := Dialog{Title: s, Text: s, Actions: sampleActions(s)}
	exact(t, "dialog", dialog.Over(k, page, width), width, height)
	exact(t, "low dialog", dialog.Over(k, page[:7], width), width, 7)
	var toasts Toasts
	toasts.Add(s, true)
	toasts.Add("Saved by Leo", false)
	exact(t, "toasts", toasts.Over(k, page, width), width, height)
	exact(t, "overlay", Overlay(page, []string{k.Line(9).Text(theme.Text, s).String()}, width-5, 3), width, height)
	exact(t, "overlay", Overlay(page, []string{k.Line(9).Text(theme.Text, s).String()}, -4, 3), width, height)
	list := KeyList(k, []action.Group{{Title: "console.keys", Actions: sampleActions(s)}}, width)
	exact(t, "key list", list, width, len(list))
	exact(t, "help", []string{HelpLine(k, sampleActions(s), false, width)}, width, 1)
	exact(t, "too small", TooSmall(k, width, 5), width, 5)
}

func sampleDetail(k Look, width int, s string) *Detail {
	return k.Detail(width).Marked(core.EmailValidated, s, "C-004821").Facts("individual", s, "").
		Item(s, s).Status("Address", core.EmailNotValidated, s).Key("v", s).
		Section(s).Row(core.EmailNone, s, s).Paragraph(theme.Muted, s).Bar(theme.Amber, s).Title(s, "")
}

func TestALongNameGoesOnBelowItsTitle(t *testing.T) {
	t.Parallel()
	name := strings.TrimSpace(strings.Repeat("Wolfeschlegelstein ", 6))
	card := darkLook(t).Detail(40)
	card.Whole(name, "operator")
	shown := strings.Join(strings.Fields(ansi.Strip(strings.Join(card.Lines(0, card.Len()), "\n"))), " ")
	if got := strings.Replace(shown, "operator ", "", 1); got != name {
		t.Errorf("it shows %q", got)
	}
}

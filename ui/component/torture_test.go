package component

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// nasties are the texts that go wrong, by what is nasty in them.
func nasties() map[string]string {
	texts := map[string]string{}
	for _, n := range coretest.Nasties() {
		texts[n.Name] = n.Text
	}
	return texts
}

// cellsOf are what a terminal shows of a drawn line; the second cell of a wide
// character is empty. Terminals count by code point, unless they say that they
// count by cluster; both show the same of all that safetext lets through, but
// for the conjuncts of Indic scripts.
func cellsOf(line string, width int) []string {
	screen := uv.NewScreenBuffer(width, 1)
	if strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Devanagari, r) }) {
		screen.Method = ansi.GraphemeWidth
	}
	uv.NewStyledString(line).Draw(screen, screen.Bounds())
	cells := make([]string, width)
	for x := range cells {
		if c := screen.CellAt(x, 0); c != nil {
			cells[x] = c.Content
		}
	}
	return cells
}

// foundAt gives the cell at which MARK stands in a line, -1 for nowhere.
func foundAt(line string, width int) int {
	const word = "MARK"
	cells := cellsOf(line, width)
	for x := 0; x+len(word) <= width; x++ {
		if strings.Join(cells[x:x+len(word)], "") == word {
			return x
		}
	}
	return -1
}

// TestNastyTextKeepsColumnsAligned: what stands behind a nasty text stands in
// the same cell as behind a plain one.
func TestNastyTextKeepsColumnsAligned(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for name, nasty := range nasties() {
		for _, width := range []int{60, 61, 80, 120} {
			plain, drawn := columnsOf(k, "plain", width), columnsOf(k, nasty, width)
			for what, line := range drawn {
				want, got := foundAt(plain[what], width), foundAt(line, width)
				if got < 0 || got != want {
					t.Errorf("%s in %d cells: behind it in a %s stands MARK at %d, want %d: %q", name, width, what, got, want, stripped(line))
				}
			}
		}
	}
}

// columnsOf draws a text in whatever has columns, with MARK behind it.
func columnsOf(k Look, s string, width int) map[string]string {
	list := &List{Marked: true, Columns: []Column{{Width: 12, Grow: 1}, {Width: 9, Right: true}, {Width: 6}}}
	list.Set(Batch{Rows: []Row{{ID: 1, Cells: []Cell{{Text: s, Sign: "!"}, {Text: s}, {Text: "MARK"}}}}, Total: 1})
	palette := NewPalette()
	palette.Offer([]Entry{{ID: "1", Label: s, Aside: s, Number: "MARK", Marked: true}})
	form := NewForm(
		Field{Name: "text", Label: "Text", Hint: "MARK"}, Field{Name: "pick", Kind: FieldChoice, Options: []Option{{Key: "a", Label: s, Hint: "MARK"}}},
		Field{Name: "code", Label: "Code", Cells: 9}, Field{Name: "city", Beside: true, Brief: "MARK"},
	)
	form.Fill(map[string]string{"text": s, "pick": "a", "code": s})
	fields := form.Render(k, width, 6)
	search := Search{Found: 1, Total: -1}
	return map[string]string{
		"list":    list.Render(k, width, 1)[0],
		"palette": palette.Render(k, width, 4)[1],
		"line":    k.Line(width).Cell(theme.Text, s, 10).Text(theme.Text, "MARK").String(),
		"right":   k.Line(width).CellRight(theme.Text, s, 10).Text(theme.Text, "MARK").String(),
		"row":     k.Detail(width).Row(core.EmailNone, s, "MARK").Lines(0, 1)[0],
		"title":   k.Detail(width).Title(s, "MARK").Lines(0, 1)[0],
		"item":    k.Detail(width).Item(s, "MARK").Lines(0, 1)[0],
		"field":   fields[0],
		"beside":  fields[2],
		"search":  k.Line(width).styled(search.Render(k, width-4, true), width-4).Text(theme.Text, "MARK").String(),
	}
}

// TestNastyLabelsKeepTheirColumn: values of one form begin in one cell.
func TestNastyLabelsKeepTheirColumn(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for name, nasty := range nasties() {
		f := NewForm(Field{Name: "a", Label: nasty}, Field{Name: "b", Label: "b", Required: true}, Field{Name: "c", Label: nasty + nasty, Kind: FieldShown})
		f.Fill(map[string]string{"a": "MARK", "b": "MARK", "c": "MARK"})
		lines := f.Render(k, 80, 3)
		at := foundAt(lines[1], 80)
		for _, line := range []string{lines[0], lines[2]} {
			if got := foundAt(line, 80); got != at || got < 0 {
				t.Errorf("%s: its value begins at %d, others at %d: %q", name, got, at, stripped(line))
			}
		}
	}
}

// TestNastyTextIsCutWithAnEllipsis: where something is left out, it is said.
func TestNastyTextIsCutWithAnEllipsis(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	more := k.Theme.Signs.More
	for name, nasty := range nasties() {
		whole := safetext.Width(safetext.Line(nasty))
		for cells := 2; cells < min(whole, 30); cells++ {
			line := k.Line(cells).Cell(theme.Text, nasty, cells).String()
			if got := flat([]string{line}); !strings.HasSuffix(got, more) {
				t.Errorf("%s in %d cells is cut to %q", name, cells, got)
			}
		}
		for cells := whole + 1; cells < whole+4; cells++ {
			if got := flat([]string{k.Line(cells).Cell(theme.Text, nasty, cells).String()}); strings.HasSuffix(got, more) && name != "our signs" {
				t.Errorf("%s fits %d cells, and is cut to %q", name, cells, got)
			}
		}
	}
}

// TestTheCursorStandsWhereTheTerminalShowsItsLetter: at every place of a nasty
// text.
func TestTheCursorStandsWhereTheTerminalShowsItsLetter(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for name, nasty := range nasties() {
		for _, width := range []int{7, 20, 61} {
			var in Input
			in.Set(nasty)
			for range 60 {
				line := k.Line(width)
				in.Draw(line, width, true)
				stands(t, fmt.Sprintf("%s in %d cells", name, width), &in.buffer, line.String(), width, in.Cursor(width))
				keys(&in, "left")
			}
			var e Editor
			e.Set(nasty)
			for range 60 {
				lines, x, y := e.Render(k, width, 4, true)
				exact(t, name+" in an editor", lines, width, 4)
				stands(t, fmt.Sprintf("%s in an editor of %d cells", name, width), &e.buffer, lines[y], width, x)
				keys(&e, "right")
			}
		}
	}
}

// stands fails unless the letter at the cursor begins in the cursor's cell.
func stands(t *testing.T, what string, b *buffer, line string, width, x int) {
	t.Helper()
	if x < 0 || x >= width {
		t.Fatalf("%s: the cursor is in cell %d", what, x)
	}
	if b.at == len(b.text) || b.text[b.at] == '\n' {
		return // behind the text
	}
	_, shown, cells := cluster(b.text[b.at:])
	got := cellsOf(line, width)[x]
	if cells > width {
		return // there is no room for the letter
	}
	if cells > 0 && !strings.HasPrefix(shown, got) && !strings.HasPrefix(got, shown) || got == "" {
		t.Errorf("%s: the cursor is at %q, and its cell %d shows %q in %q", what, shown, x, got, stripped(line))
	}
}

// TestNastyTextStaysWithinItsBox draws with nasty texts what other tests don't.
func TestNastyTextStaysWithinItsBox(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for name, nasty := range nasties() {
		for _, width := range []int{20, 37, 80} {
			p := NewPalette()
			p.Note, p.Search.Found = nasty, 12
			p.Set(nasty)
			p.Offer([]Entry{
				{ID: "1", Label: nasty, Aside: nasty, Number: nasty, Marked: true}, {ID: "2", Label: nasty, Keys: []string{"ctrl+x"}, Reason: nasty},
			})
			exact(t, name+" in a palette", p.Render(k, width, 12), width, 12)
			d := k.Detail(width).Progress(3, 7).Path(nasty, nasty).Pick(true, core.EmailValidated, nasty, nasty).
				Signed(nasty, theme.Red, "!", nasty).Toned(nasty, theme.Red, nasty)
			exact(t, name+" in a detail", d.Lines(0, 12), width, 12)
			exact(t, name+" in a title", []string{k.FormTitle(nasty, time.Time{}.Add(time.Hour), width)}, width, 1)
			f := NewForm(
				Field{Name: "day", Label: nasty, Kind: FieldDate, Hint: nasty}, Field{Name: "phone", Label: nasty, Kind: FieldPhone, Hint: nasty},
				Field{Name: "body", Kind: FieldLines, Rows: 3, Variables: []Option{{Key: "link", Label: nasty, Hint: nasty}}},
			)
			f.Fill(map[string]string{"day": nasty, "phone": nasty, "body": nasty})
			for range 3 {
				exact(t, name+" in a form", f.Render(k, width, 12), width, 12)
				keys(f, "tab")
			}
			f.Focus("body")
			typed(f, "{l")
			exact(t, name+" in a list of variables", f.Render(k, width, 12), width, 12)
			ask, _ := samplePrompt(strings.Repeat(nasty+" ", 9))
			ask.Fill(map[string]string{"to": nasty})
			for height := range 12 {
				exact(t, name+" in a prompt", ask.Below(emptyPage(k), k, width, height), width, height)
			}
			var s Scroll
			s.Set(d.Lines(0, 12), width, 5)
			exact(t, name+" in a scroll", s.Render(k), width, 5)
		}
	}
}

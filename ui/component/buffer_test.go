package component

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"willcall/core/safetext"
)

func TestInputEditsByCluster(t *testing.T) {
	t.Parallel()
	const family = "👨‍👩‍👧‍👦"
	for _, c := range []struct{ text, keys, want string }{
		{"abc", "backspace", "ab"},
		{"e\u0301", "backspace", ""},
		{"a" + family + "b", "left backspace", "ab"},
		{"a" + family + "b", "home right delete", "ab"},
		{"山田", "left delete", "山"},
		{"one two  three", "ctrl+w", "one two  "},
		{"one two  three", "ctrl+w ctrl+w", "one "},
		{"one two", "ctrl+left x", "one xtwo"},
		{"one two", "home ctrl+right x", "onex two"},
		{"one two", "left left left ctrl+u", "two"},
		{"one two", "home ctrl+k", ""},
		{"b", "home a end c", "abc"},
		{"e", "\u0301 backspace", ""},
		{"ab", "home backspace", "ab"},
		{"ab", "delete", "ab"},
	} {
		var in Input
		in.Set(c.text)
		keys(&in, strings.Fields(c.keys)...)
		if in.Value() != c.want {
			t.Errorf("%q, %s: %q, want %q", c.text, c.keys, in.Value(), c.want)
		}
	}
}

func TestInputTakesNoControlCharacters(t *testing.T) {
	t.Parallel()
	var in Input
	in.Update(tea.PasteMsg{Content: "a\x1b[31mb\r\nc\td\x00\u009b\xffe"})
	if got, want := in.Value(), "a[31mb c de"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestInputEndsAtItsLength(t *testing.T) {
	t.Parallel()
	in := Input{Max: 5}
	typed(&in, "Zoé")
	in.Update(tea.PasteMsg{Content: "山田太郎"})
	if got := in.Value(); got != "Zoé山田" {
		t.Errorf("%q", got)
	}
}

func TestInputCursorStandsOnItsCell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, keys string
		cells      int
		want       int
	}{
		{"", "", 10, 0},
		{"abc", "", 10, 3},
		{"山田", "", 10, 4},
		{"山田", "left", 10, 2},
		{"e\u0301x", "left", 10, 1},
		{"abcdefghijkl", "", 5, 4},
		{"abcdefghijkl", "home", 5, 0},
		{"山田太郎次郎", "", 5, 4},
	} {
		var in Input
		in.Set(c.text)
		keys(&in, strings.Fields(c.keys)...)
		if got := in.Cursor(c.cells); got != c.want {
			t.Errorf("%q, %s, %d cells: cursor on %d, want %d", c.text, c.keys, c.cells, got, c.want)
		}
	}
}

func TestInputScrollsToTheCursorAndSaysThatTextLiesBeyond(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for _, c := range []struct{ text, keys, want string }{
		{"abcdefghijkl", "", "…jkl "},
		{"abcdefghijkl", "left left left left", "…fghi"},
		{"abcdefghijkl", "home", "abcd…"},
		{"abcdefghijkl", "home right right right right", "abcde"},
		{"abcdefghijkl", "home right right right right right", "…cdef"},
		{"abcd", "", "abcd "},
		{"山田太郎", "", "… 郎 "},
		{"山田太郎", "home", "山…  "},
	} {
		var in Input
		in.Set(c.text)
		keys(&in, strings.Fields(c.keys)...)
		line := k.Line(5)
		in.Draw(line, 5, true)
		if got := stripped(line.String()); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.text, c.keys, got, c.want)
		}
	}
}

func TestPasswordIsNeverDrawn(t *testing.T) {
	t.Parallel()
	in := Input{Masked: true}
	in.Set("sésame")
	for _, focused := range []bool{true, false} {
		line := darkLook(t).Line(10)
		in.Draw(line, 10, focused)
		if got := stripped(line.String()); got != "••••••    " {
			t.Errorf("focused %v: %q", focused, got)
		}
	}
}

func TestEditorMovesByRow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, keys, want string }{
		{"one\ntwo", "down x", "one\nxtwo"},
		{"one\ntwo", "end down x", "one\ntwox"},
		{"one\n\nthree", "end down down x", "one\n\nthrxee"},
		{"one\ntwo", "down down", "one\ntwo"},
		{"a b c d e f g h", "down x", "a b c d xe f g h"},
		{"a b c d e f g h", "right down right x", "a b c d e xf g h"},
		{"ab", "right enter", "a\nb"},
		{"a\nb", "down backspace", "ab"},
		{"山田太郎次郎", "right down x", "山田太郎次x郎"},
	} {
		var e Editor
		e.Set(c.text)
		e.Render(darkLook(t), 9, 5, true) // eight cells of text
		keys(&e, strings.Fields(c.keys)...)
		if e.Value() != c.want {
			t.Errorf("%q, %s: %q, want %q", c.text, c.keys, e.Value(), c.want)
		}
	}
}

func TestEditorEditsByCluster(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"e\u0301": "", "a👨‍👩‍👧‍👦": "a", "a\n山": "a\n"} {
		var e Editor
		e.Set(text)
		keys(&e, "down", "end", "backspace")
		if e.Value() != want {
			t.Errorf("%q: %q, want %q", text, e.Value(), want)
		}
	}
}

func TestEditorLetsGoAtItsEdges(t *testing.T) {
	t.Parallel()
	var e Editor
	e.Set("one\ntwo")
	if e.Update(press("up")) {
		t.Error("up was taken in the first row")
	}
	keys(&e, "down")
	if e.Update(press("down")) {
		t.Error("down was taken in the last row")
	}
}

func TestEditorKeepsTheCursorInSight(t *testing.T) {
	t.Parallel()
	var e Editor
	e.Set(strings.Repeat("line\n", 30) + "last")
	k := darkLook(t)
	e.Render(k, 20, 5, true)
	for range 31 {
		keys(&e, "down")
	}
	lines, x, y := e.Render(k, 20, 5, true)
	exact(t, "editor", lines, 20, 5)
	if y != 4 || x != 0 || !strings.HasPrefix(flat(lines[4:]), "last") {
		t.Errorf("cursor at %d, %d:\n%s", x, y, flat(lines))
	}
}

// FuzzBuffer types, pastes and deletes and holds that the text stays clean and
// the cursor stands between clusters, on the cell that the drawing says.
func FuzzBuffer(f *testing.F) {
	for i, s := range hostile() {
		f.Add(s, uint64(i)*0x9e3779b97f4a7c15)
	}
	names := []string{"left", "right", "home", "end", "backspace", "delete", "ctrl+w", "ctrl+left", "ctrl+right", "ctrl+k", "ctrl+u", "up", "down", "enter", "x", "space"}
	k := darkLook(f)
	f.Fuzz(func(t *testing.T, s string, steps uint64) {
		var in Input
		var e Editor
		e.width = 12
		for range 16 {
			in.Update(tea.PasteMsg{Content: s})
			e.Update(tea.PasteMsg{Content: s})
			keys(&in, names[steps%16])
			keys(&e, names[steps%16])
			steps /= 16
		}
		checkBuffer(t, in.buffer, defaultMax)
		checkBuffer(t, e.buffer, editorMax)
		checkDrawing(t, k, &in, &e)
	})
}

func checkBuffer(t *testing.T, b buffer, most int) {
	t.Helper()
	if utf8.RuneCountInString(b.text) > most || !utf8.ValidString(b.text) {
		t.Fatalf("too long or not UTF-8: %q", b.text)
	}
	if strings.ContainsFunc(b.text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		t.Fatalf("control characters in %q", b.text)
	}
	if b.boundary(b.at) != b.at {
		t.Fatalf("the cursor is inside a cluster, at %d of %q", b.at, b.text)
	}
}

func checkDrawing(t *testing.T, k Look, in *Input, e *Editor) {
	t.Helper()
	for _, cells := range []int{1, 2, 7, 300} {
		line := k.Line(cells)
		in.Draw(line, cells, true)
		exact(t, "input", []string{line.String()}, cells, 1)
		if at := in.Cursor(cells); at < 0 || at >= cells {
			t.Fatalf("cursor on %d of %d cells", at, cells)
		}
		lines, x, y := e.Render(k, cells, 4, true)
		exact(t, "editor", lines, cells, 4)
		if x < 0 || x >= cells || y < 0 || y >= 4 {
			t.Fatalf("cursor at %d, %d of %d by 4", x, y, cells)
		}
	}
}

// FuzzLine holds that a line has its cells whatever is put on it.
func FuzzLine(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s, 20)
	}
	k := darkLook(f)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = 20 + (width%221+221)%221
		lines := []string{
			k.Line(width).Text(0, s).Text(0, s).String(),
			k.Line(width).Cell(0, s, 9).CellRight(0, s, 7).Gap(1).Text(0, s).String(),
		}
		exact(t, "line", lines, width, 2)
		exact(t, "overlay", Overlay(lines, []string{k.Line(11).Text(0, s).String()}, width/3, 0), width, 2)
		if strings.Contains(stripped(lines[0]), safetext.Barrier+" ") && ascii(s) {
			t.Fatalf("a barrier without need: %q", lines[0])
		}
	})
}

package uitest_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core/coretest"
	"willcall/core/safetext"
	"willcall/ui/uitest"
)

func flatten(content string, width, height int) uitest.Frame {
	return uitest.Flatten(tea.NewView(content), width, height)
}

func TestFrameFindsTextAndLooks(t *testing.T) {
	t.Parallel()
	f := flatten("plain\n日本 \x1b[1;3;4;31mred\x1b[m \x1b[48;5;22;7mon\x1b[m\nthis line is cut", 11, 3)
	if got := f.Text(); got != "plain\n日本 red on\nthis line i\n" {
		t.Errorf("text is %q", got)
	}
	x, y, ok := f.Find("red")
	if x != 5 || y != 1 || !ok {
		t.Errorf("red stands at %d,%d %v", x, y, ok)
	}
	for text, want := range map[string]string{
		"red": "fg=ansi1 bold italic underline", "on": "bg=indexed22 reverse", "plain": "",
	} {
		if got, ok := f.StyleOf(text); !ok || got != want {
			t.Errorf("%s looks %q, not %q", text, got, want)
		}
	}
	if got := f.Style(10, 1); got != "bg=indexed22 reverse" {
		t.Errorf("the mark looks %q", got)
	}
	if f.Contains("") || f.Contains("cut") || f.Style(99, 0) != "" || f.Line(-1) != "" {
		t.Error("the frame shows what isn't in it")
	}
}

// TestFramesCountCellsAsTheCleanerDoes: what stands behind a text begins in the
// cell that core/safetext counts.
func TestFramesCountCellsAsTheCleanerDoes(t *testing.T) {
	t.Parallel()
	for _, n := range coretest.Nasties() {
		line := safetext.Fit(n.Text, 60)
		x, _, ok := flatten(line+"MARK", 80, 1).Find("MARK")
		if x != 60 || !ok {
			t.Errorf("behind %s stands MARK at %d, want 60", n.Name, x)
		}
		if got := flatten(safetext.Cut(n.Text, 60)+"MARK", 80, 1).Line(0); safetext.Width(got) != safetext.Width(safetext.Cut(n.Text, 60)+"MARK") {
			t.Errorf("%s is %q in a frame", n.Name, got)
		}
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	d := uitest.New(t, toy{}, 24, 4)
	d.Type("aé")
	uitest.Golden(t, "toy", d.Frame())
	missing := failureOf(t, func(tb testing.TB) { uitest.Golden(tb, "nowhere", d.Frame()) })
	if os.Getenv(uitest.UpdateVariable) == "" && !strings.Contains(missing, "no golden") {
		t.Errorf("a missing golden fails with %q", missing)
	}
	e := uitest.New(t, toy{}, 24, 4)
	if e.Frame().Equal(d.Frame()) {
		t.Error("frames of different text are equal")
	}
}

func TestSVGIsWellFormedAndSteady(t *testing.T) {
	t.Parallel()
	f := flatten("<&\"> \x1b[32mgreen\x1b[m \x1b[7mturned\x1b[m 日本", 30, 2)
	picture := uitest.SVG(f, uitest.LightPaper(), "Letters & signs")
	if !bytes.Equal(picture, uitest.SVG(f, uitest.LightPaper(), "Letters & signs")) {
		t.Error("two pictures of one frame differ")
	}
	decoder := xml.NewDecoder(bytes.NewReader(picture))
	var text strings.Builder
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, picture)
		}
		if data, ok := token.(xml.CharData); ok {
			text.WriteString(strings.TrimSpace(string(data)))
		}
	}
	if got := text.String(); got != `Letters & signs<&">greenturned日本` {
		t.Errorf("the picture says %q", got)
	}
}

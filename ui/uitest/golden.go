package uitest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// UpdateVariable is the environment variable that makes [Golden] write its
// files instead of comparing, where it is "1".
const UpdateVariable = "WILLCALL_UPDATE"

// Golden compares a frame with testdata/NAME.golden of the package under test:
// its text, a map of its looks, and the cursor. With [UpdateVariable] set it
// writes the file; the difference is then read in review.
func Golden(t testing.TB, name string, f Frame) {
	t.Helper()
	golden(t, name, f.golden(), f.String())
}

// golden compares what a golden file holds with what it should; shown helps to
// understand the difference.
func golden(t testing.TB, name, got, shown string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if os.Getenv(UpdateVariable) == "1" {
		if err := writeGolden(path, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Fatalf("no golden %s yet; run the test with %s=1 to write it\n%s", path, UpdateVariable, shown)
	case err != nil:
		t.Fatalf("read the golden: %v", err)
	case string(want) != got:
		t.Errorf("%s differs (%s=1 writes it anew)\n%s\n%s", path, UpdateVariable, difference(string(want), got), shown)
	}
}

func writeGolden(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make the folder of the golden: %w", err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write the golden: %w", err)
	}
	return nil
}

// golden is the frame as a golden file holds it.
func (f Frame) golden() string {
	var b strings.Builder
	b.WriteString(f.plain())
	f.writeStyles(&b)
	return b.String()
}

// plain is the frame's size, cursor and text.
func (f Frame) plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "size %dx%d\n", f.width, f.height)
	if x, y, shown := f.Cursor(); shown {
		fmt.Fprintf(&b, "cursor %d,%d\n", x, y)
	}
	b.WriteString("\ntext\n")
	for y := range f.height {
		fmt.Fprintf(&b, "%3d|%s\n", y, f.Line(y))
	}
	return b.String()
}

// styleLetters name the looks of a golden in the order they appear.
const styleLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// writeStyles maps every cell to a letter, with a legend; a dot is the
// terminal's own look. Of a blank cell it notes what is seen: a change of its
// ink alone would be none of the picture.
func (f Frame) writeStyles(b *strings.Builder) {
	letters := map[string]byte{"": '.'}
	var legend strings.Builder
	b.WriteString("\nlooks\n")
	for y := range f.height {
		line := make([]byte, f.width)
		for x, cell := range f.row(y) {
			look := describe(seen(cell))
			if _, known := letters[look]; !known {
				letters[look] = styleLetters[(len(letters)-1)%len(styleLetters)]
				fmt.Fprintf(&legend, "%c = %s\n", letters[look], look)
			}
			line[x] = letters[look]
		}
		fmt.Fprintf(b, "%3d|%s\n", y, strings.TrimRight(string(line), "."))
	}
	b.WriteByte('\n')
	b.WriteString(legend.String())
}

// difference lists the lines that differ, at most twenty.
func difference(want, got string) string {
	const most = 20
	wanted, gotten := strings.Split(want, "\n"), strings.Split(got, "\n")
	var b strings.Builder
	shown := 0
	for i := range max(len(wanted), len(gotten)) {
		w, g := lineAt(wanted, i), lineAt(gotten, i)
		if w == g {
			continue
		}
		if shown++; shown > most {
			b.WriteString("…\n")
			break
		}
		fmt.Fprintf(&b, "- %s\n+ %s\n", w, g)
	}
	return b.String()
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

package uitest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
)

// Sheet is one screen at several sizes and in several looks, held by one golden
// file. It has each size's text once, since that is the same in every look, and
// one map of styles, in which a letter stands for what a cell looks like in each
// of them. It is not safe for concurrent use.
type Sheet struct {
	looks   []string
	sizes   strings.Builder
	letters map[string]byte
	legend  strings.Builder
	told    []map[uv.Style]string // of each look, how its styles are described
	shown   string                // the first size, for failure messages
}

// NewSheet begins a sheet in looks of these names.
func NewSheet(looks ...string) *Sheet {
	s := &Sheet{looks: looks, letters: map[string]byte{"-" + strings.Repeat(" | -", len(looks)-1): '.'}}
	for range looks {
		s.told = append(s.told, map[uv.Style]string{})
	}
	return s
}

// Add adds a size: one frame for each look. It is an error if their text, size or
// cursor differ.
func (s *Sheet) Add(frames ...Frame) error {
	if len(frames) != len(s.looks) {
		return fmt.Errorf("%d frames for %d looks", len(frames), len(s.looks))
	}
	first := frames[0]
	for i, f := range frames[1:] {
		if f.plain() != first.plain() {
			return fmt.Errorf("the text differs in the look %s:\n%s", s.looks[i+1], difference(first.plain(), f.plain()))
		}
	}
	if s.shown == "" {
		s.shown = first.String()
	}
	s.sizes.WriteString(first.plain())
	s.sizes.WriteString("\nlooks\n")
	for y := range first.height {
		line, err := s.line(y, frames)
		if err != nil {
			return err
		}
		fmt.Fprintf(&s.sizes, "%3d|%s\n", y, line)
	}
	s.sizes.WriteByte('\n')
	return nil
}

// line is a letter for each cell of line y.
func (s *Sheet) line(y int, frames []Frame) (string, error) {
	line := make([]byte, frames[0].width)
	told := make([]string, len(frames))
	for x := range line {
		for i, f := range frames {
			told[i] = s.describe(i, f.lines[y][x])
		}
		look := strings.Join(told, " | ")
		letter, known := s.letters[look]
		if !known {
			if len(s.letters) > len(styleLetters) {
				return "", errors.New("more looks than there are letters")
			}
			letter = styleLetters[len(s.letters)-1]
			s.letters[look] = letter
			fmt.Fprintf(&s.legend, "%c = %s\n", letter, look)
		}
		line[x] = letter
	}
	return strings.TrimRight(string(line), "."), nil
}

// describe names what a cell looks like in look i.
func (s *Sheet) describe(i int, c uv.Cell) string {
	style := seen(c)
	told, known := s.told[i][style]
	if !known {
		if told = describe(style); told == "" {
			told = "-"
		}
		s.told[i][style] = told
	}
	return told
}

// Golden compares the sheet with testdata/NAME.golden, as [Golden] does a frame.
func (s *Sheet) Golden(t testing.TB, name string) {
	t.Helper()
	golden(t, name, s.String(), s.shown)
}

// String is the sheet as a golden file holds it.
func (s *Sheet) String() string {
	return s.sizes.String() + strings.Join(s.looks, " | ") + "\n" + s.legend.String()
}

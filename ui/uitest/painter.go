package uitest

import (
	"bytes"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Painter makes the bytes for a terminal of full colour that already shows the
// view before, as Bubble Tea's renderer does, but in the caller's goroutine and
// without waiting for a frame's time: for measuring. It leaves out modes and the
// cursor's shape. It is not safe for concurrent use.
type Painter struct {
	t      testing.TB
	out    bytes.Buffer
	screen *uv.TerminalRenderer
	cells  uv.ScreenBuffer
	last   tea.View
}

// NewPainter is a painter of an empty screen of this size.
func NewPainter(t testing.TB, width, height int) *Painter {
	p := &Painter{t: t, cells: uv.NewScreenBuffer(width, height)}
	p.screen = uv.NewTerminalRenderer(&p.out, []string{"TERM=xterm-256color"})
	p.screen.SetColorProfile(colorprofile.TrueColor)
	p.screen.SetTabStops(-1)
	p.screen.SetMapNewline(true)
	p.screen.SetScrollOptim(true)
	p.screen.SetFullscreen(true)
	p.screen.Erase()
	return p
}

// Paint gives what is written for a view; it is valid until the next call.
func (p *Painter) Paint(v tea.View) []byte {
	p.t.Helper()
	p.out.Reset()
	if v.Content == p.last.Content && sameCursor(v.Cursor, p.last.Cursor) {
		return nil
	}
	p.cells.Clear()
	uv.NewStyledString(v.Content).Draw(p.cells, p.cells.Bounds())
	p.screen.Render(p.cells.RenderBuffer)
	if v.Cursor != nil {
		p.screen.MoveTo(v.Cursor.X, v.Cursor.Y)
	}
	if err := p.screen.Flush(); err != nil {
		p.t.Fatalf("paint a view: %v", err)
	}
	shown, before := v.Cursor != nil, p.last.Cursor != nil
	p.last = v
	return cursored(p.out.Bytes(), shown, before)
}

// cursored hides the cursor while it is written, and says whether it is shown.
func cursored(written []byte, shown, before bool) []byte {
	const hide, show = ansi.ResetModeTextCursorEnable, ansi.SetModeTextCursorEnable
	some := len(written) > 0
	switch {
	case !shown && before:
		return append([]byte(hide), written...)
	case shown && !before:
		return append(written, show...)
	case some && shown:
		return append(append([]byte(hide), written...), show...)
	}
	return written
}

package uitest

import (
	"bytes"
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// recordPatience is how long one frame may take to be written, on a machine
// with much else to do.
const recordPatience = 60 * time.Second

// frameChance is how long a frame gets before the screen is painted anew.
const frameChance = 2 * time.Second

// Recording is what a real program wrote to its terminal.
type Recording struct {
	// Steps holds the bytes written for each view in turn; the first includes
	// the start.
	Steps [][]byte
	// End is what leaving the screen took.
	End []byte
}

// All is everything that was written.
func (r Recording) All() []byte {
	return append(bytes.Join(r.Steps, nil), r.End...)
}

// Record plays views through a real Bubble Tea program of this size with full
// colour and returns the bytes it wrote. A view that shows the same as the one
// before it writes nothing.
func Record(t testing.TB, width, height int, views ...tea.View) Recording {
	t.Helper()
	if len(views) == 0 {
		t.Fatal("no view to record")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &chunks{written: make(chan struct{}, 1)}
	program := tea.NewProgram(player{view: fullScreen(views[0])},
		tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(out), tea.WithWindowSize(width, height),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithColorProfile(colorprofile.TrueColor),
		tea.WithoutSignalHandler(), tea.WithFPS(120))
	ended := make(chan error, 1)
	go func() {
		_, err := program.Run()
		ended <- err
	}()
	r := play(ctx, t, program, out, Flatten(views[0], width, height), views)
	program.Quit()
	if err := <-ended; err != nil {
		t.Fatalf("play %d views: %v", len(views), err)
	}
	r.End = out.take()
	return r
}

// play shows one view after the other, each once the one before is written.
func play(ctx context.Context, t testing.TB, program *tea.Program, out *chunks, shown Frame, views []tea.View) Recording {
	t.Helper()
	var r Recording
	first, ok := out.patient(ctx, func(p []byte) bool { return bytes.Contains(p, []byte("\x1b[?1049h")) })
	for _, v := range views[1:] {
		r.Steps = append(r.Steps, first)
		next := Flatten(v, shown.width, shown.height)
		first = nil
		if ok && !next.Equal(shown) {
			program.Send(show(fullScreen(v)))
			first, ok = out.answer(ctx, program)
		}
		shown = next
	}
	if !ok {
		t.Error("the program wrote nothing for a view that differs")
	}
	r.Steps = append(r.Steps, first)
	return r
}

// answer waits for what a view leads to. The renderer may merge a view with the
// next one, back to what the terminal shows already, and then owes nothing: a
// repaint ends the wait.
func (c *chunks) answer(ctx context.Context, program *tea.Program) ([]byte, bool) {
	some := func(p []byte) bool { return len(p) > 0 }
	soon, cancel := context.WithTimeout(ctx, frameChance)
	defer cancel()
	if written, ok := c.until(soon, some); ok {
		return written, true
	}
	program.Send(tea.ClearScreen())
	return c.patient(ctx, some)
}

// patient is until with the patience for one frame.
func (c *chunks) patient(ctx context.Context, enough func([]byte) bool) ([]byte, bool) {
	ctx, cancel := context.WithTimeout(ctx, recordPatience)
	defer cancel()
	return c.until(ctx, enough)
}

func fullScreen(v tea.View) tea.View {
	v.AltScreen = true
	return v
}

// player shows the view it was sent last.
type player struct{ view tea.View }

type show tea.View

func (p player) Init() tea.Cmd { return nil }

func (p player) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if v, ok := msg.(show); ok {
		p.view = tea.View(v)
	}
	return p, nil
}

func (p player) View() tea.View { return p.view }

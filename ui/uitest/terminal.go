package uitest

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// Terminal is a screen and keyboard around a real program, on a
// pseudo-terminal. Waiting is woken by the program's output and never polls.
// Its methods may be called from several goroutines.
type Terminal struct {
	t   testing.TB
	pty *os.File
	cmd *exec.Cmd

	mu      sync.Mutex // guards what follows
	screen  *vt.Emulator
	output  []byte
	hidden  bool          // the cursor
	changed chan struct{} // closed and replaced with every output
	ended   bool          // no more output comes
	err     error         // of the program
	done    chan struct{} // closed when the program ended
}

// Start runs cmd on a terminal of this size. The test's end kills it.
func Start(t testing.TB, cmd *exec.Cmd, width, height int) *Terminal {
	t.Helper()
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "COLORTERM=truecolor")
	size := pty.Winsize{Cols: uint16(width), Rows: uint16(height)}
	file, err := pty.StartWithSize(cmd, &size)
	if err != nil {
		t.Fatalf("start %s on a terminal: %v", cmd.Path, err)
	}
	term := &Terminal{
		t: t, pty: file, cmd: cmd,
		screen:  vt.NewEmulator(width, height),
		changed: make(chan struct{}), done: make(chan struct{}),
	}
	term.screen.SetCallbacks(vt.Callbacks{CursorVisibility: func(visible bool) { term.hidden = !visible }})
	var pumps sync.WaitGroup
	pumps.Go(term.pumpReplies)
	pumps.Go(term.pumpOutput)
	t.Cleanup(func() { term.close(&pumps) })
	return term
}

// pumpReplies carries the emulator's answers to questions back to the program.
// Without it the emulator blocks on the first question.
func (term *Terminal) pumpReplies() {
	_, _ = io.Copy(term.pty, term.screen) // ends when either side is closed
}

// pumpOutput feeds the emulator until the program closes its terminal.
func (term *Terminal) pumpOutput() {
	buf := make([]byte, 32<<10)
	for {
		n, err := term.pty.Read(buf)
		term.take(buf[:n], err != nil)
		if err != nil {
			break
		}
	}
	err := term.cmd.Wait()
	term.mu.Lock()
	term.err = err
	term.mu.Unlock()
	close(term.done)
}

func (term *Terminal) take(p []byte, ended bool) {
	term.mu.Lock()
	defer term.mu.Unlock()
	_, _ = term.screen.Write(p) // fails only after Close, which is never called
	term.output = append(term.output, p...)
	term.ended = ended
	close(term.changed)
	term.changed = make(chan struct{})
}

// close ends the program and both pumps.
func (term *Terminal) close(pumps *sync.WaitGroup) {
	_ = term.cmd.Process.Kill() // it may have ended
	if pipe, ok := term.screen.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	<-term.done
	_ = term.pty.Close()
	pumps.Wait()
}

// Type sends text as if typed.
func (term *Terminal) Type(text string) {
	term.t.Helper()
	if _, err := io.WriteString(term.pty, text); err != nil {
		term.t.Fatalf("type into the terminal: %v", err)
	}
}

// Press presses keys, spelled as for [Driver.Press].
func (term *Terminal) Press(keys ...string) {
	term.t.Helper()
	for _, key := range keys {
		bytes, err := keyBytes(key)
		if err != nil {
			term.t.Fatalf("press a key: %v", err)
		}
		term.Type(bytes)
	}
}

// Resize changes the size of the terminal.
func (term *Terminal) Resize(width, height int) {
	term.t.Helper()
	term.mu.Lock()
	term.screen.Resize(width, height)
	term.mu.Unlock()
	size := pty.Winsize{Cols: uint16(width), Rows: uint16(height)}
	if err := pty.Setsize(term.pty, &size); err != nil {
		term.t.Fatalf("resize the terminal: %v", err)
	}
}

// Frame is what the screen shows now.
func (term *Terminal) Frame() Frame {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.frame()
}

func (term *Terminal) frame() Frame {
	f := frameOf(term.screen.Width(), term.screen.Height(), term.screen.CellAt)
	if !term.hidden {
		at := term.screen.CursorPosition()
		f.cursor = &uv.Position{X: at.X, Y: at.Y}
	}
	return f
}

// Output is every byte the program wrote so far.
func (term *Terminal) Output() []byte {
	term.mu.Lock()
	defer term.mu.Unlock()
	return append([]byte(nil), term.output...)
}

// WaitFor waits until text stands on the screen and returns that frame. It
// fails the test after the timeout, or when the program ends before.
func (term *Terminal) WaitFor(text string, timeout time.Duration) Frame {
	term.t.Helper()
	return term.wait("the text "+text, timeout, func(f Frame) bool { return f.Contains(text) })
}

// WaitUntil waits until ok is true of the screen, as [Terminal.WaitFor].
func (term *Terminal) WaitUntil(ok func(Frame) bool, timeout time.Duration) Frame {
	term.t.Helper()
	return term.wait("the screen that was waited for", timeout, ok)
}

func (term *Terminal) wait(what string, timeout time.Duration, ok func(Frame) bool) Frame {
	term.t.Helper()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		f, changed, ended := term.look()
		if ok(f) {
			return f
		}
		if ended {
			term.t.Fatalf("the program ended without %s:\n%s", what, f)
		}
		select {
		case <-changed:
		case <-timer.C:
			term.t.Fatalf("%s didn't come in %s:\n%s", what, timeout, f)
		}
	}
}

func (term *Terminal) look() (f Frame, changed <-chan struct{}, ended bool) {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.frame(), term.changed, term.ended
}

// Wait waits for the program to end and returns its exit code; -1 where a
// signal ended it.
func (term *Terminal) Wait(timeout time.Duration) int {
	term.t.Helper()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-term.done:
	case <-timer.C:
		term.t.Fatalf("the program didn't end in %s:\n%s", timeout, term.Frame())
	}
	term.mu.Lock()
	defer term.mu.Unlock()
	var exit *exec.ExitError
	if term.err != nil && !errors.As(term.err, &exit) {
		term.t.Fatalf("wait for the program: %v", term.err)
	}
	return term.cmd.ProcessState.ExitCode()
}

package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/ui/console"
	"willcall/ui/session"
)

// recorder is the terminal of a real program, in a bubble of fake time, with a
// note of every message that comes and every byte that goes out.
type recorder struct {
	program *tea.Program

	mu       sync.Mutex // guards what follows
	messages []string
	bytes    int
}

// hear notes a message before the console gets it.
func (r *recorder) hear(_ tea.Model, msg tea.Msg) tea.Msg {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, fmt.Sprintf("%T", msg))
	return msg
}

// heard gives all that was noted so far.
func (r *recorder) heard() (messages []string, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.messages), r.bytes
}

// Write implements [io.Writer].
func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bytes += len(p)
	return len(p), nil
}

// wait lets time pass in the bubble, and all that comes of it.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// send hands over messages, each once the one before is done and drawn.
func (r *recorder) send(msgs ...tea.Msg) {
	for _, msg := range msgs {
		r.program.Send(msg)
		wait(time.Second)
	}
}

// press presses keys: letters, or names.
func (r *recorder) press(keys ...string) {
	codes := map[string]rune{"tab": tea.KeyTab, "enter": tea.KeyEnter, "down": tea.KeyDown, "esc": tea.KeyEscape}
	for _, key := range keys {
		if code, named := codes[key]; named {
			r.send(tea.KeyPressMsg{Code: code})
			continue
		}
		for _, letter := range key {
			r.send(tea.KeyPressMsg{Code: letter, Text: string(letter)})
		}
	}
}

// lockWait is the end of the one wait before the screen is locked. It comes once
// in as long as that takes.
const lockWait = "console.idled"

// idle leaves the console alone for a long time, but not until it is locked.
func (r *recorder) idle(t *testing.T, after string) {
	t.Helper()
	const settling, long = time.Minute, console.LockAfter - 2*time.Minute // what was typed is kept within the first
	wait(settling)
	before, written := r.heard()
	wait(long)
	all, bytes := r.heard()
	came := all[len(before):]
	if at := slices.Index(came, lockWait); at >= 0 {
		came = slices.Delete(came, at, at+1)
	}
	if len(came) > 0 {
		t.Errorf("%s: %d messages while idle: %s", after, len(came), strings.Join(came, " "))
	}
	if more := bytes - written; more > 0 {
		t.Errorf("%s: %d bytes while idle", after, more)
	}
}

// TestNothingHappensWhileNobodyDoesAnything leaves a whole program alone, its
// changes listened for, on every page and after what might start a timer.
func TestNothingHappensWhileNobodyDoesAnything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := filledStory(t)
		cfg := s.h.consoleConfig(t.Context(), storyPortal, nil, false)
		cfg.FPS = 30
		root := console.New(cfg)
		r := &recorder{}
		r.program = console.Program(t.Context(), root, tea.WithInput(nil), tea.WithOutput(root.Output(r)),
			tea.WithWindowSize(120, 40), tea.WithEnvironment(nil), tea.WithColorProfile(colorprofile.TrueColor),
			tea.WithoutSignalHandler(), tea.WithFilter(r.hear))
		ended := make(chan error, 1)
		go func() {
			_, err := r.program.Run()
			ended <- err
		}()
		synctest.Wait()
		r.idle(t, "the sign-in")
		r.press(demoOwner, "tab", demoPassword, "enter", "down")
		r.idle(t, "contacts")
		for _, tab := range []string{"o", "m", "s", "c"} {
			r.press("g", tab)
			r.idle(t, "the tab "+tab)
		}
		r.send(session.Toast{Text: "Saved by Leo."})
		r.idle(t, "a toast")
		r.press("/", "dupont")
		r.idle(t, "a search")
		r.press("down", "n", "Zoe")
		r.idle(t, "a form")
		all, _ := r.heard()
		if n := strings.Count(strings.Join(all, " "), "KeyPressMsg"); n < len(demoOwner)+len(demoPassword) {
			t.Errorf("%d keys were recorded", n)
		}
		r.program.Quit()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		root.Close()
		wait(console.EndAfter) // a wait for the lock outlives its program
	})
}

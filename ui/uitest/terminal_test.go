package uitest_test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"

	"willcall/ui/uitest"
)

const patience = 30 * time.Second

func TestRecordWritesWhatTheViewsShow(t *testing.T) {
	t.Parallel()
	d := uitest.New(t, toy{}, 30, 6)
	d.Type("abcdefgh")
	d.Resize(30, 6) // shows the same again
	views := d.Views()
	r := uitest.Record(t, 30, 6, append(views, views[len(views)-1])...)
	if len(r.Steps) != len(views)+1 || len(r.Steps[len(views)]) != 0 {
		t.Errorf("%d steps of %d views, the last of %d bytes", len(r.Steps), len(views), len(r.Steps[len(views)]))
	}
	if err := uitest.Allowed(r.All()); err != nil {
		t.Error(err)
	}
	screen := vt.NewEmulator(30, 6)
	for _, step := range r.Steps {
		_, _ = screen.Write(bytes.ReplaceAll(step, []byte("\n"), []byte("\r\n")))
	}
	if got, want := screen.String()+"\n", d.Frame().Text(); got != want {
		t.Errorf("a terminal shows\n%s\nthe frame is\n%s", got, want)
	}
}

func startToy(t *testing.T) *uitest.Terminal {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), toyVariable+"=1")
	return uitest.Start(t, cmd, 40, 8)
}

func TestTerminalRunsARealProgram(t *testing.T) {
	t.Parallel()
	term := startToy(t)
	term.WaitFor("started", patience)
	term.Type("xé")
	term.Press("up", "shift+tab")
	f := term.WaitFor("shift+tab", patience)
	if look, _ := f.StyleOf("toy"); look != "fg=#5f87ff bold" {
		t.Errorf("the name looks %q", look)
	}
	if x, y, shown := f.Cursor(); x != 1 || y != 0 || !shown {
		t.Errorf("the cursor stands at %d,%d %v", x, y, shown)
	}
	term.Resize(50, 9)
	term.WaitUntil(func(f uitest.Frame) bool { return f.Contains("50x9") && f.Contains("· up") }, patience)
	term.Press("ctrl+q")
	if code := term.Wait(patience); code != 3 {
		t.Errorf("the program ended with %d", code)
	}
	if err := uitest.Allowed(term.Output()); err != nil {
		t.Error(err)
	}
}

func TestTerminalFailsWhenTheProgramEnds(t *testing.T) {
	t.Parallel()
	term := startToy(t)
	term.WaitFor("started", patience)
	term.Press("ctrl+q")
	term.Wait(patience)
	if f := term.Frame(); f.Contains("toy") {
		t.Errorf("the screen wasn't given back:\n%s", f)
	}
}

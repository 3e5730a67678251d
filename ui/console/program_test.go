package console_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"willcall/ui/console"
	"willcall/ui/uitest"
)

const patience = 30 * time.Second

// onTerminal makes this test's own process the console of its terminal.
const onTerminal = "WILLCALL_CONSOLE_ON_TERMINAL"

func TestRunOnARealTerminal(t *testing.T) {
	t.Parallel()
	if os.Getenv(onTerminal) != "" {
		root := build(t, func(c *console.Config) { c.FPS = 60 }).root
		if err := console.Run(t.Context(), root, os.Stdin, os.Stdout, os.Environ()); err != nil {
			t.Error(err)
		}
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), onTerminal+"=1", "LANG=C.UTF-8")
	term := uitest.Start(t, cmd, 100, 20)
	term.WaitFor("signin", patience)
	term.Press("f1")
	term.WaitFor("All keys", patience)
	term.Resize(39, 9)
	term.WaitFor("This window is 39 by 9.", patience)
	term.Press("ctrl+q")
	if code := term.Wait(patience); code != 0 {
		t.Errorf("ended with %d", code)
	}
	if err := uitest.Allowed(term.Output()); err != nil {
		t.Error(err)
	}
}

func TestRunEndsWithItsKeyboard(t *testing.T) {
	t.Parallel()
	keyboard, typist, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	root, ended := build(t, nil).root, make(chan error, 1)
	go func() { ended <- console.Run(t.Context(), root, keyboard, screen, nil) }()
	if err := typist.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the console goes on without a keyboard")
	}
	if err := screen.Close(); err != nil {
		t.Error(err)
	}
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"willcall/ui/uitest"
)

// patience ends a script that waits for what never comes.
const patience = 30 * time.Second

// running is the program on a terminal.
type running struct {
	*uitest.Terminal
	cmd *exec.Cmd
}

// terminal starts the program on a terminal: "terminal WIDTHxHEIGHT ARG…". The
// variable PID is its process. Later commands are about the newest terminal.
func terminal(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) > 0, "terminal WIDTHxHEIGHT ARG…")
	var width, height int
	_, err := fmt.Sscanf(args[0], "%dx%d", &width, &height)
	ts.Check(err)
	path, err := exec.LookPath("willcall")
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"LANG=C.UTF-8", "GORACE=" + os.Getenv("GORACE")}
	for _, name := range []string{"HOME", "PATH", "TMPDIR", "XDG_DATA_HOME"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	s := stageOf(ts)
	s.terminals = append(s.terminals, &running{Terminal: uitest.Start(s.t, cmd, width, height), cmd: cmd})
	ts.Setenv("PID", strconv.Itoa(cmd.Process.Pid))
}

// back leaves the newest terminal for the one before.
func back(ts *testscript.TestScript, neg bool, args []string) {
	s := stageOf(ts)
	need(ts, !neg && len(args) == 0 && len(s.terminals) > 1, "back")
	s.terminals = s.terminals[:len(s.terminals)-1]
}

func terminalOf(ts *testscript.TestScript) *running {
	s := stageOf(ts)
	need(ts, len(s.terminals) > 0, "terminal WIDTHxHEIGHT ARG…")
	return s.terminals[len(s.terminals)-1]
}

// see waits until every text stands on the screen; "! see" checks that none
// does now.
func see(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, len(args) > 0, "[!] see TEXT…")
	term := terminalOf(ts)
	for _, text := range args {
		if !neg {
			term.WaitFor(text, patience)
		} else if f := term.Frame(); f.Contains(text) {
			ts.Fatalf("the screen shows %q\n%s", text, f)
		}
	}
}

// gone waits until a text doesn't stand on the screen any more.
func gone(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 1, "gone TEXT")
	terminalOf(ts).WaitUntil(func(f uitest.Frame) bool { return !f.Contains(args[0]) }, patience)
}

// looks waits until the first place of a text has a look, such as
// "fg=#5fd787".
func looks(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "looks TEXT LOOK")
	terminalOf(ts).WaitUntil(func(f uitest.Frame) bool {
		look, ok := f.StyleOf(args[0])
		return ok && look == args[1]
	}, patience)
}

// read takes what a person would read off the screen into a variable: the
// groups of a pattern, one after the other, once it stands there.
func read(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "read VARIABLE PATTERN")
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	var found []string
	terminalOf(ts).WaitUntil(func(f uitest.Frame) bool {
		found = pattern.FindStringSubmatch(f.Text())
		return len(found) > 1
	}, patience)
	ts.Setenv(args[0], strings.TrimSpace(strings.Join(found[1:], "")))
}

func typeText(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 1, "type TEXT")
	terminalOf(ts).Type(args[0])
}

func press(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) > 0, "press KEY…")
	terminalOf(ts).Press(args...)
}

// signalProgram sends the program a signal.
func signalProgram(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "KILL": syscall.SIGKILL}
	need(ts, !neg && len(args) == 1 && signals[args[0]] != 0, "signal INT|TERM|HUP|KILL")
	ts.Check(terminalOf(ts).cmd.Process.Signal(signals[args[0]]))
}

// ends waits until the program ended by itself, with this exit code, and holds
// every byte its terminal got against what may be.
func ends(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 1, "ends CODE")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	term := terminalOf(ts)
	if code := term.Wait(patience); code != want {
		ts.Fatalf("exit code %d, want %d\n%s", code, want, term.Frame())
	}
	ts.Check(uitest.Allowed(term.Output()))
}

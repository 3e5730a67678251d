package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"willcall/ui/uitest"
)

// TestMain lets the test binary be the program where it is called so: scripts
// run what main runs. Under another name it is a process for [TestKilled].
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"willcall": main, workerProgram: workUntilKilled})
}

// TestScripts runs the program as people do: on a terminal, on real sockets,
// and in pipes.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv(uitest.UpdateVariable) == "1",
		Setup:               setStage,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "bare": bare, "sample": sample,
			"terminal": terminal, "see": see, "gone": gone, "looks": looks, "read": read,
			"type": typeText, "press": press, "signal": signalProgram, "ends": ends, "back": back,
			"get": get, "submit": submit, "page": page,
			"port": port, "hold": hold, "mail": sendMail, "latest": latest, "spoil": spoil,
		},
	})
}

// stage is what one script has set up: its terminals, newest last, and the page
// it looks at.
type stage struct {
	t         testing.TB
	terminals []*running
	page      visited
}

type stageKey struct{}

// setStage gives every script folders and characters of its own.
func setStage(env *testscript.Env) error {
	t, ok := env.T().(testing.TB)
	if !ok {
		return errors.New("scripts run within go test only")
	}
	env.Values[stageKey{}] = &stage{t: t}
	env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "home"))
	env.Setenv("ESC", "\x1b")
	env.Setenv("BEL", "\a")
	env.Setenv("NEWLINE", "\n")
	env.Setenv("RLO", "\u202e")
	return nil
}

func stageOf(ts *testscript.TestScript) *stage {
	s, _ := ts.Value(stageKey{}).(*stage) // setStage made it
	return s
}

// need ends the script unless a command was called as it is meant.
func need(ts *testscript.TestScript, ok bool, usage string) {
	if !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

// exits runs the program in pipes, "exits CODE ARG…", and holds its exit code
// and the characters of its output against what may be.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) > 0, "exits CODE ARG…")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var failed *exec.ExitError
	if err := ts.Exec("willcall", args[1:]...); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if raw := regexp.MustCompile(`[^\P{C}\n\t]`).FindString(ts.ReadFile(stream)); raw != "" {
			ts.Fatalf("%s holds %q", stream, raw)
		}
	}
}

// bare checks that a folder holds nothing.
func bare(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, len(args) == 1, "[!] bare FOLDER")
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	if (len(names) == 0) == neg {
		ts.Fatalf("%s holds: %s", args[0], strings.Join(names, ", "))
	}
}

package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// TestAFolderWithoutANameIsRefused by every command: it would be the folder
// that the program runs in.
func TestAFolderWithoutANameIsRefused(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"--data=", "contacts list --data=", "backup --data=", "backup --to=", "doctor --data=",
		"restore safe --data=", "restore safe --key=", "restore safe --data=here --data=",
	} {
		var out, said bytes.Buffer
		code := run(t.Context(), strings.Fields(line), streams{nil, &out, &said})
		if code != exitUsage || !strings.Contains(said.String(), "is empty") {
			t.Errorf("%s ends with %d and says %q", line, code, said.String())
		}
	}
}

// TestAFolderInUseIsToldInOneWay, with the zone of the time, by commands that a
// console has too and by those that it hasn't.
func TestAFolderInUseIsToldInOneWay(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	made := s.backUp(true)
	since := `process \d+ has had \S+willcall\.db open since \d+ \w+ \d{4}, \d\d:\d\d [A-Z+-][A-Z0-9]+\. End it first, `
	for line, advice := range map[string]string{
		"backup":                         "do this in its console, or name another folder with --data",
		"settings storage show":          "do this in its console, or name another folder with --data",
		"doctor":                         "or name another folder with --data",
		"restore --dry-run " + made.Path: "or name another folder with --data",
	} {
		var out, said bytes.Buffer
		code := run(t.Context(), append(strings.Fields(line), "--data", s.h.dir), streams{nil, &out, &said})
		if want := regexp.MustCompile(`^willcall: ` + since + advice + "\n$"); code != exitBusy || !want.MatchString(said.String()) {
			t.Errorf("%s ends with %d and says %q", line, code, said.String())
		}
	}
}

// TestHelpNarrowsToWhatWasTyped asks for help of parts of commands.
func TestHelpNarrowsToWhatWasTyped(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][2]string{ // what is listed, and what isn't
		"settings --help":             {"willcall settings storage show", "willcall contacts"},
		"settings storage --help":     {"willcall settings storage show", "willcall settings show"},
		"settings mail-server --help": {"willcall settings mail-server save", "willcall settings storage"},
		"settings there-is-no --help": {"willcall settings storage show", "willcall contacts"},
	} {
		var out, said bytes.Buffer
		code := run(t.Context(), strings.Fields(line), streams{nil, &out, &said})
		if code != exitDone || !strings.Contains(out.String(), want[0]) || strings.Contains(out.String(), want[1]) {
			t.Errorf("%s ends with %d and says %q", line, code, out.String())
		}
	}
}

func TestAWrongFlagIsToldInPlainWords(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"backup --nothing": "willcall: there is no flag --nothing. Try willcall backup --help\n",
		"backup --data":    "willcall: --data takes a value. Try willcall backup --help\n",
		"--nothing":        "willcall: there is no flag --nothing. Try willcall --help\n",
	} {
		var out, said bytes.Buffer
		if code := run(t.Context(), strings.Fields(line), streams{nil, &out, &said}); code != exitUsage || said.String() != want {
			t.Errorf("%s ends with %d and says %q", line, code, said.String())
		}
	}
}

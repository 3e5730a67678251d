package main

import (
	"strings"
	"testing"
	"time"

	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/ui/text"
)

// told is a progress with its clock and what it wrote.
func told(t *testing.T, live bool) (*progress, *coretest.Clock, *strings.Builder) {
	t.Helper()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	clock := coretest.NewClock()
	bar := newProgress(&out, words.In(text.English), "command.backup.progress", clock.Effective)
	bar.live = live
	return bar, clock, &out
}

func TestStepsAreToldAsSuch(t *testing.T) {
	t.Parallel()
	bar, clock, out := told(t, true)
	clock.Advance(time.Second)
	for _, p := range []backup.Progress{
		{Done: 1001},
		{Done: 123_001},
		{Step: backup.StepCopy, Done: 40, All: 120},
		{Step: backup.StepCopy, Done: 30, All: 120},
		{Step: backup.StepCopy, Done: 120, All: 120},
	} {
		bar.ofBackup(p)
		clock.Advance(time.Second)
	}
	bar.end()
	want := []string{
		"", "1 of 2: examining the data, 1,001 entries", "1 of 2: examining the data, 123,001 entries",
		"2 of 2: copying and checking, 33 %" + strings.Repeat(" ", 9), "2 of 2: copying and checking, 33 %",
		"2 of 2: copying and checking, 100 %\n",
	}
	if out.String() != strings.Join(want, "\r") {
		t.Errorf("told %q, want %q", out.String(), strings.Join(want, "\r"))
	}
}

func TestAPipeHearsALineNowAndThen(t *testing.T) {
	t.Parallel()
	bar, clock, out := told(t, false)
	for n := range int64(12) {
		bar.bytes(n<<20, 12<<20)
		clock.Advance(time.Second)
	}
	bar.bytes(12<<20, 12<<20)
	bar.end()
	if want := "5 of 12 MiB\n10 of 12 MiB\n"; out.String() != want {
		t.Errorf("told %q, want %q", out.String(), want)
	}
}

func TestWhatIsDoneAtOnceIsNotTold(t *testing.T) {
	t.Parallel()
	for _, live := range []bool{true, false} {
		bar, clock, out := told(t, live)
		clock.Advance(999 * time.Millisecond)
		bar.bytes(12<<20, 12<<20)
		bar.end()
		if out.Len() > 0 {
			t.Errorf("a terminal %v: told %q", live, out)
		}
	}
}

func TestProgressEndsAtItsWhole(t *testing.T) {
	t.Parallel()
	bar, clock, out := told(t, true)
	clock.Advance(time.Second)
	bar.bytes(12<<20+5, 12<<20+7)
	bar.bytes(12<<20+7, 12<<20+7)
	if want := "\r12 of 13 MiB\r13 of 13 MiB"; out.String() != want {
		t.Errorf("told %q, want %q", out.String(), want)
	}
}

func TestAnAnswerInJSONHasNoProgressBesideIt(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	at := &bench{s: streams{err: &out}, given: map[string][]string{"json": {"true"}}}
	bar := at.progress("command.backup.progress")
	bar.begun, bar.live = time.Time{}, true
	bar.bytes(1<<20, 12<<20)
	if bar.end(); out.Len() > 0 {
		t.Errorf("told %q", out.String())
	}
}

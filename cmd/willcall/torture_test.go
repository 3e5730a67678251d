package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage"
)

const (
	// killsVariable is how many rounds [TestKilled] takes, seedVariable what
	// they are drawn from.
	killsVariable = "WILLCALL_KILLS"
	seedVariable  = "WILLCALL_SEED"

	// fewKills is enough to see on every run that the test works.
	fewKills = 3
	// killsAFolder is how many rounds go into one folder: each is examined
	// whole after every kill.
	killsAFolder = 25
)

// TestKilled holds that what a process reported as done is there after it was
// killed at any moment, and that nothing is there in part.
func TestKilled(t *testing.T) {
	t.Parallel()
	seed := number(t, seedVariable, rand.Uint64())
	rounds := number(t, killsVariable, fewKills)
	t.Logf("%s=%d", seedVariable, seed)
	var k *kills
	for round := range rounds {
		if round%killsAFolder == 0 {
			k = newKills(t, seed)
		}
		k.round(round)
		if t.Failed() {
			t.Fatalf("round %d of %s=%d; the data is kept in %s", round, seedVariable, seed, keep(t, filepath.Dir(k.dir)))
		}
	}
}

// number is what a variable of the environment says, or else.
func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// keep copies a folder to where it outlives the test.
func keep(t *testing.T, dir string) string {
	t.Helper()
	kept, err := os.MkdirTemp("", "willcall-killed-")
	if err == nil {
		err = os.CopyFS(kept, os.DirFS(dir))
	}
	if err != nil {
		t.Error(err)
	}
	return kept
}

// kills are the rounds on one data folder.
type kills struct {
	t      *testing.T
	seed   uint64
	dir    string
	ledger *ledger
}

// newKills makes a data folder with an institution in it.
func newKills(t *testing.T, seed uint64) *kills {
	t.Helper()
	k := &kills{t: t, seed: seed, dir: filepath.Join(t.TempDir(), "data"), ledger: newLedger()}
	k.open(0, func(h *house) {
		if _, err := h.setup.Do(t.Context(), coretest.Draft()); err != nil {
			t.Fatal(err)
		}
	})
	return k
}

// wallOf is the time of a round. Between two of them a lease ends, so that each
// takes up what the one before it left half done.
func wallOf(round uint64) core.Wall {
	later := time.Duration(round%killsAFolder) * 6 * time.Minute
	return func() time.Time { return core.SystemWall().Add(later) }
}

// openKilled opens a data folder as the program does.
func openKilled(ctx context.Context, dir string, round uint64, log io.Writer, progress func(done, of int64)) (*house, error) {
	return openHouse(ctx, options{
		dir: dir, wall: wallOf(round), random: coretest.Random(byte(round)), cost: demoCost(),
		storage: storage.Options{InitialMap: 1 << 20, LockWait: time.Minute, Progress: progress},
		log:     slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
}

// open runs fn on the folder as it was left; nothing may be said of damage.
func (k *kills) open(round uint64, fn func(h *house)) {
	k.t.Helper()
	var said strings.Builder
	h, err := openKilled(k.t.Context(), k.dir, round, &said, nil)
	if err != nil {
		k.t.Fatalf("the folder doesn't open: %v", err)
	}
	fn(h)
	if err := h.close(); err != nil {
		k.t.Errorf("the folder doesn't close: %v", err)
	}
	if said.Len() > 0 {
		k.t.Errorf("opening told of %s", said.String())
	}
}

// round lets a process work, kills it and looks at what it left.
func (k *kills) round(round uint64) {
	k.t.Helper()
	rng := rand.New(rand.NewPCG(k.seed, round))
	all := trades()
	job := all[(k.seed+round)%uint64(len(all))]
	when := drawStrike(rng)
	if job.old {
		age(k.t, k.dir)
		when = strike{2, time.Duration(rng.IntN(30_000)) * time.Microsecond}
	}
	begun := core.SystemWall()
	lines := k.kill(job.name, round, when)
	killed := core.SystemWall()
	for _, line := range lines {
		if err := k.ledger.note(line); err != nil {
			k.t.Errorf("the process said %q: %v", line, err)
		}
	}
	k.open(round, func(h *house) { k.ledger.check(k.t, h) })
	k.clear()
	k.t.Logf("round %d: %s, %d lines in %v, looked at in %v", round, job.name, len(lines),
		killed.Sub(begun).Round(time.Millisecond), core.SystemWall().Sub(killed).Round(time.Millisecond))
}

// kill starts a process of a trade, kills it at a drawn moment and gives the
// whole lines that it wrote.
func (k *kills) kill(trade string, round uint64, when strike) (lines []string) {
	k.t.Helper()
	path, err := exec.LookPath(workerProgram)
	if err != nil {
		k.t.Fatal(err)
	}
	var said strings.Builder
	worker := exec.CommandContext(k.t.Context(), path, trade, k.dir, strconv.FormatUint(k.seed, 10), strconv.FormatUint(round, 10))
	worker.Stderr = &said
	out, err := worker.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		k.t.Fatal(err)
	}
	for reader := bufio.NewReader(out); ; {
		line, err := reader.ReadString('\n')
		if err != nil {
			break // the last line may be cut off
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
		if len(lines) == when.lines {
			time.AfterFunc(when.after, func() { _ = worker.Process.Kill() })
		}
	}
	var exit *exec.ExitError
	if err := worker.Wait(); !errors.As(err, &exit) || exit.Exited() {
		k.t.Errorf("the process ended by itself: %v, %s", err, said.String())
	}
	return lines
}

// strike is when a process is killed: some time after it wrote a number of
// lines. The first says that it starts, the second that it opened the folder or
// that it begins to migrate it.
type strike struct {
	lines int
	after time.Duration
}

func drawStrike(rng *rand.Rand) strike {
	switch rng.IntN(8) {
	case 0: // while it opens the folder
		return strike{1, time.Duration(rng.IntN(20_000)) * time.Microsecond}
	case 1: // at any time
		return strike{2, time.Duration(rng.IntN(50_000)) * time.Microsecond}
	}
	return strike{3 + rng.IntN(40), time.Duration(rng.IntN(2000)) * time.Microsecond}
}

// A process writes the line startsLine before it opens the folder, opensLine
// after it did, and migratesLine in between where it migrates it.
const (
	startsLine   = "starts"
	migratesLine = "migrates"
	opensLine    = "opens"
)

// lineTo gives a function that writes whole lines at once: what was written is
// in the pipe when it returns, also when the process is killed right after.
func lineTo(w io.Writer) func(format string, args ...any) {
	return func(format string, args ...any) {
		_, _ = io.WriteString(w, fmt.Sprintf(format, args...)+"\n")
	}
}

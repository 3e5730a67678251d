package coretest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// errBroken is a disk that has no words of its own for what is wrong.
var errBroken = errors.New("the disk is broken")

// TestEveryActSurvivesEveryFault lets each write of each act fail, then its
// commit, then the answer to it: nothing of it stays, nobody hears of it, and
// doing it again does it.
func TestEveryActSurvivesEveryFault(t *testing.T) {
	t.Parallel()
	table := rows()
	for _, a := range core.Actions() {
		if a.Reads {
			continue
		}
		r, ok := table[a.ID]
		if !ok {
			t.Errorf("%s is not among the acts that are tried", a.ID)
		}
		delete(table, a.ID)
		if r.elsewhere == "" && ok {
			t.Run(string(a.ID), func(t *testing.T) {
				t.Parallel()
				stage(t, r).try()
			})
		}
	}
	for id := range table {
		t.Errorf("%s is tried, but is no act", id)
	}
}

// TestActsTriedElsewhere holds that the named tests exist.
func TestActsTriedElsewhere(t *testing.T) {
	t.Parallel()
	missing := map[string]bool{}
	for _, r := range rows() {
		if r.elsewhere != "" {
			missing["func "+r.elsewhere] = true
		}
	}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(root, path)
		for name := range missing {
			if bytes.Contains(text, []byte(name+"(")) {
				delete(missing, name)
			}
		}
		return err
	})
	if err != nil || len(missing) > 0 {
		t.Errorf("missing: %v, %v", missing, err)
	}
}

// trial is a prepared house in which one act is done again and again.
type trial struct {
	*testing.T
	disk   *storagetest.Failing
	memory *storagetest.Memory
	do     deed
	as     core.Request
	row    row
	heard  int

	before storagetest.Snapshot
	writes int
	answer any
	shape  map[string]string // of the store after the act
}

// stage prepares the house and does the act once without a fault.
func stage(t *testing.T, r row) *trial {
	t.Helper()
	s := &trial{T: t, memory: storagetest.NewMemory(t), row: r}
	s.disk = storagetest.FailingAt(s.memory, 0)
	open := coretest.New
	if r.empty {
		open = coretest.Empty
	}
	h := open(t, s.disk)
	s.do, s.as = r.prepare(h), h.Owner
	if r.as != nil {
		s.as = r.as(h)
	}
	if !r.unmarked {
		s.as.Key = "the same again"
	}
	t.Cleanup(s.disk.Watch(func(core.Commit) { s.heard++ }))
	s.before = s.memory.Snapshot()
	s.disk.Arm(storagetest.Fault{})
	var err error
	if s.answer, err = s.do(s.as); err != nil {
		t.Fatalf("without a fault: %v", err)
	}
	s.writes, s.shape = s.disk.Writes(), shapeOf(s.memory.Snapshot())
	if s.writes == 0 || s.heard == 0 {
		t.Fatalf("%d writes, %d commits: it changes nothing", s.writes, s.heard)
	}
	return s
}

// shapeOf is what two stores have in common that differ in secrets only: how
// much is in each space, and which ids were handed out.
func shapeOf(s storagetest.Snapshot) map[string]string {
	counts, shape := map[string]int{}, map[string]string{}
	for key, value := range s.All() {
		if strings.HasPrefix(key, "\x00") {
			shape[key] = value
			continue
		}
		space, _, _ := strings.Cut(key, "/")
		counts[space]++
		shape[space] = fmt.Sprint(counts[space])
	}
	return shape
}

func (s *trial) try() {
	for n := 1; n <= s.writes; n++ {
		s.failing(fmt.Sprintf("write %d of %d", n, s.writes), storagetest.Fault{Write: n}, core.CodeFull)
	}
	s.failing("a broken disk", storagetest.Fault{Write: s.writes, Err: errBroken}, core.CodeInternal)
	s.failing("the commit", storagetest.Fault{Commit: true}, core.CodeFull)
	s.unknown()
}

// failing does the act on a disk with a fault, and then on one without.
func (s *trial) failing(name string, fault storagetest.Fault, want core.Code) {
	s.Helper()
	s.memory.Restore(s.before)
	s.heard = 0
	s.disk.Arm(fault)
	if _, err := s.do(s.as); core.CodeOf(err) != want {
		s.Errorf("%s: got %v, want %q", name, err, want)
	}
	if s.heard > 0 {
		s.Errorf("%s: %d commits were told of", name, s.heard)
	}
	if !maps.Equal(s.before.All(), s.memory.Snapshot().All()) {
		s.Errorf("%s: something stayed", name)
	}
	s.disk.Arm(storagetest.Fault{})
	s.again(name)
}

// again does the act without a fault: it is as if there had been none.
func (s *trial) again(name string) {
	s.Helper()
	answer, err := s.do(s.as)
	if err != nil || !reflect.DeepEqual(answer, s.answer) {
		s.Errorf("%s, then again: %+v, %v; want %+v", name, answer, err, s.answer)
	}
	if got := shapeOf(s.memory.Snapshot()); !maps.Equal(got, s.shape) {
		s.Errorf("%s, then again: the store holds %v, want %v", name, got, s.shape)
	}
}

// unknown lets the act be saved though its caller hears that nobody knows. With
// the same key it is not done twice.
func (s *trial) unknown() {
	s.memory.Restore(s.before)
	s.disk.Arm(storagetest.Fault{Answer: true})
	if _, err := s.do(s.as); core.CodeOf(err) != core.CodeUnknownDone {
		s.Errorf("an unknown outcome: got %v", err)
	}
	done := s.memory.Snapshot().All()
	if got := shapeOf(s.memory.Snapshot()); !maps.Equal(got, s.shape) {
		s.Errorf("an unknown outcome: the store holds %v, want %v", got, s.shape)
	}
	s.disk.Arm(storagetest.Fault{})
	if s.row.unmarked {
		return
	}
	if _, err := s.do(s.as); err != nil {
		s.Errorf("the same key after an unknown outcome: %v", err)
	}
	if !maps.Equal(done, s.memory.Snapshot().All()) {
		s.Error("the same key did it twice")
	}
}

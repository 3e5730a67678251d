package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage"
	"willcall/storage/storagetest"
	"willcall/ui/text"
)

// openedThere opens a folder as the console does, with a small reserve.
func openedThere(t *testing.T, dir string, said *bytes.Buffer) (*house, error) {
	t.Helper()
	words, err := text.Load()
	check(t, err)
	return openFolder(t.Context(), words.In(text.English), streams{nil, said, said}, options{
		dir: dir, wall: core.SystemWall, random: coretest.Random(7), cost: demoCost(),
		storage: storage.Options{InitialMap: 8 << 20, Reserve: 1 << 20},
	})
}

// filledFolder is a closed data folder on a small disk with contacts in it.
func filledFolder(t *testing.T) (dir string) {
	t.Helper()
	c := newCrammed(t)
	for i := range 20 {
		_, err := c.create(fmt.Sprintf("early%d", i))
		check(t, err)
	}
	check(t, c.close())
	return c.dir
}

// TestAFullDiskIsOpenedForReadingAndRemoving without a byte left on it. Where
// there is no reserve to give up, a removal may be refused too; where there never
// was one, what is removed may make room for something else.
func TestAFullDiskIsOpenedForReadingAndRemoving(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lose         func(dir string) error
		spare, never bool
	}{
		"a reserve to give up":   {func(string) error { return nil }, true, false},
		"its reserve given up":   {func(dir string) error { return os.Truncate(filepath.Join(dir, storage.ReserveName), 0) }, false, false},
		"never room for reserve": {func(dir string) error { return os.Remove(filepath.Join(dir, storage.ReserveName)) }, false, true},
		"a log that can't be written": {func(dir string) error {
			return os.Mkdir(filepath.Join(dir, logName), 0o700)
		}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filledFolder(t)
			check(t, c.lose(dir))
			defer storagetest.Occupy(t, dir, 0)()
			opensFull(t, dir, c.spare, c.never)
		})
	}
}

// opensFull opens a folder on a full disk and works there.
func opensFull(t *testing.T, dir string, spare, never bool) {
	t.Helper()
	var said bytes.Buffer
	h, err := openedThere(t, dir, &said)
	check(t, err)
	_, err = os.ReadFile(filepath.Join(dir, logName))
	if unwritten := err != nil && !errors.Is(err, fs.ErrNotExist); unwritten != (said.Len() > 0) {
		t.Errorf("it says %q, and the log: %v", said.String(), err)
	}
	c := &crammed{house: h, t: t}
	c.signIn()
	all := c.find()
	if all.Total != 20 {
		t.Errorf("%d contacts are listed", all.Total)
	}
	removed := 0
	for _, row := range all.Rows[:2] {
		switch err := c.remove(row.ID); {
		case err == nil:
			removed++
		case spare || core.CodeOf(err) != core.CodeFull:
			t.Errorf("remove %d: %v", row.ID, err)
		}
	}
	_, err = c.create("refused")
	if roomMade := never && removed > 0; core.CodeOf(err) != core.CodeFull && (err != nil || !roomMade) {
		t.Errorf("something was added: %v", err)
	}
	check(t, h.close())
}

// TestWhatCantBeginOnAFullDisk says what for and how much room it needs.
func TestWhatCantBeginOnAFullDisk(t *testing.T) {
	t.Parallel()
	old, database := unpackSchema1(t)
	for name, c := range map[string]struct {
		left   int64
		there  []string
		reason storage.Reason
		need   bool
	}{
		"a first start": {0, nil, storage.ReasonFull, false},
		"a migration":   {int64(len(database) / 2), []string{storage.DatabaseName, storage.KeyName}, storage.ReasonMigration, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := storagetest.SmallDisk(t, 4<<20)
			for _, name := range c.there {
				raw, err := os.ReadFile(filepath.Join(old, name))
				check(t, err)
				check(t, os.WriteFile(filepath.Join(dir, name), raw, 0o600))
			}
			release := storagetest.Occupy(t, dir, c.left)
			_, err := openedThere(t, dir, &bytes.Buffer{})
			var refused *storage.Refusal
			if !errors.As(err, &refused) || refused.Reason != c.reason {
				t.Fatalf("got %v", err)
			}
			room := (*storage.NoRoomError)(nil)
			if c.need != (errors.As(err, &room) && room.Need > room.Free && room.Free <= c.left) {
				t.Errorf("it needs %+v", room)
			}
			release()
			h, err := openedThere(t, dir, &bytes.Buffer{})
			check(t, err)
			check(t, h.close())
		})
	}
}

//go:build linux

package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/setup"
	"willcall/mailer/capture"
	"willcall/storage"
)

// limitedVariable tells the test binary that it is the process whose files are
// limited.
const limitedVariable = "WILLCALL_TEST_LIMITED"

// TestFullDisk holds that what the disk has no room for is done in whole or not
// at all, at every write of it, that reading goes on, and that it is done once
// there is room. A process of its own has the largest size of its files set,
// which the system enforces at each write.
func TestFullDisk(t *testing.T) {
	if os.Getenv(limitedVariable) == "" {
		t.Parallel()
		inLimitedProcess(t)
		return
	}
	signal.Ignore(syscall.SIGXFSZ) // writes fail instead
	t.Run("contact", func(t *testing.T) { everyWrite(t, (*limited).contact) })
	t.Run("import", func(t *testing.T) { everyWrite(t, (*limited).bringIn) })
	t.Run("captured mail", everyByteOfAMail)
	t.Run("backup", everyPartOfABackup)
	t.Run("migration", everyPartOfAMigration)
}

func inLimitedProcess(t *testing.T) {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), path, "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), limitedVariable+"=1")
	said, err := child.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	if !strings.Contains(string(said), "--- PASS: "+t.Name()) {
		t.Errorf("nothing was tried:\n%s", said)
	}
}

// limitTo sets the size that no file of this process may pass.
func limitTo(t *testing.T, size uint64) {
	t.Helper()
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}); err != nil {
		t.Fatal(err)
	}
}

func unlimit(t *testing.T) {
	t.Helper()
	limitTo(t, unix.RLIM_INFINITY)
}

// limited is a house whose files are limited.
type limited struct {
	*house
	t    *testing.T
	done int // acts
}

func newLimited(t *testing.T) *limited {
	t.Helper()
	// The size allowed settles by how much the file grows at a time.
	h, err := openHouse(t.Context(), options{
		dir: t.TempDir(), wall: core.SystemWall, random: coretest.Random(7), cost: demoCost(),
		storage: storage.Options{InitialMap: 8 << 20, MaxSize: 8 << 20, Reserve: 256 << 10}, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unlimit(t)
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := h.setup.Do(t.Context(), coretest.Draft()); err != nil {
		t.Fatal(err)
	}
	return &limited{house: h, t: t}
}

// contact makes a contact with a validation mail.
func (l *limited) contact(ctx context.Context) error {
	l.done++
	offer, err := l.contacts.Offer(ctx, local(), core.ContactIndividual, 0)
	if err != nil {
		return err
	}
	d := writtenAs(fmt.Sprintf("full%d", l.done), 0)
	d.Notes = ""
	_, err = l.contacts.Create(ctx, local(), d, offer.Suggested)
	return err
}

// untold is no past.
func untold(*contacts.Contact) []core.Entry { return nil }

// bringIn imports fifty contacts in one act.
func (l *limited) bringIn(ctx context.Context) error {
	s, err := newSampler(l.clock.Effective())
	if err != nil {
		return err
	}
	var groups []group
	for count(groups) < 50 {
		groups = append(groups, s.group())
	}
	return bringIn(ctx, l.ago(0, setup.Made{}).desk, local().Institution, groups, untold)
}

// everyWrite tries an act with the limit at every page, up to where it is done.
func everyWrite(t *testing.T, act func(l *limited, ctx context.Context) error) {
	l := newLimited(t)
	refused := 0
	for size := uint64(0); ; size += uint64(os.Getpagesize()) {
		before := l.dump()
		limitTo(t, size)
		err := act(l, t.Context())
		l.reads()
		unlimit(t)
		if err == nil {
			break
		}
		refused++
		l.saysFull(err)
		if l.dump() != before {
			t.Fatalf("files of %d bytes at most: %v, and something was saved", size, err)
		}
		if l.store.Room().Spent {
			t.Fatalf("files of %d bytes at most: space is spent when there is room again", size)
		}
		if refused&(refused-1) != 0 { // not each time: the file would outgrow the limit
			continue
		}
		if err := act(l, t.Context()); err != nil {
			t.Fatalf("files of %d bytes at most: again with room: %v", size, err)
		}
	}
	if refused < 10 {
		t.Errorf("only %d tries were refused", refused)
	}
	if err := act(l, t.Context()); err != nil {
		t.Errorf("again with room: %v", err)
	}
	l.sound()
}

// saysFull expects the sentence of a full disk.
func (l *limited) saysFull(err error) {
	l.t.Helper()
	p := l.words.In("en")
	if want := p.Error(core.Refuse(core.CodeFull)); !errors.Is(err, core.ErrFull) && core.CodeOf(err) != core.CodeFull || explain(p, err) != want {
		l.t.Fatalf("says %q (%v), want %q", explain(p, err), err, want)
	}
}

// reads expects that everybody can still read.
func (l *limited) reads() {
	l.t.Helper()
	if _, err := l.contacts.Find(l.t.Context(), local(), contacts.Query{}); err != nil {
		l.t.Fatalf("nothing can be read: %v", err)
	}
}

// dump is a sum of everything in the database, as it would be found after the process
// was killed now.
func (l *limited) dump() (sum [sha256.Size]byte) {
	l.t.Helper()
	raw, err := os.ReadFile(filepath.Join(l.dir, storage.DatabaseName))
	path := filepath.Join(l.t.TempDir(), "copy.db")
	if err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true}) //nolint:forbidigo // a copy, of which everything is read
	if err != nil {
		l.t.Fatal(err)
	}
	all := sha256.New()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(key, value []byte) error {
				for _, part := range [][]byte{name, key, value} {
					_, _ = all.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part)))) // never fails, as documented
					_, _ = all.Write(part)
				}
				return nil
			})
		})
	})
	if err := errors.Join(err, db.Close(), os.Remove(path)); err != nil {
		l.t.Fatal(err)
	}
	return [sha256.Size]byte(all.Sum(nil))
}

// sound expects that the database holds together.
func (l *limited) sound() {
	l.t.Helper()
	if err := l.store.Check(l.t.Context(), func(err error) { l.t.Error(err) }); err != nil {
		l.t.Error(err)
	}
}

// everyByteOfAMail captures a mail with the limit at steps within its record,
// and within the header of the segment that is begun for it.
func everyByteOfAMail(t *testing.T) {
	dir := t.TempDir()
	box := openBox(t, dir)
	raw := mailOf("full")
	kept, refused := 0, 0
	for size := uint64(0); size <= uint64(3*len(raw)); size += 511 {
		limitTo(t, size)
		_, err := box.Append(t.Context(), mail.Envelope{At: coretest.Start()}, raw)
		unlimit(t)
		if err == nil {
			kept++
			continue
		}
		refused++
		if !errors.Is(err, core.ErrFull) {
			t.Fatalf("files of %d bytes at most: %v", size, err)
		}
		if n := mailsIn(t, box); n != kept {
			t.Fatalf("files of %d bytes at most: %d mails, want %d", size, n, kept)
		}
		if _, err := box.Append(t.Context(), mail.Envelope{At: coretest.Start()}, raw); err != nil {
			t.Fatalf("files of %d bytes at most: again with room: %v", size, err)
		}
		kept++
	}
	if refused < 10 {
		t.Errorf("only %d tries were refused", refused)
	}
	if err := box.Close(); err != nil {
		t.Error(err)
	}
	again := openBox(t, dir)
	if n := mailsIn(t, again); n != kept {
		t.Errorf("opened again it holds %d mails, want %d", n, kept)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func openBox(t *testing.T, dir string) *capture.Log {
	t.Helper()
	box, err := capture.Open(t.Context(), dir, capture.Options{SegmentBytes: 40_000, Report: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func mailsIn(t *testing.T, box *capture.Log) int {
	t.Helper()
	page, err := box.List(t.Context(), mail.Query{Everything: true, Limit: 1 << 20})
	if err != nil || len(page.Messages) != page.Total {
		t.Errorf("%d of %d mails are listed: %v", len(page.Messages), page.Total, err)
	}
	return page.Total
}

// everyPartOfABackup makes a backup with the limit at steps within its files.
func everyPartOfABackup(t *testing.T) {
	l := newLimited(t)
	if err := l.bringIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	refused := 0
	for size := uint64(0); ; size += 8 << 10 {
		limitTo(t, size)
		_, err := backUp(t.Context(), l.house, folder)
		l.reads()
		unlimit(t)
		left := filesIn(t, folder)
		if err == nil {
			break
		}
		refused++
		if said := explain(l.words.In("en"), err); core.CodeOf(err) != core.CodeFull || !strings.Contains(said, folder) {
			t.Fatalf("says %q (%v), and not that the disk of %s is full", said, err, folder)
		}
		if len(left) > 0 {
			t.Fatalf("files of %d bytes at most: left %v", size, left)
		}
	}
	if refused < 10 {
		t.Errorf("only %d tries were refused", refused)
	}
	if _, err := backUp(t.Context(), l.house, t.TempDir()); err != nil {
		t.Errorf("again with room: %v", err)
	}
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Delete(names, 0, 1)
}

// everyPartOfAMigration opens a folder of an older schema with the limit at
// steps within the database that is made of it.
func everyPartOfAMigration(t *testing.T) {
	l := newLimited(t)
	if err := l.bringIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	age(t, l.dir)
	before, left := l.dump(), filesIn(t, l.dir)
	refused := 0
	for size := uint64(0); ; size += 4 << 10 {
		limitTo(t, size)
		store, err := storage.Open(t.Context(), l.dir, storage.Options{InitialMap: 1 << 20, Reserve: -1})
		unlimit(t)
		if err == nil {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
			break
		}
		refused++
		if !errors.Is(err, core.ErrFull) {
			t.Fatalf("files of %d bytes at most: %v", size, err)
		}
		if now := filesIn(t, l.dir); l.dump() != before || !slices.Equal(now, left) {
			t.Fatalf("files of %d bytes at most: %v, and the folder is another: %v", size, err, now)
		}
	}
	if refused < 10 {
		t.Errorf("only %d tries were refused", refused)
	}
}

package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"willcall/core"
)

const whole core.Space = "whole"

// marker is in every value of things, to find its pages by.
const marker = "a value of a thing"

// rewrite changes pages of a file that is in use.
func rewrite(t *testing.T, path string, change func(page []byte)) {
	t.Helper()
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	page := make([]byte, os.Getpagesize())
	for at := int64(0); at < info.Size(); at += int64(len(page)) {
		if _, err := file.ReadAt(page, at); err != nil {
			t.Fatal(err)
		}
		change(page)
		if _, err := file.WriteAt(page, at); err != nil {
			t.Fatal(err)
		}
	}
}

// Where bbolt keeps the kind of a page, the number of its elements, and of each
// element the size of its value.
const (
	kindAt    = 8
	countAt   = 10
	elementAt = 16
	sizeAt    = 12
)

// damages are ways to spoil a page with values.
func damages() map[string]func(page []byte) {
	return map[string]func(page []byte){
		"the kind of a page": func(page []byte) { binary.NativeEndian.PutUint16(page[kindAt:], 0x40) },
		"the sizes of values": func(page []byte) {
			for i := range int(binary.NativeEndian.Uint16(page[countAt:])) {
				binary.NativeEndian.PutUint32(page[elementAt*(i+1)+sizeAt:], 200<<20)
			}
		},
	}
}

// spoiled is a store in which everything of things is damaged, and one space is
// not.
func spoiled(t *testing.T, damage func(page []byte)) *Store {
	t.Helper()
	s := still(t)
	serve(s, updates(t, func(tx core.Tx) error {
		if err := tx.Put(whole, []byte("a"), []byte("a")); err != nil {
			return err
		}
		for i := range 500 {
			if err := tx.Put(things, fmt.Appendf(nil, "%04d", i), []byte(marker)); err != nil {
				return err
			}
		}
		return nil
	})...)
	rewrite(t, s.path, func(page []byte) {
		if bytes.Contains(page, []byte(marker)) {
			damage(page)
		}
	})
	return s
}

func ignore(_, _ []byte) error { return nil }

func TestReadingDamageIsAnError(t *testing.T) {
	t.Parallel()
	for name, damage := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := spoiled(t, damage)
			for call, fn := range map[string]func(v core.View) error{
				"get":     func(v core.View) error { _, err := v.Get(things, []byte("0100")); return err },
				"ascend":  func(v core.View) error { return v.Ascend(things, nil, nil, ignore) },
				"descend": func(v core.View) error { return v.Descend(things, nil, nil, ignore) },
			} {
				err := s.View(t.Context(), fn)
				if !errors.Is(err, core.ErrDamaged) || core.CodeOf(err) != core.CodeDamaged {
					t.Errorf("%s: %v", call, err)
				}
			}
			err := s.View(t.Context(), func(v core.View) error { return v.Ascend(whole, nil, nil, ignore) })
			if err != nil {
				t.Errorf("what isn't damaged: %v", err)
			}
		})
	}
}

// TestWritingDamageIsAnError also holds that others of the group are kept, and
// that an update can't commit by hiding the error.
func TestWritingDamageIsAnError(t *testing.T) {
	t.Parallel()
	breakPage := damages()["the kind of a page"]
	for name, c := range map[string]struct {
		damage func(page []byte)
		fn     func(tx core.Tx) error
	}{
		"in the call": {breakPage, func(tx core.Tx) error {
			_ = tx.Put(things, []byte("0100x"), []byte(marker))
			return nil
		}},
		"in the commit, which joins a page with the next": {
			func(page []byte) {
				if !bytes.Contains(page, []byte("0000")) {
					breakPage(page)
				}
			},
			func(tx core.Tx) error {
				for i := range 40 {
					if err := tx.Delete(things, fmt.Appendf(nil, "%04d", i)); err != nil {
						return err
					}
				}
				return nil
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := spoiled(t, c.damage)
			all := updates(t, keeping("b"), c.fn, keeping("c"))
			serve(s, all...)
			if err := all[1].ending.err; !errors.Is(err, core.ErrDamaged) {
				t.Errorf("an update of damaged pages: %v", err)
			}
			serve(s, updates(t, keeping("d"))...)
			expectWhole(t, s, "abcd")
		})
	}
}

func keeping(key string) func(core.Tx) error {
	return func(tx core.Tx) error { return tx.Put(whole, []byte(key), nil) }
}

func expectWhole(t *testing.T, s *Store, want string) {
	t.Helper()
	var got []byte
	err := s.View(t.Context(), func(v core.View) error {
		return v.Ascend(whole, nil, nil, func(key, _ []byte) error { got = append(got, key...); return nil })
	})
	if err != nil || string(got) != want {
		t.Errorf("beside the damage is %q, %v; want %q", got, err, want)
	}
}

func TestPanicsOfFunctionsAreTheirOwn(t *testing.T) {
	t.Parallel()
	s := spoiled(t, damages()["the kind of a page"])
	boom := func(_, _ []byte) error { panic("boom") }
	for name, fn := range map[string]func(v core.View) error{
		"ascend":  func(v core.View) error { return v.Ascend(whole, nil, nil, boom) },
		"descend": func(v core.View) error { return v.Descend(whole, nil, nil, boom) },
	} {
		func() {
			defer func() {
				if value := recover(); value != "boom" {
					t.Errorf("%s: the panic came back as %v", name, value)
				}
			}()
			t.Errorf("%s returned %v", name, s.View(t.Context(), fn))
		}()
	}
}

// TestLostMetaPages destroys both meta pages of a store in use, at which bbolt
// would end with its locks held. What was under way goes on, every other call
// says what is wrong, and the file is let go of.
func TestLostMetaPages(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := Open(t.Context(), path, Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(core.View) error {
		rewrite(t, path, func(page []byte) { clear(page) })
		for name, call := range map[string]func() error{
			"view":   func() error { return s.View(t.Context(), func(core.View) error { return nil }) },
			"update": func() error { return s.Update(t.Context(), writing("a")) },
			"copy":   func() error { return s.Copy(t.Context(), path+".copy", nil) },
			"check": func() error {
				var found error
				err := s.Check(t.Context(), func(fault error) { found = fault })
				return errors.Join(err, found)
			},
			"rewriting": func() error { _, err := s.rewrite(t.Context(), path+".kept", remake{}, nil); return err },
		} {
			for range 2 {
				if err := call(); !errors.Is(err, core.ErrDamaged) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Error(err)
	}
}

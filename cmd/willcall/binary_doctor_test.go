package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"
	"go.etcd.io/bbolt"

	"willcall/core"
	"willcall/storage"
)

// spoil damages a data folder that nobody has open: "spoil FOLDER SPACE" turns a
// bit of the space's last entry, "spoil FOLDER pages" swaps two entries of a page
// of the database, "spoil FOLDER root" destroys the page that leads to all others
// and that of the state before, "spoil FOLDER header" the older copy of the header, "spoil FOLDER mail" bytes of
// a segment.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "spoil FOLDER SPACE")
	dir := ts.MkAbs(args[0])
	switch args[1] {
	case "pages":
		ts.Check(spoilPages(filepath.Join(dir, storage.DatabaseName)))
	case "header":
		path := filepath.Join(dir, storage.DatabaseName)
		page, err := olderHeader(path)
		ts.Check(errors.Join(err, spoilPage(path, page)))
	case "root":
		path := filepath.Join(dir, storage.DatabaseName)
		newer, older, err := roots(path)
		ts.Check(err)
		ts.Check(errors.Join(spoilPage(path, newer), spoilPage(path, older)))
	case "mail":
		names, err := filepath.Glob(filepath.Join(dir, "captured", "*.seg"))
		ts.Check(err)
		raw, err := os.ReadFile(names[0])
		ts.Check(err)
		clear(raw[len(raw)/2 : len(raw)/2+20])
		ts.Check(os.WriteFile(names[0], raw, 0o600))
	default:
		ts.Check(spoilEntry(dir, core.Space(args[1])))
	}
}

func spoilEntry(dir string, space core.Space) error {
	ctx := context.Background()
	store, err := storage.Open(ctx, dir, storage.Options{NoSync: true})
	if err != nil {
		return err
	}
	err = store.Update(ctx, func(tx core.Tx) error {
		var key, raw []byte
		err := tx.Descend(space, nil, nil, func(k, value []byte) error {
			key, raw = bytes.Clone(k), bytes.Clone(value)
			return core.Stop
		})
		if err != nil || len(raw) == 0 {
			return tx.Put(space, append(key, 'x'), raw)
		}
		raw[len(raw)/2] ^= 0x10
		return tx.Put(space, key, raw)
	})
	if closeErr := store.Close(); err == nil {
		err = closeErr
	}
	return err
}

// spoilPages makes an element of the largest leaf page in use lie in the wrong
// order: the file opens, and can be read.
func spoilPages(path string) error {
	const head, element = 16, 16
	size := int64(os.Getpagesize())
	leaf, err := largestLeaf(path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	pair := make([]byte, 2*element)
	_, err = file.ReadAt(pair, leaf*size+head)
	if err == nil {
		// The positions of keys count from their own element.
		shift := func(e []byte, by int) {
			position := int64(binary.NativeEndian.Uint32(e[4:])) + int64(by)
			binary.NativeEndian.PutUint32(e[4:], uint32(position))
		}
		shift(pair[:element], -element)
		shift(pair[element:], element)
		_, err = file.WriteAt(slices.Concat(pair[element:], pair[:element]), leaf*size+head)
	}
	return errors.Join(err, file.Close())
}

// spoilPage overwrites a page.
func spoilPage(path string, id int64) error {
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	size := os.Getpagesize()
	_, err = file.WriteAt(bytes.Repeat([]byte{0xa5}, size), id*int64(size))
	return errors.Join(err, file.Close())
}

// header is what tells one copy of a database's header from the other: its
// number, which rises with each commit, and the page that leads to all others.
type header struct {
	number uint64
	root   int64
}

// headers are the two copies, in pages 0 and 1.
func headers(path string) (both [2]header, err error) {
	const rootAt, numberAt = 32, 64
	raw, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return both, err
	}
	for i := range both {
		page := raw[i*os.Getpagesize():]
		both[i] = header{binary.NativeEndian.Uint64(page[numberAt:]), int64(binary.NativeEndian.Uint32(page[rootAt:]))}
	}
	return both, nil
}

// olderHeader is the page of the copy that the last commit left alone: without it
// nothing is lost.
func olderHeader(path string) (page int64, err error) {
	both, err := headers(path)
	if both[1].number < both[0].number {
		page = 1
	}
	return page, err
}

// roots are the pages that lead to all others, as the two copies of the header
// have them.
func roots(path string) (newer, older int64, err error) {
	both, err := headers(path)
	if both[1].number > both[0].number {
		return both[1].root, both[0].root, err
	}
	return both[0].root, both[1].root, err
}

func rootPage(path string) (int64, error) {
	newer, _, err := roots(path)
	return newer, err
}

// largestLeaf is the leaf page with most elements on it.
func largestLeaf(path string) (leaf int64, err error) {
	most := 1
	err = eachPage(path, func(id int64, kind string, entries int) {
		if kind == "leaf" && entries > most {
			most, leaf = entries, id
		}
	})
	return leaf, err
}

// eachPage calls fn for every page of a database, but for what belongs to the one
// before.
func eachPage(path string, fn func(id int64, kind string, entries int)) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true}) //nolint:forbidigo // to find pages to spoil
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		for id := 2; ; id++ {
			page, err := tx.Page(id)
			if page == nil || err != nil {
				return err
			}
			fn(int64(id), page.Type, page.Count)
			id += page.OverflowCount
		}
	})
	return errors.Join(err, db.Close())
}

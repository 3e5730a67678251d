package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"willcall/core"
	"willcall/storage"
)

// spoil damages a data folder that nobody has open: "spoil FOLDER SPACE" turns a
// bit of the space's last entry, "spoil FOLDER pages" destroys the heads of
// pages in the middle of the database, "spoil FOLDER mail" bytes of a segment.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "spoil FOLDER SPACE")
	dir := ts.MkAbs(args[0])
	switch args[1] {
	case "pages":
		ts.Check(spoilPages(filepath.Join(dir, storage.DatabaseName)))
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

// spoilPages makes an element of the largest leaf page lie in the wrong order:
// the file opens, and can be read.
func spoilPages(path string) error {
	raw, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return err
	}
	const leaf, head, element = 0x02, 16, 16
	size, most, at := os.Getpagesize(), uint16(2), 0
	for page := 2 * size; page < len(raw); page += size {
		flags, count := binary.NativeEndian.Uint16(raw[page+8:]), binary.NativeEndian.Uint16(raw[page+10:])
		if flags == leaf && count > most && int(count) < size/element {
			most, at = count, page+head
		}
	}
	first := bytes.Clone(raw[at : at+element])
	second := bytes.Clone(raw[at+element : at+2*element])
	// The positions of keys count from their own element.
	shift := func(e []byte, by int) {
		position := int64(binary.NativeEndian.Uint32(e[4:])) + int64(by)
		binary.NativeEndian.PutUint32(e[4:], uint32(position))
	}
	shift(first, -element)
	shift(second, element)
	copy(raw[at:], second)
	copy(raw[at+element:], first)
	return os.WriteFile(path, raw, 0o600)
}

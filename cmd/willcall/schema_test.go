package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/validation"
	"willcall/storage"
	"willcall/storage/bolt"
)

// pastSchemas is where a database of every past schema lies, as the program of
// its time made it: a demo with 60 contacts, packed, with its key.
func pastSchemas() string { return filepath.Join("..", "..", "testdata", "schema") }

// unpackSchema1 makes the data folder of schema 1, and gives its database.
func unpackSchema1(t *testing.T) (dir string, database []byte) {
	t.Helper()
	file, err := os.Open(filepath.Join(pastSchemas(), "1.db.gz"))
	check(t, err)
	defer func() { check(t, file.Close()) }()
	packed, err := gzip.NewReader(file)
	check(t, err)
	database, err = io.ReadAll(packed)
	check(t, err)
	digits, err := os.ReadFile(filepath.Join(pastSchemas(), "1.key.hex"))
	check(t, err)
	key, err := hex.DecodeString(string(bytes.TrimSpace(digits)))
	check(t, err)
	dir = t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, storage.DatabaseName), database, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, storage.KeyName), key, 0o600))
	return dir, database
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openMigrated(t *testing.T, dir string, migrated func(string)) *house {
	t.Helper()
	h, err := openHouse(t.Context(), options{
		dir: dir, wall: core.SystemWall, random: coretest.Random(7), cost: demoCost(),
		storage: storage.Options{NoSync: true, InitialMap: 1 << 20, Migrated: migrated}, log: slog.New(slog.DiscardHandler),
	})
	check(t, err)
	t.Cleanup(func() { check(t, h.close()) })
	return h
}

func TestDataOfSchema1Opens(t *testing.T) {
	t.Parallel()
	dir, before := unpackSchema1(t)
	var kept string
	h := openMigrated(t, dir, func(name string) { kept = name })
	if want := filepath.Join(dir, storage.DatabaseName+".schema-1"); kept != want {
		t.Errorf("kept as %q, want %q", kept, want)
	}
	after, err := os.ReadFile(filepath.Clean(kept))
	if err != nil || !bytes.Equal(after, before) {
		t.Errorf("what was kept is another database (%v)", err)
	}
	expectSameRecords(t, h.store, before)
	in, err := coretest.SignIn(t.Context(), h.operators, demoOwner, demoPassword)
	check(t, err)
	req := core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institutions[0], Organisation: 1}
	all, err := h.contacts.Find(t.Context(), req, contacts.Query{Limit: 1000})
	check(t, err)
	if len(all.Rows) != 60 {
		t.Fatalf("%d contacts listed, want 60", len(all.Rows))
	}
	for _, row := range all.Rows {
		expectFound(t, h, req, row)
	}
	_, err = h.contacts.Create(t.Context(), req, coretest.Person("Nora", "Neu", ""), validation.Context{})
	check(t, err)
}

// expectSameRecords holds the contacts of a store against those of a database of
// schema 1: between the format and the checksum nothing is changed.
func expectSameRecords(t *testing.T, now core.Store, before []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "before.db")
	check(t, os.WriteFile(path, before, 0o600))
	then, err := bolt.Open(t.Context(), path, bolt.Options{NoSync: true, InitialMap: 1 << 20})
	check(t, err)
	old, sealed := contactsIn(t, then), contactsIn(t, now)
	check(t, then.Close())
	if len(old) < 60 || len(sealed) != len(old) { // those that were removed are still there
		t.Errorf("%d records, %d before", len(sealed), len(old))
	}
	for key, value := range old {
		if got := sealed[key]; len(got) != len(value)+coretest.SumSize || got[1:len(value)] != value[1:] {
			t.Errorf("record %x was %q and is %q", key, value, got)
		}
	}
}

func contactsIn(t *testing.T, store core.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	check(t, store.View(t.Context(), func(v core.View) error {
		return v.Ascend("contacts", nil, nil, func(key, value []byte) error {
			all[string(key)] = string(value)
			return nil
		})
	}))
	return all
}

// expectFound looks for a contact by its number and reads it.
func expectFound(t *testing.T, h *house, req core.Request, row contacts.Row) {
	t.Helper()
	found, err := h.contacts.Find(t.Context(), req, contacts.Query{Text: contacts.NumberText(row.Number), Limit: 10})
	check(t, err)
	if len(found.Rows) == 0 || found.Rows[0].ID != row.ID {
		t.Errorf("contact %d is not found by its number", row.Number)
	}
	shown, err := h.contacts.Show(t.Context(), req, row.ID)
	check(t, err)
	if shown.Number != row.Number || shown.Listed() == "" {
		t.Errorf("contact %d reads %+v", row.Number, shown.Contact)
	}
}

// TestDataOfSchema1IsNotOpenedWithAnothersKey though it doesn't know its own.
func TestDataOfSchema1IsNotOpenedWithAnothersKey(t *testing.T) {
	t.Parallel()
	dir, before := unpackSchema1(t)
	own, err := os.ReadFile(keyFile(dir))
	check(t, err)
	check(t, os.WriteFile(keyFile(dir), bytes.Repeat([]byte{7}, len(own)), 0o600))
	expectRefused(t, dir, storage.ReasonKeyOther, keyFile(dir))
	if code := run(t.Context(), []string{"doctor", "--repair", "--data", dir}, streams{nil, io.Discard, io.Discard}); code != exitFailed {
		t.Errorf("the doctor ends with %d", code)
	}
	if after, err := os.ReadFile(database(dir)); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the database was changed: %v", err)
	}
	check(t, os.WriteFile(keyFile(dir), own, 0o600))
	openMigrated(t, dir, nil)
}

// TestOneDamagedSealIsNoReasonToRefuseTheKey: in data of schema 1 an entry of
// the outbox may lie in another one's place.
func TestOneDamagedSealIsNoReasonToRefuseTheKey(t *testing.T) {
	t.Parallel()
	dir, _ := unpackSchema1(t)
	store, err := bolt.Open(t.Context(), database(dir), bolt.Options{NoSync: true, InitialMap: 1 << 20})
	check(t, err)
	check(t, store.Update(t.Context(), func(tx core.Tx) error {
		var keys, values [][]byte
		err := tx.Ascend("outbox", nil, nil, func(key, value []byte) error {
			keys, values = append(keys, bytes.Clone(key)), append(values, bytes.Clone(value))
			return nil
		})
		if err != nil || len(keys) < 2 {
			return fmt.Errorf("%d entries, %w", len(keys), err)
		}
		return tx.Put("outbox", keys[0], values[len(values)-1]) // the only one with a seal
	}))
	check(t, store.Close())
	h := openMigrated(t, dir, nil)
	check(t, h.store.View(t.Context(), func(v core.View) error {
		closed, err := unopened(v, h.keys)
		if closed != 1 {
			t.Errorf("%d seals don't open", closed)
		}
		return err
	}))
}

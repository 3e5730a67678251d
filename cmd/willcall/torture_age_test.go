package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"willcall/core"
	"willcall/storage"
)

// firstSchema is the schema that [age] goes back to.
const firstSchema = 1

// age turns a folder that nobody has open back to schema 1, so that whoever
// opens it next migrates all that is in it.
func age(t *testing.T, dir string) {
	t.Helper()
	store, err := storage.Open(t.Context(), dir, storage.Options{InitialMap: 1 << 20, Reserve: -1})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Rewrite(t.Context(), filepath.Join(dir, "aged"), aged, nil)
	if err == nil {
		err = os.Remove(kept)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// aged is a value as schema 1 had it: records began with the byte 1 and had no
// checksum, other coded values were the bare fields, the epoch of secrets was 8
// bytes, and search lines and counts were no projections.
func aged(space core.Space, key, value []byte) ([]byte, error) {
	records := []core.Space{
		"activity", "contacts", "documents", "institutions", "mail.relay", "mail.tested", "operators",
		"operators.places", "organisations", "outbox", "points-of-sale", "sales-channels", "sessions",
		"validation.habit", "validation.last",
	}
	const sum = 4
	switch {
	case space == "meta" && string(key) == "schema":
		return []byte{7: firstSchema}, nil
	case space == "contacts.lines", space == "contacts.counts":
		return nil, nil
	case slices.Contains(records, space):
		return append([]byte{1}, value[1:len(value)-sum]...), nil
	case slices.Contains([]core.Space{"activity.personal", "documents.editions", "secrets"}, space):
		return slices.Clone(value[1 : len(value)-sum]), nil
	case space == "secrets.epoch":
		if value = value[1 : len(value)-sum]; len(value) == 0 { // the first one was not kept
			return nil, nil
		}
		epoch, _ := binary.Uvarint(value[1:])
		return binary.BigEndian.AppendUint64(nil, epoch), nil
	}
	return value, nil
}

// clear removes the backups and the former databases that a round left, which
// were looked at.
func (k *kills) clear() {
	k.t.Helper()
	if k.t.Failed() {
		return
	}
	finished, err := filepath.Glob(k.dir + "-backups/willcall-*")
	if err != nil {
		k.t.Fatal(err)
	}
	former, err := filepath.Glob(filepath.Join(k.dir, storage.DatabaseName+".schema-*"))
	if err != nil {
		k.t.Fatal(err)
	}
	for _, path := range slices.Concat(finished, former) {
		if err := os.RemoveAll(path); err != nil {
			k.t.Error(err)
		}
	}
}

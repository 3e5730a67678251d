// Package storagetest is the contract of [core.Store] as a test suite for every
// engine, and quick stores for the tests of others.
package storagetest

import (
	"path/filepath"
	"testing"

	"willcall/core"
	"willcall/storage/bolt"
)

// New gives an empty [Memory] that is closed at the test's end: what works on it
// is right on every engine, and it is quick.
func New(t testing.TB) core.Store {
	t.Helper()
	return NewMemory(t)
}

// Bolt opens an empty store in a folder of the test's own and closes it at the
// test's end. It doesn't sync to disk.
func Bolt(t testing.TB) core.Store {
	t.Helper()
	options := bolt.Options{NoSync: true, InitialMap: 4 << 20}
	store, err := bolt.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), options)
	if err != nil {
		t.Fatalf("open a store for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close the test's store: %v", err)
		}
	})
	return store
}

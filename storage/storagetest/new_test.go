package storagetest_test

import (
	"testing"

	"willcall/core"
	"willcall/storage/storagetest"
)

func TestNewStoreIsEmptyAndWorks(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	err := store.Update(t.Context(), func(tx core.Tx) error {
		id, err := tx.NewID(1, "things")
		if err != nil || id != 1 {
			t.Errorf("first id of a new store: %d, %v", id, err)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		storagetest.New(b)
	}
}

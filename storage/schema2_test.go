package storage

import (
	"testing"

	"willcall/core"
)

// TestEverySpaceOfSchema1IsSealed plants a value in each space that there was,
// by the names of then.
func TestEverySpaceOfSchema1IsSealed(t *testing.T) {
	t.Parallel()
	records := []core.Space{
		"activity", "contacts", "documents", "institutions", "mail.relay", "mail.tested", "operators",
		"operators.places", "organisations", "outbox", "points-of-sale", "sales-channels", "sessions",
		"validation.habit", "validation.last",
	}
	values := []core.Space{"activity.personal", "documents.editions", "secrets"}
	key := []byte("a key")
	folder := t.TempDir()
	plant(t, folder, func(tx core.Tx) error {
		for _, space := range records {
			if err := tx.Put(space, key, []byte("\x01\x01fields")); err != nil {
				return err
			}
		}
		for _, space := range values {
			if err := tx.Put(space, key, []byte("\x01fields")); err != nil {
				return err
			}
		}
		return setSchema(tx, 1)
	})
	store, err := Open(t.Context(), folder, quick())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	for _, space := range append(records, values...) {
		if got, want := valueIn(t, store, space, string(key)), string(seal2(space, key, []byte("\x01fields"))); got != want {
			t.Errorf("in %s is %q, want %q", space, got, want)
		}
	}
}

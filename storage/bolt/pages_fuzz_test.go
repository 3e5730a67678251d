package bolt

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"willcall/core"
)

// usedFile is a small store's file with pages that hold nothing.
func usedFile(tb testing.TB) []byte {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "store.db")
	store, err := Open(tb.Context(), path, Options{NoSync: true, InitialMap: 1 << 16})
	if err != nil {
		tb.Fatal(err)
	}
	for _, fn := range []func(core.Tx) error{
		func(tx core.Tx) error { return tx.Put("things", []byte("k"), make([]byte, 10_000)) },
		func(tx core.Tx) error { return tx.Delete("things", []byte("k")) },
	} {
		if err := store.Update(tb.Context(), fn); err != nil {
			tb.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// shrunk keeps the first bytes of each page, which are all that is read.
func shrunk(raw []byte, page, size int) []byte {
	var small []byte
	for ; len(raw) >= page; raw = raw[page:] {
		small = append(small, raw[:size]...)
	}
	return small
}

func FuzzReadUse(f *testing.F) {
	const size = metaEnd
	raw := shrunk(usedFile(f), os.Getpagesize(), size)
	if _, _, err := readUse(bytes.NewReader(raw), size); err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:size+10])
	f.Fuzz(func(t *testing.T, raw []byte) {
		used, free, err := readUse(bytes.NewReader(raw), size)
		if err == nil && (free < 0 || free > used || used < 1) {
			t.Errorf("%d pages used, %d of them free", used, free)
		}
	})
}

func TestReadUseGoesByTheNewestMetaPageThatHolds(t *testing.T) {
	t.Parallel()
	page := int64(os.Getpagesize())
	raw := usedFile(t)
	used, free, err := readUse(bytes.NewReader(raw), page)
	if err != nil || used < 6 || free < 2 || free >= used {
		t.Fatalf("%d pages used, %d free, %v", used, free, err)
	}
	for _, spoiled := range []int64{0, page} {
		torn := bytes.Clone(raw)
		torn[spoiled+metaNumber]++
		if _, _, err := readUse(bytes.NewReader(torn), page); err != nil {
			t.Errorf("with the meta page at %d torn: %v", spoiled, err)
		}
		torn[page-spoiled+metaNumber]++
		if _, _, err := readUse(bytes.NewReader(torn), page); err == nil {
			t.Error("both meta pages are torn, and were believed")
		}
	}
}

package storagetest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"willcall/core"
)

// refusedWrites are refused one by one and harm nothing else in their update.
func refusedWrites(t *testing.T, store core.Store) {
	large := bytes.Repeat([]byte("k"), maxKey+1)
	update(t, store, func(tx core.Tx) error {
		for name, err := range map[string]error{
			"an empty key":            tx.Put(things, nil, []byte("v")),
			"a key beyond the limit":  tx.Put(things, large, []byte("v")),
			"a space without a name":  tx.Put("", []byte("k"), []byte("v")),
			"a space of the engine's": tx.Put("\x00ids", []byte("k"), []byte("v")),
			"deleting in no space":    tx.Delete("", []byte("k")),
		} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		return putAll(tx, "a")
	})
	expectOnlyA(t, store)
}

// largestKey is the longest that has to be kept.
func largestKey(t *testing.T, store core.Store) {
	key := strings.Repeat("k", maxKey)
	fill(t, store, key)
	look(t, store, func(v core.View) error {
		expect(t, v, key, key)
		return nil
	})
}

// largeValues go over many pages of an engine.
func largeValues(t *testing.T, store core.Store) {
	value := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	update(t, store, func(tx core.Tx) error { return tx.Put(things, []byte("large"), value) })
	look(t, store, func(v core.View) error {
		got, err := v.Get(things, []byte("large"))
		if !bytes.Equal(got, value) {
			t.Errorf("%d bytes came back of %d, or others", len(got), len(value))
		}
		return err
	})
}

// impossibleKeys are not there, which is no error.
func impossibleKeys(t *testing.T, store core.Store) {
	fill(t, store, "a")
	update(t, store, func(tx core.Tx) error {
		for _, key := range [][]byte{nil, {}, bytes.Repeat([]byte("k"), maxKey+1)} {
			got, err := tx.Get(things, key)
			if got != nil || err != nil {
				t.Errorf("under a key of %d bytes: %q, %v", len(key), got, err)
			}
			if err := tx.Delete(things, key); err != nil {
				t.Errorf("delete a key of %d bytes: %v", len(key), err)
			}
		}
		return nil
	})
	expectOnlyA(t, store)
}

// namelessSpaces can't be read either.
func namelessSpaces(t *testing.T, store core.Store) {
	look(t, store, func(v core.View) error {
		never := func(_, _ []byte) error { return errRefused }
		_, err := v.Get("", []byte("k"))
		for name, err := range map[string]error{
			"get": err, "ascend": v.Ascend("", nil, nil, never), "descend": v.Descend("\x00ids", nil, nil, never),
		} {
			if err == nil || errors.Is(err, errRefused) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
}

// bytesStayInside holds that what was read doesn't change under its reader.
func bytesStayInside(t *testing.T, store core.Store) {
	keys := manyKeys()
	fill(t, store, keys...)
	update(t, store, func(tx core.Tx) error {
		got, err := tx.Get(things, []byte(keys[7]))
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := tx.Put(things, []byte(key), []byte("another value, and longer than the first")); err != nil {
				return err
			}
			if err := tx.Delete(things, []byte(key)); err != nil {
				return err
			}
		}
		if string(got) != keys[7] {
			t.Errorf("what was read as %q became %q", keys[7], got)
		}
		return nil
	})
}

// bytesComeBack holds that what was put is the caller's again afterwards.
func bytesComeBack(t *testing.T, store core.Store) {
	var key, value []byte
	update(t, store, func(tx core.Tx) error {
		key, value = []byte("a"), []byte("a")
		return tx.Put(things, key, value)
	})
	key[0], value[0] = 'x', 'x'
	expectOnlyA(t, store)
}

// cancelledRangeOfUpdate gives up everything that was written before.
func cancelledRangeOfUpdate(t *testing.T, store core.Store) {
	fill(t, store, "a")
	ctx, cancel := context.WithCancel(t.Context())
	err := store.Update(ctx, func(tx core.Tx) error {
		if err := putAll(tx, "b"); err != nil {
			return err
		}
		return tx.Descend(things, nil, nil, func(_, _ []byte) error {
			cancel()
			return nil
		})
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an update cancelled in a range: %v", err)
	}
	expectOnlyA(t, store)
}

// cancelledAfterwards can't take back what was answered.
func cancelledAfterwards(t *testing.T, store core.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := store.Update(ctx, func(tx core.Tx) error { return putAll(tx, "a") })
	cancel()
	if err != nil {
		t.Errorf("update: %v", err)
	}
	expectOnlyA(t, store)
}

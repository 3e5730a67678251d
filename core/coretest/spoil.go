package coretest

import (
	"bytes"

	"willcall/core"
	"willcall/core/contacts"
)

// Spoil breaks what is stored under a key as a disk would: nothing that was
// derived from it follows. What is left of the house isn't examined.
func (h *House) Spoil(space core.Space, key []byte) {
	h.T.Helper()
	h.damage(func(tx core.Tx) error { return tx.Put(space, key, []byte("spoilt")) })
}

// Lose takes away what is stored under a key, as [House.Spoil] breaks it.
func (h *House) Lose(space core.Space, key []byte) {
	h.T.Helper()
	h.damage(func(tx core.Tx) error { return tx.Delete(space, key) })
}

// damage changes what is stored, and puts back what followed from that.
func (h *House) damage(change func(core.Tx) error) {
	h.T.Helper()
	h.Damaged()
	kept := map[core.Space]map[string][]byte{}
	for _, derived := range contacts.Projection().Derived() {
		kept[derived] = map[string][]byte{}
		h.Must(h.Store.View(h.Ctx, func(v core.View) error {
			return v.Ascend(derived, nil, nil, func(key, value []byte) error {
				kept[derived][string(key)] = bytes.Clone(value)
				return nil
			})
		}))
	}
	h.Must(h.Store.Update(h.Ctx, change))
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		for derived, entries := range kept {
			for key, value := range entries {
				if err := tx.Put(derived, []byte(key), value); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

package bolt

import (
	"context"
	"fmt"

	"willcall/core"
)

// Header tells which of the two copies of the file's header, 1 and 2, are broken:
// their content has a checksum, how their pages begin has none. While one serves
// nothing else is lost than, where the other was newer, the last commit; every two
// commits write both anew. It is for a store that nobody writes to.
func (s *Store) Header() (broken []int) {
	for id := range 2 {
		if !s.holdsMeta(int64(id)) {
			broken = append(broken, id+1)
		}
	}
	return broken
}

func (s *Store) holdsMeta(id int64) bool {
	at := id * s.room.page
	if _, err := readMeta(s.metas, at); err != nil {
		return false
	}
	var raw [pageHeader]byte
	_, err := s.metas.ReadAt(raw[:], at)
	h := readHeader(raw[:])
	return err == nil && h.id == uint64(id) && h.kind == metaFlag //nolint:gosec // 0 or 1
}

// MendHeader writes both copies of the header anew, by two commits that change
// nothing else.
func (s *Store) MendHeader(ctx context.Context) error {
	for range 2 {
		err := s.Update(ctx, func(tx core.Tx) error {
			t, _ := tx.(*transaction)
			return t.remark()
		})
		if err != nil {
			return fmt.Errorf("mend the header: %w", err)
		}
	}
	if broken := s.Header(); len(broken) > 0 {
		return fmt.Errorf("mend the header: %w: its copies %v are still broken", core.ErrDamaged, broken)
	}
	return nil
}

// remark writes the engine's mark again, so that there is something to commit.
func (t *transaction) remark() (err error) {
	defer t.guard(&err)
	t.count()
	return mark(t.tx)
}

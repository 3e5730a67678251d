package bolt

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// idBucket holds the last id of each institution and space.
const idBucket = "\x00ids"

// LastID reads a counter of [core.Tx.NewID].
func (v *view) LastID(institution core.ID, space core.Space) (id core.ID, err error) {
	defer damaged(&err)
	if v.ended {
		return 0, errEnded
	}
	counters := v.tx.Bucket([]byte(idBucket))
	if counters == nil {
		return 0, nil
	}
	return lastID(counters, append(core.Prefix(institution), space...)), nil
}

func (t *transaction) NewID(institution core.ID, space core.Space) (id core.ID, err error) {
	defer t.guard(&err)
	if t.ended {
		return 0, errEnded
	}
	counters := t.tx.Bucket([]byte(idBucket))
	key := append(core.Prefix(institution), space...)
	id = lastID(counters, key) + 1
	if err := counters.Put(key, binary.BigEndian.AppendUint64(nil, uint64(id))); err != nil {
		return 0, fmt.Errorf("number in %s: %w", space, err)
	}
	t.count()
	return id, nil
}

func lastID(counters *bbolt.Bucket, key []byte) core.ID {
	raw := counters.Get(key)
	if len(raw) != 8 {
		return 0
	}
	return core.ID(binary.BigEndian.Uint64(raw))
}

package secret

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"willcall/core"
	"willcall/core/record"
)

// mostEpoch is more than epochs are ever raised to: a grant of a later one says
// nothing about the epoch.
const mostEpoch = 1 << 32

// Examine looks through the grants and the epoch by which they are voided. A
// grant whose contact is gone is in order: it says so when its link is followed.
// One of an institution that isn't there is deleted; known tells which are.
func Examine(v core.View, known func(institution core.ID) (bool, error), report func(record.Finding) error) error {
	var latest uint64
	err := grants().Examine(v, sha256.Size, report, func(key []byte, g Grant) error {
		if g.Epoch > mostEpoch {
			return report(record.Broken(spaceGrants, key, "epoch", nil))
		}
		latest = max(latest, g.Epoch)
		there, err := known(g.Institution)
		if err != nil || there {
			return err
		}
		return report(record.Surplus(record.FaultOrphan, spaceGrants, key, record.DetailInstitution))
	})
	if err != nil {
		return err
	}
	return examineEpoch(v, latest, report)
}

// examineEpoch reports an epoch that can't be read or is before that of a grant:
// links that were voided would be good again. It is raised past all of them.
func examineEpoch(v core.View, latest uint64, report func(record.Finding) error) error {
	err := v.Ascend(spaceEpoch, nil, nil, func(key, raw []byte) error {
		if bytes.Equal(key, epochKey()) && len(raw) == epochSize {
			return nil
		}
		if bytes.Equal(key, epochKey()) {
			return report(record.Finding{
				Fault: record.FaultBroken, Space: spaceEpoch, Key: epochKey(), Detail: "epoch", Mend: raiseAfter(latest),
			})
		}
		return report(record.Broken(spaceEpoch, key, record.DetailKey, nil))
	})
	if err != nil {
		return err
	}
	raw, err := v.Get(spaceEpoch, epochKey())
	if err != nil || raw != nil && len(raw) != epochSize || len(raw) == epochSize && binary.BigEndian.Uint64(raw) >= latest {
		return err
	}
	if raw == nil && latest == 0 {
		return nil
	}
	return report(record.Finding{
		Fault: record.FaultWrong, Space: spaceEpoch, Key: epochKey(), Detail: "epoch", Mend: raiseAfter(latest),
	})
}

const epochSize = 8

func epochKey() []byte { return []byte("epoch") }

// raiseAfter voids every grant of an epoch up to latest.
func raiseAfter(latest uint64) func(core.Tx) error {
	return func(tx core.Tx) error {
		return tx.Put(spaceEpoch, epochKey(), binary.BigEndian.AppendUint64(nil, latest+1))
	}
}

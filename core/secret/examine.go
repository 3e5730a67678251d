package secret

import (
	"bytes"
	"errors"

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
	err := grants().Examine(v, digestSize, report, func(key []byte, g Grant) error {
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

// examineEpoch reports an epoch that can't be read, is missing beside grants or is
// before that of one: links that were voided would be good again. It is raised
// past all of them.
func examineEpoch(v core.View, latest uint64, report func(record.Finding) error) error {
	err := v.Ascend(spaceEpoch, nil, nil, func(key, _ []byte) error {
		if bytes.Equal(key, epochKey()) {
			return nil
		}
		return report(record.Broken(spaceEpoch, key, record.DetailKey, nil))
	})
	if err != nil {
		return err
	}
	f := record.Finding{Space: spaceEpoch, Key: epochKey(), Detail: "epoch", Mend: mendEpoch}
	now, found, err := epochs().Get(v, epochKey())
	switch {
	case errors.Is(err, record.ErrMalformed):
		f.Fault, f.Cause = record.FaultBroken, err
	case err != nil:
		return err
	case found && now.Number < latest:
		f.Fault = record.FaultWrong
	case found:
		return nil
	default:
		if _, _, err := readEpoch(v); !errors.Is(err, core.ErrDamaged) {
			return err
		}
		f.Fault = record.FaultMissing
	}
	return report(f)
}

// mendEpoch raises an epoch that is still not in order.
func mendEpoch(tx core.Tx) error {
	latest, err := latestEpoch(tx)
	if err != nil {
		return err
	}
	wrong := false
	err = examineEpoch(tx, latest, func(f record.Finding) error {
		wrong = wrong || f.Detail == "epoch"
		return nil
	})
	if err != nil || !wrong {
		return err
	}
	return RaiseEpoch(tx)
}

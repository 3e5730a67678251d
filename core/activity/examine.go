package activity

import (
	"willcall/core"
	"willcall/core/record"
)

// Examine looks through the journal: its entries, what finds them by subject,
// and the personal details beside them. An entry without its details was erased;
// details without their entry are moved into quarantine with it. known tells
// which operators there are: notices to nobody are moved there too.
func Examine(v core.View, known func(operator core.ID) (bool, error), report func(record.Finding) error) error {
	if err := examineJournal(v, report); err != nil {
		return err
	}
	return examineNotices(v, known, report)
}

func examineNotices(v core.View, known func(operator core.ID) (bool, error), report func(record.Finding) error) error {
	look := func(institution, id core.ID, n notice) error {
		there, err := known(n.To)
		if err != nil || there {
			return err
		}
		return report(record.Finding{
			Fault: record.FaultDangling, Space: spaceNotices, Key: core.Key(institution, id), Detail: "operator",
			Mend: notices().SetAside(institution, id),
		})
	}
	return record.Examination[notice]{Table: notices(), Known: shared, Look: look}.Run(v, report)
}

// shared is where everything of this package is kept.
func shared(institution core.ID) (bool, error) { return institution == core.Installation, nil }

func examineJournal(v core.View, report func(record.Finding) error) error {
	entries := record.Examination[line]{Table: lines(), Known: shared}
	if err := entries.Run(v, report); err != nil {
		return err
	}
	return details().Examine(v, len(core.Key(0, 0)), report, func(key []byte, private []personal) error {
		f := record.Broken(spacePersonal, key, "entry", nil)
		institution, id, _ := core.SplitKey(key)
		there, err := lines().Readable(v, institution, id)
		if err != nil {
			return err
		}
		if !there || institution != core.Installation {
			f.Fault = record.FaultOrphan
			return report(f)
		}
		l, _, err := lines().Get(v, institution, id)
		if err != nil {
			return err
		}
		if _, f.Cause = merge(l.details, private); f.Cause == nil {
			return nil
		}
		f.Fault, f.Detail = record.FaultWrong, "commitment"
		return report(f)
	})
}

package activity

import (
	"willcall/core"
	"willcall/core/record"
)

// Examine looks through the journal: its entries, what finds them by subject,
// and the personal details beside them. An entry without its details was erased;
// details without their entry are moved into quarantine with it.
func Examine(v core.View, report func(record.Finding) error) error {
	entries := record.Examination[line]{Table: lines(), Known: func(institution core.ID) (bool, error) {
		return institution == core.Installation, nil
	}}
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

package backup

import (
	"willcall/core"
	"willcall/core/record"
)

// Examine looks through the list of backups. The folders it names may be gone.
func Examine(v core.View, report func(record.Finding) error) error {
	return record.Examination[run]{Table: runs(), Known: func(institution core.ID) (bool, error) {
		return institution == core.Installation, nil
	}}.Run(v, report)
}

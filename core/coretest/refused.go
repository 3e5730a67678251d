package coretest

import (
	"errors"

	"willcall/core"
)

// FieldsOf is what an error refuses, by field; a field named twice by its last
// refusal. It is empty where nothing is refused.
func FieldsOf(err error) map[string]core.Code {
	found := map[string]core.Code{}
	var one *core.Error
	var many core.Fields
	switch {
	case errors.As(err, &many):
		for _, e := range many {
			found[e.Field] = e.Code
		}
	case errors.As(err, &one):
		found[one.Field] = one.Code
	}
	return found
}

package venue

import "willcall/core"

// Service is the settings of an institution. It is safe for concurrent use.
type Service struct {
	desk      *core.Desk
	chronicle Chronicle
}

// NewService makes a service that asks the chronicle who saved what.
func NewService(desk *core.Desk, chronicle Chronicle) *Service { return &Service{desk, chronicle} }

// done logs and announces a change of settings.
func done(act *core.Act, ref core.Ref, details ...core.Detail) error {
	act.Log(ref, details...)
	act.EmitFor(ref)
	return nil
}

// named is the detail that tells what a thing is called from now on.
func named(name string) core.Detail { return core.Detail{Name: "name", Value: core.CleanLine(name)} }

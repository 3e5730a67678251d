package operators

import (
	"slices"

	"willcall/core"
	"willcall/core/record"
)

// asker is who looks after operators.
type asker struct {
	id           core.ID // 0: the user of this computer, who may what an owner may
	role         core.Role
	institutions []core.ID
	here         core.ID // the institution that is worked in
}

func askerOf(v core.View, req core.Request) (asker, error) {
	if req.Actor.Kind != core.ActorOperator {
		return asker{role: core.RoleOwner, here: req.Institution}, nil
	}
	o, _, err := table().Get(v, core.Installation, req.Actor.ID)
	return asker{id: req.Actor.ID, role: o.Role, institutions: o.Institutions, here: req.Institution}, err
}

// sees reports whether the asker has an operator before them: owners everybody,
// others those of the institution they work in (R87).
func (a asker) sees(o Operator) bool {
	return a.role == core.RoleOwner || slices.Contains(o.Institutions, a.here)
}

// knows reports whether somebody of some institutions works where the asker may,
// wherever they work now; owners know everybody (R87).
func (a asker) knows(institutions []core.ID) bool {
	return a.role == core.RoleOwner ||
		slices.ContainsFunc(institutions, func(id core.ID) bool { return slices.Contains(a.institutions, id) })
}

// refusal is why the asker may not look after an operator, nil where they may:
// admins look after operators below admin (R86) who work nowhere but where the
// admin does.
func (a asker) refusal(o Operator) error {
	switch {
	case a.role == core.RoleOwner:
		return nil
	case o.Role >= a.role:
		return core.Refuse(core.CodeHigherRole)
	case !a.among(o.Institutions):
		return core.Refuse(core.CodeHigherRole).With("sentence", "operator.elsewhere")
	}
	return nil
}

// among reports whether the asker belongs to all of some institutions.
func (a asker) among(institutions []core.ID) bool {
	return !slices.ContainsFunc(institutions, func(id core.ID) bool { return !slices.Contains(a.institutions, id) })
}

// mayGive refuses a role that the asker can't give to others: every one but the
// owner's own has to be below theirs (R86).
func (a asker) mayGive(role core.Role) error {
	if a.role == core.RoleOwner || role < a.role {
		return nil
	}
	return core.RefuseField(core.CodeHigherRole, "role")
}

// managed is an operator whom somebody looks after, as found.
type managed struct {
	asker
	id core.ID
	Operator
	version core.Version
}

// manage reads an operator for an act about them. It fails with
// [core.CodeNotFound] for one whom the asker doesn't see (R87), and is denied
// with [core.CodeHigherRole] (R86).
func manage(act *core.Act, id core.ID) (m managed, err error) {
	if m.asker, err = askerOf(act, act.Req); err != nil {
		return m, err
	}
	m.id = id
	if m.Operator, m.version, err = table().Get(act, core.Installation, id); err != nil {
		return m, err
	}
	if !m.sees(m.Operator) {
		return m, core.Refuse(core.CodeNotFound)
	}
	return m, deny(m.refusal(m.Operator))
}

// deny lets the desk record a refusal, unless it is nil.
func deny(refusal error) error {
	if refusal == nil {
		return nil
	}
	return core.Deny(refusal)
}

// save saves a managed operator who becomes after, unless that would leave the
// house without an owner (R86) or, where the second factor is required, without
// an enrolled admin (R83).
func (m managed) save(act *core.Act, after Operator) error {
	if err := checkLeft(act, m.id, m.Operator, after); err != nil {
		return err
	}
	_, err := table().Save(act, core.Installation, m.id, m.version, after)
	announce(act, m.id)
	return err
}

// checkLeft refuses what would take the place of the last owner or of the last
// enrolled admin, while an operator becomes after.
func checkLeft(v core.View, id core.ID, before, after Operator) error {
	house, err := company(v)
	if err != nil {
		return err
	}
	app, err := FactorOf(v, id)
	if err != nil {
		return err
	}
	if house.owns(before, app.On) && !house.owns(after, app.On) {
		if err := anyBut(v, id, core.CodeLastOwner, house.owns); err != nil {
			return err
		}
	}
	if house.Required && enrolledAdmin(before, app.On) && !enrolledAdmin(after, app.On) {
		return anyBut(v, id, core.CodeLastEnrolled, enrolledAdmin)
	}
	return nil
}

// anyBut is denied with a code unless another operator than id is what is asked
// for; the question is put with the operator and whether there is an app.
func anyBut(v core.View, id core.ID, code core.Code, is func(o Operator, enrolled bool) bool) error {
	found := false
	err := eachEnrolled(v, func(other core.ID, _ core.Version, o Operator, app Factor) error {
		if found = other != id && is(o, app.On); found {
			return core.Stop
		}
		return nil
	})
	if err == nil && !found {
		err = deny(core.Refuse(code))
	}
	return err
}

// eachEnrolled calls fn for every operator that can be read, with what is known
// of their app; fn returns [core.Stop] to end early.
func eachEnrolled(v core.View, fn func(id core.ID, version core.Version, o Operator, app Factor) error) error {
	return table().Readables(v, func(_, id core.ID, version record.Version, o Operator) error {
		app, err := FactorOf(v, id)
		if err != nil {
			return err
		}
		return fn(id, version, o, app)
	})
}

// takesPart reports whether an operator took up their invitation and isn't
// disabled.
func (o Operator) takesPart() bool { return o.Password != "" && !o.Disabled }

// signsIn reports whether an operator can sign in at all: they take part, and get
// at the code that is asked of them.
func (c Company) signsIn(o Operator, enrolled bool) bool {
	return o.takesPart() && !c.locksOut(o, enrolled)
}

// locksOut reports whether an operator is asked for a mailed code that can't go
// to them: their address is not validated, and they have no app (R73).
func (c Company) locksOut(o Operator, enrolled bool) bool {
	return c.mails(o) && !enrolled && o.Validated.IsZero()
}

func (c Company) owns(o Operator, enrolled bool) bool {
	return o.Role == core.RoleOwner && c.signsIn(o, enrolled)
}

func enrolledAdmin(o Operator, enrolled bool) bool {
	return enrolled && !o.Disabled && (o.Role == core.RoleAdmin || o.Role == core.RoleOwner)
}

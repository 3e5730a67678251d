package operators

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"willcall/core"
)

// EditDraft is what a form says of an operator.
type EditDraft struct {
	Name         string
	Address      string
	Role         core.Role
	Institutions []core.ID
}

// onto brings a draft to an operator, whose id is 0 for a new one, after holding
// it against what the asker may give. language is what is wrong with the field of
// that name. The others are "name", "address", "role" and "institutions".
func (d EditDraft) onto(act *core.Act, who asker, id core.ID, o *Operator, language error) error {
	var fields core.Fields
	fields.Add("name", core.CheckLine(d.Name, core.MaxName, true))
	key, err := addressFor(act, id, o.Address, d.Address)
	fields.Add("address", err)
	fields.Add("role", d.checkRole())
	fields.Add("institutions", who.checkInstitutions(act, d.Institutions))
	fields.Add("language", language)
	if err := fields.Err(); err != nil {
		return err
	}
	if d.Role != o.Role {
		if err := deny(who.mayGive(d.Role)); err != nil {
			return err
		}
	}
	o.Name, o.Address, o.Role = core.CleanLine(d.Name), key, d.Role
	o.Institutions = slices.Compact(slices.Sorted(slices.Values(d.Institutions)))
	return nil
}

func (d EditDraft) checkRole() error {
	if d.Role < core.RoleDeveloper || d.Role > core.RoleOwner {
		return core.Refuse(core.CodeChoice)
	}
	return nil
}

// addressFor brings an address as typed to its canonical form. It is refused
// where somebody else signs in with it, and, unless it is the present one, where
// mail is delivered but never reaches it.
func addressFor(act *core.Act, id core.ID, present, typed string) (string, error) {
	key, err := core.CanonicalAddress(typed)
	if err != nil {
		return "", err
	}
	other, _, err := byAddress(act, key)
	switch {
	case err != nil:
		return "", err
	case other != 0 && other != id:
		return "", core.Refuse(core.CodeTaken)
	case key != present && !act.Captured && core.ReservedAddress(key):
		return "", core.Refuse(core.CodeReserved)
	}
	return key, nil
}

// Edit saves what is said of an operator, who was seen in version expected. A
// change of role takes effect at their next action: their sessions are over. So
// they are after a change of address, which isn't validated then (R73), and of
// which the former one is told. Fields are those of [Service.Invite] without the
// language. It is denied with [core.CodeHigherRole], [core.CodeLastOwner] and
// [core.CodeLastEnrolled].
func (s *Service) Edit(ctx context.Context, req core.Request, id core.ID, expected core.Version, d EditDraft) error {
	return s.change(ctx, req, core.ActOperatorEdit, id, expected, func(act *core.Act, m managed, after *Operator) error {
		return d.onto(act, m.asker, id, after, nil)
	})
}

// Disable shuts an operator out, who was seen in version expected: their
// sessions end, and no code that was mailed to them lets them in, then or later. It
// is denied as [Service.Edit] is.
func (s *Service) Disable(ctx context.Context, req core.Request, id core.ID, expected core.Version) error {
	return s.change(ctx, req, core.ActOperatorDisable, id, expected, func(_ *core.Act, _ managed, after *Operator) error {
		after.Disabled = true
		return nil
	})
}

// Enable lets an operator in again, who was seen in version expected.
func (s *Service) Enable(ctx context.Context, req core.Request, id core.ID, expected core.Version) error {
	return s.change(ctx, req, core.ActOperatorEnable, id, expected, func(_ *core.Act, _ managed, after *Operator) error {
		after.Disabled = false
		return nil
	})
}

// change is an act about one operator whom the asker looks after, and what
// follows from what became of them.
func (s *Service) change(
	ctx context.Context, req core.Request, action core.ActionID, id core.ID, expected core.Version,
	become func(act *core.Act, m managed, after *Operator) error,
) error {
	_, err := s.desk.Do(ctx, req, action, func(act *core.Act) error {
		m, err := manage(act, id)
		if err != nil {
			return err
		}
		if m.version != expected {
			return core.Refuse(core.CodeConflict)
		}
		after := m.Operator
		if err := become(act, m, &after); err != nil {
			return err
		}
		act.Log(operatorRef(id), edits(m.Operator, after)...)
		return m.become(act, after)
	})
	return err
}

// become saves what became of an operator, ends what hung on what they were, and
// tells them.
func (m managed) become(act *core.Act, after Operator) error {
	told := changes(m.Operator, after)
	if after.Address != m.Address {
		after.Validated = time.Time{}
		if err := moved(act, m.id, m.Operator); err != nil {
			return err
		}
	}
	if after.Disabled && !m.Disabled {
		if err := voidCode(act, m.id); err != nil {
			return err
		}
	}
	if len(told) > 0 {
		if _, err := endAll(act, m.id, m.Operator, 0); err != nil {
			return err
		}
		after.Epoch++
	}
	if err := m.save(act, after); err != nil {
		return err
	}
	for _, what := range told {
		if err := tell(act, m.id, m.Operator, what); err != nil {
			return err
		}
	}
	return nil
}

// changes are what an operator is told of, all of which end their sessions.
func changes(before, after Operator) (told []Change) {
	if before.Password == "" {
		return nil
	}
	if before.Address != after.Address {
		told = append(told, ChangeAddress)
	}
	if before.Role != after.Role {
		told = append(told, ChangeRole)
	}
	switch {
	case !before.Disabled && after.Disabled:
		told = append(told, ChangeDisabled)
	case before.Disabled && !after.Disabled:
		told = append(told, ChangeEnabled)
	}
	return told
}

// moved voids what was mailed to an operator's former address.
func moved(act *core.Act, id core.ID, former Operator) error {
	for _, institution := range former.Institutions {
		err := within(act, institution, func() error { return act.Withdraw(operatorRef(id), core.WithdrawnAddress) })
		if err != nil {
			return err
		}
	}
	return errors.Join(voidCode(act, id), dropProof(act, id))
}

// within does something of an act in another institution.
func within(act *core.Act, institution core.ID, do func() error) error {
	here := act.Req.Institution
	act.Req.Institution = institution
	defer func() { act.Req.Institution = here }()
	return do()
}

// edits are the journal's details of what became of an operator.
func edits(before, after Operator) (details []core.Detail) {
	for _, c := range []struct {
		name, before, after string
		personal            bool
	}{
		{"name", before.Name, after.Name, true},
		{"address", before.Address, after.Address, true},
		{"role", before.Role.String(), after.Role.String(), false},
		{"institutions", list(before.Institutions), list(after.Institutions), false},
	} {
		if c.before != c.after {
			details = append(details, core.Detail{Name: c.name, Value: c.after, Personal: c.personal})
		}
	}
	return details
}

func list(ids []core.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatUint(uint64(id), 10)
	}
	return strings.Join(words, " ")
}

// ResetFactor takes an operator's lost authenticator app away, with its recovery
// codes and the count of codes that failed; where a second factor is required they
// enrol at the next sign-in (R83). It is refused with [core.CodeFactorOff] where
// there is neither an app nor too many failed codes, with [core.CodeFactorNeeded]
// for the own one while one is required (R67), and denied with
// [core.CodeLastEnrolled] and [core.CodeHigherRole].
func (s *Service) ResetFactor(ctx context.Context, req core.Request, id core.ID) error {
	_, err := s.desk.Do(ctx, req, core.ActOperatorResetFactor, func(act *core.Act) error {
		m, err := manage(act, id)
		if err != nil {
			return err
		}
		if err := checkReset(act, m); err != nil {
			return err
		}
		act.Log(operatorRef(id))
		if err := dropFactor(act, id); err != nil {
			return err
		}
		if err := shutOut(act, id, m.Operator, 0, nil); err != nil {
			return err
		}
		return tell(act, id, m.Operator, ChangeFactorReset)
	})
	return err
}

// checkReset refuses to reset what isn't there, and denies the factor of the last
// enrolled admin while it is required (R83), and that of the last owner where
// mailed codes would be asked of them that can't go to them (R86).
func checkReset(act *core.Act, m managed) error {
	app, err := FactorOf(act, m.id)
	if err != nil {
		return err
	}
	if !app.On {
		failed, err := optional(act, triesOf(), m.id)
		if err == nil && !failed.spent(act.At) {
			err = core.Refuse(core.CodeFactorOff).With("sentence", "operator.no-factor")
		}
		return err
	}
	house, err := company(act)
	if err == nil && house.owns(m.Operator, true) && !house.owns(m.Operator, false) {
		err = anyBut(act, m.id, core.CodeLastOwner, house.owns)
	}
	if err != nil || !house.Required || !enrolledAdmin(m.Operator, true) {
		return err
	}
	if err = anyBut(act, m.id, core.CodeLastEnrolled, enrolledAdmin); err == nil && m.id == m.asker.id {
		err = core.Refuse(core.CodeFactorNeeded)
	}
	return err
}

// shutOut ends an operator's sessions but one to keep, and raises the epoch that
// devices are bound to, with what else changes about them.
func shutOut(act *core.Act, id core.ID, o Operator, keep core.ID, change func(*Operator)) error {
	if _, err := endAll(act, id, o, keep); err != nil {
		return err
	}
	announce(act, id)
	_, err := raise(act, id, change)
	return err
}

// endAll ends an operator's open sessions but one to keep, and counts them.
func endAll(act *core.Act, id core.ID, o Operator, keep core.ID) (ended int, err error) {
	open, err := openSessions(act, id, o, act.At)
	for _, session := range open {
		if err != nil {
			break
		}
		if session.ID != keep {
			ended++
			err = end(act, session.ID)
		}
	}
	return ended, err
}

// EndSessions ends an operator's open sessions and counts them. They may sign in
// again.
func (s *Service) EndSessions(ctx context.Context, req core.Request, id core.ID) (ended int, err error) {
	_, err = s.desk.Do(ctx, req, core.ActOperatorEndSessions, func(act *core.Act) error {
		m, err := manage(act, id)
		if err != nil {
			return err
		}
		if ended, err = endAll(act, id, m.Operator, 0); err != nil {
			return err
		}
		act.Log(operatorRef(id), core.Detail{Name: "sessions", Value: strconv.Itoa(ended)})
		announce(act, id)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return ended, nil
}

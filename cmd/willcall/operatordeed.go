package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
)

// onOperator is a command about one operator, who is named by address or
// number. do fills in what it has to add to the answer.
func onOperator(
	action core.ActionID, do func(ctx context.Context, at *bench, m operators.Member, d *operatorDone) error, flags ...string,
) twin {
	run := func(ctx context.Context, at *bench) (answer, error) {
		m, err := at.member(ctx, at.args[0])
		if err != nil {
			return nil, err
		}
		return at.done(ctx, action, func(d *operatorDone) error {
			d.ID, d.Address = m.ID, m.Address
			return do(ctx, at, m, d)
		})
	}
	return twin{action: action, args: []string{"ADDRESS|ID"}, flags: flags, scope: inWhole, run: run}
}

// done does something about an operator, and then hands over the mails that this
// caused.
func (at *bench) done(ctx context.Context, action core.ActionID, do func(*operatorDone) error) (answer, error) {
	_, word, _ := strings.Cut(string(action), ".")
	d := operatorDone{Done: word}
	end := at.causing()
	err := do(&d)
	mails := end()
	if err != nil {
		return nil, err
	}
	d.Mails, err = at.mails(ctx, mails)
	return d, err
}

// member finds an operator by address or number.
func (at *bench) member(ctx context.Context, typed string) (operators.Member, error) {
	staff, err := at.operators.Staff(ctx, at.req)
	if err != nil {
		return operators.Member{}, err
	}
	address, notOne := core.CanonicalAddress(typed)
	i := slices.IndexFunc(staff.Members, func(m operators.Member) bool {
		return notOne == nil && m.Address == address || strconv.FormatUint(uint64(m.ID), 10) == typed
	})
	if i < 0 {
		return operators.Member{}, at.refuse("command.no-operator", "name", typed)
	}
	return staff.Members[i], nil
}

// draft puts what the flags say into what is known of an operator.
func (at *bench) operatorDraft(ctx context.Context, d *operators.EditDraft) error {
	at.text("name", &d.Name)
	at.text("address", &d.Address)
	roles := []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin, core.RoleOwner}
	if err := choose(at, "role", &d.Role, roles); err != nil {
		return err
	}
	houses, err := at.houses(ctx)
	if err != nil {
		return err
	}
	if !at.has("institution") {
		if len(d.Institutions) == 0 {
			first, err := at.one("institution", houses, len(houses) == 1)
			d.Institutions = []core.ID{first}
			return err
		}
		return nil
	}
	d.Institutions = nil
	for _, wanted := range at.given["institution"] {
		id, ok := named(houses, wanted)
		if !ok {
			return at.refuse("command.choice", "flag", "institution", "choices", choices(houses))
		}
		d.Institutions = append(d.Institutions, id)
	}
	return nil
}

func inviteOperator(ctx context.Context, at *bench) (answer, error) {
	d := operators.EditDraft{Address: at.args[0], Role: core.RoleOperator}
	if err := at.operatorDraft(ctx, &d); err != nil {
		return nil, err
	}
	language := core.Languages()[0]
	at.text("language", &language)
	return at.done(ctx, core.ActOperatorInvite, func(done *operatorDone) (err error) {
		done.Address = d.Address
		done.ID, err = at.operators.Invite(ctx, at.req, operators.InviteDraft{
			Name: d.Name, Address: d.Address, Role: d.Role, Institutions: d.Institutions, Language: language,
		})
		return err
	})
}

func editOperator(ctx context.Context, at *bench, m operators.Member, done *operatorDone) error {
	if err := at.changes("name", "address", "role", "institution"); err != nil {
		return err
	}
	d := operators.EditDraft{Name: m.Name, Address: m.Address, Role: m.Role, Institutions: m.Institutions}
	if err := at.operatorDraft(ctx, &d); err != nil {
		return err
	}
	done.Address = d.Address
	return at.operators.Edit(ctx, at.req, m.ID, m.Version, d)
}

func inviteAgain(ctx context.Context, at *bench, m operators.Member, _ *operatorDone) error {
	return at.operators.InviteAgain(ctx, at.req, m.ID)
}

func disableOperator(ctx context.Context, at *bench, m operators.Member, _ *operatorDone) error {
	return at.operators.Disable(ctx, at.req, m.ID, m.Version)
}

func enableOperator(ctx context.Context, at *bench, m operators.Member, _ *operatorDone) error {
	return at.operators.Enable(ctx, at.req, m.ID, m.Version)
}

func resetPassword(ctx context.Context, at *bench, m operators.Member, _ *operatorDone) error {
	return at.operators.SendReset(ctx, at.req, m.ID)
}

func resetFactor(ctx context.Context, at *bench, m operators.Member, _ *operatorDone) error {
	return at.operators.ResetFactor(ctx, at.req, m.ID)
}

func endSessions(ctx context.Context, at *bench, m operators.Member, done *operatorDone) error {
	ended, err := at.operators.EndSessions(ctx, at.req, m.ID)
	done.Sessions = &ended
	return err
}

// breakGlass lets somebody in again who is shut out. It is asked for twice: by
// typing the address again, or with --yes.
func breakGlass(ctx context.Context, at *bench, m operators.Member, _ *operatorDone) error {
	if err := at.sure(ctx, m); err != nil {
		return err
	}
	password, err := at.newPassword(ctx)
	if err != nil {
		return err
	}
	return at.operators.BreakGlass(ctx, at.req, m.ID, password)
}

// sure asks for the operator's address.
func (at *bench) sure(ctx context.Context, m operators.Member) error {
	if at.has("yes") {
		return nil
	}
	if !at.atTerminal() {
		return at.refuse("command.yes")
	}
	say(at.s.err, at.p.T("command.break-glass", "name", m.Name, "role", at.p.T("words.role."+m.Role.String())))
	typed, err := at.ask(ctx, "command.break-glass.address")
	if err != nil {
		return err
	}
	if address, err := core.CanonicalAddress(typed); err != nil || address != m.Address {
		return at.refuse("command.break-glass.other", "address", m.Address)
	}
	return nil
}

// choices lists what a flag may name.
func choices(list []venue.Named) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = strconv.FormatUint(uint64(n.ID), 10) + " " + n.Name
	}
	return strings.Join(names, ", ")
}

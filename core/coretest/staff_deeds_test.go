package coretest_test

import (
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
)

// staffRows are the acts about operators.
func staffRows() map[core.ActionID]row {
	all := managedRows()
	for id, r := range codeRows() {
		all[id] = r
	}
	for id, r := range ownRows() {
		all[id] = r
	}
	all[core.ActOperatorBreakGlass] = row{
		as: func(h *coretest.House) core.Request {
			return at(h, core.Actor{Kind: core.ActorLocal, Name: "local:tess"})
		},
		prepare: func(h *coretest.House) deed {
			colleague := h.Hire(core.RoleOperator)
			return func(req core.Request) (any, error) {
				return nil, h.Operators.BreakGlass(h.Ctx, req, colleague.Actor.ID, "the curtain falls at ten")
			}
		},
	}
	all[core.ActCompanySave] = row{prepare: func(h *coretest.House) deed {
		p, err := h.Operators.PlanCompany(h.Ctx, h.Owner, operators.Company{MailMeets: true})
		h.Must(err)
		return func(req core.Request) (any, error) { return nil, h.Operators.ApplyCompany(h.Ctx, req, p) }
	}}
	return all
}

// leo is somebody who shall become an operator.
func leo(h *coretest.House) operators.InviteDraft {
	return operators.InviteDraft{
		Name: "Leo Rochat", Address: "leo@opera.example", Role: core.RoleOperator,
		Institutions: []core.ID{h.Made.Institution}, Language: "fr",
	}
}

// invited invites Leo and gives the code that was mailed.
func invited(h *coretest.House) (id core.ID, code string) {
	id, err := h.Operators.Invite(h.Ctx, h.Owner, leo(h))
	h.Must(err)
	return id, h.Code()
}

// managedRows are about somebody else, who is an operator and signed in.
func managedRows() map[core.ActionID]row {
	about := func(do func(h *coretest.House, req core.Request, m operators.Member) error) row {
		return row{prepare: func(h *coretest.House) deed {
			colleague := h.Member(h.Hire(core.RoleOperator).Actor.ID)
			return func(req core.Request) (any, error) { return nil, do(h, req, colleague) }
		}}
	}
	all := map[core.ActionID]row{
		core.ActOperatorInvite: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return h.Operators.Invite(h.Ctx, req, leo(h)) }
		}},
		core.ActOperatorInviteAgain: {prepare: func(h *coretest.House) deed {
			id, _ := invited(h)
			h.Clock.Advance(time.Minute)
			return func(req core.Request) (any, error) { return nil, h.Operators.InviteAgain(h.Ctx, req, id) }
		}},
		core.ActOperatorEdit: about(func(h *coretest.House, req core.Request, m operators.Member) error {
			return h.Operators.Edit(h.Ctx, req, m.ID, m.Version, operators.EditDraft{
				Name: "Leo", Address: "leo@opera.tests", Role: core.RoleDeveloper, Institutions: []core.ID{h.Made.Institution},
			})
		}),
		core.ActOperatorDisable: about(func(h *coretest.House, req core.Request, m operators.Member) error {
			return h.Operators.Disable(h.Ctx, req, m.ID, m.Version)
		}),
		core.ActOperatorReset: about(func(h *coretest.House, req core.Request, m operators.Member) error {
			return h.Operators.SendReset(h.Ctx, req, m.ID)
		}),
		core.ActOperatorEndSessions: about(func(h *coretest.House, req core.Request, m operators.Member) error {
			_, err := h.Operators.EndSessions(h.Ctx, req, m.ID)
			return err
		}),
		core.ActOperatorResetFactor: {prepare: func(h *coretest.House) deed {
			colleague := h.Hire(core.RoleOperator)
			h.Enrol(colleague)
			return func(req core.Request) (any, error) {
				return nil, h.Operators.ResetFactor(h.Ctx, req, colleague.Actor.ID)
			}
		}},
	}
	all[core.ActOperatorEnable] = row{prepare: func(h *coretest.House) deed {
		id := h.Hire(core.RoleOperator).Actor.ID
		h.Must(h.Operators.Disable(h.Ctx, h.Owner, id, h.Member(id).Version))
		version := h.Member(id).Version
		return func(req core.Request) (any, error) { return nil, h.Operators.Enable(h.Ctx, req, id, version) }
	}}
	return all
}

// codeRows are done with a mailed code, or for one, by who isn't signed in.
func codeRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActTakeUp: {unmarked: true, prepare: func(h *coretest.House) deed {
			_, code := invited(h)
			return func(core.Request) (any, error) {
				return h.Operators.TakeUp(h.Ctx, coretest.Local(), code, coretest.Password)
			}
		}},
		core.ActForgot: {unmarked: true, prepare: func(h *coretest.House) deed {
			return func(core.Request) (any, error) {
				return nil, h.Operators.Forgot(h.Ctx, coretest.Local(), coretest.OwnerAddress)
			}
		}},
	}
}

// ownRows are about whoever does them.
func ownRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		// The present password is verified, and that noted, in acts of their own.
		core.ActProfilePassword: {elsewhere: "TestAPasswordChangeSurvivesEveryFault"},
		core.ActProfileName: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return nil, h.Operators.Rename(h.Ctx, req, "Olga Meyer") }
		}},
		core.ActProfileAddress: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return nil, h.Operators.MailAddressCode(h.Ctx, req, "") }
		}},
		core.ActProfileConfirmAddress: {unmarked: true, prepare: func(h *coretest.House) deed {
			h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
			code := h.Code()
			return func(req core.Request) (any, error) { return nil, h.Operators.ConfirmAddress(h.Ctx, req, code) }
		}},
	}
}

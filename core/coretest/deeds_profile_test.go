package coretest_test

import (
	"time"

	"willcall/core"
	"willcall/core/coretest"
)

// mailedAttempt is a sign-in that waits for a mailed code, and may ask for another.
func mailedAttempt(h *coretest.House) string {
	const address = "lea@opera.tests"
	lea := h.HireAt(core.RoleOperator, address)
	h.Validate(lea)
	h.GoLive()
	h.Must(h.Operators.SwitchMailed(h.Ctx, lea, true))
	attempt := h.Begin(coretest.Local(), address, coretest.Password)
	h.Clock.Advance(time.Minute)
	return attempt
}

// profileRows leave out what an act answers where it is random.
func profileRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActProfileEnrol: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				_, err := h.Operators.BeginEnrolment(h.Ctx, req)
				return nil, err
			}
		}},
		core.ActProfileConfirm: {unmarked: true, prepare: func(h *coretest.House) deed {
			e, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
			h.Must(err)
			app := coretest.App{Secret: e.Secret}
			return func(req core.Request) (any, error) {
				codes, err := h.Operators.ConfirmEnrolment(h.Ctx, req, app.Code(h.Clock.Effective()))
				return len(codes), err
			}
		}},
		core.ActProfileDisable: {prepare: func(h *coretest.House) deed {
			h.Enrol(h.Owner)
			return func(req core.Request) (any, error) { return nil, h.Operators.DisableFactor(h.Ctx, req) }
		}},
		core.ActProfileRecovery: {unmarked: true, prepare: func(h *coretest.House) deed {
			h.Enrol(h.Owner)
			return func(req core.Request) (any, error) {
				codes, err := h.Operators.RenewRecovery(h.Ctx, req)
				return len(codes), err
			}
		}},
		core.ActProfileMailed: {prepare: func(h *coretest.House) deed {
			h.Validate(h.Owner)
			h.GoLive()
			return func(req core.Request) (any, error) { return nil, h.Operators.SwitchMailed(h.Ctx, req, true) }
		}},
		core.ActProfileDevice: {prepare: func(h *coretest.House) deed {
			_, err := h.Operators.Begin(h.Ctx, h.Terminal(1), coretest.OwnerAddress, coretest.Password)
			h.Must(err)
			return func(req core.Request) (any, error) { return nil, h.Operators.RevokeDevice(h.Ctx, req, 1) }
		}},
		core.ActProfileSession: {prepare: func(h *coretest.House) deed {
			other := h.SignIn(coretest.OwnerAddress)
			return func(req core.Request) (any, error) { return nil, h.Operators.EndSession(h.Ctx, req, other.Session) }
		}},
	}
}

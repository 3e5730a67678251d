package coretest

import (
	"context"
	"time"

	"github.com/pquerna/otp/totp"

	"willcall/core"
	"willcall/core/operators"
)

// App is an operator's authenticator app.
type App struct {
	// Secret is base32 without padding.
	Secret string
	// Recovery are the codes that were shown when it was linked.
	Recovery []string
}

// Code is what the app shows at a time.
func (a App) Code(at time.Time) string {
	code, err := totp.GenerateCode(a.Secret, at)
	if err != nil {
		panic(err) // a secret of the service's own
	}
	return code
}

// Enrol links an app for an operator, whose session goes on. The clock moves by a
// minute, so that the app shows a code that wasn't used.
func (h *House) Enrol(req core.Request) App {
	h.T.Helper()
	e, err := h.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
	app := App{Secret: e.Secret}
	app.Recovery, err = h.Operators.ConfirmEnrolment(h.Ctx, req, app.Code(h.Clock.Effective()))
	h.Must(err)
	h.Clock.Advance(time.Minute)
	return app
}

// Begin types a password that leads to the code step, and gives the attempt.
func (h *House) Begin(from operators.From, address, password string) string {
	h.T.Helper()
	begun, err := h.Operators.Begin(h.Ctx, from, address, password)
	h.Must(err)
	if begun.In != nil {
		h.T.Fatalf("%s signed in without a code", address)
	}
	return begun.Attempt
}

// Terminal is a sign-in from a terminal of this computer, one of each seed.
func (h *House) Terminal(seed byte) operators.From {
	h.T.Helper()
	token, err := operators.NewDeviceToken(Random(seed))
	h.Must(err)
	return operators.From{Source: "local", Device: operators.DeviceKey{Kind: operators.DeviceTerminal, Token: token, Label: "box office"}}
}

// Validate proves that an operator's address is theirs, as a code mailed there does.
func (h *House) Validate(req core.Request) {
	h.T.Helper()
	h.Act(func(act *core.Act) error { return operators.Validated(act, req.Actor.ID) })
}

// SignIn opens a session by a password alone, on a service of any house.
func SignIn(ctx context.Context, s *operators.Service, address, password string) (operators.SignedIn, error) {
	begun, err := s.Begin(ctx, Local(), address, password)
	if err == nil && begun.In == nil {
		err = core.Refuse(core.CodeSignIn)
	}
	if err != nil {
		return operators.SignedIn{}, err
	}
	return *begun.In, nil
}

package signin_test

import (
	"context"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
	"willcall/ui/page/signin"
)

// service answers as a test wants, and notes what it is asked. What a test
// doesn't set is never asked for.
type service struct {
	begin   func(ctx context.Context, address, password string) (operators.Begun, error)
	answer  func(ctx context.Context, a operators.Answer) (operators.SignedIn, error)
	mail    func() (time.Time, error)
	look    func(code string) (operators.Taken, error)
	takeUp  func(code, password string) (string, error)
	forgot  func(address string) error
	signOut func(req core.Request) error

	from operators.From // of the last question
}

func (s *service) Begin(ctx context.Context, from operators.From, address, password string) (operators.Begun, error) {
	s.from = from
	return s.begin(ctx, address, password)
}

func (s *service) Answer(ctx context.Context, from operators.From, _ string, a operators.Answer) (operators.SignedIn, error) {
	s.from = from
	return s.answer(ctx, a)
}

func (s *service) MailCode(context.Context, operators.From, string) (time.Time, error) {
	return s.mail()
}

func (s *service) LookAtCode(_ context.Context, _ operators.From, code string) (operators.Taken, error) {
	return s.look(code)
}

func (s *service) TakeUp(_ context.Context, _ operators.From, code, password string) (string, error) {
	return s.takeUp(code, password)
}

func (s *service) Forgot(_ context.Context, _ operators.From, address string) error {
	return s.forgot(address)
}

func (s *service) SignOut(_ context.Context, req core.Request) error { return s.signOut(req) }

// asks is a service for which every password leads to the code step.
func asks() *service {
	return &service{begin: func(context.Context, string, string) (operators.Begun, error) {
		return operators.Begun{Attempt: "attempt"}, nil
	}}
}

// faked is a stage on such a service.
func faked(t *testing.T, s *service) *stage {
	t.Helper()
	return staged(t, coretest.New(t, storagetest.New(t)), s, nil)
}

// known is a device; without a token it can't be remembered.
type known struct{ token string }

func (k known) From() operators.From { return operators.From{Source: "local"} }

func (k known) Remember() (operators.From, error) {
	if k.token == "" {
		return operators.From{}, core.Refuse(core.CodeNotFound)
	}
	from := k.From()
	from.Device = operators.DeviceKey{Kind: operators.DeviceTerminal, Token: k.token}
	return from, nil
}

var _ signin.Device = known{}

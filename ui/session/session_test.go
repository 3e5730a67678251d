package session_test

import (
	"context"
	"testing"
	"time"

	"willcall/core"
	"willcall/ui/session"
	"willcall/ui/text"
)

type clock time.Time

func (c clock) Effective() time.Time { return time.Time(c) }

func signedIn(t *testing.T, role core.Role) *session.Session {
	t.Helper()
	return &session.Session{
		Ctx: t.Context(), Role: role, Captured: true, Stay: 3, Actions: core.NewActionTable(core.Actions()),
		Request:  core.Request{Actor: core.Actor{Kind: core.ActorOperator, ID: 5}, Session: 7, Institution: 1},
		Clock:    clock(time.Date(2026, 11, 21, 19, 42, 0, 0, time.UTC)),
		Location: time.FixedZone("two hours east", 2*60*60),
	}
}

func TestR89_AllowsFollowsTheMailServer(t *testing.T) {
	t.Parallel()
	s := signedIn(t, core.RoleOperator)
	if !s.Allows(core.ActCapturedList) {
		t.Error("captured mail is kept from operators in rehearsal")
	}
	s.Captured = false
	if s.Allows(core.ActCapturedList) || !s.Allows(core.ActOutboxList) || s.Allows("no.such.act") {
		t.Error("an operator of a live installation is allowed something else than the table says")
	}
	s.Request.Actor.Kind = core.ActorAnonymous
	if s.SignedIn() || s.Allows(core.ActOutboxList) {
		t.Error("nobody is signed in, and allowed to read")
	}
}

func TestR87_AnswersTellWhoAskedAndWhere(t *testing.T) {
	t.Parallel()
	s := signedIn(t, core.RoleAdmin)
	ask := s.Do(session.PageOutbox, 9, func(ctx context.Context, req core.Request) (any, error) {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("a use case may take for ever")
		}
		return req.Institution, core.Refuse(core.CodeBusy)
	})
	s.Request.Institution, s.Request.Session, s.Stay = 2, 8, 4
	got, ok := ask().(session.Result)
	if !ok || got.Page != session.PageOutbox || got.Stamp != 9 || got.Session != 7 || got.Stay != 3 || got.Value != core.ID(1) || core.CodeOf(got.Err) != core.CodeBusy {
		t.Errorf("got %+v", got)
	}
}

func TestNowIsThatOfTheInstitution(t *testing.T) {
	t.Parallel()
	if got := signedIn(t, core.RoleAdmin).Now().Hour(); got != 21 {
		t.Errorf("it is %d o'clock", got)
	}
}

// TestWhatIsOfTodayHasItsTimeOfDay: today is the institution's, not that of UTC.
func TestWhatIsOfTodayHasItsTimeOfDay(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := signedIn(t, core.RoleOperator)
	s.Text = words.In(text.English)
	for at, want := range map[time.Time]string{
		time.Date(2026, 11, 21, 19, 42, 0, 0, time.UTC): "21:42",
		time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC):  "00:00",
		time.Date(2026, 11, 20, 21, 59, 0, 0, time.UTC): "20 Nov",
		time.Date(2025, 11, 21, 19, 42, 0, 0, time.UTC): "21 Nov 2025",
	} {
		if got := s.ClockOrDay(at); got != want {
			t.Errorf("%v is %q, want %q", at, got, want)
		}
	}
}

package uitest

import (
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/ui/console"
	"willcall/ui/page/signin"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// Stage is a console on a whole house, for tests of its pages.
type Stage struct {
	*Driver
	Root    *console.Root
	Session *session.Session
	Words   *text.Catalogue

	t     testing.TB
	house *coretest.House
}

// Pages make a console's pages. The sign-in is always there.
type Pages map[session.PageKey]func(*session.Session) session.Page

// NewStage opens a console of a house on a terminal of this size, in English.
// Nobody is signed in. change alters what the console is made of before it is.
func NewStage(t testing.TB, house *coretest.House, width, height int, pages Pages, change ...func(*console.Config)) *Stage {
	t.Helper()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	st := &Stage{t: t, house: house, Words: words}
	st.Session = &session.Session{
		Ctx: t.Context(), Text: words.In(text.English), Theme: theme.New(theme.Options{}), Clock: house.Clock,
		Actions: core.NewActionTable(core.Actions()),
	}
	all := Pages{session.PageSignIn: func(s *session.Session) session.Page { return signin.New(s, house.Operators, house.Venue) }}
	for key, page := range pages {
		all[key] = page
	}
	cfg := console.Config{Session: st.Session, Catalogue: words, SignOut: house.Operators.SignOut, Pages: all}
	for _, c := range change {
		c(&cfg)
	}
	st.Root = console.New(cfg)
	st.Driver = New(t, st.Root, width, height)
	return st
}

// Entered is what tells the console that somebody signed in, as the house has
// them now.
func (st *Stage) Entered(req core.Request) session.Entered {
	st.t.Helper()
	p, err := st.house.Operators.Profile(st.t.Context(), req)
	st.house.Must(err)
	standing, err := st.house.Desk.May(st.t.Context(), req, core.ActSessionCheck)
	st.house.Must(err)
	return session.Entered{
		Actor: req.Actor, Session: req.Session, Role: p.Role, Address: p.Address, Institution: req.Institution,
		Organisation: req.Organisation, Institutions: []core.ID{req.Institution}, Language: "en",
		InstitutionName: "Opéra du Lac", OrganisationName: "Main house", Location: time.UTC,
		Captured: standing.Captured, Walled: standing.Walled,
	}
}

// Enter signs somebody in.
func (st *Stage) Enter(req core.Request) {
	st.t.Helper()
	st.Send(st.Entered(req))
}

// KeysAreClear fails the test where a key means two things now.
func (st *Stage) KeysAreClear() {
	st.t.Helper()
	if err := st.Root.CheckKeys(); err != nil {
		st.t.Error(err)
	}
}

// Selected fails the test unless the selected row, which is the first below the
// header with the sign of a selection, holds want.
func (st *Stage) Selected(want string) {
	st.t.Helper()
	frame := st.Frame()
	_, height := frame.Size()
	for y := 1; y < height; y++ {
		if _, row, selected := strings.Cut(frame.Line(y), st.Session.Theme.Signs.Select); selected && strings.Contains(row, want) {
			return
		} else if selected {
			break
		}
	}
	st.t.Fatalf("%q is not selected:\n%s", want, frame)
}

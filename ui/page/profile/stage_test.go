package profile_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
	"willcall/ui/page/contacts"
	"willcall/ui/page/profile"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// stage is a console whose pages are contacts and the profile, on a whole house.
type stage struct {
	*uitest.Stage
	t     *testing.T
	house *coretest.House
	page  *profile.Page
	desk  *desk
	req   core.Request
	files []string // texts that were written
	full  bool     // no file can be written
	away  bool     // the operator sits at another computer
	live  bool     // there is a mail server
}

// desk is the house's service. It remembers the enrolment begun last, and fails
// on request.
type desk struct {
	*operators.Service
	enrolment operators.Enrolment
	fails     error
}

func (d *desk) Profile(ctx context.Context, req core.Request) (operators.Profile, error) {
	if d.fails != nil {
		return operators.Profile{}, d.fails
	}
	return d.Service.Profile(ctx, req)
}

func (d *desk) BeginEnrolment(ctx context.Context, req core.Request) (operators.Enrolment, error) {
	if d.fails != nil {
		return operators.Enrolment{}, d.fails
	}
	e, err := d.Service.BeginEnrolment(ctx, req)
	d.enrolment = e
	return e, err
}

func (d *desk) RenewRecovery(ctx context.Context, req core.Request) ([]string, error) {
	if d.fails != nil {
		return nil, d.fails
	}
	return d.Service.RenewRecovery(ctx, req)
}

const written = "/safe/olga/willcall-recovery-codes.txt"

// build shows the owner's profile; change alters the house or the stage before.
func build(t *testing.T, width, height int, change ...func(*stage)) *stage {
	t.Helper()
	st := &stage{t: t, house: coretest.New(t, storagetest.New(t))}
	st.desk, st.req = &desk{Service: st.house.Operators}, st.house.Owner
	for _, c := range change {
		c(st)
	}
	st.Stage = uitest.NewStage(t, st.house, width, height, uitest.Pages{
		session.PageContacts: func(s *session.Session) session.Page { return contacts.New(s, st.house.Contacts, nil) },
		session.PageProfile: func(s *session.Session) session.Page {
			st.page = profile.New(s, st.desk, st.house.Venue, st.keep())
			return st.page
		},
	})
	st.Enter(st.req)
	st.Press("f3")
	return st
}

// keep writes files, as far as the stage lets it.
func (st *stage) keep() profile.Keep {
	if st.away {
		return nil
	}
	return func(text string) (string, error) {
		if st.full {
			return written, errors.New("no space left")
		}
		st.files = append(st.files, text)
		return written, nil
	}
}

// on selects the line of the list that begins with a name.
func (st *stage) on(name string) {
	st.t.Helper()
	st.Press("home")
	for range 20 {
		if slices.ContainsFunc(strings.Split(st.Frame().Text(), "\n"), func(line string) bool {
			margin, selected, ok := strings.Cut(line, "▸ ")
			return ok && utf8.RuneCountInString(margin) == 1 && strings.HasPrefix(strings.TrimSpace(selected), name)
		}) {
			return
		}
		st.Press("down")
	}
	st.t.Fatalf("no line begins with %q:\n%s", name, st.Frame())
}

// says fails the test unless sentences stand on the screen, over as many lines as
// they need.
func (st *stage) says(sentences ...string) {
	st.t.Helper()
	words := strings.Join(strings.Fields(strings.ReplaceAll(st.Frame().Text(), "┃", "")), " ")
	for _, sentence := range sentences {
		if !strings.Contains(words, sentence) {
			st.t.Errorf("the screen doesn't say %q:\n%s", sentence, st.Frame())
		}
	}
}

// read is the profile as the core has it.
func (st *stage) read() operators.Profile {
	st.t.Helper()
	p, err := st.house.Operators.Profile(st.t.Context(), st.req)
	st.house.Must(err)
	return p
}

// code is what the app being linked shows now.
func (st *stage) code() string {
	return coretest.App{Secret: st.desk.enrolment.Secret}.Code(st.house.Clock.Effective())
}

// link links an app on the screen, up to its recovery codes.
func (st *stage) link() {
	st.t.Helper()
	st.on("Authenticator")
	st.Press("n")
	st.Type(st.code())
	st.Press("enter")
}

// copies fails the test unless the key for copying hands a value to the
// terminal's clipboard.
func (st *stage) copies(want string) {
	st.t.Helper()
	if !slices.Contains(messages(st.Step(tea.KeyPressMsg{Code: 'c', Text: "c"})), tea.SetClipboard(want)()) {
		st.t.Errorf("%q was not copied", want)
	}
}

// messages are those that a command and its batches lead to.
func messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	var all []tea.Msg
	for _, one := range batch {
		all = append(all, messages(one)...)
	}
	return all
}

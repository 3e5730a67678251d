package signin_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/contacts"
	"willcall/ui/page/signin"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

const refusal = "The address, the password or the code"

// stage is a console at its sign-in, on a house after its set-up.
type stage struct {
	*uitest.Stage
	house *coretest.House
	page  *signin.Page // the newest
}

func build(t *testing.T, change func(*session.Session)) *stage {
	t.Helper()
	h := coretest.New(t, storagetest.New(t))
	return staged(t, h, h.Operators, change)
}

// staged is a stage whose page asks a service of the test's.
func staged(t *testing.T, h *coretest.House, service signin.Service, change func(*session.Session)) *stage {
	t.Helper()
	st := &stage{house: h}
	st.Stage = uitest.NewStage(t, h, 80, 24, uitest.Pages{
		session.PageSignIn: func(s *session.Session) session.Page {
			st.page = signin.New(s, service, h.Venue)
			return st.page
		},
		session.PageContacts: func(s *session.Session) session.Page { return contacts.New(s, h.Contacts, nil) },
	}, func(c *console.Config) {
		if change != nil {
			change(c.Session)
		}
	})
	return st
}

func (st *stage) enter(address, password string) {
	st.Type(address)
	st.Press("enter")
	st.Type(password)
	st.Press("enter")
}

func TestOwnerEntersHerHouse(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	st.Resize(120, 40)
	st.Want("willcall", "Address", "Your operator’s address.")
	st.enter(coretest.OwnerAddress, coretest.Password)
	st.Want("Opéra du Lac", "Main house", "Olga Brunner", "owner", "captured", "No contacts yet")
	want := st.house.Owner
	got := st.Session.Request
	if got.Actor != want.Actor || got.Institution != want.Institution || got.Organisation != want.Organisation || got.Session == 0 {
		t.Errorf("requests are made as %+v, want them as %+v", got, want)
	}
	if st.Session.Location.String() != "Europe/Zurich" || !st.Session.Captured || st.Session.Role != core.RoleOwner {
		t.Errorf("location %v, captured %v, role %v", st.Session.Location, st.Session.Captured, st.Session.Role)
	}
}

func TestR87_ItOpensWhereTheOperatorWorkedLast(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	st.Resize(120, 40)
	h := st.house
	other := h.AddInstitution("Théâtre du Port")
	receipt, err := h.Venue.SaveOrganisation(h.Ctx, other.Owner, 0, 0, "Studio")
	h.Must(err)
	h.Must(h.Operators.Switch(h.Ctx, h.Owner, other.Made.Institution, receipt.Subject.ID))
	st.enter(coretest.OwnerAddress, coretest.Password)
	st.Want("Théâtre du Port", "Studio", "Olga Brunner")
	got := st.Session.Request
	if got.Institution != other.Made.Institution || got.Organisation != receipt.Subject.ID {
		t.Errorf("requests are made as %+v", got)
	}
	if want := []core.ID{h.Made.Institution, other.Made.Institution}; !slices.Equal(st.Session.Institutions, want) {
		t.Errorf("may work in %v, want %v", st.Session.Institutions, want)
	}
}

func TestRefusalHasOneWording(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string][2]string{
		"wrong password":   {coretest.OwnerAddress, "curtain up at nine"},
		"unknown operator": {"nobody@opera.example", coretest.Password},
		"no address":       {"olga", coretest.Password},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := build(t, nil)
			st.enter(typed[0], typed[1])
			st.Press("enter") // there is no code
			st.Want(refusal, typed[0])
			st.Without("•", "*") // no letter of a password is left
			if st.Session.SignedIn() {
				t.Error("a session began")
			}
			st.KeysAreClear()
		})
	}
}

func TestAfterARefusalThePasswordIsTypedAgain(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	st.enter(coretest.OwnerAddress, "curtain up at nine")
	st.Press("enter", "esc", "enter")
	st.Type(coretest.Password)
	st.Press("enter")
	st.Want("Olga Brunner")
}

func TestWhileSigningIn(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	st.Type(coretest.OwnerAddress)
	st.Press("tab")
	st.KeysAreClear()
	st.Type("wrong")
	attempt := st.Step(tea.KeyPressMsg{Code: tea.KeyEnter})
	st.Want("Signing in…")
	if _, _, shown := st.Frame().Cursor(); shown {
		t.Error("the cursor waits for letters that nobody takes")
	}
	st.KeysAreClear()
	st.Paste("more")
	st.Type("and more")
	if again := st.Step(tea.KeyPressMsg{Code: tea.KeyEnter}); again != nil {
		t.Error("a second attempt began")
	}
	st.Run(attempt)
	st.Want(expectsCode)
	st.Press("esc", "enter")
	st.Type(coretest.Password) // nothing that was typed meanwhile stands before it
	st.Press("enter")
	st.Want("Olga Brunner")
}

func TestTooManyAtOnce(t *testing.T) {
	t.Parallel()
	st := faked(t, &service{begin: func(context.Context, string, string) (operators.Begun, error) {
		return operators.Begun{}, core.Refuse(core.CodeBusy)
	}})
	st.enter(coretest.OwnerAddress, coretest.Password)
	st.Want("Too much is going on at once.", coretest.OwnerAddress, "Password")
	st.Without("•")
}

func TestNothingIsTriedWithEmptyFields(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	st.Press("enter")
	st.Type("x")
	st.Press("backspace", "enter") // no address: the keyboard goes there
	st.Type(coretest.OwnerAddress)
	st.Press("enter", "enter") // no password
	st.Without("Signing in…", refusal)
	st.Type(coretest.Password)
	st.Press("enter")
	st.Want("Olga Brunner")
}

func TestPastedLineEndIsNoPartOfThePassword(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	st.Paste(coretest.OwnerAddress + "\n")
	st.Press("tab")
	st.Paste(coretest.Password + "\r\n")
	st.Press("enter")
	st.Want("Olga Brunner")
}

func demoHint(t text.Printer) string {
	return t.T("signin.demo", "address", coretest.OwnerAddress, "password", coretest.Password)
}

func TestHintAndAddressStandReady(t *testing.T) {
	t.Parallel()
	st := build(t, func(s *session.Session) {
		s.Hint = demoHint
		s.Address = coretest.OwnerAddress
	})
	st.Want("This is a demo. Sign in as olga@opera.example", coretest.Password)
	st.Type(coretest.Password)
	st.Press("enter")
	st.Want("Olga Brunner")
}

func TestOperatorOfNoInstitutionStaysOutside(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	h := st.house
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		hash, err := operators.NewHasher(operators.Cost{MemoryKiB: 8 * 1024, Passes: 1, Threads: 1}).
			Hash(h.Ctx, coretest.Random(7), coretest.Password)
		if err != nil {
			return err
		}
		_, err = operators.Insert(&core.Act{Tx: tx, At: h.Clock.Effective()}, operators.Operator{
			Name: "Nino", Address: "nino@opera.example", Role: core.RoleOperator, Password: hash, Epoch: 1,
		})
		return err
	}))
	st.enter("nino@opera.example", coretest.Password)
	st.Want("This is no longer here, or belongs to another")
	if st.Session.SignedIn() {
		t.Error("a session began")
	}
}

func TestEveryLineIsAsWideAsTheScreen(t *testing.T) {
	t.Parallel()
	hostile := "宽字符\u202eشلوم👩‍👩‍👧\x1b[31m" + strings.Repeat("é", 300)
	for _, size := range [][2]int{{40, 9}, {41, 9}, {59, 12}, {80, 24}, {240, 58}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			st := build(t, func(s *session.Session) { s.Hint = func(text.Printer) string { return hostile } })
			page := signin.New(st.Session, st.house.Operators, st.house.Venue)
			page.Update(tea.PasteMsg{Content: hostile})
			lines := page.Render(size[0], size[1])
			if len(lines) != size[1] {
				t.Errorf("%d lines", len(lines))
			}
			for _, line := range lines {
				if got := ansi.StringWidth(line); got != size[0] {
					t.Errorf("%d cells: %q", got, line)
				}
			}
			if x, y, _ := page.Cursor(); x < 0 || y < 0 || x >= size[0] || y >= size[1] {
				t.Errorf("the cursor stands at %d, %d", x, y)
			}
		})
	}
}

func TestTheDemosHintAsItLooks(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {80, 24}} {
		st := build(t, func(s *session.Session) {
			s.Hint = demoHint
		})
		st.Resize(size[0], size[1])
		uitest.Golden(t, fmt.Sprintf("demo-%dx%d", size[0], size[1]), st.Frame())
	}
}

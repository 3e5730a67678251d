package setup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/contacts"
	"willcall/ui/page/setup"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

const portalURL = "http://127.0.0.1:8710"

// stage is a console at its first use.
type stage struct {
	*uitest.Stage
	house *coretest.House
}

func build(t *testing.T, width, height int) *stage {
	t.Helper()
	st := &stage{house: coretest.Empty(t, storagetest.New(t))}
	st.Stage = uitest.NewStage(t, st.house, width, height, uitest.Pages{
		session.PageSetUp:    func(s *session.Session) session.Page { return setup.New(s, st.house.Setup, portalURL) },
		session.PageContacts: func(s *session.Session) session.Page { return contacts.New(s, st.house.Contacts, nil) },
	}, func(c *console.Config) { c.SetUpNeeded = true })
	return st
}

// fields are those of the form, in their order.
func fields() []string {
	return []string{
		"Name", "Language", "Time zone", "Portal address", "Start", "Sender name", "Sender address", "Shop sign-in",
		"Your name", "Your address", "Password", "Password again",
	}
}

// good is what is typed into each field; "" leaves it as it is.
func good() map[string]string {
	return map[string]string{
		"Name": "Opéra du Lac", "Time zone": "zurich", "Start": "new", "Sender address": "tickets@opera.example",
		"Shop sign-in": coretest.SignInURL, "Your name": "Olga Brunner", "Your address": coretest.OwnerAddress,
		"Password": coretest.Password, "Password again": coretest.Password,
	}
}

// fill types into the fields from the first to the last.
func (st *stage) fill(values map[string]string) {
	for i, name := range fields() {
		if i > 0 {
			st.Press("tab")
		}
		st.Type(values[name])
	}
}

func TestFirstUse(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40)
	st.Want("Set up willcall", "This makes one organisation", "and you as the owner", portalURL, "English")
	st.KeysAreClear()
	st.fill(good())
	st.KeysAreClear()
	st.Press("ctrl+s")
	st.Want("Opéra du Lac is set up. Sign in with your password.", coretest.OwnerAddress)
	st.Type(coretest.Password)
	st.Press("enter")
	st.Want("Opéra du Lac", "Main house", "Olga Brunner", "owner")

	o, err := st.house.Venue.Overview(st.house.Ctx, st.Session.Request)
	st.house.Must(err)
	i := o.Institution
	if i.TimeZone != "Europe/Zurich" || i.Language != "en" || i.PortalURL != portalURL || !i.Validation {
		t.Errorf("the institution is %+v", i)
	}
	if p := o.PointsOfSale[0]; p.SenderName != "Opéra du Lac" || p.Sender != "tickets@opera.example" || p.SignInURL != coretest.SignInURL {
		t.Errorf("the point of sale is %+v", p)
	}
}

func TestR3_AHouseThatMovesOverBeginsWithValidationOff(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 40)
	values := good()
	values["Start"] = "moving"
	st.fill(values)
	st.Want("nobody is mailed or held up until an admin turns it on", "Validation stays off until an admin turns it on.")
	st.Without("Validation is on.")
	st.Press("ctrl+s")
	st.Want("Opéra du Lac is set up.")
	h := st.house
	o, err := h.Venue.Overview(h.Ctx, h.SignIn(coretest.OwnerAddress))
	h.Must(err)
	if o.Institution.Validation {
		t.Error("validation is on")
	}
}

func TestR3_HowTheHouseBeginsIsAsked(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 60)
	values := good()
	values["Start"] = ""
	st.fill(values)
	st.Without("Validation is on.", "Validation stays off")
	st.Press("ctrl+s")
	st.Want("This is needed. Fill it in.")
	_, y, shown := st.Frame().Cursor()
	if !shown || !strings.Contains(st.Frame().Line(y), "Start") {
		t.Errorf("the keyboard is on line %d", y)
	}
	st.Press("enter")
	st.Want("validation is on", "off until turned on")
	st.KeysAreClear()
	st.Press("enter")
	st.Want("new addresses get validation mails from the beginning", "Validation is on.")
	st.Press("ctrl+s")
	st.Want("Opéra du Lac is set up.")
}

func TestFieldsAreRefusedWhenTheyAreLeft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ typed, want string }{
		"Name":           {" ", "This is needed. Fill it in."},
		"Portal address": {"x", "This is not a web address."}, // behind the port
		"Sender address": {"tickets", "@"},
		"Shop sign-in":   {"shop.opera.example", "This is not a web address."},
		"Your address":   {"olga@", "@"},
		"Password":       {"curtain up", "The password is too short."},
		"Password again": {"curtain up at nine", "These two are not the same."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := build(t, 80, 60)
			values := good()
			values[name] = c.typed
			st.fill(values)
			st.Press("tab")
			st.Want(c.want)
			st.Press("ctrl+s")
			st.Want(c.want, "Olga Brunner", "Europe/Zurich") // the rest is still there
			if needed, err := st.house.Setup.Needed(st.house.Ctx); err != nil || !needed {
				t.Errorf("something was set up: %v", err)
			}
		})
	}
}

func TestPasswordOfOwnNamesIsRefused(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 60)
	values := good()
	values["Password"], values["Password again"] = "opéra brunner opéra", "opéra brunner opéra"
	st.fill(values)
	st.Want("The password is little more than a name of yours")
}

func TestAPasswordChangedLaterIsComparedAgain(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 60)
	st.fill(good())
	st.Press("shift+tab")
	st.Type("!")
	st.Press("ctrl+s")
	st.Want("These two are not the same.")
}

func TestSetUpMeanwhileLeadsToTheSignIn(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.fill(good())
	_, err := st.house.Setup.Do(st.house.Ctx, coretest.Draft())
	st.house.Must(err)
	st.Press("ctrl+s")
	st.Want("willcall is set up already. Sign in instead.", "enter next")
}

func TestWhileSettingUp(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.fill(good())
	work := st.Step(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl})
	st.Want("Setting up…")
	st.Type("more")
	st.Paste("more")
	if again := st.Step(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl}); again != nil {
		t.Error("a second set-up began")
	}
	st.KeysAreClear()
	st.Run(work)
	st.Want("is set up. Sign in with your password.")
}

func TestRefusalOfTheCoreKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 60)
	st.fill(good())
	work := st.Step(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl})
	if work == nil {
		t.Fatal("nothing was tried")
	}
	done, ok := work().(session.Result)
	if !ok {
		t.Fatal("there is no answer")
	}
	done.Err = core.Fields{core.RefuseField(core.CodeReserved, "sender"), core.Refuse(core.CodeFull)}
	st.Send(done)
	st.Want("Mail never reaches this domain.", "There is no space left to save.", "Olga Brunner", coretest.SignInURL)
	st.Without("Setting up…")
	if x, y, shown := st.Frame().Cursor(); !shown || !strings.Contains(st.Frame().Line(y), "Sender address") {
		t.Errorf("the keyboard is at %d, %d", x, y)
	}
	st.KeysAreClear()
}

func TestQuittingAsksOnceSomethingIsTyped(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.Type("O")
	st.Press("ctrl+c")
	st.Want("Quit?")
	st = build(t, 80, 24)
	st.Press("ctrl+c")
	if !st.Quit() {
		t.Error("it asks although nothing was typed")
	}
}

func TestChoosingAZone(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.Type("Opéra")
	st.Press("tab", "tab")
	st.Want("type a city")
	st.Type("new york")
	st.Want("America/New York")
	st.KeysAreClear()
	st.Press("ctrl+s") // an open list is answered first
	st.Without("This is needed.")
	st.Press("enter")
	st.Want("America/New York")
	st.Without("America/Nassau")
}

func TestEveryFieldIsReachedOnTheSmallestScreen(t *testing.T) {
	t.Parallel()
	st := build(t, 40, 10)
	for _, name := range fields() {
		frame := st.Frame()
		_, y, shown := frame.Cursor()
		if !shown || !strings.Contains(frame.Line(y), name) {
			t.Errorf("%s isn't in sight:\n%s", name, frame)
		}
		st.Press("tab")
	}
}

func TestEveryLineIsAsWideAsTheScreen(t *testing.T) {
	t.Parallel()
	hostile := "宽字符\u202eشلوم👩‍👩‍👧\x1b[31m" + strings.Repeat("é", 300)
	for _, size := range [][2]int{{40, 9}, {41, 9}, {80, 22}, {120, 38}, {240, 58}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			st := build(t, 80, 24)
			page := setup.New(st.Session, st.house.Setup, hostile)
			for range fields() {
				page.Update(tea.PasteMsg{Content: hostile})
				page.Update(tea.KeyPressMsg{Code: tea.KeyTab})
				lines := page.Render(size[0], size[1])
				if len(lines) != size[1] {
					t.Errorf("%d lines", len(lines))
				}
				if i := slices.IndexFunc(lines, func(line string) bool { return ansi.StringWidth(line) != size[0] }); i >= 0 {
					t.Errorf("%d cells: %q", ansi.StringWidth(lines[i]), lines[i])
				}
				if x, y, _ := page.Cursor(); x < 0 || y < 0 || x >= size[0] || y >= size[1] {
					t.Errorf("the cursor stands at %d, %d", x, y)
				}
			}
		})
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		st := build(t, size[0], size[1])
		uitest.Golden(t, fmt.Sprintf("form-%dx%d", size[0], size[1]), st.Frame())
	}
}

func TestARefusedFormTellsThatItGoesOn(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.Type("Opéra")
	st.Press("ctrl+s")
	st.Want("Institution")
	_, intro, _ := st.Frame().Find("┃ captured, not delivered")
	_, rule, _ := st.Frame().Find("────")
	if last := st.Frame().Line(rule - 1); !strings.HasPrefix(last, "…") {
		t.Errorf("nothing says that fields follow: %q", last)
	}
	for range len(fields()) - 3 { // from the time zone to the last field
		st.Press("tab")
	}
	st.Want("▸ Password again")
	if first := st.Frame().Line(intro + 1); !strings.HasPrefix(first, "…") && !strings.HasPrefix(st.Frame().Line(intro+2), "…") {
		t.Errorf("nothing says that fields stand above:\n%s", st.Frame())
	}
}

package contacts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/page/contacts"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// stage is the page alone, with its commands in the test's hands.
type stage struct {
	*contacts.Page
	t       testing.TB
	house   *coretest.House
	session *session.Session
}

func open(t *testing.T, names ...string) *stage {
	t.Helper()
	house := coretest.New(t, storagetest.New(t))
	for i, name := range names {
		first, last, _ := strings.Cut(name, " ")
		house.Create(coretest.Person(first, last, fmt.Sprintf("%d@mail.example", i)))
	}
	return openOn(t, house)
}

func openOn(t testing.TB, house *coretest.House) *stage {
	t.Helper()
	words, err := text.Load()
	house.Must(err)
	s := &session.Session{
		Ctx: t.Context(), Request: house.Owner, Role: core.RoleOwner, Organisation: "Main house", Captured: true,
		Text: words.In(text.English), Theme: theme.New(theme.Options{Dark: true}), Location: time.UTC,
		Clock: house.Clock, Actions: core.NewActionTable(core.Actions()),
	}
	st := &stage{t: t, house: house, session: s, Page: contacts.New(s, house.Contacts, house.Reading)}
	st.run(st.Open(core.Ref{}))
	return st
}

// run answers a command and all that follow from it.
func (st *stage) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, each := range msg {
			st.run(each)
		}
	default:
		st.run(st.Update(msg))
	}
}

// press presses a key and gives what it leads to, unanswered.
func (st *stage) press(key string) tea.Cmd {
	if a, ok := action.Find(st.Actions(), key, st.Typing()); ok {
		if a.Disabled != "" {
			return nil
		}
		return a.Run()
	}
	return st.Update(pressed(key))
}

func pressed(key string) tea.KeyPressMsg {
	codes := map[string]rune{
		"down": tea.KeyDown, "up": tea.KeyUp, "tab": tea.KeyTab, "esc": tea.KeyEscape, "enter": tea.KeyEnter,
		"space": tea.KeySpace, "left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "end": tea.KeyEnd,
	}
	if code, ok := codes[key]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	r := []rune(key)[0]
	return tea.KeyPressMsg{Code: r, Text: key}
}

func (st *stage) keys(keys ...string) {
	for _, key := range keys {
		st.run(st.press(key))
	}
}

func (st *stage) typed(s string) {
	for _, r := range s {
		st.keys(string(r))
	}
}

// screen is what the page draws, without its looks.
func (st *stage) screen(width, height int) string {
	st.t.Helper()
	lines := st.Render(width, height)
	if len(lines) != height {
		st.t.Fatalf("%d lines of %d", len(lines), height)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != width {
			st.t.Fatalf("line %d has %d cells of %d: %q", i, got, width, line)
		}
		lines[i] = ansi.Strip(line)
	}
	return strings.Join(lines, "\n")
}

func TestAnOlderAnswerDoesNotReplaceANewer(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	slow := st.press("d")
	st.keys("u")
	for range 2 {
		st.run(st.Update(tea.KeyPressMsg{Code: tea.KeyBackspace}))
	}
	st.keys("r")
	st.run(slow)
	if screen := st.screen(80, 20); !strings.Contains(screen, "Roux") || strings.Contains(screen, "Dupont") {
		t.Errorf("a late answer won:\n%s", screen)
	}
}

func TestAKeyBeforeTheContactIsReadIsDropped(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.house.Clock.Advance(time.Hour)
	st.run(st.Refresh())
	st.keys("down")
	unread := st.press("down")
	if cmd := st.press("v"); cmd != nil || strings.Contains(st.screen(120, 20), "Send ") {
		t.Error("v acted on a contact that isn't read")
	}
	if cmd := st.press("e"); cmd != nil || strings.Contains(st.screen(120, 20), "Edit") {
		t.Error("e acted on a contact that isn't read")
	}
	st.run(unread)
	st.keys("v")
	if screen := st.screen(120, 20); !strings.Contains(screen, "to 1@mail.example?") {
		t.Errorf("v doesn't ask about the contact read:\n%s", screen)
	}
}

func TestTheContactSentToIsTheOneAsked(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.house.Clock.Advance(time.Hour)
	st.house.Mails()
	st.run(st.Refresh())
	st.keys("down", "v")
	sending := st.press("enter")
	if again := st.press("enter"); again != nil {
		t.Error("enter sends twice")
	}
	st.keys("esc", "down")
	st.run(sending)
	mails := st.house.Mails()
	if len(mails) != 1 || mails[0].To != "0@mail.example" {
		t.Fatalf("%d mails", len(mails))
	}
	if screen := st.screen(120, 20); !strings.Contains(screen, "Paul Roux") {
		t.Errorf("the answer moved the selection:\n%s", screen)
	}
}

func TestKeptFormsCountAsUnsavedUntilDiscarded(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "n")
	if st.Unsaved() {
		t.Error("an untouched form is unsaved")
	}
	st.typed("Zoé")
	st.keys("esc")
	if !st.Unsaved() || st.Typing() {
		t.Error("a kept form is forgotten")
	}
	st.keys("n", "ctrl+x")
	if !strings.Contains(st.screen(80, 24), "Zoé") || st.Typing() {
		t.Error("discarding doesn't ask first")
	}
	st.keys("esc")
	if !st.Typing() || !strings.Contains(st.screen(80, 24), "Zoé") {
		t.Error("esc doesn't go back to the form")
	}
	st.keys("ctrl+x", "X")
	if st.Unsaved() || strings.Contains(st.screen(80, 24), "Zoé") {
		t.Error("a discarded form is still there")
	}
}

func TestAContactThatIsGoneIsTold(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.run(st.Open(core.Ref{Kind: core.KindContact, ID: 99}))
	screen := st.screen(80, 20)
	if !strings.Contains(screen, "This contact can’t be read") || strings.Count(screen, "no longer here") != 1 {
		t.Errorf("it isn't said once:\n%s", screen)
	}
}

func TestTheListIsReadInWindows(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 150 {
		names = append(names, fmt.Sprintf("Marie Name%03d", i))
	}
	st := open(t, names...)
	st.screen(80, 20)
	st.keys("down")
	for range 149 {
		st.keys("down")
		st.screen(80, 20)
	}
	if screen := st.screen(80, 20); !strings.Contains(screen, "Name149") {
		t.Errorf("the end isn't reached:\n%s", screen)
	}
	found, err := st.house.Contacts.Find(t.Context(), st.house.Owner, book.Query{Limit: 1000})
	st.house.Must(err)
	if !slices.IsSortedFunc(found.Rows, func(a, b book.Row) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the list isn't in order")
	}
}

func TestTheCoolDownEndsByItself(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down")
	if screen := st.screen(120, 20); !strings.Contains(screen, "The last mail was just now") {
		t.Fatalf("no cool-down after the first mail:\n%s", screen)
	}
	st.house.Clock.Advance(time.Minute)
	st.keys("v")
	if screen := st.screen(120, 20); !strings.Contains(screen, "to 0@mail.example?") {
		t.Errorf("v stays refused after the cool-down:\n%s", screen)
	}
}

func TestAMailThatNoServerWasAskedToTakeSaysWhy(t *testing.T) {
	t.Parallel()
	house := coretest.New(t, storagetest.New(t))
	house.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
	house.GoLive()
	_, _, _, err := house.Queue.Lease(house.Ctx)
	house.Must(err)
	st := openOn(t, house)
	st.keys("down")
	screen := st.screen(120, 24)
	if !strings.Contains(screen, "not sent. The address ends in") || strings.Contains(screen, "The server said") {
		t.Errorf("a mail that was never handed over says:\n%s", screen)
	}
}

func TestTheQuestionSaysHowToLeaveOnTheSmallestScreen(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.house.Clock.Advance(time.Hour)
	st.run(st.Refresh())
	st.keys("down", "v")
	look := component.Look{Theme: st.session.Theme, Text: st.session.Text}
	keys := action.Action{Label: "console.keys", Keys: []string{"?"}}
	line := ansi.Strip(component.HelpLine(look, append(st.Actions(), keys), false, component.LeastWidth))
	if !strings.Contains(line, "enter send") || !strings.Contains(line, "esc leave") {
		t.Errorf("the help line is %q", line)
	}
}

func TestAnAddressChangedMeanwhileIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.house.Clock.Advance(time.Hour)
	st.house.Mails()
	st.keys("down", "v")
	st.house.Edit(1, func(d *book.Draft) { d.Address = "new@mail.example" })
	st.house.Mails()
	st.keys("enter")
	if mails := st.house.Mails(); len(mails) != 0 {
		t.Errorf("a mail went to %s", mails[0].To)
	}
	if screen := st.screen(120, 20); !strings.Contains(screen, "new@mail.example") || !strings.Contains(screen, "┃") {
		t.Errorf("the change isn't told:\n%s", screen)
	}
}

func TestWhatIsTypedWhileSavingIsNotTaken(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "e", "tab")
	st.typed("-Louise")
	saving := st.press("ctrl+s")
	st.typed("XYZ")
	st.run(saving)
	if screen := st.screen(120, 20); !strings.Contains(screen, "Marie-Louise Dupont") || strings.Contains(screen, "XYZ") {
		t.Errorf("typed text went astray:\n%s", screen)
	}
}

func TestARefusalAfterLeavingTheFormIsTold(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "e", "tab")
	st.typed("-Louise")
	st.house.Edit(1, func(d *book.Draft) { d.FirstName = "Mariette" })
	saving := st.press("ctrl+s")
	st.keys("esc")
	st.run(saving)
	if screen := st.screen(120, 20); !strings.Contains(screen, "Somebody else saved this first") {
		t.Errorf("the refusal isn't told:\n%s", screen)
	}
}

func TestASwitchTurnedOnMeanwhileReachesTheForm(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	turn := func(on bool) {
		o, err := st.house.Venue.Overview(t.Context(), st.house.Owner)
		st.house.Must(err)
		_, err = st.house.Venue.SwitchValidation(t.Context(), st.house.Owner, o.InstitutionVersion, on)
		st.house.Must(err)
	}
	turn(false)
	st.keys("down", "n", "tab")
	st.typed("Roux")
	st.keys("tab", "tab")
	st.typed("zoe@mail.example")
	if screen := st.screen(120, 30); !strings.Contains(screen, "Validation is off") {
		t.Fatalf("the form doesn't tell that validation is off:\n%s", screen)
	}
	turn(true)
	st.run(st.press("ctrl+s"))
	if screen := st.screen(120, 30); !strings.Contains(screen, "sends Welcome from Web shop") {
		t.Fatalf("the form doesn't follow the switch:\n%s", screen)
	}
	st.run(st.press("ctrl+s"))
	if screen := st.screen(120, 30); !strings.Contains(screen, "C-000002 saved") {
		t.Errorf("the form stays refused:\n%s", screen)
	}
}

func TestAConflictTakesWhatWasNotTouchedAndShowsBothOfTheRest(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "e", "tab")
	st.typed("-Louise")
	st.house.Edit(1, func(d *book.Draft) { d.FirstName, d.LastName, d.Language = "Mariette", "Roux", "fr" })
	st.run(st.press("ctrl+s"))
	st.says("First name [ ] Mariette [ ] Marie-Louise", "changed on both sides Olga Brunner", "[✓] Roux [ ] Dupont", "[✓] Français")
	st.keys("enter", "enter")
	if st.house.Show(1).Changes != 1 {
		t.Fatal("saved without a decision")
	}
	st.keys("right", "enter")
	if screen := st.screen(120, 20); !strings.Contains(screen, "Marie-Louise Roux") {
		t.Errorf("saved as\n%s", screen)
	}
}

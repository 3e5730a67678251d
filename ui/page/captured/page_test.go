package captured_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/mailer/capture"
	"willcall/storage/storagetest"
	"willcall/ui/action"
	"willcall/ui/console"
	"willcall/ui/page/captured"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// stage is a console whose only page is captured mail, on a real mailbox.
type stage struct {
	*uitest.Stage
	t     *testing.T
	house *coretest.House
	log   *capture.Log
	page  *captured.Page
}

func words(t *testing.T) *text.Catalogue {
	t.Helper()
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// build makes a house with mails in it before anybody looks.
func build(t *testing.T, role core.Role, width, height int, before ...string) *stage {
	t.Helper()
	log, err := capture.Open(t.Context(), t.TempDir(), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() }) // some tests close it themselves
	return show(t, log, log, role, width, height, before...)
}

// show puts a console before a mailbox.
func show(t *testing.T, log *capture.Log, box mail.Mailbox, role core.Role, width, height int, before ...string) *stage {
	t.Helper()
	st := &stage{t: t, house: coretest.New(t, storagetest.New(t)), log: log}
	for _, raw := range before {
		st.receive(st.house.Made.Institution, raw)
	}
	req := st.house.Owner
	if role != core.RoleOwner {
		req = st.house.Hire(role)
	}
	reading := st.house.ReadingOf(box)
	st.Stage = uitest.NewStage(t, st.house, width, height, uitest.Pages{
		session.PageCaptured: func(s *session.Session) session.Page {
			st.page = captured.New(s, reading)
			return st.page
		},
	}, func(c *console.Config) {
		c.Check = func(ctx context.Context, req core.Request) (core.Standing, error) {
			return st.house.Desk.May(ctx, req, core.ActSessionCheck)
		}
	})
	st.Enter(req)
	return st
}

// receive stores a mail as the capture server does.
func (st *stage) receive(institution core.ID, raw string) uint64 {
	st.t.Helper()
	seq, err := st.log.Append(st.t.Context(), mail.Envelope{
		From: "tickets@opera.example", Recipients: []mail.Recipient{{Address: "marie@mail.example"}},
		At: st.house.Clock.Effective(), Institution: institution,
	}, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
	st.house.Must(err)
	return seq
}

// arrive is receive with what the bus tells the console.
func (st *stage) arrive(raw string) {
	st.t.Helper()
	seq := st.receive(st.house.Made.Institution, raw)
	st.Send(console.Changed{Events: []core.Event{{
		Institution: st.house.Made.Institution, Subject: core.Ref{Kind: core.KindCaptured, ID: core.ID(seq)},
	}}})
}

const link = "https://tickets.opera.example/v/3fJ9-token"

func letter(subject, body string) string {
	return "From: Opera <tickets@opera.example>\nTo: Marie <marie@mail.example>\nSubject: " + subject +
		"\nDate: Sat, 21 Nov 2026 19:42:00 +0000\nMessage-ID: <1@opera.example>\n\n" + body + "\n"
}

func TestListStandsBesideTheMessage(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, letter("Confirm, Zoé", "Hello,\n\n"+link+"\n\nYour code is 418204."), letter("Second", "Bye"))
	st.Want("2 mails", "Second", "19:42", "marie@mail.example", "Bye", "21 Nov 2026, 19:42, just now")
	st.Press("down")
	st.Want("Link", link, "c  copy", "Code", "418 204", "Hello,")
	st.KeysAreClear()
}

func TestMessageOpensInFullWidthWhereThereIsOnePane(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24, letter("Confirm", "Hello,\n\n"+link))
	st.Without("Hello,")
	st.Press("enter")
	st.Want("Hello,", link, "Captured", "Size")
	st.KeysAreClear()
	st.Press("esc")
	st.Without("Hello,")
	st.Want("1 mail")
}

// long is a link of the portal as it comes, and a subject as the product writes
// it.
const (
	long    = "https://tickets.opera.example/v/mfAdiMcQDCQrDEh0D4Wjm3BrtIZAYWvj27E"
	subject = "Please confirm your address"
)

func TestAtUsualWidthTheSubjectIsReadAndTheLinkIsWhole(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, letter(subject, "Press here"), letter("x", "\n"+long))
	st.Want("Please confirm your", "Subject", "To")
	st.Without("Lint")
	below := false
	for y := range 30 {
		_, right, _ := strings.Cut(st.Frame().Line(y), "│")
		below = below || strings.TrimSpace(right) == long
	}
	if !below {
		t.Errorf("the link is broken:\n%s", st.Frame())
	}
}

func TestAWideScreenShowsEveryColumn(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 160, 30, letter(subject, "x"))
	_, y, _ := st.Frame().Find("Subject")
	titles := strings.Fields(st.Frame().Line(y))
	if len(titles) < 5 || !slices.Equal(titles[:5], []string{"Time", "Subject", "To", "From", "Notes"}) {
		t.Errorf("the columns are %v", titles)
	}
	st.Want(subject)
}

func TestOnTheSmallestScreenTimeAndSubjectStay(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 40, 10, letter(subject, "x"))
	st.Want("19:42", subject)
}

func TestNewMailAppearsAboveTheSelection(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, letter("Oldest", "a"), letter("Chosen", "the chosen one"), letter("Newest", "c"))
	st.Press("down")
	st.Want("the chosen one")
	st.arrive(letter("Arrived", "d"))
	st.Selected("Chosen")
	st.Want("4 mails", "the chosen one")
	_, arrived, _ := st.Frame().Find("Arrived")
	_, newest, _ := st.Frame().Find("Newest")
	if arrived >= newest {
		t.Errorf("new mail stands on line %d, below the one before it on %d", arrived, newest)
	}
}

func TestManyMailsThatCameAtOnceLeaveNoGap(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, letter("Known", "a"))
	for i := range 250 {
		st.receive(st.house.Made.Institution, letter(fmt.Sprintf("Burst %d.", i), "b"))
	}
	st.arrive(letter("Last", "c"))
	st.Want("252 mails")
	st.Selected("Known")
	for i := range 250 {
		st.Press("up")
		st.Selected(fmt.Sprintf("Burst %d.", i))
	}
	st.Press("up")
	st.Selected("Last")
}

func TestOlderMailIsReadWhileScrollingDown(t *testing.T) {
	t.Parallel()
	var all []string
	for i := range 230 {
		all = append(all, letter(fmt.Sprintf("Mail %d.", i), "b"))
	}
	st := build(t, core.RoleOwner, 120, 30, all...)
	st.Want("230 mails", "Mail 229.")
	st.Press("end", "end", "end", "end")
	st.Want("Mail 0.")
	st.Selected("Mail 0.")
	st.Press("home")
	st.Want("Mail 229.")
}

func TestCopyHandsOverTheValueAndShowsItBare(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, letter("Confirm", link+"\n\nYour code is 418204."))
	for _, want := range []string{link, "418204", link} {
		copying, ok := action.Find(st.page.Actions(), "c", false)
		if !ok || copying.Disabled != "" {
			t.Fatalf("c can't be pressed: %+v", copying)
		}
		if got := copying.Run()(); got != tea.SetClipboard(want)() {
			t.Errorf("c copies %v, want %q", got, want)
		}
		st.Send(tea.FocusMsg{})
		found := false
		for y := range 30 {
			found = found || st.Frame().Line(y) == want
		}
		if !found {
			t.Errorf("%q does not stand bare on a line of its own:\n%s", want, st.Frame())
		}
	}
}

func TestNothingToCopyIsSaid(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, letter("Plain", "no link here"))
	st.Press("c")
	st.Want("This mail holds no link and no code.")
}

func TestLongMailIsScrolled(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "line %d.\n", i)
	}
	st := build(t, core.RoleOwner, 80, 24, letter("Long", b.String()))
	st.Press("enter")
	st.Want("line 0.")
	st.Press("down", "pgdown")
	st.Without("line 0.")
	st.Want("line 15.")
	st.Press("end")
	st.Want("line 199.")
	st.Press("home")
	st.Want("Long", "line 0.")
}

func TestEnvelopeIsShownWhereTheHeaderNamesOthers(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30,
		"From: a@opera.example\nTo: choir@opera.example\nSubject: Rehearsal\n\nAt eight\n", letter("Plain", "x"))
	st.Without("Sent to")
	st.Press("down")
	st.Want("Sent to", "choir@opera.example", "a recipient that no header field names, as with", "no Date field")
}

func TestMailWithoutAnythingIsShown(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30, "")
	st.Want("1 mail", "No subject", "tickets@opera.example", "marie@mail.example", "no header fields", "This mail holds no text to read.")
}

func TestEmptyListSaysWhatWouldBeHere(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24)
	st.Want("No mail was captured yet", "press v")
	if offered := st.page.Actions(); len(offered) != 0 {
		t.Errorf("keys without a mail: %+v", offered)
	}
	st.KeysAreClear()
	st.Press("enter", "down", "c")
	st.Want("No mail was captured yet")
	st = build(t, core.RoleDeveloper, 80, 24)
	st.Want("No mail was captured yet", "--smtp")
}

func TestR86_OnlyDevelopersSeeTheMailOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for role, sees := range map[core.Role]bool{core.RoleDeveloper: true, core.RoleOperator: false, core.RoleOwner: false} {
		st := build(t, role, 120, 30, letter("Ours", "x"))
		st.receive(core.Installation, letter("Foreign", "y"))
		st.Send(console.Changed{Resync: true})
		st.Want("Ours")
		if got := st.Frame().Contains("Foreign"); got != sees {
			t.Errorf("%v sees foreign mail: %v, want %v", role, got, sees)
		}
	}
}

func TestR89_OperatorsReadCapturedMailWhileThereIsNoMailServer(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOperator, 120, 30, letter("Confirm", "Hello there"))
	st.Want("Hello there")
}

func TestOpensTheMailThatIsAskedFor(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24, letter("First", "the first text"), letter("Second", "x"))
	st.Send(session.Go{Page: session.PageCaptured, Ref: core.Ref{Kind: core.KindCaptured, ID: 1}})
	st.Want("the first text")
	st.Press("esc")
	st.Selected("First")
}

func TestEveryOddityHasWords(t *testing.T) {
	t.Parallel()
	for _, l := range text.Languages() {
		p := words(t).In(l)
		for _, odd := range capture.Lints() {
			if !p.Has("lint." + string(odd)) {
				t.Errorf("no words in %s for %s", l, odd)
			}
		}
	}
}

// broken is a mailbox that can't be read.
type broken struct{ mail.Mailbox }

func (broken) List(context.Context, mail.Query) (mail.Page, error) {
	return mail.Page{}, errors.New("the disk is gone")
}

// unread is a mailbox whose messages can't be read.
type unread struct{ mail.Mailbox }

func (unread) Get(context.Context, uint64) (mail.Message, error) {
	return mail.Message{}, core.Refuse(core.CodeNotFound)
}

func TestFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24, letter("One", "x"))
	broke := show(t, st.log, broken{st.log}, core.RoleOwner, 120, 30)
	broke.Want("The captured mail can’t be read", "Something went wrong")
	broke.Without("the disk is gone")
	gone := show(t, st.log, unread{st.log}, core.RoleOwner, 120, 30, letter("Two", "x"))
	gone.Want("Two", "This mail can’t be read", "no longer here")
	gone.KeysAreClear()
}

// distinct is every picture once.
func distinct(views []tea.View) []tea.View {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(views), func(v tea.View) bool {
		again := seen[v.Content]
		seen[v.Content] = true
		return again
	})
}

// hostile is what a mail must not do to a terminal.
const hostile = "\x1b[31mred\x1b]52;c;eHh4\x07 \u009b2J \u202eesrever\u2066 a\u0300\u0301\u0302\u0303\u0304\u0305\u0306 \x00\x08\x7f \xff\xfe 👩‍👩‍👧‍👦 שלום ｗｉｄｅ"

func TestHostileMailStaysWithinItsCells(t *testing.T) {
	t.Parallel()
	raw := "From: " + hostile + "\nTo: " + hostile + "\nSubject: " + hostile + "\nContent-Type: text/plain; charset=utf-8\n\n" +
		strings.Repeat(hostile+"\n", 40) + link + "\x1b[2J\nYour code is 418204.\n"
	for _, size := range [][2]int{{120, 30}, {80, 24}, {40, 10}} {
		st := build(t, core.RoleOwner, size[0], size[1], raw)
		for _, keys := range [][]string{{"down"}, {"enter"}, {"pgdown"}, {"end"}} {
			st.Press(keys...)
			for y, line := range st.page.Render(size[0], size[1]) {
				if got := ansi.StringWidth(line); got != size[0] {
					t.Errorf("%v after %v: line %d is %d cells wide: %q", size, keys, y, got, line)
				}
			}
		}
		if err := uitest.Allowed(uitest.Record(t, size[0], size[1], distinct(st.Views())...).All()); err != nil {
			t.Errorf("%v: %v", size, err)
		}
	}
}

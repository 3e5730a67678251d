package captured_test

import (
	"fmt"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/ui/action"
	"willcall/ui/console"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// goLive sets a mail server while the console is open.
func (st *stage) goLive() {
	st.t.Helper()
	st.house.GoLive()
	st.Send(console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindMailServer, ID: 1}}}})
}

// own stores a captured mail of an outbox entry.
func (st *stage) own(entry core.ID, raw string) {
	st.t.Helper()
	_, err := st.log.Append(st.t.Context(), mail.Envelope{
		From: "tickets@opera.example", Recipients: []mail.Recipient{{Address: "marie@mail.example"}},
		At: st.house.Clock.Effective(), Institution: st.house.Made.Institution, Entry: entry,
	}, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
	st.house.Must(err)
	st.Send(console.Changed{Resync: true})
}

func TestR89_OnceLiveWhatIsOpenIsMaskedToo(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 30}, {80, 24}, {40, 10}} {
		st := build(t, core.RoleDeveloper, size[0], size[1])
		st.house.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
		st.own(1, letter("Code 418204", link+"\n\nYour code is 418204."))
		st.Press("enter")
		st.Want("418204")
		st.Press("c", "c")
		st.Want("Code", "handed to")
		st.goLive()
		st.Want("Codes and links are masked", "somebody else")
		for range 8 {
			st.Without("Link", "c  copy", "418204", "418 204", "3fJ9")
			st.Press("down")
		}
		copying, ok := action.Find(st.page.Actions(), "c", false)
		if want := words(t).In(text.English).T("captured.masked"); !ok || copying.Disabled != want {
			t.Errorf("c is %+v", copying)
		}
		st.Press("esc")
		st.Without("418204")
		st.KeysAreClear()
	}
}

func TestR89_AMaskIsInTheSignsOfTheTerminal(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleDeveloper, 120, 30)
	st.house.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
	st.own(1, letter("Code 418204", link))
	st.goLive()
	st.Press("enter")
	st.Want(mail.Mask)
	st.Session.Theme = theme.New(theme.Options{ASCII: true})
	st.Press("esc", "enter")
	st.Want("******")
	st.Without(mail.Mask)
}

func TestR89_OnceLiveForeignMailIsShownAsItIs(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleDeveloper, 120, 30)
	st.receive(core.Installation, letter("Foreign", link))
	st.goLive()
	st.Want("Foreign", link, "c  copy")
	st.Without("masked")
}

func TestR89_OlderMailIsReadAnewOnceLive(t *testing.T) {
	t.Parallel()
	var all []string
	for i := range 230 {
		all = append(all, letter(fmt.Sprintf("Code 4182%02d.", i%100), "b"))
	}
	st := build(t, core.RoleDeveloper, 80, 24, all...)
	st.Want("418229.")
	st.Press("end", "end", "end", "end")
	st.Want("418200.")
	st.goLive()
	st.Press("home", "end", "end", "end", "end")
	st.Want("230 mails")
	st.Without("4182")
	st.Press("home")
	st.Without("4182")
}

func TestR89_OnceLiveTheEmptyListSaysWhereMailGoes(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleDeveloper, 80, 24)
	st.Want("Nothing is delivered")
	st.goLive()
	st.Want("goes to the mail server")
	st.Without("Nothing is delivered")
}

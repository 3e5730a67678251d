package settings_test

import (
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/ui/session"
)

// server is what the core says of the mail server.
func (st *stage) server() mail.ServerView {
	st.t.Helper()
	v, err := st.house.Servers.Show(st.t.Context(), st.house.Owner)
	st.house.Must(err)
	return v
}

// typeServer fills an empty form of the mail server, from its first field on.
func (st *stage) typeServer() {
	st.t.Helper()
	st.Type("mail.opera.swiss")
	st.Press("tab", "tab", "tab")
	st.Type("opera")
	st.Press("tab")
	st.Type("seat 12")
}

func TestR89_TheFirstMailServerIsSetAfterAQuestion(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Mail server")
	st.Want("There is no mail server: mail is captured, not delivered.")
	st.Press("t", "R")
	st.Want("There is no mail server. Set one in the settings.")
	st.Press("e")
	st.Want("587", "STARTTLS, required", "Saving asks first")
	st.typeServer()
	st.Without("seat 12")
	st.Press("ctrl+s")
	st.Want("Set the mail server?", "real recipients", "operators see captured mail no more", "S save")
	st.KeysAreClear()
	if st.server().Set {
		t.Fatal("set before the answer")
	}
	st.Press("esc", "ctrl+s", "S")
	st.Want("The mail server is saved. Mail is delivered.", "mail.opera.swiss", "not since it was saved")
	v := st.server()
	if v.Host != "mail.opera.swiss" || v.Port != 587 || v.Security != mail.SecuritySTARTTLS || v.User != "opera" || !v.HasPassword {
		t.Errorf("saved as %+v", v)
	}
}

func TestThePortFollowsTheEncryptionUnlessTyped(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Mail server")
	st.Press("e", "tab", "enter", "down", "enter")
	st.Want("TLS from the start", "465")
	st.Press("enter", "up", "enter")
	st.Want("587")
	st.Press("tab")
	st.retype("2525")
	st.Press("shift+tab", "enter", "down", "enter")
	st.Want("2525", "TLS from the start")
	st.Press("tab")
	st.retype("70000")
	st.Press("tab")
	st.Want("This is not a port.")
}

func TestAPasswordLeftEmptyIsKept(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) { h.GoLive() })
	st.on("Mail server")
	st.Press("e")
	st.Want("unchanged", "empty keeps it")
	st.Press("tab", "tab")
	st.retype("2525")
	st.Press("ctrl+s")
	st.Want("The mail server is saved.", "2525")
	if v := st.server(); v.Port != 2525 || !v.HasPassword {
		t.Errorf("saved as %+v", v)
	}
	st.Press("e")
	st.retype("other.opera.swiss")
	st.Want("The stored password goes to the stored host and user only.")
	st.Press("ctrl+s")
	st.Want("This is needed.")
	if v := st.server(); v.Host != coretest.MailServer().Host {
		t.Errorf("saved as %+v", v)
	}
}

func TestATestMailGoesByWhatIsTyped(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		st := build(t, core.RoleOwner, size[0], size[1])
		st.on("Mail server")
		st.Press("e")
		st.typeServer()
		st.Press("ctrl+t")
		st.KeysAreClear()
		st.Type("olga@opera.example")
		st.Press("enter")
		st.Want("Mail never reaches this")
		st.retype("olga@opera.swiss")
		st.Press("enter")
		st.KeysAreClear()
		if size[1] > 10 {
			st.Want("mail.opera.swiss:587", "took the test mail to", "2.0.0 taken")
		}
		probes := st.house.Prober.Probes()
		if len(probes) != 1 {
			t.Fatalf("%d test mails", len(probes))
		}
		want := mail.Route{Host: "mail.opera.swiss", Port: 587, Security: mail.SecuritySTARTTLS, User: "opera", Password: "seat 12"}
		if probes[0].Route != want || probes[0].Mail.To != "olga@opera.swiss" || probes[0].Mail.From != "tickets@opera.example" {
			t.Errorf("probed %+v", probes[0])
		}
		if st.server().Set {
			t.Error("a test saved the server")
		}
		st.Press("esc")
		st.Want("opera")
		if !st.page.Unsaved() {
			t.Error("what was typed is gone")
		}
	}
}

func TestARefusedTestMailSaysWhatTheServerSaidAndWhatItMeans(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24, func(h *coretest.House) { h.GoLive() })
	st.house.Prober.Answer(mail.Answer{Verdict: mail.Never, Text: "535 5.7.8 authentication failed", Why: mail.WhySignIn})
	st.on("Mail server")
	st.Press("enter", "t")
	st.Want("Send a real test mail through mail.opera.example:587, to whom?")
	st.Type("olga@opera.swiss")
	under := st.pressed("enter")
	st.Want("Sending…", "olga@opera.swiss", "STARTTLS, required")
	st.KeysAreClear()
	st.Run(under)
	st.Want("did not go out", "535 5.7.8 authentication failed", firstWords(st.words("why."+string(mail.WhySignIn))))
	st.KeysAreClear()
	st.Press("t")
	st.house.Prober.Answer(mail.Answer{Verdict: mail.Delivered, Text: "250 fine"})
	st.Press("enter") // to the same address
	st.Want("took the test mail to olga@opera.swiss", "250 fine")
	st.Press("esc")
	st.Want("Tested", "to olga@opera.swiss")
}

// firstWords are those of a sentence that a line holds.
func firstWords(sentence string) string { return strings.Join(strings.Fields(sentence)[:5], " ") }

func TestATestMailThatWasLeftIsToldBelow(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) { h.GoLive() })
	st.on("Mail server")
	st.Press("t")
	st.Type("olga@opera.swiss")
	under := st.pressed("enter")
	st.Want("Sending…")
	st.drawn()
	st.Press("esc")
	st.Without("Sending…")
	st.Run(under)
	st.Want("mail.opera.example:587 took the test mail to olga@opera.swiss")
}

func TestARefusalBeforeSendingLandsInTheForm(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Mail server")
	st.Press("e")
	st.Type("not a host")
	st.Press("ctrl+t")
	st.Type("olga@opera.swiss")
	st.Press("enter")
	st.Want("This is not a host’s name.", "not a host")
	if n := len(st.house.Prober.Probes()); n != 0 {
		t.Errorf("%d test mails went out", n)
	}
}

func TestR89_RemovingTheMailServerIsARehearsalAgain(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) { h.GoLive() })
	st.on("Mail server")
	st.Want("Mail of every institution is delivered by this server.", "remove, asks first")
	st.Press("R")
	st.Want("Remove the mail server?", "captured mail again. What waits is captured too.")
	st.KeysAreClear()
	st.Press("esc")
	if !st.server().Set {
		t.Fatal("removed before the answer")
	}
	st.Press("R", "R")
	st.Want("The mail server is removed. Mail is captured, not delivered.", "There is no mail server")
	if st.server().Set {
		t.Error("still set")
	}
}

func TestAMailServerThatSomebodyElseSavedIsAConflict(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Mail server")
	st.Press("e")
	st.typeServer()
	st.house.GoLive()
	st.Press("ctrl+s", "S")
	st.Want("Somebody else saved this", "Host", "[ ] mail.opera.example", "[ ] mail.opera.swiss", "Olga Brunner")
	st.KeysAreClear()
	st.Press("right", "enter")
	st.Want("The mail server is saved.")
	if v := st.server(); v.Host != "mail.opera.swiss" {
		t.Errorf("saved as %+v", v)
	}
}

func TestAnEventOpensTheMailServer(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.Send(session.Go{Page: session.PageSettings, Ref: core.Ref{Kind: core.KindMailServer, ID: 1}})
	st.Want("There is no mail server")
}

package outbox_test

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/ui/action"
	"willcall/ui/session"
)

func TestPickedMailsAreCancelledTogether(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		people("Marie", "Paul", "Ana", "Leo")(h)
		answer(h, mail.Answer{Verdict: mail.Captured}) // Marie's
	})
	st.Press("ctrl+a")
	st.Want("4 are picked.")
	st.KeysAreClear()
	st.Press("C")
	st.Want("Cancel the 3 mails that are picked and wait?")
	answer(st.house, mail.Answer{Verdict: mail.Captured}) // Paul's goes out meanwhile
	st.Press("C")
	st.Want("2 mails were cancelled, 19:", "1 mail was no longer waiting.")
	st.Without("picked")
	if all := st.house.Journal(); all[len(all)-1].Action != core.ActOutboxCancel {
		t.Errorf("the journal ends with %s", all[len(all)-1].Action)
	}
}

// TestAMailAboutAWayInSaysWhyNobodyCancelsIt, alone and among others.
func TestAMailAboutAWayInSaysWhyNobodyCancelsIt(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		people("Marie")(h)
		h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
	})
	st.Press("enter", "C")
	st.Want("This mail is about an operator’s way in. Nobody cancels it here")
	st.Press("esc", "space", "C")
	st.Want("This mail is about an operator’s way in. Nobody cancels it here")
	st.Press("ctrl+a", "C")
	st.Want("Cancel the mail that is picked and waits?")
	st.Press("C")
	st.Want("1 mail was cancelled, 19:")
}

func TestPickedMailsAreSentAgainTogether(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		people("Marie", "Paul", "Ana")(h)
		answer(h, mail.Answer{Verdict: mail.Later, Text: "451 later", Why: mail.WhyBusy}) // Marie's waits
		answer(h, mail.Answer{Verdict: mail.Captured})                                    // Paul's
		h.Clock.Advance(2 * time.Hour)
		id := h.Create(coretest.Person("Leo", "Dupont", address("leo"))).ID
		_, err := h.Contacts.Remove(h.Ctx, h.Owner, id, h.Show(id).Version)
		h.Must(err)
	})
	st.Press("ctrl+a")
	st.Want("4 are picked.")
	st.KeysAreClear()
	st.Press("a")
	st.Want("Write the 4 mails that are picked again? They go to the captured mail.")
	st.Press("esc")
	st.Want("4 are picked.")
	st.Press("a", "enter")
	st.Want("3 mails go to the captured mail again, 21:", "1 left: The contact this mail was for is no longer here.")
	st.Without("are picked")
	page, err := st.house.Reading.Outbox(st.house.Ctx, st.house.Owner, mail.OutboxQuery{})
	st.house.Must(err)
	if page.Total != 5 || page.Waiting != 3 { // Paul's is made anew
		t.Errorf("%d mails, %d wait", page.Total, page.Waiting)
	}
	if all := st.house.Journal(); all[len(all)-1].Action != core.ActOutboxSendAgain {
		t.Errorf("the journal ends with %s", all[len(all)-1].Action)
	}
}

func TestMailsThatAreAllRefusedAgainSayWhy(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		id := h.Create(coretest.Person("Leo", "Dupont", address("leo"))).ID
		_, err := h.Contacts.Remove(h.Ctx, h.Owner, id, h.Show(id).Version)
		h.Must(err)
	})
	st.Press("space", "a", "enter")
	st.Want("The contact this mail was for is no longer here.", "pick none")
}

func TestMoreThanOneActTakesAreNotSentAgain(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) { notices(h, "Person", mail.MostAtOnce+1) })
	st.Press("end", "end", "end", "end", "end", "end", "ctrl+a")
	st.Want("501 are picked.")
	st.Press("a")
	st.Want("Pick 500 mails at most.")
}

func TestPickingSaysWhatItCanDo(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		people("Marie", "Paul")(h)
		answer(h, mail.Answer{Verdict: mail.Captured})
		answer(h, mail.Answer{Verdict: mail.Captured})
	})
	st.Press("space")
	st.Want("1 is picked.")
	st.Press("C")
	st.Want("None of the picked mails is waiting.")
	st.Press("esc")
	st.Without("picked", "again?")
	st.Press("shift+up", "shift+down", "tab")
	st.Without("picked")
}

func TestPicksSurviveWhatHappensElsewhere(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, people("Marie", "Paul"))
	st.Press("end", "space")
	people("Ana")(st.house)
	st.happened(core.KindMail)
	st.Want("1 is picked.", "All 3")
	st.Press("C", "C")
	st.Want("1 mail was cancelled")
	for id, want := range map[core.ID]mail.State{1: mail.StateCancelled, 2: mail.StateQueued, 3: mail.StateQueued} {
		m, err := st.house.Reading.OutboxMail(st.house.Ctx, st.house.Owner, id)
		st.house.Must(err)
		if m.State != want {
			t.Errorf("mail %d is %v", id, m.State)
		}
	}
}

// TestPicksCountWhereverTheScreenIs: all that are picked are cancelled, though a
// reading of the list comes between and they stand far below.
func TestPicksCountWhereverTheScreenIs(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) { notices(h, "Person", 230) })
	st.Press("end", "end", "end", "ctrl+a", "home")
	st.Want("230 are picked.")
	st.happened(core.KindMail)
	st.Press("C")
	st.Want("Cancel the 230 mails that are picked and wait?")
	st.Press("C")
	st.Want("230 mails were cancelled")
}

func TestTheMousePicksMails(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, people("Marie", "Paul"))
	st.Send(session.Click{X: 1, Y: 3, Width: 120})
	st.Want("1 is picked.")
}

func TestTheAddressIsCopied(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, people("Marie"))
	copying, ok := action.Find(st.page.Actions(), "c", false)
	if !ok {
		t.Fatal("c isn't offered")
	}
	if got := copying.Run()(); got != tea.SetClipboard(address("marie"))() {
		t.Errorf("copied %v", got)
	}
	st.Send(tea.FocusMsg{})
	st.Want("To: handed to your terminal")
	st.KeysAreClear()
}

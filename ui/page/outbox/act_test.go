package outbox_test

import (
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
)

func TestWaitingMailIsSentAtOnce(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		people("Marie")(h)
		answer(h, mail.Answer{Verdict: mail.Later, Text: "451 later", Why: mail.WhyBusy})
	})
	if _, due, _, _ := st.house.Queue.Lease(st.house.Ctx); due {
		t.Fatal("the mail is due already")
	}
	st.Press("a")
	st.Want("Write \"Welcome\" to " + address("marie") + " again?")
	st.Press("enter")
	st.Want("\"Welcome\" to " + address("marie") + " goes to the captured mail again, 19:43.")
	if w := answer(st.house, mail.Answer{Verdict: mail.Captured}); w.ID != 1 {
		t.Errorf("mail %d went out", w.ID)
	}
	st.happened(core.KindMail)
	st.Want("✓ captured", "All 1")
}

func TestDoneMailIsMadeAnew(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		people("Marie", "Paul")(h)
		answer(h, mail.Answer{Verdict: mail.Captured})
		answer(h, mail.Answer{Verdict: mail.Captured})
		h.Clock.Advance(2 * time.Hour)
	})
	st.Press("down", "enter", "a", "enter")
	st.Want("goes to the captured mail again", "waiting", "Confirm, Marie")
	st.Press("esc")
	st.Want("All 3", "Waiting 1")
	st.Selected("Marie")
	st.Selected("waiting")
}

func TestWhatCanNotBeDoneSaysWhy(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		people("Marie", "Paul")(h)
		answer(h, mail.Answer{Verdict: mail.Captured})
		_, _, _, err := h.Queue.Lease(h.Ctx)
		h.Must(err)
	})
	st.Want("going out")
	st.Press("a")
	st.Want("This mail is going out right now.")
	st.Press("C")
	st.Want("This mail is going out right now.")
	st.Press("down", "C")
	st.Want("This mail is no longer waiting.")
	st.Press("a", "enter", "down", "down", "a")
	st.Want("You can send again from")
	st.Without("again?")
	st.house.Clock.Advance(time.Minute)
	st.Press("a")
	st.Want("Write \"Welcome\" to " + address("marie") + " again?")
}

func TestAMailToNobodySaysSoBeforeItAsks(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		id := h.Create(coretest.Person("Marie", "Dupont", address("marie"))).ID
		_, err := h.Contacts.Remove(h.Ctx, h.Owner, id, h.Show(id).Version)
		h.Must(err)
	})
	st.Press("enter")
	st.Want("– cancelled", "The contact was removed.")
	st.Without("a  send again")
	st.Press("a")
	st.Want("The contact this mail was for is no longer here.")
	st.Without("again?")
}

func TestACancelledMailSaysByWhom(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		people("Marie")(h)
		answer(h, mail.Answer{Verdict: mail.Later, Text: "451 later", Why: mail.WhyBusy})
	})
	st.Press("C", "C", "enter")
	st.Want("– cancelled", "451 later", "Olga Brunner cancelled it here, in the outbox.")
	st.Without("come back later")
}

func TestCancelAsksFirst(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie"))
	st.Press("C", "esc")
	st.Want("waiting")
	st.Press("c")
	st.Without("Cancel \"Welcome\"")
	st.Press("C")
	st.Want("Cancel \"Welcome\" to "+address("marie")+"?", "C cancel mail")
	st.KeysAreClear()
	st.Press("C")
	st.Want("was cancelled, 19:43.", "– cancelled")
	if _, due, _, _ := st.house.Queue.Lease(st.house.Ctx); due {
		t.Error("the mail goes out all the same")
	}
}

func TestWhatWasDoneIsToldInEveryView(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 120} {
		st := build(t, width, 30, func(h *coretest.House) {
			people("Marie", "Paul", "Zoe")(h)
			answer(h, mail.Answer{Verdict: mail.Never, Text: "550 no", Why: mail.WhyMailbox})
			h.Clock.Advance(2 * time.Hour)
		})
		st.Press("tab", "C", "C")
		st.Want("\"Welcome\" to "+address("zoe")+" was cancelled", "Paul Dupont", "Waiting 1")
		st.Selected("Paul")
		st.Press("tab", "a", "enter")
		st.Want("\"Welcome\" to "+address("marie")+" goes to the captured mail again", "Waiting 2", "Failed 1")
		st.Selected("Marie")
		st.Press("tab")
		st.Without("goes to the captured mail again")
	}
}

func TestQuestionsHaveTheKeyboard(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie"))
	for _, ask := range []string{"a", "C"} {
		st.Press(ask, "g", "c")
		st.Want("\"Welcome\" to", "esc back")
		if len(st.asked) != 1 {
			t.Fatalf("after %s the contacts came to the front", ask)
		}
		st.Press("esc")
	}
}

func TestAnAnswerIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie"))
	st.Press("C")
	cancel := st.Step(key("C"))
	st.Want("One moment…")
	st.Run(st.Step(key("C")))
	st.Run(cancel)
	st.Want("was cancelled")
	st.Without("no longer waiting")
}

func TestKeysBeforeTheMailIsReadAreDropped(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, people("Marie", "Paul"))
	read := st.Step(key("down"))
	st.Run(st.Step(key("C")))
	st.Without("Cancel \"Welcome\"")
	st.Run(read)
	st.Press("C")
	st.Want("Cancel \"Welcome\" to " + address("marie"))
}

func TestR89_NothingIsSaidToBeSentWhileMailIsCaptured(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, people("Marie"))
	st.Press("a")
	st.Want("It goes to the captured mail.")
	st.Press("enter")
	st.Want("goes to the captured mail again")
	answer(st.house, mail.Answer{Verdict: mail.Captured})
	st.happened(core.KindMail)
	st.Want("✓ captured")
	st.Without("✓ sent")

	st.house.GoLive()
	st.happened(core.KindMailServer)
	st.house.Clock.Advance(2 * time.Hour)
	st.Press("a")
	st.Want("Send \"Welcome\" to " + address("marie") + " again?")
	st.Without("captured mail")
	st.Press("enter")
	st.Want("\"Welcome\" goes to "+address("marie")+" again", "waiting")
	st.Without("captured mail")
	answer(st.house, mail.Answer{Verdict: mail.Delivered, Text: "250 2.0.0 taken"})
	st.happened(core.KindMail)
	st.Want("✓ sent", "✓ captured")
}

func TestR86_OperatorsSendAgainAndCancel(t *testing.T) {
	t.Parallel()
	h := build(t, 80, 24, people("Marie")).house
	st := enter(t, h, h.Hire(core.RoleOperator), 80, 24)
	st.Press("a", "enter")
	st.Want("goes to the captured mail again")
	st.Press("C", "C")
	st.Want("was cancelled")
}

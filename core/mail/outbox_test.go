package mail_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

const secretLink = "https://tickets.opera.example/v/secret-token"

// order is a mail with a secret, good for three days.
func order() core.Mail {
	return core.Mail{
		To: "marie@orange.example", ToName: "Marie Dupont", From: "tickets@opera.example", FromName: "Opéra du Lac",
		System: "notice", Language: "fr", Subject: core.Ref{Kind: core.KindContact, ID: 12},
		Variables: map[string]string{"name": "Marie", "address": "marie@orange.example"},
		Secret:    map[string]string{"link": secretLink},
		Expires:   coretest.Start().Add(72 * time.Hour),
	}
}

// post puts a mail into the house's outbox.
func post(h *coretest.House, m core.Mail) core.ID {
	h.T.Helper()
	return postAs(h, core.Request{Institution: h.Made.Institution}, m)
}

// postAs puts a mail into the outbox as somebody's act.
func postAs(h *coretest.House, req core.Request, m core.Mail) core.ID {
	h.T.Helper()
	var id core.ID
	h.Act(func(act *core.Act) (err error) {
		act.Req = req
		id, err = mail.NewOutbox(h.Keys).Enqueue(act, m)
		return err
	})
	return id
}

// withdraw cancels the house's mails with secrets for a subject.
func withdraw(h *coretest.House, subject core.Ref) {
	h.T.Helper()
	h.Act(func(act *core.Act) error { return mail.NewOutbox(h.Keys).Withdraw(act, subject, core.WithdrawnAddress) })
}

// lease takes the mail that is due, which there must be.
func lease(h *coretest.House) mail.Work {
	h.T.Helper()
	work, ok, _, err := h.Queue.Lease(h.Ctx)
	h.Must(err)
	if !ok {
		h.T.Fatal("no mail is due")
	}
	return work
}

// idle checks that no mail is due and tells when one will be.
func idle(h *coretest.House) time.Time {
	h.T.Helper()
	work, ok, next, err := h.Queue.Lease(h.Ctx)
	h.Must(err)
	if ok {
		h.T.Fatalf("mail %d is due", work.ID)
	}
	return next
}

func finish(h *coretest.House, w mail.Work, v mail.Verdict, text string) {
	h.T.Helper()
	h.Must(h.Queue.Finish(h.Ctx, w, mail.Answer{Verdict: v, Text: text}))
}

func entryOf(h *coretest.House, id core.ID) mail.Entry {
	h.T.Helper()
	var e mail.Entry
	h.Must(h.Store.View(h.Ctx, func(v core.View) (err error) {
		e, err = mail.EntryOf(v, h.Made.Institution, id)
		return err
	}))
	return e
}

func TestAMailIsLeasedWithItsTextAndSecrets(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	w := lease(h)
	if w.ID != id || w.Institution != h.Made.Institution || w.State != mail.StateLeased || w.Attempts != 1 {
		t.Errorf("leased %+v", w.Entry)
	}
	if w.Values["link"] != secretLink || w.Values["name"] != "Marie" || w.Subject != "notice" || w.Body != "notice Marie marie@orange.example" {
		t.Errorf("subject %q, body %q, values %v", w.Subject, w.Body, w.Values)
	}
	if w.To != "marie@orange.example" || w.ToName != "Marie Dupont" || w.From != "tickets@opera.example" || w.FromName != "Opéra du Lac" || w.Language != "fr" {
		t.Errorf("mail %+v", w.Mail)
	}
	if local, domain, _ := strings.Cut(w.MessageID, "@"); len(local) != 32 || domain != "opera.example" {
		t.Errorf("Message-ID %s", w.MessageID)
	}
	if next := idle(h); !next.Equal(coretest.Start().Add(5 * time.Minute)) {
		t.Errorf("due again at %v", next)
	}
}

func TestMailsGoOutInTheirOrder(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var want, got []core.ID
	for range 4 {
		want = append(want, post(h, order()))
		h.Clock.Advance(time.Second)
	}
	for _, w := range h.Mails() {
		got = append(got, w.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("out in the order %v, want %v", got, want)
	}
	if next := idle(h); !next.IsZero() {
		t.Errorf("an empty queue is due at %v", next)
	}
}

func TestAnUndeliverableMailIsTriedForTwoDays(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	var tries []time.Duration
	messageID := entryOf(h, id).MessageID
	for !entryOf(h, id).State.Final() {
		w := lease(h)
		tries = append(tries, h.Clock.Effective().Sub(coretest.Start()))
		if w.MessageID != messageID || int(w.Attempts) != len(tries) {
			t.Fatalf("try %d is %+v", len(tries), w.Entry)
		}
		finish(h, w, mail.Later, "451 later")
		if e := entryOf(h, id); !e.State.Final() {
			if e.State != mail.StateQueued || e.Answer != "451 later" || e.Sealed == nil {
				t.Fatalf("between tries it is %+v", e)
			}
			h.Clock.Advance(e.Next.Sub(h.Clock.Effective()) - 1)
			idle(h)
			h.Clock.Advance(1)
		}
	}
	minutes := []time.Duration{0, 1, 6, 21, 51, 111, 231, 471}
	for i, want := range minutes {
		if tries[i] != want*time.Minute {
			t.Errorf("try %d after %v, want %v minutes", i+1, tries[i], int(want))
		}
	}
	last := len(tries) - 1
	if tries[last] < 48*time.Hour || tries[last-1] >= 48*time.Hour || tries[last]-tries[last-1] != 4*time.Hour {
		t.Errorf("the last tries were after %v and %v", tries[last-1], tries[last])
	}
	if e := entryOf(h, id); e.State != mail.StateFailed || e.Answer != "451 later" || !e.Settled.Equal(h.Clock.Effective()) {
		t.Errorf("given up as %+v", e)
	}
	idle(h)
}

func TestAMailPastItsExpiryIsNeverSent(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	m := order()
	m.Expires = coretest.Start().Add(time.Hour)
	expiring := post(h, m)
	lasting := post(h, order())
	h.Clock.Advance(time.Hour)
	if w := lease(h); w.ID != lasting {
		t.Errorf("leased %d", w.ID)
	}
	if e := entryOf(h, expiring); e.State != mail.StateExpired || e.Sealed != nil || e.Attempts != 0 {
		t.Errorf("expired as %+v", e)
	}
}

func TestATryIsNotPutOffPastTheExpiry(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	m := order()
	m.Expires = coretest.Start().Add(30 * time.Second)
	id := post(h, m)
	finish(h, lease(h), mail.Later, "")
	if e := entryOf(h, id); !e.Next.Equal(m.Expires) {
		t.Errorf("due at %v", e.Next)
	}
	h.Clock.Advance(30 * time.Second)
	idle(h)
	if e := entryOf(h, id); e.State != mail.StateExpired {
		t.Errorf("it is %v", e.State)
	}
}

func TestALeaseIsLostAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	first := lease(h)
	h.Clock.Advance(5*time.Minute - 1)
	idle(h)
	h.Clock.Advance(1)
	second := lease(h)
	if second.ID != id || second.Attempts != 2 || second.MessageID != first.MessageID {
		t.Errorf("leased again as %+v", second.Entry)
	}
	finish(h, first, mail.Never, "550 no")
	if e := entryOf(h, id); e.State != mail.StateLeased {
		t.Errorf("who lost the lease made it %v", e.State)
	}
	finish(h, second, mail.Delivered, "250 yes")
	if e := entryOf(h, id); e.State != mail.StateSent || e.Answer != "250 yes" {
		t.Errorf("it is %v, %q", e.State, e.Answer)
	}
	finish(h, second, mail.Never, "")
	if e := entryOf(h, id); e.State != mail.StateSent {
		t.Errorf("what is final became %v", e.State)
	}
}

func TestAVerdictThatIsNone(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	err := h.Queue.Finish(h.Ctx, lease(h), mail.Answer{})
	h.Refused(err, core.CodeInternal)
	if e := entryOf(h, id); e.State != mail.StateLeased {
		t.Errorf("it is %v", e.State)
	}
}

// ends brings a leased or queued mail to each final state.
func ends() map[mail.State]func(*coretest.House) {
	as := func(v mail.Verdict) func(*coretest.House) {
		return func(h *coretest.House) { finish(h, lease(h), v, "") }
	}
	return map[mail.State]func(*coretest.House){
		mail.StateSent: as(mail.Delivered), mail.StateCaptured: as(mail.Captured), mail.StateFailed: as(mail.Never),
		mail.StateExpired:   func(h *coretest.House) { h.Clock.Advance(73 * time.Hour); idle(h) },
		mail.StateCancelled: func(h *coretest.House) { withdraw(h, order().Subject) },
	}
}

func TestSecretsGoWhenAMailIsFinal(t *testing.T) {
	t.Parallel()
	for state, end := range ends() {
		t.Run(state.String(), func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			id := post(h, order())
			if e := entryOf(h, id); e.Sealed == nil || e.Secret != nil {
				t.Errorf("waiting, it is %+v", e)
			}
			for key, value := range h.Dump() {
				if strings.Contains(value, "secret-token") {
					t.Errorf("%q shows the secret", key)
				}
			}
			end(h)
			e := entryOf(h, id)
			if e.State != state || !e.State.Final() || e.Sealed != nil || !e.Next.IsZero() || !e.Settled.Equal(h.Clock.Effective()) {
				t.Errorf("final, it is %+v", e)
			}
			if next := idle(h); !next.IsZero() {
				t.Errorf("still in the queue, due at %v", next)
			}
		})
	}
}

func TestAMailIsWithdrawnInEveryState(t *testing.T) {
	t.Parallel()
	begin := map[mail.State]func(*coretest.House){
		mail.StateQueued: func(*coretest.House) {},
		mail.StateLeased: func(h *coretest.House) { lease(h) },
	}
	for state, end := range ends() {
		begin[state] = end
	}
	for state, reach := range begin {
		t.Run(state.String(), func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			id := post(h, order())
			reach(h)
			if got := entryOf(h, id).State; got != state {
				t.Fatalf("it is %v", got)
			}
			withdraw(h, order().Subject)
			want := state
			if !state.Final() {
				want = mail.StateCancelled
			}
			if e := entryOf(h, id); e.State != want || e.Sealed != nil {
				t.Errorf("withdrawn, it is %+v", e)
			}
		})
	}
}

func TestAMailWithdrawnWhileAWorkerHasItStaysSo(t *testing.T) {
	t.Parallel()
	for _, verdict := range []mail.Verdict{mail.Captured, mail.Delivered, mail.Later, mail.Never} {
		h := coretest.New(t, storagetest.New(t))
		id := post(h, order())
		w := lease(h)
		withdraw(h, order().Subject)
		finish(h, w, verdict, "")
		if e := entryOf(h, id); e.State != mail.StateCancelled {
			t.Errorf("%v made it %v", verdict, e.State)
		}
		idle(h)
	}
}

func TestOnlyTheSubjectsSecretsAreWithdrawn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	open, other := order(), order()
	open.Secret = nil
	other.Subject.ID++
	kept := []core.ID{post(h, open), post(h, other)}
	gone := []core.ID{post(h, order()), post(h, order())}
	h.Act(func(act *core.Act) error {
		act.Req.Institution++
		return mail.NewOutbox(h.Keys).Withdraw(act, order().Subject, core.WithdrawnAddress)
	})
	if e := entryOf(h, gone[0]); e.State != mail.StateQueued {
		t.Errorf("another institution's act made it %v", e.State)
	}
	withdraw(h, order().Subject)
	for _, id := range kept {
		if e := entryOf(h, id); e.State != mail.StateQueued {
			t.Errorf("mail %d is %v", id, e.State)
		}
	}
	for _, id := range gone {
		if e := entryOf(h, id); e.State != mail.StateCancelled {
			t.Errorf("mail %d is %v", id, e.State)
		}
	}
}

func TestAWithdrawnMailKeepsTheReasonAlone(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	h.Must(h.Queue.Finish(h.Ctx, lease(h), mail.Answer{Verdict: mail.Later, Text: "451 later", Why: mail.WhyBusy}))
	withdraw(h, order().Subject)
	if e := entryOf(h, id); e.Why != mail.WhyAddress || e.Answer != "" || e.CancelledBy != "" {
		t.Errorf("the entry is %+v", e)
	}
}

func TestAMailThatWasErasedStaysGone(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	id := post(h, order())
	erase := func() {
		h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error { return tx.Delete("outbox", core.Key(h.Made.Institution, id)) }))
	}
	w := lease(h)
	erase()
	finish(h, w, mail.Delivered, "")
	h.Clock.Advance(5 * time.Minute)
	if next := idle(h); !next.IsZero() {
		t.Errorf("due at %v", next)
	}
}

func TestAMailWhoseSecretsDontOpenIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	id := post(h, order())
	second := post(h, order())
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error { // the first entry, secrets and all, in the place of the second
		raw, err := tx.Get("outbox", core.Key(h.Made.Institution, id))
		if err != nil {
			return err
		}
		key := core.Key(h.Made.Institution, second)
		return tx.Put("outbox", key, coretest.Sealed("outbox", key, raw[:len(raw)-coretest.SumSize]))
	}))
	if w := lease(h); w.ID != id {
		t.Fatalf("leased %d", w.ID)
	}
	idle(h)
	if e := entryOf(h, second); e.State != mail.StateQueued || e.Attempts != 1 || e.Answer == "" || !e.Next.Equal(coretest.Start().Add(time.Minute)) {
		t.Errorf("with another's secrets it is %+v", e)
	}
}

func TestAMailWithoutItsTextFails(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	m := order()
	m.System, m.Document, m.Edition = "", 99, 1
	id := post(h, m)
	idle(h)
	if e := entryOf(h, id); e.State != mail.StateFailed || e.Sealed != nil {
		t.Errorf("it is %+v", e)
	}
}

func TestAMailTellsOfItselfAndItsSubject(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	tells := func(what string, want ...core.Ref) {
		t.Helper()
		var got []core.Ref
		for _, e := range heard {
			got = append(got, e.Subject)
			if e.Institution != h.Made.Institution {
				t.Errorf("%s: told in institution %d", what, e.Institution)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: told of %v, want %v", what, got, want)
		}
		heard = nil
	}
	id := post(h, order())
	itself := core.Ref{Kind: core.KindMail, ID: id}
	tells("queued", itself)
	w := lease(h)
	tells("leased")
	finish(h, w, mail.Later, "")
	tells("put off", itself, order().Subject)
	h.Clock.Advance(time.Minute)
	finish(h, lease(h), mail.Captured, "")
	tells("captured", itself, order().Subject)
	withdraw(h, order().Subject)
	tells("withdrawn too late")
	second := post(h, order())
	heard = nil
	withdraw(h, order().Subject)
	tells("withdrawn", core.Ref{Kind: core.KindMail, ID: second}, order().Subject)
}

func TestALeaseNeedsItsStore(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	w := mail.Work{Institution: h.Made.Institution, ID: post(h, order())}
	ctx, cancel := context.WithCancel(h.Ctx)
	cancel()
	if _, ok, _, err := h.Queue.Lease(ctx); !errors.Is(err, context.Canceled) || ok {
		t.Errorf("leased %v, %v", ok, err)
	}
	if err := h.Queue.Finish(ctx, w, mail.Answer{Verdict: mail.Captured}); !errors.Is(err, context.Canceled) {
		t.Errorf("finished with %v", err)
	}
}

func BenchmarkLeaseAndFinish(b *testing.B) {
	h := coretest.New(b, storagetest.New(b))
	for b.Loop() {
		post(h, order())
		finish(h, lease(h), mail.Captured, "")
	}
}

func BenchmarkIdleLease(b *testing.B) {
	h := coretest.New(b, storagetest.New(b))
	for b.Loop() {
		idle(h)
	}
}

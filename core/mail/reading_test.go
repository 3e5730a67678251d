package mail_test

import (
	"context"
	"errors"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

// box is a mailbox that answers from a list and remembers what it was asked.
type box struct {
	messages map[uint64]mail.Message
	asked    mail.Query
	fails    error
}

func (b *box) List(_ context.Context, q mail.Query) (mail.Page, error) {
	b.asked = q
	page := mail.Page{}
	for _, m := range b.messages {
		if q.Everything || m.Envelope.Institution == q.Institution {
			page.Messages = append(page.Messages, m.Summary)
		}
	}
	page.Total = len(page.Messages)
	return page, b.fails
}

func (b *box) Get(_ context.Context, seq uint64) (mail.Message, error) {
	if b.fails != nil {
		return mail.Message{}, b.fails
	}
	m, ok := b.messages[seq]
	if !ok {
		return m, core.Refuse(core.CodeNotFound)
	}
	return m, nil
}

func (*box) Watch(func(mail.Summary)) (stop func()) { return func() {} }

// The messages of every box.
const (
	ours    uint64 = 1
	theirs  uint64 = 2
	foreign uint64 = 3
	none    uint64 = 4
)

// newReading fills a box with one mail of the house, one of another, one of
// nobody's.
func newReading(h *coretest.House) (*mail.Reading, *box) {
	b := &box{messages: map[uint64]mail.Message{}}
	for seq, institution := range map[uint64]core.ID{ours: h.Made.Institution, theirs: h.Made.Institution + 1, foreign: 0} {
		b.messages[seq] = mail.Message{Summary: mail.Summary{Seq: seq, Envelope: mail.Envelope{Institution: institution}}}
	}
	return h.ReadingOf(b), b
}

func office() []core.Role { return []core.Role{core.RoleOperator, core.RoleAdmin, core.RoleOwner} }

func TestR86_DevelopersReadAllCapturedMailOthersTheirInstitutions(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	reading, b := newReading(h)
	developer := h.Hire(core.RoleDeveloper)
	page, err := reading.List(h.Ctx, developer, 9, 5)
	h.Must(err)
	if want := (mail.Query{Institution: h.Made.Institution, Everything: true, Before: 9, Limit: 5}); page.Total != 3 || b.asked != want {
		t.Errorf("a developer asks %+v and sees %d", b.asked, page.Total)
	}
	for _, seq := range []uint64{ours, theirs, foreign} {
		if m, err := reading.Get(h.Ctx, developer, seq); err != nil || m.Seq != seq {
			t.Errorf("a developer reads %d: %v", seq, err)
		}
	}
	for _, role := range office() {
		req := h.Hire(role)
		page, err := reading.List(h.Ctx, req, 0, 0)
		h.Must(err)
		if page.Total != 1 || page.Messages[0].Seq != ours || b.asked.Everything {
			t.Errorf("%v asks %+v and sees %d", role, b.asked, page.Total)
		}
		if m, err := reading.Get(h.Ctx, req, ours); err != nil || m.Seq != ours {
			t.Errorf("%v reads the own: %v", role, err)
		}
		for _, seq := range []uint64{theirs, foreign, none} {
			if _, err := reading.Get(h.Ctx, req, seq); core.CodeOf(err) != core.CodeNotFound {
				t.Errorf("%v reads %d: %v", role, seq, err)
			}
		}
	}
}

func TestR89_WithAMailServerOnlyDevelopersReadCapturedMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	reading, _ := newReading(h)
	h.GoLive()
	for _, role := range office() {
		req := h.Hire(role)
		_, err := reading.List(h.Ctx, req, 0, 0)
		h.Refused(err, core.CodeForbidden)
		_, err = reading.Get(h.Ctx, req, ours)
		h.Refused(err, core.CodeForbidden)
	}
	developer := h.Hire(core.RoleDeveloper)
	page, err := reading.List(h.Ctx, developer, 0, 0)
	h.Must(err)
	if page.Total != 3 {
		t.Errorf("a developer sees %d", page.Total)
	}
	_, err = reading.Get(h.Ctx, developer, ours)
	h.Must(err)
}

func TestCapturedMailNeedsASignIn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	reading, b := newReading(h)
	for _, req := range []core.Request{{}, {Actor: core.Actor{Kind: core.ActorLink}}, {Actor: core.Actor{Kind: core.ActorCustomer}}} {
		_, err := reading.List(h.Ctx, req, 0, 0)
		h.Refused(err, core.CodeForbidden)
		_, err = reading.Get(h.Ctx, req, ours)
		h.Refused(err, core.CodeForbidden)
	}
	h.Must(h.Operators.SignOut(h.Ctx, h.Owner))
	_, err := reading.List(h.Ctx, h.Owner, 0, 0)
	h.Refused(err, core.CodeSignedOut)
	if b.asked != (mail.Query{}) {
		t.Errorf("the mailbox was asked %+v", b.asked)
	}
}

func TestAMailboxThatFails(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	reading, b := newReading(h)
	b.fails = errors.New("the disk is gone")
	if _, err := reading.List(h.Ctx, h.Owner, 0, 0); !errors.Is(err, b.fails) {
		t.Errorf("listed with %v", err)
	}
	if _, err := reading.Get(h.Ctx, h.Owner, ours); !errors.Is(err, b.fails) {
		t.Errorf("read with %v", err)
	}
}

func TestTheOutcomeOfAMailShowsNoSecret(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	reading, _ := newReading(h)
	id := post(h, order())
	e, err := reading.Outcome(h.Ctx, h.Owner, id)
	h.Must(err)
	if e.State != mail.StateQueued || e.Sealed != nil || e.Secret != nil {
		t.Errorf("waiting, it shows %+v", e)
	}
	for name, value := range e.Variables {
		if value == secretLink {
			t.Errorf("%s is the secret", name)
		}
	}
	finish(h, lease(h), mail.Captured, "stored")
	if e, err = reading.Outcome(h.Ctx, h.Owner, id); err != nil || e.State != mail.StateCaptured || e.Answer != "stored" {
		t.Errorf("captured, it shows %+v, %v", e, err)
	}
	_, err = reading.Outcome(h.Ctx, h.Owner, id+1)
	h.Refused(err, core.CodeNotFound)
	_, err = reading.Outcome(h.Ctx, h.Hire(core.RoleDeveloper), id)
	h.Refused(err, core.CodeForbidden)
}

func TestNamesOfStatesAndVerdicts(t *testing.T) {
	t.Parallel()
	states := map[mail.State]string{
		mail.StateQueued: "queued", mail.StateLeased: "leased", mail.StateSent: "sent", mail.StateCaptured: "captured",
		mail.StateFailed: "failed", mail.StateExpired: "expired", mail.StateCancelled: "cancelled", 0: "unknown",
	}
	for s, want := range states {
		if s.String() != want {
			t.Errorf("state %d is %s", s, s)
		}
	}
	verdicts := map[mail.Verdict]string{mail.Captured: "captured", mail.Delivered: "delivered", mail.Later: "later", mail.Never: "never", 0: "unknown"}
	for v, want := range verdicts {
		if v.String() != want {
			t.Errorf("verdict %d is %s", v, v)
		}
	}
}

package mail_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

// plain is a mail without secrets, good for a day.
func plain() core.Mail {
	m := order()
	m.Secret, m.Expires = nil, coretest.Start().Add(24*time.Hour)
	return m
}

// end brings a waiting mail to a final state.
func end(h *coretest.House, id core.ID, state mail.State) {
	h.T.Helper()
	switch state {
	case mail.StateCancelled:
		h.Must(h.Office.Cancel(h.Ctx, h.Owner, id))
	case mail.StateExpired:
		h.Clock.Advance(96 * time.Hour)
		idle(h)
		h.Owner = h.SignIn(coretest.OwnerAddress) // the session ended meanwhile
	case mail.StateSent, mail.StateCaptured, mail.StateFailed:
		verdicts := map[mail.State]mail.Verdict{
			mail.StateSent: mail.Delivered, mail.StateCaptured: mail.Captured, mail.StateFailed: mail.Never,
		}
		finish(h, lease(h), verdicts[state], "so be it")
	case mail.StateQueued, mail.StateLeased:
		h.T.Fatalf("%s is no end", state)
	}
	if got := entryOf(h, id).State; got != state {
		h.T.Fatalf("the mail is %s, want %s", got, state)
	}
}

func finals() []mail.State {
	return []mail.State{mail.StateSent, mail.StateCaptured, mail.StateFailed, mail.StateExpired, mail.StateCancelled}
}

func TestAWaitingMailSentAgainIsDueAtOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	first := lease(h)
	finish(h, first, mail.Later, "451 later")
	again, err := h.Office.SendAgain(h.Ctx, h.Owner, id)
	h.Must(err)
	w := lease(h)
	if again != id || w.ID != id || w.MessageID != first.MessageID || w.Values["link"] != secretLink || w.Attempts != 2 {
		t.Errorf("mail %d goes out as %+v", again, w.Entry)
	}
	finish(h, w, mail.Delivered, "250 fine")
	if next := idle(h); !next.IsZero() {
		t.Errorf("it is due once more at %v", next)
	}
}

func TestADoneMailWithoutSecretsIsCopied(t *testing.T) {
	t.Parallel()
	for _, state := range finals() {
		t.Run(state.String(), func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			id := post(h, plain())
			end(h, id, state)
			before := entryOf(h, id)
			again, err := h.Office.SendAgain(h.Ctx, h.Owner, id)
			h.Must(err)
			w, now := lease(h), h.Clock.Effective()
			if w.ID != again || again == id || w.MessageID == before.MessageID || w.To != before.To || w.Subject != "notice" {
				t.Errorf("mail %d goes out as %+v", again, w.Entry)
			}
			if !w.Expires.Equal(now.Add(24 * time.Hour)) {
				t.Errorf("made at %v, it expires at %v", now, w.Expires)
			}
			if after := entryOf(h, id); after.State != state || after.Answer != before.Answer {
				t.Errorf("the former one became %+v", after)
			}
		})
	}
}

func TestADoneMailWithSecretsIsMadeAnew(t *testing.T) {
	t.Parallel()
	for _, state := range finals() {
		t.Run(state.String(), func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			var fresh core.ID
			var asked mail.Entry
			h.Remake = func(act *core.Act, e mail.Entry) (id core.ID, err error) {
				asked = e
				m := order()
				m.To, m.Expires = "elsewhere@mail.example", time.Time{}
				fresh, err = act.Mail(m)
				return fresh, err
			}
			id := post(h, order())
			end(h, id, state)
			again, err := h.Office.SendAgain(h.Ctx, h.Owner, id)
			h.Must(err)
			if again != fresh || again == id || asked.Subject != order().Subject || asked.Sealed != nil {
				t.Errorf("mail %d of %+v", again, asked)
			}
			journal := h.Journal()
			if e := journal[len(journal)-1]; e.Subject.ID != fresh || e.Details[1].Value != "elsewhere@mail.example" {
				t.Errorf("recorded as %+v", e)
			}
			if w := lease(h); w.ID != fresh || w.To != "elsewhere@mail.example" {
				t.Errorf("mail %d goes out to %s", w.ID, w.To)
			}
		})
	}
}

func TestOnlyAMailThatIsMadeAnewAsksWhetherItCanBe(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	until := coretest.Start().Add(time.Hour)
	h.Remakable = func(core.View, core.Request, mail.Entry, time.Time) (time.Time, error) {
		return until, core.Refuse(core.CodeCoolDown)
	}
	waiting, done := post(h, order()), post(h, plain())
	h.Must(opened(h, waiting).Again)
	h.Must(h.Office.Cancel(h.Ctx, h.Owner, done))
	h.Must(opened(h, done).Again)
	h.Must(h.Office.Cancel(h.Ctx, h.Owner, waiting))
	m := opened(h, waiting)
	h.Refused(m.Again, core.CodeCoolDown)
	if !m.Until.Equal(until) {
		t.Errorf("it is refused until %v", m.Until)
	}
	broken := errors.New("unreadable")
	h.Remakable = func(core.View, core.Request, mail.Entry, time.Time) (time.Time, error) { return time.Time{}, broken }
	if _, err := h.Reading.OutboxMail(h.Ctx, h.Owner, waiting); !errors.Is(err, broken) {
		t.Errorf("it is shown with %v", err)
	}
}

func TestARefusedRemakeSendsNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Remake = func(*core.Act, mail.Entry) (core.ID, error) { return 0, core.Refuse(core.CodeValidated) }
	id := post(h, order())
	end(h, id, mail.StateCancelled)
	_, err := h.Office.SendAgain(h.Ctx, h.Owner, id)
	h.Refused(err, core.CodeValidated)
	idle(h)
}

func TestARepeatedCallSendsAgainOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, plain())
	end(h, id, mail.StateFailed)
	req := h.Owner
	req.Key = "once"
	first, err := h.Office.SendAgain(h.Ctx, req, id)
	h.Must(err)
	second, err := h.Office.SendAgain(h.Ctx, req, id)
	h.Must(err)
	if first != second || len(h.Mails()) != 1 {
		t.Errorf("mails %d and %d went out", first, second)
	}
}

func TestAMailBeingSentIsLeftAlone(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	lease(h)
	_, err := h.Office.SendAgain(h.Ctx, h.Owner, id)
	h.Refused(err, core.CodeBusy)
	h.Refused(h.Office.Cancel(h.Ctx, h.Owner, id), core.CodeBusy)
	m := opened(h, id)
	h.Refused(m.Again, core.CodeBusy)
	h.Refused(m.Cancel, core.CodeBusy)
}

func TestACancelledMailDoesNotGoOut(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	if m := opened(h, id); m.Cancel != nil || m.Again != nil {
		t.Errorf("waiting, it can't be %v or %v", m.Cancel, m.Again)
	}
	heard := events(h, core.KindContact)
	h.Must(h.Office.Cancel(h.Ctx, h.Owner, id))
	if e := entryOf(h, id); e.State != mail.StateCancelled || e.Sealed != nil || e.Why != mail.WhyCancelled || e.CancelledBy != h.Owner.Actor.Name || e.CancelledBy == "" {
		t.Errorf("the entry is %+v", e)
	}
	if next := idle(h); !next.IsZero() {
		t.Errorf("it is due at %v", next)
	}
	h.Refused(h.Office.Cancel(h.Ctx, h.Owner, id), core.CodeSettled)
	h.Refused(opened(h, id).Cancel, core.CodeSettled)
	if got := heard(); len(got) != 1 || got[0].Subject != order().Subject {
		t.Errorf("its contact's pages hear %v", got)
	}
}

func TestManyMailsAreCancelledInOneAct(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	gone := post(h, plain())
	end(h, gone, mail.StateCaptured)
	first, last := post(h, order()), post(h, plain())
	before := len(h.Journal())
	n, err := h.Office.CancelAll(h.Ctx, h.Owner, []core.ID{first, gone, last, 4711})
	h.Must(err)
	if n != 2 || entryOf(h, first).State != mail.StateCancelled || entryOf(h, last).State != mail.StateCancelled || entryOf(h, gone).State != mail.StateCaptured {
		t.Errorf("%d were cancelled", n)
	}
	if lines := h.Journal()[before:]; len(lines) != 1 || lines[0].Details[0].Value != "2 3" {
		t.Errorf("the journal says %v", lines)
	}
	_, err = h.Office.CancelAll(h.Ctx, h.Owner, []core.ID{first, gone})
	h.Refused(err, core.CodeSettled)
	for _, ids := range [][]core.ID{nil, make([]core.ID, mail.MostAtOnce+1)} {
		_, err = h.Office.CancelAll(h.Ctx, h.Owner, ids)
		h.Refused(err, core.CodeRange)
	}
}

func TestManyMailsAreSentAgainInOneAct(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	waiting, done, gone, leased := post(h, order()), post(h, plain()), post(h, order()), core.ID(0)
	h.Must(h.Office.Cancel(h.Ctx, h.Owner, gone))
	h.Must(h.Queue.Finish(h.Ctx, lease(h), mail.Answer{Verdict: mail.Later, Text: "451 later"}))
	end(h, done, mail.StateCaptured)
	leased = post(h, plain())
	lease(h)
	h.Remake = func(_ *core.Act, e mail.Entry) (core.ID, error) { return 0, core.Refuse(core.CodeValidated) }
	before := len(h.Journal())
	sent, left, err := h.Office.SendAllAgain(h.Ctx, h.Owner, []core.ID{waiting, done, gone, leased, 4711})
	h.Must(err)
	if sent != 2 || !entryOf(h, waiting).Next.Equal(h.Clock.Effective()) || entryOf(h, leased+1).State != mail.StateQueued {
		t.Errorf("%d were sent again, %+v", sent, left)
	}
	reasons := map[core.ID]core.Code{}
	for _, l := range left {
		reasons[l.Mail] = core.CodeOf(l.Err)
	}
	if len(left) != 3 || reasons[gone] != core.CodeValidated || reasons[leased] != core.CodeBusy || reasons[4711] != core.CodeNotFound {
		t.Errorf("left are %v", reasons)
	}
	if lines := h.Journal()[before:]; len(lines) != 1 || lines[0].Action != core.ActOutboxSendAgain || lines[0].Details[0].Value != "1 2" {
		t.Errorf("the journal says %v", lines)
	}
	_, _, err = h.Office.SendAllAgain(h.Ctx, h.Owner, []core.ID{gone, leased})
	h.Refused(err, core.CodeBusy)
	for _, ids := range [][]core.ID{nil, make([]core.ID, mail.MostAtOnce+1)} {
		_, _, err = h.Office.SendAllAgain(h.Ctx, h.Owner, ids)
		h.Refused(err, core.CodeRange)
	}
}

func TestADamagedMailKeepsNoOtherFromBeingCancelled(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	broken, whole := post(h, plain()), post(h, plain())
	h.Spoil("outbox", core.Key(h.Made.Institution, broken))
	n, err := h.Office.CancelAll(h.Ctx, h.Owner, []core.ID{broken, whole})
	h.Must(err)
	if n != 1 || entryOf(h, whole).State != mail.StateCancelled {
		t.Errorf("%d were cancelled", n)
	}
	if _, err = h.Office.CancelAll(h.Ctx, h.Owner, []core.ID{broken}); !errors.Is(err, core.ErrDamaged) {
		t.Errorf("of nothing but a damaged one: %v", err)
	}
}

func TestR89_OnceLiveAMailToAReservedAddressIsNotSentAgain(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, plain())
	end(h, id, mail.StateCaptured)
	h.Must(opened(h, id).Again)
	h.GoLive()
	h.Refused(opened(h, id).Again, core.CodeReserved)
	_, err := h.Office.SendAgain(h.Ctx, h.Owner, id)
	h.Refused(err, core.CodeReserved)
}

func TestR87_TheOutboxOfAnotherInstitutionIsNotFound(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, plain())
	other := h.AddInstitution("Théâtre du Port").Owner
	_, err := h.Reading.OutboxMail(h.Ctx, other, id)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Office.SendAgain(h.Ctx, other, id)
	h.Refused(err, core.CodeNotFound)
	h.Refused(h.Office.Cancel(h.Ctx, other, id), core.CodeNotFound)
	for _, q := range []mail.OutboxQuery{{}, {Contact: 12}, {States: []mail.State{mail.StateQueued}}} {
		page, err := h.Reading.Outbox(h.Ctx, other, q)
		h.Must(err)
		if len(page.Rows) > 0 || page.Total > 0 || page.Waiting > 0 {
			t.Errorf("%+v shows %+v", q, page)
		}
	}
	if e := entryOf(h, id); e.State != mail.StateQueued {
		t.Errorf("it became %s", e.State)
	}
}

func TestR86_TheOutboxIsTheOffices(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for role, want := range map[core.Role]core.Code{
		core.RoleDeveloper: core.CodeForbidden, core.RoleOperator: "", core.RoleAdmin: "", core.RoleOwner: "",
	} {
		req, id := h.Hire(role), post(h, plain())
		_, err := h.Reading.Outbox(h.Ctx, req, mail.OutboxQuery{})
		h.Refused(err, want)
		_, err = h.Reading.OutboxMail(h.Ctx, req, id)
		h.Refused(err, want)
		_, err = h.Office.SendAgain(h.Ctx, req, id)
		h.Refused(err, want)
		h.Refused(h.Office.Cancel(h.Ctx, req, id), want)
	}
}

// opened is one mail of the outbox as the owner sees it.
func opened(h *coretest.House, id core.ID) mail.OutboxMail {
	h.T.Helper()
	m, err := h.Reading.OutboxMail(h.Ctx, h.Owner, id)
	h.Must(err)
	return m
}

// fills posts n mails, each a second later, to two contacts in turn.
func fills(h *coretest.House, n int) (ids []core.ID) {
	h.T.Helper()
	for i := range n {
		m := plain()
		m.Subject.ID = core.ID(12 + i%2)
		ids = append(ids, post(h, m))
		h.Clock.Advance(time.Second)
	}
	return ids
}

func TestTheOutboxIsListedNewestFirst(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	ids := fills(h, 6)
	finish(h, lease(h), mail.Delivered, "250 fine")                                        // 0, to 12
	h.Must(h.Queue.Finish(h.Ctx, lease(h), mail.Answer{Verdict: mail.Never, Why: "full"})) // 1, to 13
	lease(h)                                                                               // 2, to 12
	h.Must(h.Office.Cancel(h.Ctx, h.Owner, ids[3]))                                        // to 13
	for name, c := range map[string]struct {
		q     mail.OutboxQuery
		want  []int
		total int
	}{
		"all":                   {mail.OutboxQuery{}, []int{5, 4, 3, 2, 1, 0}, 6},
		"a page":                {mail.OutboxQuery{Limit: 2}, []int{5, 4}, 6},
		"the next":              {mail.OutboxQuery{Limit: 2, Before: ids[4]}, []int{3, 2}, 6},
		"before all":            {mail.OutboxQuery{Before: ids[0]}, nil, 6},
		"of a contact":          {mail.OutboxQuery{Contact: 12}, []int{4, 2, 0}, 3},
		"of a contact, a page":  {mail.OutboxQuery{Contact: 12, Before: ids[4], Limit: 1}, []int{2}, 3},
		"of nobody":             {mail.OutboxQuery{Contact: 99}, nil, 0},
		"waiting":               {mail.OutboxQuery{States: []mail.State{mail.StateQueued, mail.StateLeased}}, []int{5, 4, 2}, 3},
		"failed":                {mail.OutboxQuery{States: []mail.State{mail.StateFailed, mail.StateFailed}}, []int{1}, 1},
		"of a contact, waiting": {mail.OutboxQuery{Contact: 12, States: []mail.State{mail.StateLeased, mail.StateSent}}, []int{2, 0}, 2},
	} {
		page, err := h.Reading.Outbox(h.Ctx, h.Owner, c.q)
		h.Must(err)
		var got []int
		for _, row := range page.Rows {
			got = append(got, slices.Index(ids, row.ID))
		}
		if !slices.Equal(got, c.want) || page.Total != c.total || page.Waiting != 3 || page.Failed != 1 {
			t.Errorf("%s: rows %v of %d, %d waiting, %d failed, want %v of %d", name, got, page.Total, page.Waiting, page.Failed, c.want, c.total)
		}
	}
	if m := opened(h, ids[1]); m.Why != mail.WhyFull {
		t.Errorf("the failed one says %q", m.Why)
	}
}

func TestTheOutboxShowsTextsWithTheirSecretsMasked(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	m := order()
	m.System = "notice {link}"
	id := post(h, m)
	for _, state := range []mail.State{mail.StateQueued, mail.StateLeased, mail.StateSent} {
		got := opened(h, id)
		if got.State != state || got.Subject != "notice "+mail.Mask || got.Body != "notice "+mail.Mask+" Marie marie@orange.example" || got.Sealed != nil {
			t.Errorf("%s, it shows %+v", state, got)
		}
		if state == mail.StateQueued {
			lease(h)
			continue
		}
		finish(h, mail.Work{Institution: h.Made.Institution, ID: id, Entry: mail.Entry{Attempts: 1}}, mail.Delivered, "")
	}
	page, err := h.Reading.Outbox(h.Ctx, h.Owner, mail.OutboxQuery{})
	h.Must(err)
	if page.Rows[0].Sealed != nil || !slices.Equal(page.Rows[0].Secrets, []string{"link"}) {
		t.Errorf("the row is %+v", page.Rows[0])
	}
}

// failing are texts that can't be read.
type failing struct{ err error }

func (f failing) Text(core.View, core.ID, core.Mail) (subject, body string, err error) {
	return "", "", f.err
}

func TestAMailWhoseTextIsGoneIsStillShown(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := post(h, order())
	broken := errors.New("unreadable")
	for _, c := range []struct{ cause, want error }{{core.Refuse(core.CodeNotFound), nil}, {broken, broken}} {
		reading := mail.NewReading(h.Desk, nil, failing{c.cause}, nil, nil)
		m, err := reading.OutboxMail(h.Ctx, h.Owner, id)
		if !errors.Is(err, c.want) || m.To != order().To || m.Body != "" {
			t.Errorf("%v: shown as %+v, %v", c.cause, m, err)
		}
	}
}

func BenchmarkOutbox(b *testing.B) {
	h := coretest.New(b, storagetest.New(b))
	outbox := mail.NewOutbox(h.Keys)
	h.Act(func(act *core.Act) error {
		for i := range 20_000 {
			m := plain()
			m.Subject.ID = core.ID(i % 5000)
			if _, err := outbox.Enqueue(act, m); err != nil {
				return err
			}
		}
		return nil
	})
	for name, q := range map[string]mail.OutboxQuery{
		"all": {}, "contact": {Contact: 12}, "failed": {States: []mail.State{mail.StateFailed}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := h.Reading.Outbox(b.Context(), h.Owner, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

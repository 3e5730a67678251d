package contacts_test

import (
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// remake sends again for a contact, within an act of the outbox's, and holds
// what was said of it before against what comes of it.
func remake(h *coretest.House, subject core.Ref, document core.ID) (sent core.ID, err error) {
	now := h.Clock.Effective()
	var until time.Time
	var foretold error
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		until, foretold = h.Contacts.Remakable(v, h.Owner, subject, document, now)
		return nil
	}))
	_, err = h.Desk.Do(h.Ctx, h.Owner, core.ActOutboxSendAgain, func(act *core.Act) (err error) {
		act.Log(subject)
		sent, err = h.Contacts.Remake(act, subject, document)
		return err
	})
	if core.CodeOf(foretold) != core.CodeOf(err) || until.After(now) != slices.Contains(frequent(), core.CodeOf(err)) {
		h.T.Errorf("it was said to be refused with %v until %v, and is with %v", foretold, until, err)
	}
	return sent, err
}

// switchOff switches validation off.
func switchOff(h *coretest.House) {
	h.T.Helper()
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	_, err = h.Venue.SwitchValidation(h.Ctx, h.Owner, o.InstitutionVersion, false)
	h.Must(err)
}

// frequent are the refusals that time lifts.
func frequent() []core.Code {
	return []core.Code{core.CodeCoolDown, core.CodeDailyCap, core.CodeHourlyCap}
}

func of(id core.ID) core.Ref { return core.Ref{Kind: core.KindContact, ID: id} }

func TestAFreshMailGoesToThePresentAddress(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	first := h.Mails()[0]
	h.Edit(id, func(d *contacts.Draft) { d.Address = elsewhere })
	h.Mails()
	h.Clock.Advance(time.Minute)
	sent, err := remake(h, of(id), first.Document)
	h.Must(err)
	mails := h.Mails()
	if len(mails) != 1 || mails[0].ID != sent || mails[0].To != elsewhere {
		t.Fatalf("mail %d, went out %+v", sent, mails)
	}
	if got := h.Follow(coretest.Token(mails[0])).State; got != validation.LinkDone {
		t.Errorf("its link is %v", got)
	}
	h.Clock.Advance(time.Minute)
	_, err = remake(h, of(id), first.Document)
	h.Refused(err, core.CodeValidated)
}

func TestAFreshMailIsMadeFromTheSameDocumentWhereItIsOffered(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var second, inactive core.ID
	h.Act(func(act *core.Act) (err error) {
		texts := []venue.Text{{Language: "fr", Subject: "Deux", Body: "{link}"}}
		if second, err = venue.CreateDocument(act, venue.DocumentVerification, venue.DocumentDraft{Name: "Second", Active: true, Texts: texts}); err != nil {
			return err
		}
		inactive, err = venue.CreateDocument(act, venue.DocumentVerification, venue.DocumentDraft{Name: "Old", Texts: texts})
		return err
	})
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.Mails()
	for document, want := range map[core.ID]core.ID{second: second, h.Made.Document: h.Made.Document} {
		h.Clock.Advance(time.Minute)
		_, err := remake(h, of(id), document)
		h.Must(err)
		if got := h.Mails()[0].Document; got != want {
			t.Errorf("for document %d from %d", document, got)
		}
	}
	h.Clock.Advance(time.Minute)
	_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, validation.Context{Document: second, PointOfSale: h.Made.PointOfSale})
	h.Must(err)
	h.Mails()
	h.Clock.Advance(time.Minute)
	_, err = remake(h, of(id), inactive)
	h.Must(err)
	if got := h.Mails()[0].Document; got != second {
		t.Errorf("for a document no longer offered from %d, want the one used last", got)
	}
}

func TestAFreshMailIsCappedLikeAnyAskedFor(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	_, err := remake(h, of(id), h.Made.Document)
	h.Refused(err, core.CodeCoolDown)
	for range 5 {
		h.Clock.Advance(time.Minute)
		_, err := remake(h, of(id), h.Made.Document)
		h.Must(err)
	}
	h.Clock.Advance(time.Minute)
	_, err = remake(h, of(id), h.Made.Document)
	h.Refused(err, core.CodeDailyCap)
}

func TestWhatNoFreshMailIsMadeFor(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.Clock.Advance(time.Minute)
	remove(h, id)
	live := h.Create(coretest.Person("Paul", "Dupont", elsewhere)).ID
	h.Clock.Advance(time.Minute)
	for _, subject := range []core.Ref{of(id), of(999), {Kind: core.KindOperator, ID: live}, {}} {
		_, err := remake(h, subject, h.Made.Document)
		h.Refused(err, core.CodeNotFound)
	}
}

func TestTheOutboxSaysWhatItWouldRefuse(t *testing.T) {
	t.Parallel()
	for want, change := range map[core.Code]func(h *coretest.House, id core.ID){
		"":                 func(*coretest.House, core.ID) {},
		core.CodeNotFound:  func(h *coretest.House, id core.ID) { remove(h, id) },
		core.CodeGuest:     func(h *coretest.House, id core.ID) { h.Edit(id, func(d *contacts.Draft) { d.Guest = true }) },
		core.CodeNoAddress: func(h *coretest.House, id core.ID) { h.Edit(id, func(d *contacts.Draft) { d.Address = "" }) },
		core.CodeCoolDown: func(h *coretest.House, id core.ID) {
			_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
			h.Must(err)
		},
		core.CodeSwitchOff: func(h *coretest.House, _ core.ID) { switchOff(h) },
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			saved := h.Create(coretest.Person("Marie", "Dupont", address))
			h.Must(h.Office.Cancel(h.Ctx, h.Owner, saved.Sent.Mail))
			h.Clock.Advance(time.Minute)
			change(h, saved.ID)
			m, err := h.Reading.OutboxMail(h.Ctx, h.Owner, saved.Sent.Mail)
			h.Must(err)
			h.Refused(m.Again, want)
			_, err = h.Office.SendAgain(h.Ctx, h.Owner, saved.Sent.Mail)
			h.Refused(err, want)
		})
	}
}

func TestAWithdrawnMailKeepsTheReason(t *testing.T) {
	t.Parallel()
	for want, change := range map[core.Withdrawal]func(h *coretest.House, id core.ID){
		core.WithdrawnAddress: func(h *coretest.House, id core.ID) { h.Edit(id, func(d *contacts.Draft) { d.Address = elsewhere }) },
		core.WithdrawnGuest:   func(h *coretest.House, id core.ID) { h.Edit(id, func(d *contacts.Draft) { d.Guest = true }) },
		core.WithdrawnRemoved: func(h *coretest.House, id core.ID) { remove(h, id) },
		core.WithdrawnSwitch:  func(h *coretest.House, _ core.ID) { switchOff(h) },
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			saved := h.Create(coretest.Person("Marie", "Dupont", address))
			change(h, saved.ID)
			m, err := h.Reading.OutboxMail(h.Ctx, h.Owner, saved.Sent.Mail)
			h.Must(err)
			if m.State != mail.StateCancelled || string(m.Why) != string(want) {
				t.Errorf("it is %s for %q", m.State, m.Why)
			}
		})
	}
}

func TestTheOutboxSendsAFreshMailThroughTheContact(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saved := h.Create(coretest.Person("Marie", "Dupont", address))
	h.Mails()
	h.Clock.Advance(time.Minute)
	again, err := h.Office.SendAgain(h.Ctx, h.Owner, saved.Sent.Mail)
	h.Must(err)
	if links, _ := outgoing(h.Mails()); !slices.Equal(links, []string{address}) || again == saved.Sent.Mail {
		t.Errorf("mail %d to %v", again, links)
	}
}

package contacts_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/storage/storagetest"
)

func remove(h *coretest.House, id core.ID) contacts.Removed {
	h.T.Helper()
	removed, err := h.Contacts.Remove(h.Ctx, h.Owner, id, h.Show(id).Version)
	h.Must(err)
	return removed
}

func restore(h *coretest.House, id core.ID) contacts.Saved {
	h.T.Helper()
	saved, err := h.Contacts.Restore(h.Ctx, h.Owner, id)
	h.Must(err)
	return saved
}

// reason is why a contact can't be removed.
func reason(err error) string {
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeNotMistake {
		return fmt.Sprint(err)
	}
	return e.Args["why"]
}

func TestR90_WhatIsNoMistake(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	fresh := contacts.Contact{Kind: core.ContactIndividual, LastName: "Dupont", Created: coretest.Start()}
	with := func(change func(*contacts.Contact)) contacts.Contact {
		c := fresh
		change(&c)
		return c
	}
	lycee := school(h, "Lycée")
	h.Create(acts("Paul", lycee, false))
	tests := map[string]struct {
		contact contacts.Contact
		want    string
	}{
		"just made":       {fresh, "<nil>"},
		"under a day old": {with(func(c *contacts.Contact) { c.Created = coretest.Start().Add(time.Second - 24*time.Hour) }), "<nil>"},
		"a day old":       {with(func(c *contacts.Contact) { c.Created = coretest.Start().Add(-24 * time.Hour) }), "old"},
		"orders":          {with(func(c *contacts.Contact) { c.HasOrders = true }), "orders"},
		"a sign-in":       {with(func(c *contacts.Contact) { c.LastSignIn = coretest.Start() }), "sign-in"},
	}
	check := func(name string, id core.ID, want string) {
		now := h.Show(id)
		if got := reason(now.NotRemovable); got != want {
			t.Errorf("%s: shown %s, want %s", name, got, want)
		}
		if _, err := h.Contacts.Remove(h.Ctx, h.Owner, id, now.Version); reason(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	for name, tt := range tests {
		var id core.ID
		h.Act(func(act *core.Act) (err error) {
			id, err = contacts.Insert(act, tt.contact)
			return err
		})
		check(name, id, tt.want)
	}
	check("relays", lycee, "relays")
}

func TestR90_MailsLinksAndChangesAreNoHistory(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	h.Edit(id, func(d *contacts.Draft) { d.FirstName = "Anne" })
	remove(h, id)
}

func TestR90_ARemovedContactIsNotThere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	generation := h.Show(id).Email.Generation
	removed := remove(h, id)
	want := contacts.Removed{ID: id, Number: 1, Name: "Dupont Marie", Until: coretest.Start().Add(24 * time.Hour)}
	if removed != want {
		t.Errorf("removed %+v", removed)
	}
	_, show := h.Contacts.Show(h.Ctx, h.Owner, id)
	_, edit := h.Contacts.Edit(h.Ctx, h.Owner, id, 2, coretest.Person("A", "B", ""), h.Context(), false)
	_, send := h.Contacts.SendValidation(h.Ctx, h.Owner, id, generation+1, h.Context())
	_, again := h.Contacts.Remove(h.Ctx, h.Owner, id, 2)
	_, history := h.Contacts.History(h.Ctx, h.Owner, id, 0, 0)
	for _, err := range []error{show, edit, send, again, history} {
		h.Refused(err, core.CodeNotFound)
	}
	for name, f := range finders() {
		if got := find(t, f, h.Store, h.Made.Institution, contacts.Query{}); len(got.IDs) != 0 || got.Total != 0 {
			t.Errorf("%s finds %+v", name, got)
		}
	}
	if next := h.Create(coretest.Person("Paul", "Dupont", "")); next.Number != 2 {
		t.Errorf("the number was given again: %d", next.Number)
	}
}

func TestR90_MailsAreWithdrawnAndDoNotComeBack(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saved := h.Create(coretest.Person("Marie", "Dupont", address))
	other := h.Create(coretest.Person("Paul", "Dupont", "paul@orange.example"))
	remove(h, saved.ID)
	restore(h, saved.ID)
	if mails := h.Mails(); len(mails) != 1 || mails[0].ID != other.Sent.Mail {
		t.Errorf("%d mails went out", len(mails))
	}
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		e, err := mail.EntryOf(v, h.Made.Institution, saved.Sent.Mail)
		if e.State != mail.StateCancelled {
			t.Errorf("the mail is %v", e.State)
		}
		return err
	}))
}

func TestR90_LinksAreVoidForGoodAndAStatusStays(t *testing.T) {
	t.Parallel()
	for name, validated := range map[string]bool{"red": false, "green": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
			token := coretest.Token(h.Mails()[0])
			if validated {
				h.Follow(token)
			}
			before := h.Show(id)
			remove(h, id)
			if got := h.Follow(token); got != (validation.Landing{}) {
				t.Errorf("while removed its link tells %+v", got)
			}
			restore(h, id)
			if got := h.Follow(token); got != (validation.Landing{}) {
				t.Errorf("after the undo its link tells %+v", got)
			}
			after := h.Show(id)
			if after.Email.Status != before.Email.Status || after.Email.Proof != before.Email.Proof || after.Email.Generation != before.Email.Generation+1 {
				t.Errorf("%+v became %+v", before.Email, after.Email)
			}
			if after.Version <= before.Version {
				t.Error("a form opened before the removal could still save")
			}
		})
	}
}

func TestR11_ALinkFromBeforeAnUndoAndAChangeIsOfAReplacedAddress(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	token := coretest.Token(h.Mails()[0])
	remove(h, id)
	restore(h, id)
	h.Edit(id, func(d *contacts.Draft) { d.Address = "other@orange.example" })
	if got := h.Follow(token).State; got != validation.LinkReplaced {
		t.Errorf("the link is %v", got)
	}
}

func TestR90_TheUndoIsOverAfterADay(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]core.Code{24*time.Hour - time.Second: "", 24 * time.Hour: core.CodeUndoOver} {
		h := coretest.New(t, storagetest.New(t))
		id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
		remove(h, id)
		h.Clock.Advance(after)
		h.Owner = h.SignIn(coretest.OwnerAddress)
		saved, err := h.Contacts.Restore(h.Ctx, h.Owner, id)
		if core.CodeOf(err) != want {
			t.Errorf("after %v: %v", after, err)
		}
		if err == nil && saved != (contacts.Saved{ID: id, Number: 1, Status: core.EmailNotValidated}) {
			t.Errorf("restored %+v", saved)
		}
	}
}

func TestR90_RestoringWhatIsThere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	_, err := h.Contacts.Restore(h.Ctx, h.Owner, id)
	h.Refused(err, core.CodeConflict)
	_, err = h.Contacts.Restore(h.Ctx, h.Owner, 999)
	h.Refused(err, core.CodeUndoOver)
}

func TestR90_WhatWasRemovedForGoodLeavesNothingPersonal(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	ids := make([]core.ID, 20)
	for i := range ids {
		ids[i] = h.Create(coretest.Person("Marie", "Kowalczyk", fmt.Sprintf("m.kowalczyk%d@orange.example", i))).ID
		remove(h, ids[i])
	}
	kept := h.Create(coretest.Person("Paul", "Dupont", "")).ID
	left := func() (n int) {
		for key := range h.Dump() {
			if strings.HasPrefix(key, "contacts/") || strings.HasPrefix(key, "validation.last/") {
				n++
			}
		}
		return n
	}
	h.Clock.Advance(23 * time.Hour)
	h.Owner = h.SignIn(coretest.OwnerAddress)
	remove(h, kept)
	spare := []core.ID{h.Create(coretest.Person("Zoé", "Dupont", "")).ID, h.Create(coretest.Person("Ana", "Dupont", "")).ID}
	if got := left(); got != 43 {
		t.Errorf("%d records before the undo is over, want all 43", got)
	}
	for i, want := range []int{43 - 2*16, 43 - 2*20} { // so many a removal
		h.Clock.Advance(time.Hour)
		remove(h, spare[i])
		if got := left(); got != want {
			t.Errorf("%d records, want %d", got, want)
		}
	}
	for key, value := range h.Dump() {
		if strings.HasPrefix(key, "contacts") && strings.Contains(strings.ToLower(value), "kowalczyk") {
			t.Errorf("%q holds %q", key, value)
		}
	}
	_, err := h.Contacts.Restore(h.Ctx, h.Owner, ids[0])
	h.Refused(err, core.CodeUndoOver)
}

func TestR90_ANewContactSweepsToo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	remove(h, h.Create(coretest.Person("Marie", "Kowalczyk", "")).ID)
	h.Clock.Advance(24 * time.Hour)
	h.Owner = h.SignIn(coretest.OwnerAddress)
	h.Create(coretest.Person("Paul", "Roux", ""))
	for key, value := range h.Dump() {
		if strings.HasPrefix(key, "contacts") && strings.Contains(value, "Kowalczyk") {
			t.Errorf("%q holds %q", key, value)
		}
	}
}

func TestR90_ARelayComesBackToWhatIsThere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	lycee, gone := school(h, "Lycée"), school(h, "Gone")
	first, lost := h.Create(acts("Ana", lycee, true)).ID, h.Create(acts("Eve", gone, true)).ID
	remove(h, first)
	restore(h, first)
	if got := relayNames(h, lycee); got != "Dupont Ana*" {
		t.Errorf("relays %s", got)
	}
	remove(h, first)
	remove(h, lost)
	remove(h, gone)
	h.Create(acts("Paul", lycee, true))
	restore(h, first)
	restore(h, lost)
	if got := relayNames(h, lycee); got != "Dupont Paul*, Dupont Ana" {
		t.Errorf("relays %s", got)
	}
	if got := h.Show(lost); got.Structure.ID != 0 || got.Primary {
		t.Errorf("a relay of %+v", got.Structure)
	}
	if got := values(journal(h).Details); !slices.Equal(got, []string{"Dupont Eve", "Gone (C-000002) → ", "yes → no"}) {
		t.Errorf("recorded is %q", got)
	}
}

// values are those of a journal entry's details.
func values(details []core.Detail) (all []string) {
	for _, d := range details {
		all = append(all, d.Value)
	}
	return all
}

func TestR90_AnIdentityTakenMeanwhileDoesNotComeBack(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	imported := func(name string) core.ID {
		saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Marie", name, ""), SSO: "venue:1"})
		h.Must(err)
		return saved.ID
	}
	first := imported("First")
	remove(h, first)
	restore(h, first)
	if got := h.Show(first).SSO; got != "venue:1" {
		t.Errorf("identity %q", got)
	}
	remove(h, first)
	second := imported("Second")
	restore(h, first)
	if h.Show(first).SSO != "" || h.Show(second).SSO != "venue:1" {
		t.Errorf("identities %q, %q", h.Show(first).SSO, h.Show(second).SSO)
	}
	if got := values(journal(h).Details); !slices.Equal(got, []string{"First Marie", "venue:1 → "}) {
		t.Errorf("recorded is %q", got)
	}
}

func TestR90_ScreensHearOfRemovalAndUndo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	lycee := school(h, "Lycée")
	id := h.Create(acts("Ana", lycee, true)).ID
	removal := listen(h, func() { remove(h, id) })
	undo := listen(h, func() { restore(h, id) })
	for _, want := range []core.ID{id, lycee} {
		if ref := (core.Ref{Kind: core.KindContact, ID: want}); !removal[ref] || !undo[ref] {
			t.Errorf("contact %d: told of the removal %v, of the undo %v", want, removal[ref], undo[ref])
		}
	}
}

func TestR90_ARepeatedRemovalIsAnsweredAsTheFirst(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	once := h.Owner
	once.Key = "once"
	first, err := h.Contacts.Remove(h.Ctx, once, id, 1)
	h.Must(err)
	h.Clock.Advance(time.Minute)
	again, err := h.Contacts.Remove(h.Ctx, once, id, 1)
	h.Must(err)
	if again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
}

func TestRemovingWhatSomebodySavedMeanwhile(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	h.Edit(id, func(d *contacts.Draft) { d.FirstName = "Anne" })
	_, err := h.Contacts.Remove(h.Ctx, h.Owner, id, 1)
	h.Refused(err, core.CodeConflict)
}

func TestR87_RemovalsOfAnotherInstitutionAreNotThere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	plant(t, h.Store, h.Made.Institution+1, person("Far", "Away", address))
	_, err := h.Contacts.Remove(h.Ctx, h.Owner, 1, 1)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Contacts.Restore(h.Ctx, h.Owner, 1)
	h.Refused(err, core.CodeUndoOver)
	_, err = h.Contacts.History(h.Ctx, h.Owner, 1, 0, 0)
	h.Refused(err, core.CodeNotFound)
}

func TestTheJournalNamesWhatWasRemoved(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	acts := map[core.ActionID]func(){
		core.ActContactsRemove:  func() { remove(h, id) },
		core.ActContactsRestore: func() { restore(h, id) },
	}
	for _, action := range []core.ActionID{core.ActContactsRemove, core.ActContactsRestore} {
		acts[action]()
		e := journal(h)
		want := map[string]bool{"name: Dupont Marie": true}
		got := map[string]bool{}
		for _, d := range e.Details {
			got[d.Name+": "+d.Value] = d.Personal
		}
		if e.Action != action || e.Subject.ID != id || !maps.Equal(got, want) {
			t.Errorf("entry %+v", e)
		}
	}
}

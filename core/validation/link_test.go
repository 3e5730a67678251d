package validation_test

import (
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/validation"
	"willcall/storage/storagetest"
)

// dump is every record of the spaces that a link touches.
func dump(h *coretest.House) string {
	var b strings.Builder
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		for _, space := range []core.Space{"contacts", "secrets", "activity", "outbox", "validation.last"} {
			err := v.Ascend(space, nil, nil, func(key, value []byte) error {
				b.WriteString(string(space) + string(key) + string(value) + "\n")
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	return b.String()
}

func TestR9_LookingChangesNothingAndFollowingValidates(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	token := coretest.Token(h.Mails()[0])
	before := dump(h)
	var landing validation.Landing
	for range 10 {
		var err error
		landing, err = h.Links.Look(h.Ctx, token)
		h.Must(err)
	}
	if dump(h) != before {
		t.Error("looking at a link wrote to the store")
	}
	if _, err := h.Links.Follow(h.Ctx, token, "forged"); core.CodeOf(err) != core.CodeForm {
		t.Errorf("a forged form token: %v", err)
	}
	if h.Status(id) != core.EmailNotValidated {
		t.Fatal("green before the button was pressed")
	}
	done, err := h.Links.Follow(h.Ctx, token, landing.FormToken)
	h.Must(err)
	got := h.Show(id).Email
	if done.State != validation.LinkDone || got.Status != core.EmailValidated || got.Proof.How != core.ProofLink {
		t.Errorf("state %v, email %+v", done.State, got)
	}
}

func TestR9_ALinkIsBoundToContactAddressAndGeneration(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	first := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	token := coretest.Token(h.Mails()[0])
	second := h.Create(coretest.Person("Paul", "Dupont", marie)).ID
	h.Mails()
	h.Follow(token)
	if h.Status(first) != core.EmailValidated || h.Status(second) != core.EmailNotValidated {
		t.Errorf("first %v, second %v: a link is one contact's", h.Status(first), h.Status(second))
	}
	h.Edit(first, func(d *contacts.Draft) { d.Address = "" })
	h.Edit(first, func(d *contacts.Draft) { d.Address = marie })
	if got := h.Follow(token).State; got != validation.LinkReplaced {
		t.Errorf("a link of an earlier generation is %v", got)
	}
}

func TestR10_R11_SuccessCarriesTheSignInOfThePointOfSale(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Create(coretest.Person("Marie", "Dupont", marie))
	done := h.Follow(coretest.Token(h.Mails()[0]))
	if done.State != validation.LinkDone || done.SignInURL != coretest.SignInURL || done.Institution != "Opéra du Lac" {
		t.Errorf("landing %+v", done)
	}
}

func TestR11_TheLifeOfALink(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	first := coretest.Token(h.Mails()[0])
	h.Clock.Advance(time.Hour)
	_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
	h.Must(err)
	newer := coretest.Token(h.Mails()[0])

	h.Clock.Advance(23*time.Hour - time.Second)
	if look, err := h.Links.Look(h.Ctx, first); err != nil || look.State != validation.LinkOpen {
		t.Errorf("a second before its end, with a newer one about, the link is %v (%v)", look.State, err)
	}
	h.Clock.Advance(time.Second)
	if got := h.Follow(first).State; got != validation.LinkExpired {
		t.Errorf("after 24 h the link is %v", got)
	}
	if got := h.Follow(newer).State; got != validation.LinkDone {
		t.Errorf("the newer link is %v", got)
	}
	for name, token := range map[string]string{"used": newer, "expired": first} {
		if got := h.Follow(token).State; got != validation.LinkAlready {
			t.Errorf("later use of the %s link: %v, want already validated", name, got)
		}
	}
	if got := h.Follow(strings.Repeat("A", 43)).State; got != validation.LinkUnknown {
		t.Errorf("a made-up link is %v", got)
	}
}

func TestTwoFollowersOfOneLinkEndAsDoneAndAlready(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Create(coretest.Person("Marie", "Dupont", marie))
	token := coretest.Token(h.Mails()[0])
	look, err := h.Links.Look(h.Ctx, token)
	h.Must(err)
	states := make(chan validation.LinkState, 8)
	for range cap(states) {
		go func() {
			landing, err := h.Links.Follow(h.Ctx, token, look.FormToken)
			if err != nil {
				t.Error(err)
			}
			states <- landing.State
		}()
	}
	done := 0
	for range cap(states) {
		switch s := <-states; s {
		case validation.LinkDone:
			done++
		case validation.LinkAlready:
		case validation.LinkUnknown, validation.LinkOpen, validation.LinkExpired, validation.LinkReplaced:
			t.Errorf("state %v", s)
		}
	}
	if done != 1 {
		t.Errorf("%d followers were told they validated it", done)
	}
}

func TestR9_OnlyTheGenerationOfTheLinkIsProven(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	generation := h.Show(id).Email.Generation
	for _, wrong := range []uint64{generation - 1, generation + 1} {
		_, err := h.Desk.Do(h.Ctx, h.Owner, core.ActContactsEdit, func(act *core.Act) error {
			return contacts.Book{}.Validated(act, h.Made.Institution, id, wrong, core.Proof{How: core.ProofLink})
		})
		h.Refused(err, core.CodeConflict)
	}
	if h.Status(id) != core.EmailNotValidated {
		t.Error("another generation's proof was taken")
	}
}

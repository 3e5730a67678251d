package validation_test

import (
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/validation"
	"willcall/storage/storagetest"
)

func TestR6_R7_AChangeOfAddressTurnsRedAndSends(t *testing.T) {
	t.Parallel()
	kinds := map[string]struct {
		kind core.ContactKind
		rule string
		sent int
	}{
		"individual": {core.ContactIndividual, "R6", 1},
		"relay":      {core.ContactRelay, "R7", 1},
		"structure":  {core.ContactStructure, "R7", 0},
	}
	for name, tt := range kinds {
		t.Run(tt.rule+" "+name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			d := coretest.Person("Marie", "Dupont", marie)
			d.Kind, d.Company = tt.kind, "Lycée"
			id := h.Create(d).ID
			old := coretest.Token(h.Mails()[0])
			h.Follow(old)
			h.Edit(id, func(d *contacts.Draft) { d.Address = other })
			if got := h.Status(id); got != core.EmailNotValidated {
				t.Errorf("status %v after the change", got)
			}
			sent := 0
			for _, m := range h.Mails() {
				if m.Secret == nil && m.Values["link"] != "" {
					sent++
				}
			}
			if sent != tt.sent {
				t.Errorf("%d validation mails, want %d", sent, tt.sent)
			}
			if got := h.Follow(old).State; got != validation.LinkReplaced {
				t.Errorf("the former link is %v", got)
			}
		})
	}
}

func TestR7_TheKindAfterTheChangeDecides(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Mails()
	h.Edit(id, func(d *contacts.Draft) { d.Kind, d.Company, d.Address = core.ContactStructure, "Lycée", other })
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("a structure was sent %d mails unasked", len(mails))
	}
}

func TestR6_AnOperatorsChangeOfAnAssertedAddressSends(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var id core.ID
	h.Act(func(act *core.Act) (err error) {
		email, _, err := core.Email{}.ChangeTo(marie, act.At)
		if err != nil {
			return err
		}
		id, err = contacts.Insert(act, contacts.Contact{
			Kind: core.ContactIndividual, LastName: "Dupont", SSO: "provider:1",
			Email: email.Validate(core.Proof{How: core.ProofSSO, At: act.At}),
		})
		return err
	})
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	sent := 0
	for _, m := range h.Mails() {
		if m.To == other {
			sent++
		}
	}
	if sent != 1 || h.Status(id) != core.EmailNotValidated {
		t.Errorf("%d mails, status %v", sent, h.Status(id))
	}
}

func TestR8_TheNoticeNeedsNoMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("", "", marie)
	d.Kind, d.Company = core.ContactStructure, "Lycée"
	id := h.Create(d).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	now := h.Show(id)
	d = contacts.DraftOf(now.Contact)
	d.Address = other
	_, err := h.Contacts.Edit(h.Ctx, h.Owner, id, now.Version, d, validation.Context{PointOfSale: 999}, false)
	h.Must(err)
	if mails := h.Mails(); len(mails) != 1 || mails[0].To != marie || mails[0].Secret != nil || mails[0].Values["link"] != "" {
		t.Errorf("%d mails", len(mails))
	}
}

func TestR8_NoNoticeWithTheSwitchOffOrToAGuest(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*coretest.House, *contacts.Draft){
		"R1 off":    func(h *coretest.House, _ *contacts.Draft) { switchOff(h) },
		"R15 guest": func(_ *coretest.House, d *contacts.Draft) { d.Guest = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
			h.Follow(coretest.Token(h.Mails()[0]))
			h.Edit(id, func(d *contacts.Draft) {
				d.Address = other
				change(h, d)
			})
			if mails := h.Mails(); len(mails) != 0 {
				t.Errorf("%d mails, the first to %s", len(mails), mails[0].To)
			}
		})
	}
}

func TestChangesOverTheCapAreSavedWithoutMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	held := 0
	for i := range 14 {
		saved := h.Edit(id, func(d *contacts.Draft) { d.Address = []string{other, marie}[i%2] })
		if core.CodeOf(saved.Held) == core.CodeDailyCap {
			held++
		}
	}
	if held != 4 || h.Status(id) != core.EmailNotValidated {
		t.Errorf("%d of 14 changes were held back", held)
	}
	guest := h.Edit(id, func(d *contacts.Draft) { d.Address, d.Guest = other, true })
	if guest.Held != nil {
		t.Errorf("a guest, who is due no mail, is told %v", guest.Held)
	}
}

func TestR7_TheWayBackIsAChangeToo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	first := coretest.Token(h.Mails()[0])
	h.Follow(first)
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	h.Edit(id, func(d *contacts.Draft) { d.Address = marie })
	if got := h.Status(id); got != core.EmailNotValidated {
		t.Errorf("status %v after going back", got)
	}
	if got := h.Follow(first).State; got != validation.LinkReplaced {
		t.Errorf("the first link is %v", got)
	}
}

func TestR7_AChangeOfSpellingKeepsTheStatus(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	h.Edit(id, func(d *contacts.Draft) { d.Address = "Marie.Dupont@ORANGE.example" })
	got := h.Show(id).Email
	if got.Status != core.EmailValidated || got.Typed != "Marie.Dupont@ORANGE.example" || len(h.Mails()) != 0 {
		t.Errorf("email %+v", got)
	}
}

func TestR7_AStructureIsOfferedTheMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("", "", marie)
	d.Kind, d.Company = core.ContactStructure, "Lycée"
	id := h.Create(d).ID
	h.Mails()
	now := h.Show(id)
	d = contacts.DraftOf(now.Contact)
	d.Address = other
	saved, err := h.Contacts.Edit(h.Ctx, h.Owner, id, now.Version, d, h.Context(), true)
	h.Must(err)
	if mails := h.Mails(); len(mails) != 1 || mails[0].To != other || saved.Sent.Mail == 0 {
		t.Errorf("%d mails", len(mails))
	}
}

func TestR8_TheMailGoesToTheNewAddressAndANoticeToAValidatedFormerOne(t *testing.T) {
	t.Parallel()
	for _, validated := range []bool{true, false} {
		h := coretest.New(t, storagetest.New(t))
		id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
		if token := coretest.Token(h.Mails()[0]); validated {
			h.Follow(token)
		}
		h.Edit(id, func(d *contacts.Draft) { d.Address = other })
		var to, notices []string
		for _, m := range h.Mails() {
			if m.Document == h.Made.Notice {
				notices = append(notices, m.To)
				if strings.Contains(m.Body+m.Subject, other) {
					t.Error("the notice names the new address")
				}
			} else {
				to = append(to, m.To)
			}
		}
		if len(to) != 1 || to[0] != other {
			t.Errorf("validation mails went to %v", to)
		}
		if want := 0; validated {
			want = 1
			if len(notices) != want || notices[0] != marie {
				t.Errorf("notices went to %v", notices)
			}
		} else if len(notices) != want {
			t.Errorf("notices went to %v", notices)
		}
	}
}

func TestR8_AWaitingMailToTheFormerAddressIsWithdrawn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	for _, m := range h.Mails() {
		if m.To == marie {
			t.Error("a link went to the former address")
		}
	}
}

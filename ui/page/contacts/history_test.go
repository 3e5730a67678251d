package contacts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
	"willcall/ui/text"
)

type draft = book.Draft

func TestTheHistoryTellsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.says("History")
	st.house.Edit(1, func(d *draft) {
		d.Kind, d.Company, d.LastName, d.Language, d.Guest = core.ContactRelay, "Lac", "Roux", "fr", true
		d.Birth, d.OptOuts = 19840503, book.NoEmail|book.NoText
		d.Phones = []book.Phone{{Use: book.PhoneWork, Number: "021 311 22 33"}}
		d.Postals = []book.Postal{{Use: book.PostalBilling, City: "Lyon"}}
	})
	st.house.Edit(1, func(d *draft) { d.Company, d.Guest = "", false })
	st.run(st.Refresh())
	st.keys("down")
	st.says("created 21 Nov by Olga Brunner · 2 changes")
	st.keys("h")
	st.says("Marie Roux C-000001 History",
		"Olga Brunner changed the contact. Company: Lac → nothing Guest: yes → no",
		"Kind: individual → relay Last name: Dupont → Roux Company: Lac",
		"Phones: 021 311 22 33 (work) Postal addresses: Lyon (billing) Birth date: 3 May 1984 No advertising by: email, text message Language: English → Français Guest: no → yes",
		"Olga Brunner created the contact. Kind: individual First name: Marie",
		"Address: 0@mail.example")
	if flow := st.flow(120); strings.Index(flow, "changed") > strings.Index(flow, "created") {
		t.Errorf("the oldest comes first:\n%s", flow)
	}
	st.keys("esc")
	st.says("History created", "Marie Roux")
}

func TestOlderChangesComeWhenTheEndIsReached(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	for i := range 60 {
		st.house.Edit(1, func(d *draft) { d.Company = fmt.Sprintf("Company%d", i) })
	}
	st.run(st.Refresh())
	st.keys("down", "enter", "h")
	st.screen(80, 20)
	st.keys("end")
	st.screen(80, 20)
	st.keys("end")
	screen := st.screen(80, 20)
	if !strings.Contains(screen, "created the contact") || strings.Contains(screen, "Older changes") {
		t.Errorf("the oldest isn't reached:\n%s", screen)
	}
	st.house.Edit(1, func(d *draft) { d.Company = "Newest" })
	st.run(st.Refresh())
	for range 400 {
		st.run(st.Update(tea.KeyPressMsg{Code: tea.KeyUp}))
	}
	if screen := st.screen(80, 20); !strings.Contains(screen, "Company59 → Newest") {
		t.Errorf("what happens meanwhile isn't shown:\n%s", screen)
	}
}

func TestErasedDetailsSaySo(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.house.Must(st.house.Store.Update(t.Context(), func(tx core.Tx) error {
		const personal core.Space = "activity.personal"
		var keys [][]byte
		err := tx.Ascend(personal, nil, nil, func(key, _ []byte) error {
			keys = append(keys, slices.Clone(key))
			return nil
		})
		for _, key := range keys {
			if err == nil {
				err = tx.Delete(personal, key)
			}
		}
		return err
	}))
	st.keys("down", "h")
	st.says("created the contact. Kind: erased First name: erased")
}

func TestAContactOfWhichNoChangeIsRecordedWasStillMade(t *testing.T) {
	t.Parallel()
	house := coretest.New(t, storagetest.New(t))
	house.Act(func(act *core.Act) error {
		_, err := book.Insert(act, book.Contact{Kind: core.ContactIndividual, LastName: "Dupont", CreatedBy: "Old system"})
		return err
	})
	st := openOn(t, house)
	st.keys("down", "h")
	st.says("No change is recorded", "The contact was created", "by Old system.")
}

func TestAHistoryThatCannotBeReadSaysSo(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down")
	reading := st.press("h")
	if screen := st.screen(80, 20); !strings.Contains(screen, "Reading…") {
		t.Errorf("nothing says that it is read:\n%s", screen)
	}
	saved := st.house.Show(1)
	_, err := st.house.Contacts.Remove(t.Context(), st.house.Owner, 1, saved.Version)
	st.house.Must(err)
	st.run(reading)
	st.says("The history can’t be read", "This is no longer here")
}

func TestEveryActOfAHistoryHasASentenceInEveryLanguage(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []core.ActionID{
		core.ActContactsCreate, core.ActContactsEdit, core.ActContactsSend, core.ActContactsRemove,
		core.ActContactsRestore, core.ActContactsImport, core.ActCustomerRegister, core.ActCustomerAddress,
		core.ActSSOSignIn, core.ActValidationFollow,
	} {
		if !words.In(text.English).Has("contacts.did." + string(act)) {
			t.Errorf("no sentence for %s", act)
		}
	}
}

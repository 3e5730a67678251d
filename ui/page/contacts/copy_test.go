package contacts_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/ui/action"
)

func TestAddressNumberAndPhonesAreCopied(t *testing.T) {
	t.Parallel()
	st := open(t)
	d := coretest.Person("Zoé", "Roux", "zoe@mail.example")
	d.Phones = []book.Phone{{Use: book.PhoneMobile, Number: "+41 79 555 14 07"}}
	st.house.Create(d)
	st.house.Create(coretest.Person("Ana", "Reis", ""))
	st.run(st.Refresh())
	st.keys("down", "end")
	for _, want := range []string{"zoe@mail.example", "C-000001", "+41 79 555 14 07", "zoe@mail.example"} {
		copying, ok := action.Find(st.Actions(), "c", false)
		if !ok {
			t.Fatal("c isn't offered")
		}
		if got := copying.Run()(); got != tea.SetClipboard(want)() {
			t.Errorf("copied %v, want %q", got, want)
		}
		st.says("clipboard. Where it takes none, select it here: " + want)
	}
	st.keys("up")
	st.silent("handed to")
}

package operators_test

import (
	"fmt"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// opens reports whether a password opens a session of the owner.
func opens(h *coretest.House, password string) bool {
	h.T.Helper()
	begun, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, password)
	h.Must(err)
	return begun.In != nil
}

// TestAPasswordChangeSurvivesEveryFault lets each write of a change fail. Proving
// the present password is an act of its own; the change is whole or not there.
func TestAPasswordChangeSurvivesEveryFault(t *testing.T) {
	t.Parallel()
	memory := storagetest.NewMemory(t)
	disk := storagetest.FailingAt(memory, 0)
	h := coretest.New(t, disk)
	change := func() error { return h.Operators.ChangePassword(h.Ctx, h.Owner, coretest.Password, newPassword) }
	before := memory.Snapshot()
	disk.Arm(storagetest.Fault{})
	h.Must(change())
	writes := disk.Writes()
	for n := 1; n <= writes; n++ {
		memory.Restore(before)
		when := fmt.Sprintf("write %d of %d", n, writes)
		disk.Arm(storagetest.Fault{Write: n})
		h.Refused(change(), core.CodeFull)
		disk.Arm(storagetest.Fault{})
		if opens(h, newPassword) || !opens(h, coretest.Password) {
			t.Fatalf("%s: the password is another", when)
		}
		h.Must(change())
		if !opens(h, newPassword) || opens(h, coretest.Password) {
			t.Fatalf("%s, then again: the password is not the new one", when)
		}
	}
}

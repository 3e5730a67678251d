package operators_test

import (
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

func TestAPasswordIsConfirmedOnlyToItsSession(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Must(h.Operators.Confirm(h.Ctx, h.Owner, coretest.Password))
	h.Refused(h.Operators.Confirm(h.Ctx, h.Owner, "curtain up at nine"), core.CodeSignIn)
	h.Refused(h.Operators.Confirm(h.Ctx, h.Owner, ""), core.CodeSignIn)
	h.Must(h.Operators.SignOut(h.Ctx, h.Owner))
	h.Refused(h.Operators.Confirm(h.Ctx, h.Owner, coretest.Password), core.CodeSignedOut)
}

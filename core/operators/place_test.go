package operators_test

import (
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// at signs the owner in and gives where.
func at(h *coretest.House) [2]core.ID {
	h.T.Helper()
	in, err := h.Operators.SignIn(h.Ctx, coretest.OwnerAddress, coretest.Password)
	h.Must(err)
	return [2]core.ID{in.Institution, in.Organisation}
}

func TestR87_ASignInOpensWhereTheOperatorWorkedLast(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.AddInstitution("Théâtre du Port")
	receipt, err := h.Venue.SaveOrganisation(h.Ctx, other.Owner, 0, 0, "Studio")
	h.Must(err)
	studio := receipt.Subject.ID
	if got, want := at(h), [2]core.ID{h.Made.Institution, h.Made.Organisation}; got != want {
		t.Errorf("before any switch it opens at %v, want %v", got, want)
	}
	h.Must(h.Operators.Switch(h.Ctx, h.Owner, other.Made.Institution, studio))
	if got, want := at(h), [2]core.ID{other.Made.Institution, studio}; got != want {
		t.Errorf("after a switch it opens at %v, want %v", got, want)
	}
	if got := h.Hire(core.RoleAdmin); got.Institution != h.Made.Institution {
		t.Errorf("a colleague's opens at %d", got.Institution)
	}
	h.Must(h.Operators.Switch(h.Ctx, other.Owner, h.Made.Institution, h.Made.Organisation))
	if got, want := at(h), [2]core.ID{h.Made.Institution, h.Made.Organisation}; got != want {
		t.Errorf("after the way back it opens at %v, want %v", got, want)
	}
}

func TestR87_APlaceThatIsNoLongerOnesOwnIsForgotten(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.AddInstitution("Théâtre du Port")
	h.Must(h.Operators.Switch(h.Ctx, h.Owner, other.Made.Institution, other.Made.Organisation))
	h.Act(func(act *core.Act) error { return operators.Leave(act, h.Made.Owner, other.Made.Institution) })
	if got, want := at(h), [2]core.ID{h.Made.Institution, h.Made.Organisation}; got != want {
		t.Errorf("it opens at %v, want %v", got, want)
	}
}

func TestR87_ASwitchNeedsMembershipAndAnOrganisation(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	other := h.AddInstitution("Théâtre du Port")
	receipt, err := h.Venue.SaveOrganisation(h.Ctx, other.Owner, 0, 0, "Studio")
	h.Must(err)
	h.Refused(h.Operators.Switch(h.Ctx, admin, other.Made.Institution, other.Made.Organisation), core.CodeNotFound)
	h.Refused(h.Operators.Switch(h.Ctx, admin, h.Made.Institution, receipt.Subject.ID), core.CodeNotFound)
	h.Refused(h.Operators.Switch(h.Ctx, h.Owner, h.Made.Institution, receipt.Subject.ID), core.CodeNotFound)
	h.Refused(h.Operators.Switch(h.Ctx, h.Owner, 99, 1), core.CodeNotFound)
	if got := h.SignIn("admin@opera.example"); got.Institution != h.Made.Institution {
		t.Errorf("the admin got into %d", got.Institution)
	}
	if got, want := at(h), [2]core.ID{h.Made.Institution, h.Made.Organisation}; got != want {
		t.Errorf("a refused switch is remembered: it opens at %v", got)
	}
}

func TestR56_ASwitchIsRecorded(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.AddInstitution("Théâtre du Port")
	h.Must(h.Operators.Switch(h.Ctx, h.Owner, other.Made.Institution, other.Made.Organisation))
	got := h.Journal()
	last := got[len(got)-1]
	ref := core.Ref{Kind: core.KindOrganisation, ID: other.Made.Organisation}
	if last.Action != core.ActSessionSwitch || last.Institution != other.Made.Institution || last.Subject != ref || last.Actor != h.Owner.Actor {
		t.Errorf("recorded %+v", last)
	}
}

func TestAnOperatorOfNoInstitutionOpensNowhere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Act(func(act *core.Act) error { return operators.Leave(act, h.Made.Owner, h.Made.Institution) })
	in, err := h.Operators.SignIn(h.Ctx, coretest.OwnerAddress, coretest.Password)
	h.Must(err)
	if len(in.Institutions) != 0 || in.Institution != 0 || in.Organisation != 0 {
		t.Errorf("signed in as %+v", in)
	}
}

func TestTheUserOfThisComputerHasNoRole(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	local := core.Request{
		Actor:       core.Actor{Kind: core.ActorLocal, Name: "local:olga"},
		Institution: h.Made.Institution, Organisation: h.Made.Organisation,
	}
	h.Must(look(h, local))
	_, err := h.Contacts.Create(h.Ctx, local, coretest.Person("Marie", "Dupont", ""), h.Context())
	h.Must(err)
	_, err = h.Setup.AddInstitution(h.Ctx, local, coretest.AddDraft("Théâtre du Port"))
	h.Refused(err, core.CodeForbidden)
	h.Refused(h.Operators.Switch(h.Ctx, local, h.Made.Institution, h.Made.Organisation), core.CodeForbidden)
	for _, nowhere := range []core.ID{core.Installation, h.Made.Institution + 1} {
		local.Institution = nowhere
		_, err := h.Contacts.Find(h.Ctx, local, contacts.Query{})
		h.Refused(err, core.CodeNotFound)
	}
}

func TestJoiningTwiceIsOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	for range 2 {
		h.Act(func(act *core.Act) error {
			act.Req.Institution = 7
			o, err := operators.Join(act, h.Made.Owner)
			if !slices.Equal(o.Institutions, []core.ID{h.Made.Institution, 7}) {
				t.Errorf("member of %v", o.Institutions)
			}
			return err
		})
	}
	h.Act(func(act *core.Act) error {
		_, err := operators.Join(act, 99)
		h.Refused(err, core.CodeNotFound)
		return nil
	})
}

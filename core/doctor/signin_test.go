package doctor_test

import (
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// signInSpaces are those of what operators sign in with, and of what counts their
// tries.
func signInSpaces() []core.Space {
	return []core.Space{
		"operators.factors", "operators.tries", "operators.seats", "operators.devices", "operators.devices.keys",
		"operators.one-time", "operators.proofs", "company", "signin.attempts", "signin.attempts.tokens",
		"signin.attempts.due", "signin.buckets", "signin.buckets.keys", "signin.buckets.ages", "signin.buckets.sizes",
		"signin.tally",
	}
}

// signIns puts something into every one of them, and opens two sessions.
func (p *patient) signIns() {
	p.T.Helper()
	const address = "mia@opera.example"
	mia := p.HireAt(core.RoleAdmin, address)
	phone := p.Enrol(mia)
	attempt := p.Begin(p.Terminal(1), address, coretest.Password)
	_, err := p.Operators.Answer(p.Ctx, p.Terminal(1), attempt, operators.Answer{Code: phone.Code(p.Clock.Effective())})
	p.Must(err)
	p.Begin(coretest.Local(), address, "curtain up at nine")
	p.Must(p.Operators.MailAddressCode(p.Ctx, mia, ""))
	p.Must(p.Operators.Forgot(p.Ctx, coretest.Local(), address))
	plan, err := p.Operators.PlanCompany(p.Ctx, p.Owner, operators.Company{MailMeets: true})
	p.Must(err)
	p.Must(p.Operators.ApplyCompany(p.Ctx, p.Owner, plan))
}

// nobody is the id of no operator, as a record writes it.
const nobody core.ID = 4711

// copied puts a copy of a space's last record under the id of nobody.
func copied(space core.Space) func(p *patient, tx core.Tx) error {
	return func(_ *patient, tx core.Tx) error {
		key := core.Key(core.Installation, nobody)
		_, raw, err := lastIn(tx, space)
		if err != nil {
			return err
		}
		return tx.Put(space, key, coretest.Sealed(space, key, raw[:len(raw)-coretest.SumSize]))
	}
}

// given makes a space's last record nobody's, whose number stands in a field.
func given(space core.Space, field byte) func(p *patient, tx core.Tx) error {
	return func(_ *patient, tx core.Tx) error {
		key, _, err := lastIn(tx, space)
		if err != nil {
			return err
		}
		return tx.Put(space, key, coretest.Sealed(space, key, []byte{2, 1, field << 3, 0xE7, 0x24}))
	}
}

// ofNobody is what is kept of operators, of one who isn't there.
func ofNobody() []planted {
	return []planted{
		{"an app of nobody", copied("operators.factors"), core.FaultOrphan, "operators.factors", "operator"},
		{"codes of nobody that failed", copied("operators.tries"), core.FaultOrphan, "operators.tries", "operator"},
		{"seats of nobody", copied("operators.seats"), core.FaultOrphan, "operators.seats", "operator"},
		{"a one-time code of nobody", copied("operators.one-time"), core.FaultOrphan, "operators.one-time", "operator"},
		{"an address code of nobody", copied("operators.proofs"), core.FaultOrphan, "operators.proofs", "operator"},
		{"a device of nobody", given("operators.devices", 1), core.FaultDangling, "operators.devices", "operator"},
		{"an attempt of somebody gone", given("signin.attempts", 2), core.FaultDangling, "signin.attempts", "operator"},
	}
}

// miscounted is a tally that doesn't hold.
func miscounted() []planted {
	tally := []byte("tally")
	return []planted{
		{"a cut tally", func(_ *patient, tx core.Tx) error {
			return tx.Put("signin.tally", tally, []byte{1})
		}, core.FaultBroken, "signin.tally", "buckets"},
		{"a tally of other failures", func(_ *patient, tx core.Tx) error {
			return tx.Put("signin.tally", tally, coretest.Sealed("signin.tally", tally, []byte{2, 1 << 3, 77}))
		}, core.FaultWrong, "signin.tally", "buckets"},
		{"no tally", func(_ *patient, tx core.Tx) error {
			return tx.Delete("signin.tally", tally)
		}, core.FaultWrong, "signin.tally", "buckets"},
		{"an odd tally", func(_ *patient, tx core.Tx) error {
			return tx.Put("signin.tally", []byte("x"), []byte{1})
		}, core.FaultBroken, "signin.tally", "key"},
	}
}

// newPatientFor is a patient with something in a space.
func newPatientFor(t testing.TB, space core.Space) *patient {
	t.Helper()
	return newPatientOn(t, storagetest.New(t), slices.Contains(signInSpaces(), space))
}

package doctor_test

import (
	"bytes"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/secret"
)

func otherKeys(t *testing.T) *secret.Keys {
	t.Helper()
	keys, err := secret.NewKeys(bytes.Repeat([]byte{7}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// state rewrites the last mail in a state as one in another.
func (p *patient) state(t *testing.T, from, to mail.State) {
	t.Helper()
	key, raw := p.last("outbox")
	// format, version, the field of tag 1 as a number
	if raw[2] != 1<<3 || raw[3] != byte(from) {
		t.Fatalf("the last mail begins with %x", raw[:4])
	}
	raw[3] = byte(to)
	p.reseal("outbox", key, raw)
}

func (p *patient) reseal(space core.Space, key, raw []byte) {
	p.T.Helper()
	raw = coretest.Sealed(space, key, raw[:len(raw)-coretest.SumSize])
	p.plant(func(tx core.Tx) error { return tx.Put(space, key, raw) })
}

// number gives a contact another number, past all rules.
func (p *patient) number(id core.ID, number byte) {
	p.T.Helper()
	key := core.Key(p.Made.Institution, id)
	raw := []byte(p.Dump()["contacts/"+string(key)])
	if raw[2] != 1<<3 || raw[3] >= 0x80 {
		p.T.Fatalf("contact %d begins with %x", id, raw[:4])
	}
	raw[3] = number
	p.reseal("contacts", key, raw)
}

func TestNumbersAreUniqueAndHandedOut(t *testing.T) {
	t.Parallel()
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		old := p.Show(p.person).Number
		p.number(p.relay, byte(old))
		p.finds(core.FaultWrong, "contacts", "number")
		p.repair(0)
		if p.Show(p.person).Number != old || p.Show(p.relay).Number <= old {
			t.Errorf("the numbers are %d and %d", p.Show(p.person).Number, p.Show(p.relay).Number)
		}
	})
	t.Run("beyond the counter", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		p.number(p.person, 99)
		p.finds(core.FaultWrong, "contacts.numbers", "counter")
		p.repair(0)
		if next := p.Create(coretest.Person("New", "One", "")).Number; next != 100 || p.Show(p.person).Number != 99 {
			t.Errorf("the next number is %d, want 100", next)
		}
	})
}

func TestR77_RelaysAreHeldAgainstTheirStructure(t *testing.T) {
	t.Parallel()
	add := func(p *patient, c contacts.Contact) (id core.ID) {
		p.Act(func(act *core.Act) (err error) {
			id, err = contacts.Insert(act, c)
			return err
		})
		return id
	}
	for name, structure := range map[string]func(p *patient) core.ID{
		"that isn't there": func(*patient) core.ID { return 4711 },
		"that is a person": func(p *patient) core.ID { return p.person },
	} {
		t.Run("a structure "+name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			id := add(p, contacts.Contact{Kind: core.ContactRelay, LastName: "Lost", Structure: structure(p), Primary: true})
			p.finds(core.FaultDangling, "contacts", "structure")
			p.repair(0)
			if c := p.Show(id); c.Contact.Structure != 0 || c.Primary || c.LastName != "Lost" {
				t.Errorf("the relay is now %+v", c.Contact)
			}
		})
	}
	t.Run("two primary ones", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		structure := p.Show(p.relay).Contact.Structure
		id := add(p, contacts.Contact{Kind: core.ContactRelay, LastName: "Usurper", Structure: structure, Primary: true})
		p.finds(core.FaultWrong, "contacts", "primary")
		p.repair(0)
		if p.Show(id).Primary || !p.Show(p.relay).Primary {
			t.Error("the older one isn't the primary relay any more")
		}
	})
	t.Run("the structure itself is broken", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		structure := p.Show(p.relay).Contact.Structure
		key := core.Key(p.Made.Institution, structure)
		p.plant(func(tx core.Tx) error { return tx.Put("contacts", key, []byte("junk")) })
		if f := p.finds(core.FaultDangling, "contacts", "structure"); f.Mend != nil {
			t.Error("the doctor takes a relay from a structure that may come back")
		}
		p.repair(2)
		if c := p.Show(p.second); c.Contact.Structure != structure {
			t.Errorf("the relay belongs to %d, want %d", c.Contact.Structure, structure)
		}
	})
}

func TestAnIdentityOfTwoIsOnlyTold(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.Damaged()
	p.Act(func(act *core.Act) error {
		_, err := contacts.Insert(act, contacts.Contact{LastName: "Twin", SSO: "sso-1"})
		return err
	})
	if f := p.finds(core.FaultWrong, "contacts", "identity"); f.Mend != nil {
		t.Error("the doctor decides whose an identity is")
	}
}

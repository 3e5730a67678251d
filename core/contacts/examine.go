package contacts

import (
	"errors"
	"fmt"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/validation"
	"willcall/core/venue"
)

// Examine looks through the contacts: every record, what finds them, their
// numbers, what relays belong to, and what is remembered of contacts that are
// gone. An identity that two of them have is only told: whose it is can't be
// known here.
func Examine(v core.View, report func(record.Finding) error) error {
	x := &examination{v: v, report: report}
	known := venue.Known(v)
	contacts := record.Examination[Contact]{Table: table(), Known: known, Look: x.contact}
	if err := contacts.Run(v, report); err != nil {
		return err
	}
	if err := x.leave(); err != nil {
		return err
	}
	if err := x.marks(); err != nil {
		return err
	}
	err := validation.EachLast(v, func(institution, contact core.ID) error {
		there, err := table().Readable(v, institution, contact)
		if err != nil || there {
			return err
		}
		return report(forgotten(institution, contact))
	})
	if err != nil {
		return err
	}
	return record.ExamineDerived(v, Projection(), report)
}

// examination is what is known of the institution that is being looked at.
type examination struct {
	v      core.View
	report func(record.Finding) error

	begun       bool
	institution core.ID
	last        uint64 // the last number handed out
	highest     uint64 // the highest number there is
	orders      bool   // somebody has orders
	numbers     map[uint64]bool
	unnumbered  []record.Finding // mended after the counter is right
	identities  map[string]bool
	primaries   map[core.ID]bool // structures that have a primary relay
}

func (x *examination) contact(institution, id core.ID, c Contact) error {
	if !x.begun || institution != x.institution {
		if err := x.enter(institution); err != nil {
			return err
		}
	}
	x.orders = x.orders || c.HasOrders
	x.number(id, c)
	return errors.Join(x.identity(id, c), x.relation(id, c))
}

func (x *examination) enter(institution core.ID) error {
	if err := x.leave(); err != nil {
		return err
	}
	last, err := x.v.LastID(institution, spaceNumbers)
	x.begun, x.institution, x.last, x.highest, x.orders = true, institution, uint64(last), 0, false
	x.numbers, x.identities, x.primaries = map[uint64]bool{}, map[string]bool{}, map[core.ID]bool{}
	return err
}

// leave looks at an institution as a whole.
func (x *examination) leave() error {
	if !x.begun {
		return nil
	}
	var errs []error
	if x.highest > x.last {
		errs = append(errs, x.report(record.Finding{
			Fault: record.FaultWrong, Space: spaceNumbers, Key: core.Key(x.institution, core.ID(x.highest)),
			Detail: record.DetailCounter, Mend: record.Raise(x.institution, spaceNumbers, core.ID(x.highest)),
		}))
	}
	for _, f := range x.unnumbered {
		errs = append(errs, x.report(f))
	}
	x.unnumbered = nil
	mark, err := x.v.Get(spaceOrders, core.Prefix(x.institution))
	if errs = append(errs, err); err == nil && x.orders && mark == nil {
		errs = append(errs, x.report(record.Lacking(spaceOrders, core.Prefix(x.institution), []byte{1}, "orders")))
	}
	return errors.Join(errs...)
}

// found is a finding about a contact, mended by changing it.
func (x *examination) found(fault record.Fault, id core.ID, detail string, mend func(tx core.Tx, c *Contact) (bool, error)) error {
	f := record.Finding{Fault: fault, Space: spaceContacts, Key: core.Key(x.institution, id), Detail: detail}
	if mend != nil {
		f.Mend = table().Amend(x.institution, id, mend)
	}
	return x.report(f)
}

// number notes a contact without a number of its own; the older one keeps it.
func (x *examination) number(id core.ID, c Contact) {
	wild := c.Number == 0 || c.Number > max(x.last, x.highest)+farthestNumber
	if !wild && !x.numbers[c.Number] {
		x.numbers[c.Number], x.highest = true, max(x.highest, c.Number)
		return
	}
	institution, had := x.institution, c.Number
	mend := table().Amend(institution, id, func(tx core.Tx, c *Contact) (changed bool, err error) {
		if c.Number != had {
			return false, nil
		}
		c.Number, err = nextNumber(tx, institution)
		return true, err
	})
	x.unnumbered = append(x.unnumbered, record.Finding{
		Fault: record.FaultWrong, Space: spaceContacts, Key: core.Key(institution, id), Detail: "number", Mend: mend,
	})
}

// farthestNumber is how far beyond the last number handed out, and the highest
// before it, one may be and still be believed.
const farthestNumber = 1 << 24

func (x *examination) identity(id core.ID, c Contact) error {
	if c.SSO == "" || !c.Removed.IsZero() {
		return nil
	}
	if !x.identities[c.SSO] {
		x.identities[c.SSO] = true
		return nil
	}
	return x.found(record.FaultWrong, id, "identity", nil)
}

// relation holds a relay against its structure. A removed one keeps what it
// belonged to, to come back there where that still is.
func (x *examination) relation(id core.ID, c Contact) error {
	if !c.Removed.IsZero() || c.Structure == 0 && !c.Primary {
		return nil
	}
	held, err := holdsRelays(x.v, x.institution, c.Structure, id)
	if err != nil {
		return err
	}
	institution := x.institution
	broken, err := brokenStructure(x.v, institution, c.Structure)
	if err != nil {
		return err
	}
	switch {
	case !held && broken: // it may come back, and the relay belongs to it then
		return x.found(record.FaultDangling, id, "structure", nil)
	case !held:
		return x.found(record.FaultDangling, id, "structure", func(tx core.Tx, c *Contact) (bool, error) {
			held, err := holdsRelays(tx, institution, c.Structure, id)
			c.Structure, c.Primary = 0, false
			return !held, err
		})
	case c.Primary && x.primaries[c.Structure]:
		return x.found(record.FaultWrong, id, "primary", func(_ core.Tx, c *Contact) (bool, error) {
			c.Primary = false
			return true, nil
		})
	case c.Primary:
		x.primaries[c.Structure] = true
	}
	return nil
}

// brokenStructure reports whether a contact is there that can't be read, or was
// set aside for that.
func brokenStructure(v core.View, institution, id core.ID) (bool, error) {
	aside, err := record.IsAside(v, spaceContacts, core.Key(institution, id))
	if err != nil || aside {
		return aside, err
	}
	there, err := table().Has(v, institution, id)
	if err != nil || !there {
		return false, err
	}
	readable, err := table().Readable(v, institution, id)
	return !readable, err
}

// holdsRelays reports whether a contact is in the book and a structure, other
// than the relay itself.
func holdsRelays(v core.View, institution, structure, relay core.ID) (bool, error) {
	readable, err := table().Readable(v, institution, structure)
	if err != nil || !readable || structure == relay {
		return false, err
	}
	c, _, err := table().Get(v, institution, structure)
	return c.Kind == core.ContactStructure && c.Removed.IsZero(), err
}

// marks looks for keys of the orders' mark that no institution has, and of the
// numbers, which keep nothing but a counter.
func (x *examination) marks() error {
	odd := func(space core.Space, size int) error {
		return x.v.Ascend(space, nil, nil, func(key, _ []byte) error {
			if len(key) == size {
				return nil
			}
			return x.report(record.Broken(space, key, record.DetailKey, nil))
		})
	}
	if err := errors.Join(odd(spaceOrders, len(core.Prefix(0))), odd(spaceNumbers, 0)); err != nil {
		return fmt.Errorf("examine numbers and orders: %w", err)
	}
	return nil
}

// forgotten is the finding of what is remembered of a contact that is gone.
func forgotten(institution, contact core.ID) record.Finding {
	return record.Finding{
		Fault: record.FaultOrphan, Space: validation.SpaceLast(), Key: core.Key(institution, contact), Detail: "contact",
		Mend: func(tx core.Tx) error {
			if there, err := table().Readable(tx, institution, contact); err != nil || there {
				return err
			}
			return validation.Forget(tx, institution, contact)
		},
	}
}

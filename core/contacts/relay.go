package contacts

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const spaceRelays core.Space = "contacts.relays"

// Relay is a relay in the list of its structure.
type Relay struct {
	Row
	Primary bool
}

func structureKey(id core.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

// relayIndex finds the relays of a structure.
func relayIndex() record.Index[Contact] {
	return record.NewIndex(spaceRelays, func(c *Contact) [][]byte {
		if c.Structure == 0 || !c.Removed.IsZero() {
			return nil
		}
		return [][]byte{structureKey(c.Structure)}
	})
}

// relayIDs lists the relays of a structure, by age.
func relayIDs(v core.View, institution, structure core.ID) (ids []core.ID, err error) {
	err = table().Lookup(v, institution, spaceRelays, structureKey(structure), func(id core.ID) error {
		ids = append(ids, id)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the relays of contact %d: %w", structure, err)
	}
	return ids, nil
}

func hasRelays(v core.View, institution, structure core.ID) (found bool, err error) {
	err = table().Lookup(v, institution, spaceRelays, structureKey(structure), func(core.ID) error {
		found = true
		return core.Stop
	})
	if err != nil {
		return false, fmt.Errorf("look for relays of contact %d: %w", structure, err)
	}
	return found, nil
}

// relays reads a structure's relays, the primary one first.
func relays(v core.View, institution, structure core.ID) ([]Relay, error) {
	ids, err := relayIDs(v, institution, structure)
	if err != nil {
		return nil, err
	}
	var all []Relay
	for _, id := range ids {
		row, primary, err := rowAt(v, institution, id)
		if err != nil {
			return nil, err
		}
		all = append(all, Relay{Row: row, Primary: primary})
	}
	slices.SortStableFunc(all, func(a, b Relay) int {
		if a.Primary != b.Primary {
			if a.Primary {
				return -1
			}
			return 1
		}
		return cmp.Compare(core.Fold(a.Name), core.Fold(b.Name))
	})
	return all, nil
}

// readRelations fills in what the contact belongs to, who belongs to it, and
// whether it can go.
func (d *Detail) readRelations(v core.View, institution core.ID, now time.Time) (err error) {
	if d.Contact.Structure != 0 {
		if d.Structure, _, err = rowAt(v, institution, d.Contact.Structure); err != nil {
			return fmt.Errorf("read the structure of contact %d: %w", d.ID, err)
		}
	}
	if d.Relays, err = relays(v, institution, d.ID); err != nil {
		return err
	}
	d.NotRemovable = removable(d.Contact, len(d.Relays) > 0, now)
	return nil
}

// relate holds a contact's structure against the rules and does what follows:
// a new primary relay takes that from the present one. It gives what the
// journal tells of it. id is 0 for a new contact.
func relate(act *core.Act, id core.ID, before, after Contact) ([]core.Detail, error) {
	if err := keepsKind(act, id, before, after); err != nil {
		return nil, err
	}
	if before.Structure == after.Structure && before.Primary == after.Primary {
		return nil, nil
	}
	if err := checkStructure(act, id, after.Structure); err != nil {
		return nil, err
	}
	details, err := moved(act, before.Structure, after.Structure)
	if err != nil {
		return nil, err
	}
	former, err := takePrimary(act, id, after)
	if err != nil {
		return nil, err
	}
	if before.Primary != after.Primary || former != "" {
		details = append(details, difference("primary", primaryText(before.Primary, former), primaryText(after.Primary, "")))
	}
	return details, nil
}

// moved tells structures and journal of a relay that went from one to another.
func moved(act *core.Act, from, to core.ID) ([]core.Detail, error) {
	var texts [2]string
	for i, structure := range [...]core.ID{from, to} {
		if structure == 0 {
			continue
		}
		act.EmitFor(ref(structure))
		c, _, err := find(act, act.Req.Institution, structure)
		if err != nil {
			return nil, err
		}
		texts[i] = structureText(c)
	}
	if from == to {
		return nil, nil
	}
	return []core.Detail{difference("structure", texts[0], texts[1])}, nil
}

// structureText is how the journal names a structure.
func structureText(c Contact) string { return c.Listed() + " (" + NumberText(c.Number) + ")" }

// keepsKind refuses to make something else of a structure that has relays.
func keepsKind(act *core.Act, id core.ID, before, after Contact) error {
	if before.Kind != core.ContactStructure || after.Kind == core.ContactStructure {
		return nil
	}
	found, err := hasRelays(act, act.Req.Institution, id)
	if err == nil && found {
		err = notMistake("relays")
	}
	return core.InField("kind", err)
}

// checkStructure refuses what no relay can belong to, in the field "structure".
func checkStructure(act *core.Act, id, structure core.ID) error {
	if structure == 0 {
		return nil
	}
	c, _, err := find(act, act.Req.Institution, structure)
	if err != nil && core.CodeOf(err) != core.CodeNotFound {
		return err
	}
	if err != nil || structure == id || c.Kind != core.ContactStructure {
		return core.RefuseField(core.CodeChoice, "structure")
	}
	return nil
}

// takePrimary makes every other relay of a primary one's structure an ordinary
// one, and names who was the primary (R77).
func takePrimary(act *core.Act, id core.ID, after Contact) (former string, err error) {
	if !after.Primary {
		return "", nil
	}
	ids, err := relayIDs(act, act.Req.Institution, after.Structure)
	if err != nil {
		return "", err
	}
	for _, other := range ids {
		c, version, err := find(act, act.Req.Institution, other)
		if err != nil {
			return "", err
		}
		if other == id || !c.Primary {
			continue
		}
		former, c.Primary = c.Listed(), false
		if err := save(act, act.Req.Institution, other, version, c); err != nil {
			return "", err
		}
		act.EmitFor(ref(other))
	}
	return former, nil
}

// primaryText is how the journal tells of a primary relay: itself, or who it
// was before.
func primaryText(primary bool, former string) string {
	if former != "" {
		return former
	}
	return yesNo(primary)
}

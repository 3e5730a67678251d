package contacts

import (
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

// find reads a contact of the book; one that was removed is not found.
func find(v core.View, institution, id core.ID) (Contact, record.Version, error) {
	c, version, err := table().Get(v, institution, id)
	if err == nil && !c.Removed.IsZero() {
		return Contact{}, 0, fmt.Errorf("contact %d was removed: %w", id, core.Refuse(core.CodeNotFound))
	}
	return c, version, err
}

// insert saves a new contact, with what it tells of its institution.
func insert(tx core.Tx, institution core.ID, c Contact) (core.ID, error) {
	id, err := table().Insert(tx, institution, c)
	if err != nil {
		return 0, err
	}
	return id, noteOrders(tx, institution, c)
}

// save replaces a contact whose version is still expected.
func save(tx core.Tx, institution, id core.ID, expected record.Version, c Contact) error {
	_, err := table().Save(tx, institution, id, expected, c)
	return err
}

// nextNumber hands out the next number of an institution.
func nextNumber(tx core.Tx, institution core.ID) (uint64, error) {
	id, err := tx.NewID(institution, spaceNumbers)
	if err != nil {
		return 0, fmt.Errorf("hand out a contact number: %w", err)
	}
	return uint64(id), nil
}

// Insert saves a new contact as it stands, with a number of its own, in the
// caller's act: for what brings contacts with their status, never for forms.
func Insert(act *core.Act, c Contact) (core.ID, error) {
	number, err := nextNumber(act, act.Req.Institution)
	if err != nil {
		return 0, err
	}
	c.Number = number
	return insert(act, act.Req.Institution, c)
}

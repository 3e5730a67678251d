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

// insert saves a new contact, with its search line and what it tells of its
// institution. It and save are the only
// writers of contacts.
func insert(tx core.Tx, institution core.ID, c Contact) (core.ID, error) {
	id, err := table().Insert(tx, institution, c)
	if err != nil {
		return 0, err
	}
	if err := noteOrders(tx, institution, c); err != nil {
		return 0, err
	}
	return id, reline(tx, institution, id, nil, &c)
}

// save replaces a contact whose version is still expected, with its search
// line.
func save(tx core.Tx, institution, id core.ID, expected record.Version, c Contact) error {
	before, _, err := table().Get(tx, institution, id)
	if err != nil {
		return err
	}
	if _, err := table().Save(tx, institution, id, expected, c); err != nil {
		return err
	}
	return reline(tx, institution, id, &before, &c)
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

package contacts

import (
	"fmt"

	"willcall/core"
)

// spaceOrders holds one mark an institution that has loaded orders.
const spaceOrders core.Space = "contacts.orders"

// ordersLoaded reports whether an institution has loaded orders for anybody
// (R32).
func ordersLoaded(v core.View, institution core.ID) (bool, error) {
	mark, err := v.Get(spaceOrders, core.Prefix(institution))
	if err != nil {
		return false, fmt.Errorf("look whether orders were loaded: %w", err)
	}
	return mark != nil, nil
}

// noteOrders marks the institution of a new contact that has orders. No contact
// gets its first ones later: only what brings contacts knows of orders.
func noteOrders(tx core.Tx, institution core.ID, c Contact) error {
	if !c.HasOrders {
		return nil
	}
	loaded, err := ordersLoaded(tx, institution)
	if err != nil || loaded {
		return err
	}
	if err := tx.Put(spaceOrders, core.Prefix(institution), []byte{1}); err != nil {
		return fmt.Errorf("note that orders were loaded: %w", err)
	}
	return nil
}

package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/console"
)

// numberTyped reads a contact's number as people write it: "C-000123" or "123".
func numberTyped(typed string) (number uint64, ok bool) {
	digits := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(typed)), "C-")
	number, err := strconv.ParseUint(digits, 10, 64)
	return number, err == nil
}

// withNumber finds the contact that has a number.
func withNumber(ctx context.Context, all *contacts.Service, req core.Request, number uint64) (contacts.Row, bool, error) {
	found, err := all.Find(ctx, req, contacts.Query{Text: contacts.NumberText(number), Limit: mostRows})
	if err != nil {
		return contacts.Row{}, false, err
	}
	i := slices.IndexFunc(found.Rows, func(r contacts.Row) bool { return r.Number == number })
	if i < 0 {
		return contacts.Row{}, false, nil
	}
	return found.Rows[i], true, nil
}

// find looks for the contacts that a console's palette offers.
func (h *house) find(ctx context.Context, req core.Request, typed string, limit int) ([]console.Contact, error) {
	var rows []contacts.Row
	if number, ok := numberTyped(typed); ok {
		row, found, err := withNumber(ctx, h.contacts, req, number)
		if err != nil {
			return nil, err
		}
		if found {
			rows = append(rows, row)
		}
	}
	found, err := h.contacts.Find(ctx, req, contacts.Query{Text: typed, Limit: limit})
	if err != nil {
		return nil, err
	}
	for _, row := range found.Rows {
		if !slices.ContainsFunc(rows, func(r contacts.Row) bool { return r.ID == row.ID }) {
			rows = append(rows, row)
		}
	}
	all := make([]console.Contact, min(limit, len(rows)))
	for i := range all {
		r := rows[i]
		all[i] = console.Contact{ID: r.ID, Number: contacts.NumberText(r.Number), Name: r.Name, Address: r.Address, Status: r.Status}
	}
	return all, nil
}

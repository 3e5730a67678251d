package main

import (
	"context"
	"strings"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/validation"
	"willcall/core/venue"
)

func contactTwins() []twin {
	return []twin{
		{action: core.ActContactsList, args: []string{"[text]"}, flags: []string{"kind", "limit", "offset"}, run: listContacts},
		{action: core.ActContactsShow, args: []string{"C-000123"}, run: showContact},
		{
			action: core.ActContactsCreate, pick: true, run: createContact,
			flags: append(draftFlags(), "document", "point-of-sale", "draft"),
		},
		{
			action: core.ActContactsSend, args: []string{"C-000123"}, pick: true, run: sendValidation,
			flags: []string{"document", "point-of-sale"},
		},
	}
}

func draftFlags() []string {
	return []string{
		"kind", "first-name", "last-name", "company", "address", "phone", "street", "postal-code", "city", "country",
		"birth", "notes", "opt-out", "language", "guest", "structure", "primary",
	}
}

// contactList is the answer of "contacts list".
type contactList struct {
	Contacts []contactRow `json:"contacts"`
	Matches  int          `json:"matches"`
	Total    int          `json:"total"`
}

type contactRow struct {
	Number  string `json:"number"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Status  string `json:"status"`
	Guest   bool   `json:"guest"`
	Address string `json:"address"`
	City    string `json:"city"`
	// Error is "damaged" where the contact can't be read; the rest is what is known.
	Error string `json:"error,omitempty"`
}

func rowOf(r contacts.Row) contactRow {
	if r.Damage != nil {
		known := contactRow{Kind: r.Kind.String(), Name: r.Name, Error: string(core.CodeDamaged)}
		if r.Number != 0 {
			known.Number = contacts.NumberText(r.Number)
		}
		return known
	}
	return contactRow{
		Number: contacts.NumberText(r.Number), Kind: r.Kind.String(), Name: r.Name, Status: r.Status.String(),
		Guest: r.Guest, Address: r.Address, City: r.City,
	}
}

func (l contactList) rows() [][]string {
	all := make([][]string, 0, len(l.Contacts))
	for _, c := range l.Contacts {
		all = append(all, []string{c.Number, c.Kind, c.Status + c.Error, c.Name, c.Address, c.City})
	}
	return all
}

// mostRows is how many rows one call lists.
const mostRows = 10_000

func listContacts(ctx context.Context, at *bench) (answer, error) {
	q := contacts.Query{Text: strings.Join(at.args, " "), Limit: 100}
	if err := choose(at, "kind", &q.Kind, core.ContactKinds()); err != nil {
		return nil, err
	}
	if err := at.number("limit", &q.Limit, 1, mostRows); err != nil {
		return nil, err
	}
	if err := at.number("offset", &q.Offset, 0, mostContacts); err != nil {
		return nil, err
	}
	found, err := at.contacts.Find(ctx, at.req, q)
	if err != nil {
		return nil, err
	}
	list := contactList{Contacts: make([]contactRow, 0, len(found.Rows)), Matches: found.Matches, Total: found.Total}
	for _, r := range found.Rows {
		list.Contacts = append(list.Contacts, rowOf(r))
	}
	return list, nil
}

// byNumber finds a contact by the number people use: "C-000123" or "123". what
// names where it was typed.
func (at *bench) byNumber(ctx context.Context, typed string) (core.ID, error) {
	number, ok := numberTyped(typed)
	if !ok {
		return 0, at.refuse("command.contact-number", "name", typed)
	}
	row, found, err := withNumber(ctx, at.contacts, at.req, number)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, at.unfound(ctx, number)
	}
	return row.ID, nil
}

// unfound says why no contact has a number. Ids and numbers are handed out
// together, so that one whose record was set aside is known by its number.
func (at *bench) unfound(ctx context.Context, number uint64) error {
	_, err := at.contacts.Show(ctx, at.req, core.ID(number))
	if core.CodeOf(err) == core.CodeDamaged {
		return err
	}
	return core.Refuse(core.CodeNotFound)
}

func showContact(ctx context.Context, at *bench) (answer, error) {
	id, err := at.byNumber(ctx, at.args[0])
	if err != nil {
		return nil, err
	}
	d, err := at.contacts.Show(ctx, at.req, id)
	if err != nil {
		return nil, err
	}
	return contactOf(d), nil
}

func createContact(ctx context.Context, at *bench) (answer, error) {
	draft, err := at.draft(ctx)
	if err != nil {
		return nil, err
	}
	offer, err := at.contacts.Offer(ctx, at.req, draft.Kind, 0)
	if err != nil {
		return nil, err
	}
	from, err := at.context(offer, draft.Address != "" && !draft.Guest)
	if err != nil {
		return nil, err
	}
	saved, err := at.contacts.Create(ctx, at.req, draft, from)
	if err != nil {
		return nil, err
	}
	return at.sending(ctx, sendingOf(contacts.NumberText(saved.Number), saved.Status, saved.Sent))
}

func sendValidation(ctx context.Context, at *bench) (answer, error) {
	id, err := at.byNumber(ctx, at.args[0])
	if err != nil {
		return nil, err
	}
	d, err := at.contacts.Show(ctx, at.req, id)
	if err != nil {
		return nil, err
	}
	if d.NotNow != nil {
		return nil, d.NotNow
	}
	from, err := at.context(d.Offer, true)
	if err != nil {
		return nil, err
	}
	sent, err := at.contacts.SendValidation(ctx, at.req, id, d.Email.Generation, from)
	if err != nil {
		return nil, err
	}
	return at.sending(ctx, sendingOf(contacts.NumberText(d.Number), d.Email.Status, sent))
}

// context is what a validation mail is made from: as the flags say, else the
// only one offered. needed tells that one goes out (R17).
func (at *bench) context(o validation.Offer, needed bool) (c validation.Context, err error) {
	if !needed || !o.Possible() {
		return c, nil
	}
	pick := func(flag string, list []venue.Named) core.ID {
		if err != nil {
			return 0
		}
		var id core.ID
		id, err = at.one(flag, list, len(list) == 1)
		return id
	}
	c.Document = pick("document", o.Documents)
	c.PointOfSale = pick("point-of-sale", o.PointsOfSale)
	return c, err
}

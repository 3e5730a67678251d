package contacts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/component"
)

// structureRows is how many structures are shown below the field.
const structureRows = 7

// places is the answer to a look for structures.
type places struct {
	form  *form
	typed string
	contacts.Found
}

// know keeps a structure, so that the field can name it.
func (f *form) know(r contacts.Row) {
	if r.ID == 0 {
		return
	}
	f.places[r.ID] = r
	f.Know("structure", placeOption(r))
}

func placeOption(r contacts.Row) component.Option {
	hint := contacts.NumberText(r.Number)
	if r.City != "" {
		hint += " " + r.City
	}
	return component.Option{Key: optionKey(r.ID), Label: r.Name, Hint: hint, Status: r.Status}
}

// askStructure looks for the structures that match what is being typed.
func (p *Page) askStructure(f *form) tea.Cmd {
	_, typed, asks := f.Asks()
	if !asks {
		return nil
	}
	query := contacts.Query{Text: typed, Kind: core.ContactStructure, Limit: structureRows}
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		found, err := p.book.Find(ctx, req, query)
		return places{f, typed, found}, err
	})
}

// takeStructures shows what was found below the field.
func (p *Page) takeStructures(found places, err error) {
	options := make([]component.Option, 0, len(found.Rows))
	for _, r := range found.Rows {
		if r.Damage != nil {
			continue
		}
		found.form.places[r.ID] = r
		options = append(options, placeOption(r))
	}
	found.form.Answer("structure", found.typed, options, found.Matches, err)
}

// takePlace gives a relay the company of the structure that was just picked,
// unless another was typed.
func (f *form) takePlace() {
	now := f.structureNow()
	if now == f.origin {
		return
	}
	company := f.Value("company")
	if place, known := f.places[now]; known && (company == "" || company == f.places[f.origin].Name) {
		f.Set("company", place.Name)
	}
	f.origin = now
}

package settings

import (
	"willcall/core"
	"willcall/core/safetext"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// columns are those of the tree: the name, where a draft is kept, the state in
// a word.
func (p *Page) columns(drafts bool) []component.Column {
	name, state := component.Column{Width: 14, Grow: 1}, component.Column{Width: stateWidth, Right: true}
	if drafts {
		return []component.Column{name, {Width: p.draftWidth()}, state}
	}
	return []component.Column{name, state}
}

const (
	stateWidth = 10 // cells
	columnGap  = 2  // cells that a list leaves between its columns
)

func (p *Page) draftWidth() int { return safetext.Width(p.s.Text.T("settings.draft")) }

// rows are the tree's, sections with what they list below them. With drafts they
// say where one is kept.
func (p *Page) rows(v *reading, drafts bool) (rows []component.Row) {
	add := func(n node, name string, state component.Cell) {
		cells := []component.Cell{{Text: "  " + name, Token: theme.Text}}
		if n.id == 0 {
			cells[0] = component.Cell{Text: name, Token: theme.Strong}
		}
		if drafts && p.drafted(n) {
			cells = append(cells, p.worded(theme.Amber, "settings.draft"))
		} else if drafts {
			cells = append(cells, component.Cell{})
		}
		rows = append(rows, component.Row{ID: n.row(), Cells: append(cells, state)})
	}
	for s := sectionInstitution; s <= sectionStorage; s++ {
		of := p.parts[s]
		if of.show != "" && !p.s.Allows(of.show) {
			continue
		}
		state := component.Cell{}
		if of.state != nil {
			state = of.state(v)
		}
		add(node{section: s}, p.s.Text.T(of.title), state)
		if of.list == nil {
			continue
		}
		for _, t := range of.list(v) {
			add(node{s, t.id}, t.name, t.state)
		}
	}
	return rows
}

// worded is a state in the catalogue's words.
func (p *Page) worded(token theme.Token, key string) component.Cell {
	return component.Cell{Text: p.s.Text.T(key), Token: token}
}

func (p *Page) onOff(on bool) component.Cell {
	if on {
		return p.worded(theme.Green, "component.form.on")
	}
	return p.worded(theme.Amber, "component.form.off")
}

func (p *Page) active(active bool) component.Cell {
	if active {
		return p.worded(theme.Green, "settings.active")
	}
	return p.worded(theme.Muted, "settings.inactive")
}

// find gives the entry of an id.
func find[E any](list []E, id core.ID, of func(E) core.ID) (E, bool) {
	for _, e := range list {
		if of(e) == id {
			return e, true
		}
	}
	var none E
	return none, false
}

func organisationOf(v *reading, id core.ID) (venue.OrganisationEntry, bool) {
	return find(v.Organisations, id, func(e venue.OrganisationEntry) core.ID { return e.ID })
}

func pointOf(v *reading, id core.ID) (venue.PointOfSaleEntry, bool) {
	return find(v.PointsOfSale, id, func(e venue.PointOfSaleEntry) core.ID { return e.ID })
}

func documentOf(v *reading, id core.ID) (venue.DocumentEntry, bool) {
	return find(v.Documents, id, func(e venue.DocumentEntry) core.ID { return e.ID })
}

func channelOf(v *reading, id core.ID) (venue.Channel, bool) {
	return find(v.Channels, id, func(c venue.Channel) core.ID { return c.ID })
}

func placeOf(v *reading, id core.ID) (venue.Place, bool) {
	return find(v.places, id, func(e venue.Place) core.ID { return e.ID })
}

func organisationName(v *reading, id core.ID) string {
	e, _ := organisationOf(v, id)
	return e.Name
}

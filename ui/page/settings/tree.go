package settings

import (
	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// section is one part of the settings.
type section uint8

const (
	sectionValidation section = iota + 1
	sectionPoints
	sectionDocuments
)

// title is the catalogue key of a section's name.
func (s section) title() string {
	switch s {
	case sectionValidation:
		return "settings.validation"
	case sectionPoints:
		return "settings.points-of-sale"
	case sectionDocuments:
		return "settings.documents"
	}
	return ""
}

// acts are the permissions to make and to edit what a section lists.
func (s section) acts() (create, edit core.ActionID) {
	switch s {
	case sectionValidation:
	case sectionPoints:
		return core.ActPointsOfSaleCreate, core.ActPointsOfSaleEdit
	case sectionDocuments:
		return core.ActDocumentsCreate, core.ActDocumentsEdit
	}
	return "", ""
}

// node is a place in the tree: a section, or with an id something in it. As
// the key of a form, id 0 stands for a new one.
type node struct {
	section section
	id      core.ID
}

// sectionBits is where a row's id holds the section: ids of things are dense
// counters and never come near.
const sectionBits = 56

// row is the node's id in the list.
func (n node) row() core.ID { return core.ID(n.section)<<sectionBits | n.id }

func nodeAt(row core.ID) node {
	return node{section(row >> sectionBits), row & (1<<sectionBits - 1)}
}

// nodeOf is the place of a thing.
func nodeOf(ref core.Ref) (n node, ok bool) {
	switch ref.Kind { //nolint:exhaustive // kinds are open; these have a place here
	case core.KindInstitution:
		return node{section: sectionValidation}, true
	case core.KindPointOfSale:
		return node{sectionPoints, ref.ID}, true
	case core.KindDocument:
		return node{sectionDocuments, ref.ID}, true
	}
	return node{}, false
}

// selected is the node that keys act on, the first one before anything is read.
func (p *Page) selected() node {
	row, ok := p.tree.Selected()
	if !ok {
		return node{section: sectionValidation}
	}
	return nodeAt(row.ID)
}

// columns are those of the tree: the name, and its state in a word.
func columns() []component.Column {
	return []component.Column{{Width: 14, Grow: 1}, {Width: 8, Right: true}}
}

// rows are the tree's, sections with what they list below them.
func (p *Page) rows(o venue.Overview) []component.Row {
	t := p.s.Text
	rows := []component.Row{p.row(node{section: sectionValidation}, "", p.onOff(o.Institution.Validation))}
	rows = append(rows, p.row(node{section: sectionPoints}, "", component.Cell{}))
	for _, e := range o.PointsOfSale {
		token := theme.Muted
		if e.State == venue.StateRunning {
			token = theme.Green
		}
		state := component.Cell{Text: t.T("settings.state." + e.State.String()), Token: token}
		rows = append(rows, p.row(node{sectionPoints, e.ID}, e.Name, state))
	}
	rows = append(rows, p.row(node{section: sectionDocuments}, "", component.Cell{}))
	for _, e := range o.Documents {
		rows = append(rows, p.row(node{sectionDocuments, e.ID}, e.Name, p.active(e.Active)))
	}
	return rows
}

// row is a node in the list; what belongs to a section is set in.
func (p *Page) row(n node, name string, state component.Cell) component.Row {
	label := component.Cell{Text: "  " + name, Token: theme.Text}
	if n.id == 0 {
		label = component.Cell{Text: p.s.Text.T(n.section.title()), Token: theme.Strong}
	}
	if p.drafted(n) {
		state = component.Cell{Text: p.s.Text.T("settings.draft"), Token: theme.Amber}
	}
	return component.Row{ID: n.row(), Cells: []component.Cell{label, state}}
}

func (p *Page) onOff(on bool) component.Cell {
	if on {
		return component.Cell{Text: p.s.Text.T("component.form.on"), Token: theme.Green}
	}
	return component.Cell{Text: p.s.Text.T("component.form.off"), Token: theme.Amber}
}

func (p *Page) active(active bool) component.Cell {
	if active {
		return component.Cell{Text: p.s.Text.T("settings.active"), Token: theme.Green}
	}
	return component.Cell{Text: p.s.Text.T("settings.inactive"), Token: theme.Muted}
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

func pointOf(o venue.Overview, id core.ID) (venue.PointOfSaleEntry, bool) {
	return find(o.PointsOfSale, id, func(e venue.PointOfSaleEntry) core.ID { return e.ID })
}

func documentOf(o venue.Overview, id core.ID) (venue.DocumentEntry, bool) {
	return find(o.Documents, id, func(e venue.DocumentEntry) core.ID { return e.ID })
}

func channelOf(o venue.Overview, id core.ID) (venue.Channel, bool) {
	return find(o.Channels, id, func(c venue.Channel) core.ID { return c.ID })
}

func organisationName(o venue.Overview, id core.ID) string {
	e, _ := find(o.Organisations, id, func(e venue.OrganisationEntry) core.ID { return e.ID })
	return e.Name
}

package profile

import (
	"time"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// part is one line of the profile, or a heading with what it lists.
type part uint8

const (
	partName part = iota + 1
	partAddress
	partApp
	partMailed
	partPassword
	partDevices
	partSessions
)

// node is a part, or with an id something that it lists.
type node struct {
	part part
	id   core.ID
}

// partBits is where a row's id holds the part: ids of things are dense counters
// and never come near.
const partBits = 56

func (n node) row() core.ID { return core.ID(n.part)<<partBits | n.id }

func nodeAt(row core.ID) node {
	return node{part(row >> partBits), row & (1<<partBits - 1)}
}

// selected is the node that keys act on, the first one before anything is read.
func (p *Page) selected() node {
	row, ok := p.list.Selected()
	if !ok {
		return node{part: partName}
	}
	return nodeAt(row.ID)
}

// fewCodes is from how few recovery codes on the page warns.
const fewCodes = 3

func columns() []component.Column {
	return []component.Column{{Width: 20, Grow: 1, Most: 34}, {Width: 14, Grow: 2}}
}

// rows are the list's: what there is of everything, at a glance.
func (p *Page) rows() (rows []component.Row) {
	t, v := p.s.Text, p.view
	head := func(of part, value component.Cell) {
		label := component.Cell{Text: t.T("profile." + of.name()), Token: theme.Strong}
		rows = append(rows, component.Row{ID: node{part: of}.row(), Cells: []component.Cell{label, value}})
	}
	child := func(n node, name string, value component.Cell) {
		label := component.Cell{Text: "  " + name, Token: theme.Text}
		rows = append(rows, component.Row{ID: n.row(), Cells: []component.Cell{label, value}})
	}
	head(partName, component.Cell{Text: v.Name, Token: theme.Text})
	head(partAddress, p.addressCell())
	head(partApp, p.appCell())
	head(partMailed, p.mailedCell())
	head(partPassword, component.Cell{})
	head(partDevices, p.countCell(len(v.Devices)))
	for _, d := range v.Devices {
		child(node{partDevices, d.ID}, p.deviceName(d), p.usedCell(d.Here, d.LastUsed))
	}
	head(partSessions, p.countCell(len(v.Sessions)))
	for _, o := range v.Sessions {
		child(node{partSessions, o.ID}, p.sessionName(o), p.usedCell(o.Here, o.LastUsed))
	}
	return rows
}

// name is what the catalogue calls a part, below "profile.".
func (of part) name() string {
	switch of {
	case partName:
		return "name"
	case partAddress:
		return "address"
	case partApp:
		return "app"
	case partMailed:
		return "mailed"
	case partPassword:
		return "password"
	case partDevices:
		return "devices"
	case partSessions:
		return "sessions"
	}
	return ""
}

func (p *Page) addressCell() component.Cell {
	if p.view.Validated.IsZero() {
		return component.Cell{Text: p.view.Address, Token: theme.Red, Sign: p.s.Theme.Signs.Wrong}
	}
	return component.Cell{Text: p.view.Address, Token: theme.Green, Sign: p.s.Theme.Signs.Done}
}

func (p *Page) appCell() component.Cell {
	f := p.view.Factor
	switch {
	case !f.On:
		return component.Cell{Text: p.s.Text.T("component.form.off"), Token: theme.Amber}
	case f.RecoveryLeft <= fewCodes:
		return component.Cell{Text: p.s.Text.N("profile.app.on-left", f.RecoveryLeft), Token: theme.Amber}
	}
	return component.Cell{Text: p.s.Text.N("profile.app.on-left", f.RecoveryLeft), Token: theme.Green}
}

func (p *Page) mailedCell() component.Cell {
	m := p.view.Mailed
	switch {
	case p.view.Factor.On && (m.Company || m.Own): // R72
		return component.Cell{Text: p.s.Text.T("profile.mailed.resting"), Token: theme.Muted}
	case m.Company:
		return component.Cell{Text: p.s.Text.T("profile.mailed.company"), Token: theme.Green}
	case m.Own:
		return component.Cell{Text: p.s.Text.T("component.form.on"), Token: theme.Green}
	}
	return component.Cell{Text: p.s.Text.T("component.form.off"), Token: theme.Muted}
}

func (p *Page) countCell(n int) component.Cell {
	if n == 0 {
		return component.Cell{Text: p.s.Theme.Signs.Absent, Token: theme.Muted}
	}
	return component.Cell{Text: p.s.Text.Number(n), Token: theme.Muted}
}

// usedCell tells when something was used last, or that it is in use here.
func (p *Page) usedCell(here bool, last time.Time) component.Cell {
	if here {
		return component.Cell{Text: p.s.Text.T("profile.here"), Token: theme.Accent}
	}
	return component.Cell{Text: p.ago(last), Token: theme.Muted}
}

// ago is how long something is past, "never" for no time.
func (p *Page) ago(at time.Time) string {
	if at.IsZero() {
		return p.s.Text.T("profile.never")
	}
	return p.s.Text.Ago(p.s.Now().Sub(at))
}

// when is a time in full, and how long it is past.
func (p *Page) when(at time.Time) string {
	if at.IsZero() {
		return p.s.Text.T("profile.never")
	}
	return p.s.Text.T("profile.when", "time", p.s.Text.Time(at.In(p.s.Location)), "ago", p.ago(at))
}

func (p *Page) deviceName(d operators.Device) string {
	if d.Label != "" {
		return d.Label
	}
	return p.s.Text.T("profile.device.terminal")
}

func (p *Page) sessionName(o operators.OpenSession) string {
	return p.s.Text.T("profile.session.since", "time", p.s.Text.Clock(o.Started.In(p.s.Location)))
}

func (p *Page) device(id core.ID) (d operators.Device, ok bool) {
	for _, d := range p.view.Devices {
		if d.ID == id {
			return d, true
		}
	}
	return d, false
}

func (p *Page) session(id core.ID) (o operators.OpenSession, ok bool) {
	for _, o := range p.view.Sessions {
		if o.ID == id {
			return o, true
		}
	}
	return o, false
}

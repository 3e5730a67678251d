package settings

import (
	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
)

// section is one part of the settings.
type section uint8

const (
	sectionInstitution section = iota + 1
	sectionValidation
	sectionOrganisations
	sectionChannels
	sectionPoints
	sectionDocuments
	sectionServer
	sectionInstitutions
	sectionCompany
	sectionOperators
	sectionStorage
)

// part is what the page knows of a section.
type part struct {
	title string // its name in the catalogue, with ".what" and ".none" below it
	// show is the permission to see it, empty for what every role sees.
	show core.ActionID
	// create and edit are the permissions, empty for what can't be done here.
	create, edit core.ActionID
	// list gives what the section lists, nil for one that is a single thing.
	list  func(*reading) []thing
	state func(*reading) component.Cell // of a single thing; may be nil
	card  func(*component.Detail, core.ID)
	sheet func(*reading, core.ID) sheet
	keys  func(core.ID) []action.Action // before new and edit; may be nil
	acts  func(core.ID) []action.Action // behind them; may be nil
	// locked is why nothing can be done with a thing, empty if it can; may be nil.
	locked func(core.ID) string
	sum    func(*component.Detail) // more on the card of the whole section; may be nil
}

// thing is one line of what a section lists.
type thing struct {
	id    core.ID
	name  string
	state component.Cell
}

func (p *Page) sections() map[section]part {
	return map[section]part{
		sectionInstitution:   p.institutionPart(),
		sectionValidation:    p.validationPart(),
		sectionOrganisations: p.organisationsPart(),
		sectionChannels:      p.channelsPart(),
		sectionPoints:        p.pointsPart(),
		sectionDocuments:     p.documentsPart(),
		sectionServer:        p.serverPart(),
		sectionInstitutions:  p.institutionsPart(),
		sectionCompany:       p.companyPart(),
		sectionOperators:     p.operatorsPart(),
		sectionStorage:       p.storagePart(),
	}
}

// node is a place in the tree: a section, or with an id something in it. As
// the key of a form, id 0 stands for a new one, or for a section that is a
// single thing.
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
	case core.KindInstitution: // who asks for it asks whether validation is on
		return node{section: sectionValidation}, true
	case core.KindOrganisation:
		return node{sectionOrganisations, ref.ID}, true
	case core.KindSalesChannel:
		return node{sectionChannels, ref.ID}, true
	case core.KindPointOfSale:
		return node{sectionPoints, ref.ID}, true
	case core.KindDocument:
		return node{sectionDocuments, ref.ID}, true
	case core.KindMailServer:
		return node{section: sectionServer}, true
	case core.KindCompany:
		return node{sectionCompany, companyGeneral}, true
	case core.KindOperator:
		return node{sectionOperators, ref.ID}, true
	case core.KindStorage, core.KindBackup:
		return node{section: sectionStorage}, true
	}
	return node{}, false
}

// savedAt is the place of what a form was saved as.
func (p *Page) savedAt(n node, ref core.Ref) node {
	if p.parts[n.section].list == nil {
		return n
	}
	return node{n.section, ref.ID}
}

// selected is the node that keys act on, the first one before anything is read.
func (p *Page) selected() node {
	row, ok := p.tree.Selected()
	if !ok {
		return node{section: sectionInstitution}
	}
	return nodeAt(row.ID)
}

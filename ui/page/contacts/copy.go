package contacts

import (
	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
	"willcall/ui/component"
)

// copyables are what of a contact is copied: the address first, the number,
// then the phones.
func (p *Page) copyables(d shown) []component.Copyable {
	t := p.s.Text
	var all []component.Copyable
	if d.Email.Typed != "" {
		all = append(all, component.Copyable{What: t.T("contacts.form.address"), Value: d.Email.Typed})
	}
	all = append(all, component.Copyable{What: t.T("contacts.copy.number"), Value: contacts.NumberText(d.Number)})
	for _, phone := range d.Phones {
		all = append(all, component.Copyable{What: t.T("contacts.form.phone"), Value: phone.Number})
	}
	return all
}

// copyAction copies a value; pressed again it goes on to the next one.
func (p *Page) copyAction(d shown) action.Action {
	return action.Action{Label: "component.copy", Keys: []string{"c"}, Quiet: true, Run: p.onCurrent(func() tea.Cmd {
		p.said = said{}
		return p.copying.Take(core.Ref{Kind: core.KindContact, ID: d.ID}, p.copyables(d))
	})}
}

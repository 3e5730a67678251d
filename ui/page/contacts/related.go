package contacts

import (
	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
	"willcall/ui/session"
)

// related are the contacts that a card leads to: a relay's structure, or a
// structure's relays.
func (d shown) related() []contacts.Row {
	if d.Detail.Structure.ID != 0 {
		return []contacts.Row{d.Detail.Structure}
	}
	rows := make([]contacts.Row, 0, len(d.Relays))
	for _, r := range d.Relays {
		rows = append(rows, r.Row)
	}
	return rows
}

// relatedActions select and open who belongs to the contact.
func (p *Page) relatedActions() []action.Action {
	d := p.current()
	if d == nil || len(d.related()) == 0 {
		return nil
	}
	label := "contacts.to-relay"
	if d.Kind == core.ContactRelay {
		label = "contacts.to-structure"
	}
	next := action.Key(label, p.pick(1), "tab")
	previous := action.Key("contacts.to-previous", p.pick(-1), "shift+tab")
	previous.Quiet = true
	all := []action.Action{next, previous}
	if p.picked > 0 && p.picked <= len(d.related()) {
		all = append([]action.Action{action.Key("contacts.open", p.openRelated, "enter")}, all...)
	}
	return all
}

// pick moves the selection among the related contacts, round and round.
func (p *Page) pick(by int) func() tea.Cmd {
	return func() tea.Cmd {
		n := len(p.current().related())
		if p.picked == 0 && by < 0 {
			p.picked = 1
		}
		p.picked = (p.picked-1+by+n)%n + 1
		p.reveal = true
		return nil
	}
}

// openRelated shows the selected one; esc comes back.
func (p *Page) openRelated() tea.Cmd {
	d := p.current()
	row := d.related()[p.picked-1]
	p.trail = append(p.trail, d.ID)
	return p.openContact(row.ID)
}

// openContact shows a contact in full width.
func (p *Page) openContact(id core.ID) tea.Cmd {
	p.enter(modeDetail)
	p.scroll.Top()
	p.picked = 0
	return p.show(id)
}

// openMail shows the newest validation mail in the outbox.
func (p *Page) openMail() tea.Cmd {
	ref := core.Ref{Kind: core.KindMail, ID: p.current().Last.Mail}
	return session.Say(session.Go{Page: session.PageOutbox, Ref: ref})
}

// leaveDetail goes back to the contact it was opened from, else to the list.
func (p *Page) leaveDetail() tea.Cmd {
	if n := len(p.trail); n > 0 {
		id := p.trail[n-1]
		p.trail = p.trail[:n-1]
		return p.openContact(id)
	}
	p.enter(modeList)
	p.picked = 0
	return p.showSelected()
}

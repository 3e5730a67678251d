package contacts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// sendLine is the one line that v opens.
type sendLine struct {
	contact    core.ID
	generation uint64 // of the address shown
	address    string
	offer      validation.Offer
	choice     validation.Context
	at         int // 0 the document, 1 the point of sale: what the arrows change
	busy       bool
}

// said is what the last act here did, told in place.
type said struct {
	text    string
	alarm   bool
	lasting bool // until a key moves on, whatever is read meanwhile
}

// sent is the answer to a sending.
type sent struct {
	validation.Sent
	contact core.ID
}

// refusal is why no mail can be sent to a contact now; what only time stands
// against is over at its time, though nothing was read since.
func (p *Page) refusal(d shown) string {
	if core.CodeOf(d.NotNow) == core.CodeNoContext {
		return p.s.Text.T("contacts.why."+whyEmpty(d.Offer, d.Kind), "organisation", p.s.Organisation)
	}
	if !d.Until.IsZero() && !p.s.Now().Before(d.Until) {
		return ""
	}
	return p.s.Text.Error(d.NotNow)
}

// askSend opens the line, with the context used last.
func (p *Page) askSend() tea.Cmd {
	d := p.current()
	p.send = sendLine{contact: d.ID, generation: d.Email.Generation, address: d.Email.Typed, offer: d.Offer, choice: d.Offer.Suggested}
	p.back, p.said = p.mode, said{}
	p.enter(modeSend)
	return nil
}

func (p *Page) sendActions() []action.Action {
	busy := ""
	if p.send.busy {
		busy = p.s.Text.T("contacts.mail.sending")
	}
	return []action.Action{
		{ID: core.ActContactsSend, Label: "contacts.send-now", Keys: []string{"enter"}, Disabled: busy, Run: p.sendNow},
		action.Key("contacts.leave", p.sendLeave, "esc"),
		action.Key("contacts.change", p.sendChange(1), "right", "down"),
		{Label: "contacts.change-back", Keys: []string{"left", "up"}, Quiet: true, Run: p.sendChange(-1)},
		action.Key("contacts.other", p.sendOther, "tab"),
	}
}

// sendChange moves the chosen document or point of sale.
func (p *Page) sendChange(by int) func() tea.Cmd {
	return func() tea.Cmd {
		if p.send.at == 0 {
			p.send.choice.Document = step(p.send.offer.Documents, p.send.choice.Document, by)
		} else {
			p.send.choice.PointOfSale = step(p.send.offer.PointsOfSale, p.send.choice.PointOfSale, by)
		}
		return nil
	}
}

// step gives the neighbour of what is chosen, round and round.
func step(list []venue.Named, chosen core.ID, by int) core.ID {
	for i, n := range list {
		if n.ID == chosen {
			return list[(i+by+len(list))%len(list)].ID
		}
	}
	return chosen
}

func (p *Page) sendOther() tea.Cmd {
	p.send.at = 1 - p.send.at
	return nil
}

func (p *Page) sendLeave() tea.Cmd {
	p.enter(p.back)
	return nil
}

// sendNow sends, and says so in the line until the answer is there.
func (p *Page) sendNow() tea.Cmd {
	p.send.busy = true
	contact, generation, choice := p.send.contact, p.send.generation, p.send.choice
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		done, err := p.book.SendValidation(ctx, req, contact, generation, choice)
		return sent{done, contact}, err
	})
}

// takeSent tells what became of a sending. What happens to the mail from here
// on stands in the contact.
func (p *Page) takeSent(done sent, err error) tea.Cmd {
	if done.contact == p.send.contact {
		p.send.busy = false
		if p.mode == modeSend {
			p.enter(p.back)
		}
	}
	if err != nil {
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return p.showAgain()
	}
	p.said = said{text: p.sentSentence(done.Sent)}
	return tea.Batch(p.find(), p.showAgain())
}

// sentSentence says "captured" while there is no mail server (R89).
func (p *Page) sentSentence(done validation.Sent) string {
	key := "contacts.sent"
	if p.s.Captured {
		key = "contacts.captured"
	}
	t := p.s.Text
	return t.T(key, "address", done.To, "time", t.Clock(p.zone(done.At)), "life", t.Duration(done.Expires.Sub(done.At)))
}

// foot is the last lines of the page: the line that asks, or what was done.
func (p *Page) foot(width int) []string {
	k, t := p.look(), p.s.Text
	if p.mode == modeSend {
		if p.send.busy {
			return k.Bar(theme.Accent, t.T("contacts.mail.sending"), width)
		}
		pick := func(at int, name string) string {
			if p.send.at == at {
				return "[" + name + "]"
			}
			return name
		}
		return k.Bar(theme.Accent, t.T("contacts.ask-send",
			"document", pick(0, nameIn(p.send.offer.Documents, p.send.choice.Document)),
			"point-of-sale", pick(1, nameIn(p.send.offer.PointsOfSale, p.send.choice.PointOfSale)),
			"address", p.send.address), width)
	}
	if p.mode == modeRemove {
		return k.Bar(theme.Amber, p.removeQuestion(), width)
	}
	if p.said.text == "" {
		if copied := p.copying.Foot(k, core.Ref{Kind: core.KindContact, ID: p.wanted}, width); copied != nil && p.mode != modeHistory {
			return copied
		}
		return p.keptFoot(k, width)
	}
	token := theme.Green
	if p.said.alarm {
		token = theme.Red
	}
	return k.Bar(token, p.said.text, width)
}

// keptFoot tells of drafts that wait: the selected contact's, else a new one's.
func (p *Page) keptFoot(k component.Look, width int) []string {
	switch {
	case p.mode == modeHistory:
	case p.detail != nil && p.drafted(key{id: p.detail.ID}):
		return k.Bar(theme.Amber, p.s.Text.T("contacts.kept"), width)
	case p.detail != nil && p.drafted(key{structure: p.detail.ID}):
		return k.Bar(theme.Amber, p.s.Text.T("contacts.kept-relay"), width)
	case p.drafted(key{}) && p.mode != modeDetail:
		return k.Bar(theme.Muted, p.s.Text.T("contacts.kept-new"), width)
	}
	return nil
}

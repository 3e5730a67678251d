package contacts

import (
	"strings"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/component"
	"willcall/ui/theme"
)

const (
	timeCells     = 21 // of a moment in full
	roomForColumn = 64 // width from which times stand at the left of what happened
	turnsInto     = " → "
)

// change draws one act on a contact: when, who, and what it changed.
func (p *Page) change(list *component.Detail, c contacts.Change, width int) {
	t := p.s.Text
	when := t.Time(p.zone(c.At))
	sentence := t.T("contacts.did."+string(c.Action), "who", p.who(c.By))
	list.Blank()
	if width < roomForColumn {
		list.Paragraph(theme.Muted, when).Paragraph(theme.Strong, sentence)
		for _, d := range c.Details {
			list.Paragraph(theme.Text, p.changed(d))
		}
		return
	}
	list.Labels(timeCells).Toned(when, theme.Strong, sentence)
	for _, d := range c.Details {
		list.Item("", p.changed(d))
	}
}

// who names who acted; links, customers and programs have no name of their own.
func (p *Page) who(by core.Actor) string {
	if by.Name != "" {
		return by.Name
	}
	return p.s.Text.T("contacts.who." + by.Kind.String())
}

// changed tells of one field what it was and what it became.
func (p *Page) changed(d core.Detail) string {
	t := p.s.Text
	label := t.T("contacts.field." + d.Name)
	if d.Value == "" && d.Personal {
		return t.T("contacts.change.erased", "field", label)
	}
	was, is, both := strings.Cut(d.Value, turnsInto)
	if d.Name == "kind" && named(core.ContactKinds(), was) == 0 {
		was = "" // of a contact that wasn't there yet
	}
	switch {
	case !both || strings.Count(d.Value, turnsInto) > 1:
		return t.T("contacts.change.value", "field", label, "value", d.Value)
	case was == "":
		return t.T("contacts.change.value", "field", label, "value", p.inWords(d.Name, is))
	case is == "":
		return t.T("contacts.change.gone", "field", label, "was", p.inWords(d.Name, was))
	}
	return t.T("contacts.change.both", "field", label, "was", p.inWords(d.Name, was), "is", p.inWords(d.Name, is))
}

// inWords is a value of the journal as a person reads it.
func (p *Page) inWords(field, value string) string {
	t := p.s.Text
	if value == "" {
		return ""
	}
	switch field {
	case "kind":
		return t.T("words.kind." + value)
	case "language":
		return t.T("words.language." + value)
	case "validated":
		return t.T("words.proof." + value)
	case "birth":
		if d, err := core.ParseDate(value); err == nil {
			return p.s.Text.Day(d)
		}
	case "opt-outs":
		return p.each(value, ", ", func(way string) string { return t.T("words.opt-out." + way) })
	case "phones":
		return p.each(value, ", ", func(phone string) string { return p.used(phone, "words.phone-use.", phoneUse) })
	case "postals":
		return p.each(value, "; ", func(postal string) string { return p.used(postal, "words.postal-use.", postalUse) })
	case "guest", "orders", "primary":
		if value == "yes" || value == "no" {
			return t.T("contacts.field." + value)
		}
	}
	return value
}

// each puts every part of a list into words.
func (p *Page) each(value, between string, words func(string) string) string {
	parts := strings.Split(value, between)
	for i, part := range parts {
		parts[i] = words(part)
	}
	return strings.Join(parts, between)
}

// used is a phone or an address with its use, which stands in brackets at the
// end, in words.
func (p *Page) used(value, area string, known func(string) bool) string {
	at := strings.LastIndex(value, " (")
	if at < 0 || !strings.HasSuffix(value, ")") {
		return value
	}
	use := value[at+2 : len(value)-1]
	if !known(use) {
		return value
	}
	return strings.TrimSpace(value[:at]) + " (" + p.s.Text.T(area+use) + ")"
}

func phoneUse(key string) bool { return named(contacts.PhoneUses(), key) != 0 }

func postalUse(key string) bool { return named(contacts.PostalUses(), key) != 0 }

package profile

import (
	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// card is what is known of what is selected, and what can be done with it.
func (p *Page) card(width int) *component.Detail {
	n, card := p.selected(), p.look().Detail(width)
	switch n.part {
	case partName:
		p.nameCard(card)
	case partAddress:
		p.addressCard(card)
	case partApp:
		p.appCard(card)
	case partMailed:
		p.mailedCard(card)
	case partPassword:
		p.titled(card, partPassword)
	case partDevices:
		p.deviceCard(card, n.id)
	case partSessions:
		p.sessionCard(card, n.id)
	}
	p.offers(card)
	return card
}

// titled begins a card by what its part is for.
func (p *Page) titled(card *component.Detail, of part) {
	t := p.s.Text
	card.Title(t.T("profile."+of.name()), "").Blank().Paragraph(theme.Text, t.T("profile."+of.name()+".what"))
}

// offers say what each key does here, or why it can't now.
func (p *Page) offers(card *component.Detail) {
	actions := p.nodeActions()
	if len(actions) > 0 {
		card.Blank()
	}
	for _, a := range actions {
		if a.Disabled != "" {
			card.Paragraph(theme.Muted, a.Disabled)
			continue
		}
		card.Key(a.Keys[0], p.s.Text.T(a.LabelKey()))
	}
}

func (p *Page) nameCard(card *component.Detail) {
	t, v := p.s.Text, p.view
	card.Whole(v.Name, t.T("words.role."+v.Role.String())).Blank()
	card.Item(t.T("profile.role"), t.T("words.role."+v.Role.String()))
	label := t.T("profile.institutions")
	for _, place := range v.places {
		card.Item(label, place.Name)
		label = ""
	}
	card.Item(t.T("profile.language"), t.T("profile.language.is", "language", t.T("words.language."+string(t.Language()))))
}

func (p *Page) addressCard(card *component.Detail) {
	t, v := p.s.Text, p.view
	p.titled(card, partAddress)
	card.Blank().Item(t.T("profile.address"), v.Address)
	if v.Validated.IsZero() {
		card.Status("", core.EmailNotValidated, "")
		card.Blank().Bar(theme.Amber, t.T("profile.address.not-validated"))
		return
	}
	card.Status("", core.EmailValidated, t.T("profile.address.since", "time", t.Time(v.Validated.In(p.s.Location))))
}

func (p *Page) appCard(card *component.Detail) {
	t, v, f := p.s.Text, p.view, p.view.Factor
	p.titled(card, partApp)
	card.Blank()
	if !f.On {
		card.Toned(t.T("profile.state"), theme.Amber, t.T("component.form.off"))
		if v.Required {
			card.Bar(theme.Amber, t.T("profile.app.required"))
		}
		return
	}
	card.Toned(t.T("profile.state"), theme.Green, t.T("profile.app.since", "time", t.Time(f.Since.In(p.s.Location))))
	if v.Required {
		card.Item("", t.T("profile.app.required"))
	}
	card.Item(t.T("profile.used"), p.when(f.LastUsed))
	left := t.N("profile.codes.left", f.RecoveryLeft)
	if f.RecoveryLeft > fewCodes {
		card.Item(t.T("profile.codes"), left)
	} else {
		card.Signed(t.T("profile.codes"), theme.Amber, p.s.Theme.Signs.Warn, left)
		card.Bar(theme.Amber, t.T("profile.codes.few"))
	}
}

func (p *Page) mailedCard(card *component.Detail) {
	t, v := p.s.Text, p.view
	p.titled(card, partMailed)
	own, company := "component.form.off", "component.form.off"
	if v.Mailed.Own {
		own = "component.form.on"
	}
	if v.Mailed.Company {
		company = "component.form.on"
	}
	card.Blank().Item(t.T("profile.mailed.own"), t.T(own)).Item(t.T("profile.mailed.everyone"), t.T(company))
	if v.Factor.On { // R72
		card.Blank().Bar(theme.Accent, t.T("profile.mailed.app-wins"))
	}
}

func (p *Page) deviceCard(card *component.Detail, id core.ID) {
	d, ok := p.device(id)
	if !ok {
		p.titled(card, partDevices)
		if len(p.view.Devices) == 0 {
			card.Blank().Paragraph(theme.Muted, p.s.Text.T("profile.devices.none"))
		}
		return
	}
	t := p.s.Text
	card.Title(p.deviceName(d), "").Blank()
	if d.Here {
		card.Bar(theme.Accent, t.T("profile.device.here")).Blank()
	}
	card.Item(t.T("profile.device.kind"), t.T(kindKey(d.Kind)))
	card.Item(t.T("profile.device.created"), p.when(d.Created))
	card.Item(t.T("profile.used"), p.when(d.LastUsed))
	until := t.T("profile.device.not-known")
	if !d.Until.IsZero() {
		until = t.Time(d.Until.In(p.s.Location))
	}
	card.Item(t.T("profile.device.until"), until)
}

// kindKey is the catalogue's key of what a device is.
func kindKey(kind operators.DeviceKind) string {
	if kind == operators.DeviceSSH {
		return "profile.device.ssh"
	}
	return "profile.device.terminal"
}

func (p *Page) sessionCard(card *component.Detail, id core.ID) {
	o, ok := p.session(id)
	if !ok {
		p.titled(card, partSessions)
		return
	}
	t := p.s.Text
	card.Title(p.sessionName(o), "").Blank()
	if o.Here {
		card.Bar(theme.Accent, t.T("profile.session.here")).Blank()
	}
	card.Item(t.T("profile.session.started"), p.when(o.Started))
	card.Item(t.T("profile.used"), p.when(o.LastUsed))
	card.Item(t.T("profile.session.where"), o.Where)
}

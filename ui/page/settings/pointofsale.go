package settings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func (p *Page) pointsPart() part {
	return part{
		title:  "settings.points-of-sale",
		create: core.ActPointsOfSaleCreate, edit: core.ActPointsOfSaleEdit,
		list: func(v *reading) []thing {
			var all []thing
			for _, e := range v.PointsOfSale {
				token := theme.Muted
				if e.State == venue.StateRunning {
					token = theme.Green
				}
				all = append(all, thing{e.ID, e.Name, p.worded(token, "settings.state."+e.State.String())})
			}
			return all
		},
		card: p.pointCard, sheet: p.pointSheet,
	}
}

// pointCard is what is known of a point of sale.
func (p *Page) pointCard(card *component.Detail, id core.ID) {
	t := p.s.Text
	e, _ := pointOf(p.view, id)
	channel, _ := channelOf(p.view, e.Channel)
	card.Title(e.Name, t.T("settings.state."+e.State.String())).Blank()
	card.Item(t.T("settings.organisation"), organisationName(p.view, e.Organisation))
	card.Item(t.T("settings.channel"), p.channelLabel(channel))
	card.Item(t.T("settings.sender-name"), e.SenderName)
	card.Item(t.T("settings.sender"), e.Sender)
	card.Item(t.T("settings.sign-in-url"), e.SignInURL).Blank()
	sentence, anybody := p.serves(e.State, channel.Kind, organisationName(p.view, e.Organisation))
	token := theme.Accent
	if !anybody {
		token = theme.Amber
	}
	card.Bar(token, sentence).Blank()
	p.offer(card, core.ActPointsOfSaleEdit, "e")
	p.keptNote(card, node{sectionPoints, e.ID}, "e")
}

func (p *Page) channelLabel(c venue.Channel) string {
	return p.s.Text.T("settings.named", "name", c.Name, "what", p.s.Text.T("settings.channel."+c.Kind.String()))
}

// serves says for whose validation mails a point of sale is offered (R20 to
// R22).
func (p *Page) serves(state venue.State, channel venue.ChannelKind, organisation string) (sentence string, anybody bool) {
	t := p.s.Text
	if state != venue.StateRunning {
		return t.T("settings.serves.not-running"), false
	}
	who := p.served(channel)
	if who == "" {
		return t.T("settings.serves.nobody"), false
	}
	return t.T("settings.serves", "who", who, "organisation", organisation), true
}

// served lists the kinds of contacts whose validation mails a kind of channel is
// offered for, empty for none.
func (p *Page) served(channel venue.ChannelKind) string {
	var who []string
	for _, kind := range core.ContactKinds() {
		if slices.Contains(validation.Channels(kind), channel) {
			who = append(who, p.s.Text.T("settings.kinds."+kind.String()))
		}
	}
	last := len(who) - 1
	if last < 1 {
		return strings.Join(who, "")
	}
	return p.s.Text.T("settings.kinds.several", "others", strings.Join(who[:last], ", "), "last", who[last])
}

// pointSheet is what the form of a point of sale is made of.
func (p *Page) pointSheet(v *reading, id core.ID) sheet {
	e, found := pointOf(v, id)
	if !found {
		e.State, e.Organisation = venue.StateSetUp, p.s.Request.Organisation
	}
	return sheet{
		title: p.titleOf(found, e.Name, core.ActPointsOfSaleCreate), fields: p.pointFields(v),
		values: map[string]string{
			"name": e.Name, "organisation": optionKey(e.Organisation), "channel": optionKey(e.Channel),
			"state": e.State.String(), "sender-name": e.SenderName, "sender": e.Sender, "sign-in-url": e.SignInURL,
		},
		note: p.pointNote,
		save: func(f *form) saving {
			draft := pointDraft(f)
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.settings.SavePointOfSale(ctx, req, id, e.Version, draft)
			}
		},
	}
}

// pointFields are the form's, each with what it does to whom.
func (p *Page) pointFields(v *reading) []component.Field {
	t := p.s.Text
	organisation, channel := p.field("organisation", component.FieldChoice), p.field("channel", component.FieldChoice)
	for _, e := range v.Organisations {
		organisation.Options = append(organisation.Options, component.Option{Key: optionKey(e.ID), Label: e.Name})
	}
	for _, c := range v.Channels {
		channel.Options = append(channel.Options, component.Option{Key: optionKey(c.ID), Label: p.channelLabel(c)})
	}
	state := p.field("state", component.FieldChoice)
	for _, s := range venue.States() {
		state.Options = append(state.Options, component.Option{Key: s.String(), Label: t.T("settings.state." + s.String())})
	}
	organisation.None, channel.None = t.T("settings.organisation.none"), t.T("settings.channel.none")
	return []component.Field{
		p.field("name", component.FieldText), organisation, channel, state,
		p.field("sender-name", component.FieldText), p.addressField("sender"), p.urlField("sign-in-url"),
	}
}

// pointNote says what saving will do.
func (p *Page) pointNote(f *form) (text string, alarm bool) {
	channel, _ := channelOf(p.view, optionID(f.Value("channel")))
	organisation := organisationName(p.view, optionID(f.Value("organisation")))
	sentence, anybody := p.serves(stateOf(f.Value("state")), channel.Kind, organisation)
	if channel.ID == 0 {
		return p.s.Text.T("settings.note.no-channel"), false
	}
	return p.s.Text.T("settings.note.point", "serves", sentence), !anybody
}

func pointDraft(f *form) venue.PointOfSaleDraft {
	return venue.PointOfSaleDraft{
		Name: f.Value("name"), Organisation: optionID(f.Value("organisation")), Channel: optionID(f.Value("channel")),
		State: stateOf(f.Value("state")), SenderName: f.Value("sender-name"), Sender: f.Value("sender"),
		SignInURL: f.Value("sign-in-url"),
	}
}

func stateOf(key string) venue.State {
	for _, s := range venue.States() {
		if s.String() == key {
			return s
		}
	}
	return 0
}

// optionKey is an id as the key of a choice; none is the empty key.
func optionKey(id core.ID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(id), 10)
}

// optionID reads an [optionKey].
func optionID(key string) core.ID {
	id, err := strconv.ParseUint(key, 10, 64)
	if err != nil {
		return 0
	}
	return core.ID(id)
}

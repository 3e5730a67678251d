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

// pointCard is what is known of a point of sale.
func (p *Page) pointCard(card *component.Detail, e venue.PointOfSaleEntry) {
	t := p.s.Text
	channel, _ := channelOf(*p.view, e.Channel)
	card.Title(e.Name, t.T("settings.state."+e.State.String())).Blank()
	card.Item(t.T("settings.organisation"), organisationName(*p.view, e.Organisation))
	card.Item(t.T("settings.channel"), p.channelLabel(channel))
	card.Item(t.T("settings.sender-name"), e.SenderName)
	card.Item(t.T("settings.sender"), e.Sender)
	card.Item(t.T("settings.sign-in-url"), e.SignInURL).Blank()
	sentence, anybody := p.serves(e.State, channel.Kind, organisationName(*p.view, e.Organisation))
	token := theme.Accent
	if !anybody {
		token = theme.Amber
	}
	card.Bar(token, sentence).Blank()
	p.offer(card, core.ActPointsOfSaleEdit, "e", t.T("action."+string(core.ActPointsOfSaleEdit)))
	p.keptNote(card, node{sectionPoints, e.ID}, "e")
}

func (p *Page) channelLabel(c venue.Channel) string {
	return p.s.Text.T("settings.channel.named", "name", c.Name, "kind", p.s.Text.T("settings.channel."+c.Kind.String()))
}

// serves says for whose validation mails a point of sale is offered (R20 to
// R22).
func (p *Page) serves(state venue.State, channel venue.ChannelKind, organisation string) (sentence string, anybody bool) {
	t := p.s.Text
	if state != venue.StateRunning {
		return t.T("settings.serves.not-running"), false
	}
	var who []string
	for _, kind := range core.ContactKinds() {
		if slices.Contains(validation.Channels(kind), channel) {
			who = append(who, t.T("settings.kinds."+kind.String()))
		}
	}
	if len(who) == 0 {
		return t.T("settings.serves.nobody"), false
	}
	return t.T("settings.serves", "who", strings.Join(who, ", "), "organisation", organisation), true
}

// pointSheet is what the form of a point of sale is made of.
func (p *Page) pointSheet(o venue.Overview, id core.ID) sheet {
	e, found := pointOf(o, id)
	if !found {
		e.State, e.Organisation = venue.StateSetUp, p.s.Request.Organisation
	}
	return sheet{
		name: e.Name, fields: p.pointFields(o),
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
func (p *Page) pointFields(o venue.Overview) []component.Field {
	t := p.s.Text
	field := func(name string, kind component.FieldKind) component.Field {
		return component.Field{
			Name: name, Label: t.T("settings." + name), Kind: kind, Required: true, Max: core.MaxName,
			Hint: t.T("settings." + name + ".hint"),
		}
	}
	organisation, channel, state := field("organisation", component.FieldChoice), field("channel", component.FieldChoice), field("state", component.FieldChoice)
	for _, n := range o.Organisations {
		organisation.Options = append(organisation.Options, component.Option{Key: optionKey(n.ID), Label: n.Name})
	}
	for _, c := range o.Channels {
		channel.Options = append(channel.Options, component.Option{Key: optionKey(c.ID), Label: p.channelLabel(c)})
	}
	for _, s := range venue.States() {
		state.Options = append(state.Options, component.Option{Key: s.String(), Label: t.T("settings.state." + s.String())})
	}
	organisation.None, channel.None = t.T("settings.organisation.none"), t.T("settings.channel.none")
	sender, url := field("sender", component.FieldText), field("sign-in-url", component.FieldText)
	sender.Check, url.Check, url.Max = checkAddress, checkURL, maxURL
	return []component.Field{
		field("name", component.FieldText), organisation, channel, state,
		field("sender-name", component.FieldText), sender, url,
	}
}

// maxURL lets a whole address be typed or pasted; the core refuses what is too
// long.
const maxURL = 4000

// checkAddress refuses on leaving the field what saving would refuse.
func checkAddress(typed string) error {
	_, err := core.CanonicalAddress(typed)
	return err
}

func checkURL(typed string) error { return core.CheckURL(strings.TrimSpace(typed)) }

// pointNote says what saving will do.
func (p *Page) pointNote(f *form) (text string, alarm bool) {
	channel, _ := channelOf(*p.view, optionID(f.Value("channel")))
	organisation := organisationName(*p.view, optionID(f.Value("organisation")))
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

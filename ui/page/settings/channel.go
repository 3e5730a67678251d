package settings

import (
	"context"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func (p *Page) channelsPart() part {
	return part{
		title:  "settings.sales-channels",
		create: core.ActChannelsCreate, edit: core.ActChannelsEdit,
		list: func(v *reading) []thing {
			var all []thing
			for _, c := range v.Channels {
				all = append(all, thing{id: c.ID, name: c.Name})
			}
			return all
		},
		card: p.channelCard, sheet: p.channelSheet,
	}
}

// channelCard says whom a sales channel serves.
func (p *Page) channelCard(card *component.Detail, id core.ID) {
	t := p.s.Text
	c, _ := channelOf(p.view, id)
	card.Title(c.Name, "").Blank()
	card.Item(t.T("settings.kind"), t.T("settings.channel."+c.Kind.String()))
	p.pointsOf(card, func(of venue.PointOfSaleEntry) bool { return of.Channel == id })
	card.Blank().Bar(theme.Accent, p.channelServes(c.Kind)).Blank()
	p.offer(card, core.ActChannelsEdit, "e")
	p.keptNote(card, node{sectionChannels, id}, "e")
}

// channelServes says for whose validation mails a kind of channel is offered
// (R21, R22).
func (p *Page) channelServes(kind venue.ChannelKind) string {
	who := p.served(kind)
	if who == "" {
		return p.s.Text.T("settings.serves.nobody")
	}
	return p.s.Text.T("settings.channel.serves", "who", who)
}

// channelSheet is what the form of a sales channel is made of.
func (p *Page) channelSheet(v *reading, id core.ID) sheet {
	c, found := channelOf(v, id)
	values := map[string]string{"name": c.Name}
	if found {
		values["kind"] = c.Kind.String()
	}
	name, kind := p.field("name", component.FieldText), p.field("kind", component.FieldChoice)
	name.Hint, kind.Hint = p.s.Text.T("settings.channel.name.hint"), p.s.Text.T("settings.channel.hint")
	for _, k := range venue.ChannelKinds() {
		kind.Options = append(kind.Options, component.Option{Key: k.String(), Label: p.s.Text.T("settings.channel." + k.String())})
	}
	return sheet{
		title: p.titleOf(found, c.Name, core.ActChannelsCreate), fields: []component.Field{name, kind}, values: values,
		note: func(f *form) (string, bool) {
			kind := kindOf(f.Value("kind"))
			if kind == 0 {
				return p.s.Text.T("settings.note.no-kind"), false
			}
			return p.channelServes(kind), p.served(kind) == ""
		},
		save: func(f *form) saving {
			draft := venue.SalesChannel{Name: f.Value("name"), Kind: kindOf(f.Value("kind"))}
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.settings.SaveChannel(ctx, req, id, c.Version, draft)
			}
		},
	}
}

func kindOf(key string) venue.ChannelKind {
	for _, k := range venue.ChannelKinds() {
		if k.String() == key {
			return k
		}
	}
	return 0
}

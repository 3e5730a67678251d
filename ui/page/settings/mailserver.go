package settings

import (
	"context"
	"net"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// removed is the answer to the mail server's removal.
type removed struct{}

func (p *Page) serverPart() part {
	return part{
		title: "settings.mail-server", show: core.ActMailServerShow, edit: core.ActMailServerSave,
		state: func(v *reading) component.Cell {
			if v.server.Set {
				return p.worded(theme.Green, "settings.server.set")
			}
			return p.worded(theme.Amber, "settings.server.none")
		},
		card:  func(card *component.Detail, _ core.ID) { p.serverCard(card) },
		sheet: func(v *reading, _ core.ID) sheet { return p.serverSheet(v.server) },
		keys:  p.serverKeys,
	}
}

// serverKeys try and remove the mail server there is.
func (p *Page) serverKeys(core.ID) []action.Action {
	none := ""
	if !p.view.server.Set {
		none = p.s.Text.Error(core.Refuse(core.CodeNoServer))
	}
	test := action.Action{ID: core.ActMailServerTest, Keys: []string{"t"}, Disabled: none, Run: p.testSaved}
	remove := action.Action{ID: core.ActMailServerRemove, Keys: []string{"R"}, Disabled: none, Run: p.askRemove}
	return []action.Action{p.permitted(test), p.permitted(remove)}
}

// serverCard says where mail goes, and whom that concerns (R89).
func (p *Page) serverCard(card *component.Detail) {
	t, v := p.s.Text, p.view.server
	card.Title(t.T("settings.mail-server"), "").Blank()
	if v.Set {
		p.serverItems(card, v)
		card.Blank().Bar(theme.Accent, t.T("settings.server.is-set")).Blank()
	} else {
		card.Bar(theme.Amber, t.T("settings.server.is-none")).Blank()
		card.Paragraph(theme.Text, t.T("settings.server.what")).Blank()
	}
	p.offer(card, core.ActMailServerSave, "e")
	if v.Set && p.s.Allows(core.ActMailServerTest) {
		p.offer(card, core.ActMailServerTest, "t")
		p.offerAs(card, core.ActMailServerRemove, "R", t.T("settings.server.remove"))
	}
	p.keptNote(card, node{section: sectionServer}, "e")
}

func (p *Page) serverItems(card *component.Detail, v mail.ServerView) {
	t := p.s.Text
	card.Item(t.T("settings.host"), v.Host)
	card.Item(t.T("settings.port"), strconv.Itoa(int(v.Port)))
	card.Item(t.T("settings.security"), t.T("settings.security."+v.Security.String()))
	if v.User == "" {
		card.Item(t.T("settings.user"), t.T("settings.server.no-user"))
	} else {
		card.Item(t.T("settings.user"), v.User)
	}
	card.Item(t.T("settings.server.changed"), t.T("settings.edition.when", "time", t.Time(v.Changed.In(p.s.Location)), "name", v.By))
	if v.Tested.IsZero() {
		card.Toned(t.T("settings.server.tested"), theme.Amber, t.T("settings.server.never-tested"))
		return
	}
	card.Item(t.T("settings.server.tested"), t.T("settings.server.tested-at",
		"time", t.Time(v.Tested.In(p.s.Location)), "address", v.TestedTo))
}

// serverSheet is what the form of the mail server is made of.
func (p *Page) serverSheet(v mail.ServerView) sheet {
	t, security := p.s.Text, mail.SecuritySTARTTLS
	if v.Set {
		security = v.Security
	}
	values := map[string]string{
		"host": v.Host, "port": ownPort(security), "security": security.String(), "user": v.User, "password": "",
	}
	if v.Set {
		values["port"] = strconv.Itoa(int(v.Port))
	}
	last := values["security"]
	return sheet{
		title: p.heading(core.ActMailServerSave), fields: p.serverFields(v), values: values,
		note: func(f *form) (string, bool) { return p.serverNote(v, f) },
		follow: func(f *form) {
			if now := f.Value("security"); now != last {
				followPort(f, last)
				last = now
			}
		},
		confirm: func(*form) (string, bool) { return t.T("settings.server.ask"), !v.Set },
		keys: func(f *form) []action.Action {
			return []action.Action{p.permitted(action.Action{
				ID: core.ActMailServerTest, Keys: []string{"ctrl+t"}, Typing: true, Run: func() tea.Cmd { return p.testTyped(f) },
			})}
		},
		saved: t.T("settings.server.saved"),
		save: func(f *form) saving {
			draft := serverDraft(f)
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.servers.Save(ctx, req, v.Version, draft)
			}
		},
	}
}

// serverFields are the form's. A password that is kept isn't shown.
func (p *Page) serverFields(v mail.ServerView) []component.Field {
	host, port := p.field("host", component.FieldText), p.field("port", component.FieldText)
	port.Max, port.Check = maxPort, checkPort
	security := p.field("security", component.FieldChoice)
	for _, s := range mail.Securities() {
		security.Options = append(security.Options, component.Option{
			Key: s.String(), Label: p.s.Text.T("settings.security." + s.String()),
		})
	}
	user, password := p.field("user", component.FieldText), p.field("password", component.FieldPassword)
	user.Required, password.Required = false, false
	user.Max, password.Max = maxCredential, maxCredential
	if v.HasPassword {
		password.Placeholder, password.Hint = p.s.Text.T("settings.password.kept"), p.s.Text.T("settings.password.keep.hint")
	}
	return []component.Field{host, security, port, user, password}
}

const (
	maxPort       = 6   // digits, one more than a port has
	maxCredential = 300 // more than is accepted, so that nothing is cut off unseen
)

// serverNote says what saving does, to the mails of everybody here.
func (p *Page) serverNote(v mail.ServerView, f *form) (text string, alarm bool) {
	if !v.Set {
		return p.s.Text.T("settings.note.server.first"), true
	}
	if v.HasPassword && f.Value("password") == "" && !keepsPassword(v, f) && f.Value("user") != "" {
		return p.s.Text.T("settings.note.server.password"), true
	}
	return p.s.Text.T("settings.note.server"), false
}

// keepsPassword reports whether the stored password still goes with what is
// typed: it is sent to no other host and for no other user.
func keepsPassword(v mail.ServerView, f *form) bool {
	host, err := core.CanonicalHost(f.Value("host"))
	return err == nil && host == v.Host && core.CleanLine(f.Value("user")) == v.User
}

// ownPort is the port that a kind of encryption has by itself (RFC 8314).
func ownPort(s mail.Security) string {
	if s == mail.SecurityTLS {
		return "465"
	}
	return "587"
}

// followPort changes the port with the encryption, unless another was typed.
func followPort(f *form, last string) {
	port := strings.TrimSpace(f.Value("port"))
	if port == "" || port == ownPort(securityOf(last)) {
		f.Set("port", ownPort(securityOf(f.Value("security"))))
	}
}

func securityOf(key string) mail.Security {
	for _, s := range mail.Securities() {
		if s.String() == key {
			return s
		}
	}
	return 0
}

func portOf(typed string) uint16 {
	n, err := strconv.ParseUint(strings.TrimSpace(typed), 10, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}

func checkPort(typed string) error {
	if portOf(typed) == 0 {
		return core.Refuse(core.CodePort)
	}
	return nil
}

func serverDraft(f *form) mail.ServerDraft {
	return mail.ServerDraft{
		Host: strings.TrimSpace(f.Value("host")), Port: portOf(f.Value("port")), Security: securityOf(f.Value("security")),
		User: f.Value("user"), Password: f.Value("password"), KeepPassword: f.Value("password") == "",
	}
}

// address is a host and its port as a person reads them.
func address(d mail.ServerDraft) string { return net.JoinHostPort(d.Host, strconv.Itoa(int(d.Port))) }

// askRemove asks before mail is captured again.
func (p *Page) askRemove() tea.Cmd {
	return p.pose(ask{
		text: p.s.Text.T("settings.server.remove.ask"), leave: "settings.leave",
		yes: action.Action{ID: core.ActMailServerRemove, Keys: []string{"R"}, Run: p.removeServer},
	})
}

func (p *Page) removeServer() tea.Cmd {
	p.busy = true
	version := p.view.server.Version
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		_, err := p.servers.Remove(ctx, req, version)
		return removed{}, err
	})
}

func (p *Page) takeRemoved(err error) tea.Cmd {
	p.busy = false
	p.answered()
	p.said = said{text: p.s.Text.T("settings.server.removed")}
	if err != nil {
		p.said = said{text: p.s.Text.Error(err), alarm: true}
	}
	return p.Refresh()
}

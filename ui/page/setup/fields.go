package setup

import (
	"strings"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/ui/component"
)

// How much fields take in, in code points: more than is accepted, so that
// nothing is cut off unseen.
const (
	maxURL      = 2001
	maxPassword = 1000
)

// product is a word that is worth nothing in a password.
const product = "willcall"

// fields are the form's, by the names that the core refuses them with.
func (p *Page) fields() []component.Field {
	heading := func(name string) component.Field {
		return component.Field{Kind: component.FieldHeading, Label: p.s.Text.T("setup." + name)}
	}
	fields := []component.Field{heading("institution")}
	fields = append(fields, p.institutionFields()...)
	fields = append(fields, heading("mail"))
	fields = append(fields, p.mailFields()...)
	fields = append(fields, heading("owner"))
	return append(fields, p.ownerFields()...)
}

func (p *Page) institutionFields() []component.Field {
	name := p.field("name", component.FieldText)
	language, zone := p.field("language", component.FieldChoice), p.field("time-zone", component.FieldChoice)
	for _, l := range core.Languages() {
		language.Options = append(language.Options, component.Option{Key: l, Label: p.s.Text.T("words.language." + l)})
	}
	zone.Options = component.ZoneOptions()
	zone.Placeholder = p.s.Text.T("setup.time-zone.placeholder")
	portal := p.field("portal-url", component.FieldText)
	portal.Max, portal.Check, portal.Hint = maxURL, checkURL, p.s.Text.T("setup.portal-url.hint")
	return []component.Field{name, language, zone, portal, p.startField()}
}

// How an institution begins (R3).
const (
	fieldStart  = "start"
	startNew    = "new"
	startMoving = "moving"
)

// startField asks how the institution begins, which nobody answers for it.
func (p *Page) startField() component.Field {
	start := p.field(fieldStart, component.FieldChoice)
	start.Placeholder, start.Hint = p.s.Text.T("setup.start.placeholder"), p.s.Text.T("setup.start.hint")
	for _, key := range []string{startNew, startMoving} {
		start.Options = append(start.Options, component.Option{
			Key: key, Label: p.s.Text.T("setup.start." + key), Hint: p.s.Text.T("setup.start." + key + ".short"),
		})
	}
	return start
}

// follows puts what follows from the answer beside it.
func (p *Page) follows() {
	hint := "setup.start.hint"
	if start := p.form.Value(fieldStart); start != "" {
		hint = "setup.start." + start + ".follows"
	}
	p.form.Change(fieldStart, func(f *component.Field) { f.Hint = p.s.Text.T(hint) })
}

func (p *Page) mailFields() []component.Field {
	name, address := p.field("sender-name", component.FieldText), p.field("sender", component.FieldText)
	name.Required, name.Hint = false, p.s.Text.T("setup.sender-name.hint")
	address.Check, address.Hint = checkAddress, p.s.Text.T("setup.sender.hint")
	shop := p.field("sign-in-url", component.FieldText)
	shop.Max, shop.Check, shop.Hint = maxURL, checkURL, p.s.Text.T("setup.sign-in-url.hint")
	return []component.Field{name, address, shop}
}

func (p *Page) ownerFields() []component.Field {
	name, address := p.field("owner-name", component.FieldText), p.field("owner-address", component.FieldText)
	address.Check, address.Hint = checkAddress, p.s.Text.T("setup.owner-address.hint")
	password, again := p.field("password", component.FieldPassword), p.field("password-again", component.FieldPassword)
	password.Max, password.Check, password.Hint = maxPassword, p.checkPassword, p.s.Text.T("setup.password.hint")
	again.Max, again.Check = maxPassword, p.checkAgain
	return []component.Field{name, address, password, again}
}

func (p *Page) field(name string, kind component.FieldKind) component.Field {
	return component.Field{Name: name, Label: p.s.Text.T("setup." + name), Kind: kind, Max: core.MaxName, Required: true}
}

func checkURL(typed string) error { return core.CheckURL(strings.TrimSpace(typed)) }

func checkAddress(typed string) error {
	_, err := core.CanonicalAddress(typed)
	return err
}

// checkPassword refuses on leaving the field what the set-up would refuse.
func (p *Page) checkPassword(typed string) error {
	return operators.CheckPassword(typed, product, p.form.Value("name"), p.form.Value("owner-name"), p.form.Value("owner-address"))
}

func (p *Page) checkAgain(typed string) error {
	if typed != p.form.Value("password") {
		return core.Refuse(core.CodeRepeat)
	}
	return nil
}

// draft is what the form says.
func (p *Page) draft() setup.Draft {
	f := p.form
	return setup.Draft{
		Institution: venue.InstitutionDraft{
			Name: f.Value("name"), Language: f.Value("language"),
			TimeZone: f.Value("time-zone"), PortalURL: f.Value("portal-url"),
			Moving: f.Value(fieldStart) == startMoving,
		},
		SenderName: f.Value("sender-name"), Sender: f.Value("sender"), SignInURL: f.Value("sign-in-url"),
		OwnerName: f.Value("owner-name"), OwnerEmail: f.Value("owner-address"), Password: f.Value("password"),
	}
}

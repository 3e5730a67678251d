package contacts

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
)

// form makes a contact, or edits one. Its fields carry the names that the core
// refuses by.
type form struct {
	*component.Form
	id      core.ID // 0 for a new contact
	before  contacts.Contact
	version core.Version
	kind    core.ContactKind // that the offer is for
	offer   validation.Offer
	ready   bool // the offer is there
	busy    bool
	theirs  []string // what somebody else saved meanwhile, a line a field
	note    string   // what saving will do
	alarm   bool
	head    int // lines above the fields, as last drawn
}

// offered is the answer to what can be chosen for a kind.
type offered struct {
	form  *form
	kind  core.ContactKind
	offer validation.Offer
}

// saved is the answer to a save. theirs is the contact as somebody else left
// it, where the save was a conflict.
type saved struct {
	contacts.Saved
	form   *form
	theirs *contacts.Detail
}

// newForm opens the form of a new contact, as it was left.
func (p *Page) newForm() tea.Cmd {
	return p.openForm(0, contacts.Contact{Kind: core.ContactIndividual}, 0)
}

// editForm opens the form of the contact shown, as it was left.
func (p *Page) editForm() tea.Cmd {
	d := p.current()
	return p.openForm(d.ID, d.Contact, d.Version)
}

func (p *Page) openForm(id core.ID, c contacts.Contact, version core.Version) tea.Cmd {
	f, kept := p.kept[id]
	if !kept {
		f = p.makeForm(id, c, version)
	}
	p.back, p.said, p.form = p.mode, said{}, f
	p.enter(modeForm)
	return p.askOffer(f)
}

func (p *Page) makeForm(id core.ID, c contacts.Contact, version core.Version) *form {
	f := &form{Form: component.NewForm(p.fields()...), id: id, before: c, version: version}
	f.Fill(values(c))
	f.sync(p)
	return f
}

// fields are the form's, in the order in which they are asked for.
func (p *Page) fields() []component.Field {
	t := p.s.Text
	field := func(name string, kind component.FieldKind) component.Field {
		return component.Field{Name: name, Label: t.T("contacts.form." + name), Kind: kind, Max: core.MaxName}
	}
	kind := field("kind", component.FieldChoice)
	for _, k := range core.ContactKinds() {
		kind.Options = append(kind.Options, component.Option{Key: k.String(), Label: t.T("words.kind." + k.String())})
	}
	language := field("language", component.FieldChoice)
	language.Options = []component.Option{{Key: "", Label: t.T("contacts.form.language.house")}}
	for _, l := range core.Languages() {
		language.Options = append(language.Options, component.Option{Key: l, Label: t.T("words.language." + l)})
	}
	address := field("address", component.FieldText)
	address.Check = checkAddress
	document, from := field("document", component.FieldChoice), field("point-of-sale", component.FieldChoice)
	document.Hint, from.Hint = t.T("contacts.form.document.hint"), ""
	document.Required, from.Required = true, true
	send := field("send", component.FieldToggle)
	send.Hint = t.T("contacts.form.send.hint")
	guest := field("guest", component.FieldToggle)
	guest.Hint = t.T("contacts.form.guest.hint")
	return []component.Field{
		kind, field("first-name", component.FieldText), field("last-name", component.FieldText),
		field("company", component.FieldText), address, send, document, from, guest, language,
		field("street.1", component.FieldText), field("postal-code.1", component.FieldText),
		field("city.1", component.FieldText), field("country.1", component.FieldText),
	}
}

// checkAddress refuses on leaving the field what saving would refuse.
func checkAddress(typed string) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	_, err := core.CanonicalAddress(typed)
	return err
}

// values are what the form is filled with.
func values(c contacts.Contact) map[string]string {
	v := map[string]string{
		"kind": c.Kind.String(), "first-name": c.FirstName, "last-name": c.LastName, "company": c.Company,
		"address": c.Email.Typed, "language": c.Language,
	}
	if len(c.Postals) > 0 {
		main := c.Postals[0]
		v["street.1"], v["postal-code.1"], v["city.1"], v["country.1"] = main.Street, main.PostalCode, main.City, main.Country
	}
	if c.Guest {
		v["guest"] = "true"
	}
	return v
}

// draft is what the form says.
func (f *form) draft() contacts.Draft {
	return contacts.Draft{
		Kind: f.kindNow(), FirstName: f.Value("first-name"), LastName: f.Value("last-name"),
		Company: f.Value("company"), Address: f.Value("address"), Language: f.Value("language"), Guest: f.On("guest"),
		Postals: []contacts.Postal{{
			Use:    contacts.PostalHome,
			Street: f.Value("street.1"), PostalCode: f.Value("postal-code.1"), City: f.Value("city.1"), Country: f.Value("country.1"),
		}},
	}
}

func (f *form) kindNow() core.ContactKind {
	for _, k := range core.ContactKinds() {
		if k.String() == f.Value("kind") {
			return k
		}
	}
	return core.ContactIndividual
}

// choice is the context chosen, none where the fields are hidden.
func (f *form) choice() validation.Context {
	if !f.sends() {
		return validation.Context{}
	}
	return validation.Context{
		Document:    find(f.offer.Documents, f.Value("document")),
		PointOfSale: find(f.offer.PointsOfSale, f.Value("point-of-sale")),
	}
}

func find(list []venue.Named, key string) core.ID {
	for _, n := range list {
		if optionKey(n.ID) == key {
			return n.ID
		}
	}
	return 0
}

// dirty reports whether something was typed; the choice of a context is not.
func (f *form) dirty() bool { return !f.draft().Equal(contacts.DraftOf(f.before)) }

// typed gives a key or a paste to the fields.
func (f *form) typed(p *Page, msg tea.Msg) tea.Cmd {
	if f.busy || !f.Update(msg) {
		return nil
	}
	return f.follow(p)
}

// follow brings the form in step with what was put into it.
func (f *form) follow(p *Page) tea.Cmd {
	f.sync(p)
	if f.kindNow() != f.kind {
		return p.askOffer(f)
	}
	return nil
}

// followed is one of the form's own keys with all that follows from it.
func (f *form) followed(p *Page, run func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		return tea.Batch(run(), f.follow(p))
	}
}

// askOffer reads what can be chosen for the form's kind.
func (p *Page) askOffer(f *form) tea.Cmd {
	kind, id := f.kindNow(), f.id
	f.kind = kind
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		o, err := p.book.Offer(ctx, req, kind, id)
		return offered{f, kind, o}, err
	})
}

// takeOffer fills the lists, keeping what was chosen where it is still offered.
func (p *Page) takeOffer(o offered, err error) {
	f := o.form
	if err != nil {
		f.Fail(err)
		return
	}
	if o.kind != f.kindNow() {
		return
	}
	f.offer, f.ready = o.offer, true
	f.offerIn("document", o.offer.Documents, o.offer.Suggested.Document)
	f.offerIn("point-of-sale", o.offer.PointsOfSale, o.offer.Suggested.PointOfSale)
	f.sync(p)
}

func (f *form) offerIn(name string, list []venue.Named, suggested core.ID) {
	f.Change(name, func(field *component.Field) {
		field.Options = nil
		for _, n := range list {
			field.Options = append(field.Options, component.Option{Key: optionKey(n.ID), Label: n.Name})
		}
	})
	if f.Value(name) == "" && suggested != 0 {
		f.Set(name, optionKey(suggested))
	}
}

// actions are the form's keys, and those of what it is for.
func (f *form) actions(p *Page) []action.Action {
	busy := ""
	switch {
	case f.busy:
		busy = p.s.Text.T("contacts.form.saving")
	case !f.ready:
		busy = p.s.Text.T("component.list.loading")
	}
	id := core.ActContactsEdit
	if f.id == 0 {
		id = core.ActContactsCreate
	}
	own := []action.Action{{ID: id, Label: "contacts.form.save", Keys: []string{"ctrl+s"}, Typing: true, Disabled: busy, Run: p.saveForm}}
	for _, a := range f.own() {
		a.Run = f.followed(p, a.Run)
		own = append(own, a)
	}
	if f.Open() {
		return own
	}
	leave := "contacts.back"
	if f.dirty() {
		leave = "contacts.form.keep"
	}
	own = append(own, action.Action{Label: leave, Keys: []string{"esc"}, Typing: true, Run: p.keepForm})
	if f.dirty() && !f.busy {
		own = append(own, action.Action{Label: "contacts.form.discard", Keys: []string{"ctrl+x"}, Typing: true, Run: p.askDiscard})
	}
	return own
}

// own are the keys of the fields, none while a save is under way.
func (f *form) own() []action.Action {
	if f.busy {
		return nil
	}
	return f.Actions()
}

// keepForm leaves the form, keeping what was typed for the next time.
func (p *Page) keepForm() tea.Cmd {
	if p.form.dirty() {
		p.kept[p.form.id] = p.form
	} else {
		delete(p.kept, p.form.id)
	}
	return p.closeForm()
}

// askDiscard asks before what was typed is lost.
func (p *Page) askDiscard() tea.Cmd {
	p.enter(modeDiscard)
	return nil
}

func (p *Page) backToForm() tea.Cmd {
	p.enter(modeForm)
	return nil
}

// discardForm forgets what was typed and begins again.
func (p *Page) discardForm() tea.Cmd {
	f := p.makeForm(p.form.id, p.form.before, p.form.version)
	delete(p.kept, f.id)
	p.form = f
	p.enter(modeForm)
	return p.askOffer(f)
}

func (p *Page) closeForm() tea.Cmd {
	p.form = nil
	p.enter(p.back)
	return p.showAgain()
}

// saveForm saves, unless a field is refused at once.
func (p *Page) saveForm() tea.Cmd {
	f := p.form
	if !f.Check() {
		return nil
	}
	f.busy = true
	draft, choice, send := f.draft(), f.choice(), f.On("send")
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		if f.id == 0 {
			done, err := p.book.Create(ctx, req, draft, choice)
			return saved{Saved: done, form: f}, err
		}
		done, err := p.book.Edit(ctx, req, f.id, f.version, draft, choice, send)
		if core.CodeOf(err) != core.CodeConflict {
			return saved{Saved: done, form: f}, err
		}
		theirs, readErr := p.book.Show(ctx, req, f.id)
		if readErr != nil {
			return saved{form: f}, readErr
		}
		return saved{form: f, theirs: &theirs}, err
	})
}

// takeSaved closes the form of a saved contact and shows it, or says in the
// form why it wasn't saved.
func (p *Page) takeSaved(done saved, err error) tea.Cmd {
	f := done.form
	f.busy = false
	if done.theirs != nil {
		p.conflict(f, *done.theirs)
	}
	if err != nil {
		f.Fail(err)
		if p.form != f {
			p.said = said{text: p.s.Text.Error(err), alarm: true}
		}
		return p.askOffer(f)
	}
	delete(p.kept, f.id)
	if p.form == f {
		p.form = nil
		p.enter(p.back)
		if p.mode == modeSearch {
			p.enter(modeList)
		}
	}
	p.said = said{text: p.savedSentence(done.Saved)}
	if f.id == 0 {
		p.search.Set(contacts.NumberText(done.Number))
		p.list.Reset()
		p.list.Select(done.ID)
	}
	return tea.Batch(p.find(), p.show(done.ID))
}

func (p *Page) savedSentence(done contacts.Saved) string {
	t := p.s.Text
	sentence := t.T("contacts.saved", "number", contacts.NumberText(done.Number),
		"status", t.T("words.status."+done.Status.String()))
	if done.Held != nil {
		return sentence + " " + t.Error(done.Held)
	}
	if done.Sent.Mail == 0 {
		return sentence
	}
	return sentence + " " + p.sentSentence(done.Sent)
}

// conflict merges what somebody else saved into the form, and says what became
// of each field. The next save is made on top of theirs, knowingly.
func (p *Page) conflict(f *form, theirs contacts.Detail) {
	f.theirs = nil
	for _, d := range f.Merge(p.look(), values(f.before), values(theirs.Contact)) {
		key := "contacts.form.theirs"
		if d.Taken {
			key = "contacts.form.taken"
		}
		f.theirs = append(f.theirs, p.s.Text.T(key, "field", d.Label, "theirs", d.Theirs, "mine", d.Mine))
	}
	if len(f.theirs) == 0 {
		f.theirs = []string{p.s.Text.T("contacts.form.elsewhere")}
	}
	f.version, f.before = theirs.Version, theirs.Contact
}

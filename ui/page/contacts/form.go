package contacts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// form makes a contact, or edits one. Its fields carry the names that the core
// refuses by.
type form struct {
	*component.Form
	key
	before  contacts.Contact
	read    core.Version      // of before
	clean   contacts.Draft    // what the form said when it was filled
	was     map[string]string // the values it began from
	keeping session.Keeping
	version core.Version     // that saving goes by
	kind    core.ContactKind // that the offer is for
	offer   validation.Offer
	ready   bool // the offer is there
	busy    bool
	places  map[core.ID]contacts.Row // the structures whose names are known
	origin  core.ID                  // the structure that the company was taken from
	contest *contest                 // with what somebody else saved meanwhile, or nil
	fate    contacts.Fate            // of a contact that was removed meanwhile
	failed  error                    // why what was chosen wasn't saved
	alike   alikes                   // who may be the same contact
	note    string                   // what saving will do
	alarm   bool
	head    int // lines above the fields, as last drawn
}

// key tells forms that are kept apart: one for each contact, one for a new
// one, and one for a new relay of each structure.
type key struct {
	id        core.ID // 0 for a new contact
	structure core.ID // that a new relay is for
}

// offered is the answer to what can be chosen for a kind.
type offered struct {
	form  *form
	kind  core.ContactKind
	offer validation.Offer
}

// saved is the answer to a save. theirs is the contact as somebody else left
// it, with who changed what, where the save was a conflict; fate is what became
// of one that was removed.
type saved struct {
	contacts.Saved
	form    *form
	theirs  *contacts.Detail
	changes []contacts.Change
	fate    *contacts.Fate
}

// newForm opens the form of a new contact, as it was left.
func (p *Page) newForm() tea.Cmd {
	return p.openForm(key{}, contacts.Detail{Contact: contacts.Contact{Kind: core.ContactIndividual}})
}

// editForm opens the form of the contact shown, as it was left.
func (p *Page) editForm() tea.Cmd {
	d := p.current()
	return p.openForm(key{id: d.ID}, d.Detail)
}

// relayForm opens the form of a new relay of the structure shown.
func (p *Page) relayForm() tea.Cmd {
	d := p.current()
	relay := contacts.Contact{
		Kind: core.ContactRelay, Structure: d.ID, Company: d.Company, Language: d.Language, Primary: len(d.Relays) == 0,
	}
	return p.openForm(key{structure: d.ID}, contacts.Detail{Contact: relay, Structure: contacts.Row{
		ID: d.ID, Number: d.Number, Kind: d.Kind, Name: d.Listed(), Status: d.Email.Status, City: d.City(),
	}})
}

func (p *Page) openForm(k key, d contacts.Detail) tea.Cmd {
	f, kept := p.kept[k]
	if !kept {
		f = p.makeForm(k, d)
		p.restore(f)
	}
	p.back, p.said, p.form = p.mode, said{}, f
	p.enter(modeForm)
	return tea.Batch(p.askAbout(f), p.meet(f, d))
}

// askAbout reads what a form that comes to the front needs.
func (p *Page) askAbout(f *form) tea.Cmd {
	return tea.Batch(p.askOffer(f), p.askPlace(f), p.askAlike(f))
}

func (p *Page) makeForm(k key, d contacts.Detail) *form {
	f := &form{
		Form: component.NewForm(p.fields()...), key: k, before: d.Contact, read: d.Version, version: d.Version,
		places: map[core.ID]contacts.Row{}, origin: d.Contact.Structure,
	}
	f.know(d.Structure)
	f.was = p.values(d.Contact)
	f.Fill(f.was)
	f.clean = f.draft()
	f.sync(p)
	f.Start()
	if k.id == 0 { // most are individuals, and a relay's kind is known
		f.Focus("first-name")
	}
	return f
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

// dirty reports whether something was typed, be it no date; the choice of a
// context is not.
func (f *form) dirty() bool {
	_, err := core.ParseDate(f.Value("birth"))
	return err != nil || !f.draft().Equal(f.clean)
}

// typed gives a key or a paste to the fields.
func (f *form) typed(p *Page, msg tea.Msg) tea.Cmd {
	if f.busy || !f.Update(msg) {
		return nil
	}
	return f.follow(p)
}

// follow brings the form in step with what was put into it, and asks for what
// that needs.
func (f *form) follow(p *Page) tea.Cmd {
	f.takePlace()
	f.sync(p)
	var offer tea.Cmd
	if f.kindNow() != f.kind {
		offer = p.askOffer(f)
	}
	return tea.Batch(offer, p.askStructure(f), p.askAlike(f), f.keeping.Changed(p.s, p.Key(), f.Unkept().Typed))
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
	if a, there := p.alikeAction(f); there {
		own = append(own, a)
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
func (p *Page) keepForm() tea.Cmd { return tea.Batch(p.setAside(), p.closeForm()) }

// setAside keeps what was typed into the form in front, if there is one, for the
// next time.
func (p *Page) setAside() tea.Cmd {
	f := p.form
	if f == nil {
		return nil
	}
	p.form = nil
	delete(p.drafts, f.name())
	if f.dirty() {
		p.kept[f.key] = f
	} else {
		delete(p.kept, f.key)
	}
	return f.keeping.Keep(p.s, p.Key(), f.Unkept())
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

// discardForm forgets what was typed and begins again, with the contact as it
// was read last.
func (p *Page) discardForm() tea.Cmd {
	f := p.makeForm(p.form.key, p.form.newest())
	p.form = f
	p.enter(modeForm)
	return tea.Batch(p.askAbout(f), p.forget(f))
}

// newest is the contact as the form knows it.
func (f *form) newest() contacts.Detail {
	if f.contest != nil {
		return f.contest.theirs
	}
	return contacts.Detail{Contact: f.before, Version: f.read, Structure: f.places[f.before.Structure]}
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
	return p.save(f, f)
}

// save saves what stands in from as the contact of f.
func (p *Page) save(f, from *form) tea.Cmd {
	f.busy, f.failed = true, nil
	draft, choice, send, version := from.draft(), from.choice(), from.On("send"), from.version
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		if f.id == 0 {
			done, err := p.book.Create(ctx, req, draft, choice)
			return saved{Saved: done, form: f}, err
		}
		done, err := p.book.Edit(ctx, req, f.id, version, draft, choice, send)
		switch core.CodeOf(err) { //nolint:exhaustive // these two are about what is stored now
		case core.CodeConflict, core.CodeNotFound:
			now, readErr := p.stored(ctx, req, f)
			if readErr != nil {
				return now, readErr
			}
			return now, err
		}
		return saved{Saved: done, form: f}, err
	})
}

// stored reads a form's contact as it is now, or what became of it.
func (p *Page) stored(ctx context.Context, req core.Request, f *form) (saved, error) {
	now := saved{form: f}
	theirs, err := p.book.Show(ctx, req, f.id)
	if core.CodeOf(err) == core.CodeNotFound {
		fate, fateErr := p.book.Fate(ctx, req, f.id)
		if fateErr == nil && !fate.At.IsZero() {
			now.fate = &fate
			return now, nil
		}
	}
	if err != nil {
		return now, err
	}
	now.theirs = &theirs
	now.changes, err = p.book.History(ctx, req, f.id, 0, changesAsked)
	return now, err
}

// takeSaved closes the form of a saved contact and shows it, or says in the
// form why it wasn't saved.
func (p *Page) takeSaved(done saved, err error) tea.Cmd {
	f := done.form
	f.busy = false
	switch {
	case err == nil:
		return p.takeDone(f, done.Saved)
	case p.form == f && done.theirs != nil:
		return p.contest(f, *done.theirs, done.changes)
	case p.form == f && done.fate != nil:
		f.fate = *done.fate
		p.scroll.Top()
		p.enter(modeGone)
		return nil
	}
	return p.notSaved(f, err)
}

// takeDone closes the form of a contact that was saved and shows it. Where the
// form was left meanwhile, whoever is shown by now stays.
func (p *Page) takeDone(f *form, done contacts.Saved) tea.Cmd {
	forget := p.forget(f)
	if p.form != f {
		p.said = said{text: p.savedSentence(done)}
		return tea.Batch(forget, p.find(), p.showAgain())
	}
	p.form = nil
	p.enter(p.back)
	if p.mode == modeSearch {
		p.enter(modeList)
	}
	p.said = said{text: p.savedSentence(done)}
	if f.structure != 0 && p.wanted == f.structure {
		return tea.Batch(forget, p.find(), p.show(f.structure))
	}
	if f.id == 0 {
		p.trail, p.picked = nil, 0
		p.search.Set(contacts.NumberText(done.Number))
		p.list.Reset()
		p.list.Select(done.ID)
	}
	return tea.Batch(forget, p.find(), p.show(done.ID))
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

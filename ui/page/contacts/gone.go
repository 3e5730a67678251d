package contacts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// goneActions are what can be done with the form of a contact that was removed
// meanwhile.
func (p *Page) goneActions() []action.Action {
	f, t := p.form, p.s.Text
	over, other, busy := "", "", ""
	if !p.s.Now().Before(f.fate.Until) {
		over = t.Error(core.Refuse(core.CodeUndoOver))
	}
	if p.drafted(key{}) {
		other = t.T("contacts.gone.drafted")
	}
	if f.busy {
		busy = t.T("contacts.form.saving")
		over, other = busy, busy
	}
	back := action.Key("contacts.conflict.back", p.leaveContest, "esc")
	back.Disabled = busy
	return []action.Action{
		{ID: core.ActContactsRestore, Keys: []string{"u"}, Disabled: over, Run: p.undoFate},
		{ID: core.ActContactsCreate, Label: "contacts.gone.again", Keys: []string{"n"}, Disabled: other, Run: p.beginAgain},
		back,
	}
}

// goneLines say who removed the contact, and what can be done with what was
// typed.
func (p *Page) goneLines(width, height int) []string {
	f, t := p.form, p.s.Text
	card := p.look().Detail(width).Title(f.title(p), "").Blank()
	card.Bar(theme.Amber, t.T("contacts.gone", "who", p.who(f.fate.By), "time", p.moment(f.fate.At))).Blank()
	if f.failed != nil {
		card.Bar(theme.Red, t.Error(f.failed)).Blank()
	}
	for _, a := range p.goneActions() {
		if a.Disabled != "" {
			card.Paragraph(theme.Muted, t.T(a.LabelKey())+": "+a.Disabled)
			continue
		}
		card.Key(a.Keys[0], t.T(a.LabelKey()))
	}
	card.Blank()
	for _, one := range f.Facets(p.look(), nil, emptied(f), f.Values(), p.groups(nil, nil)...) {
		card.Item(one.Label, one.Mine)
	}
	return card.Scrolled(&p.scroll, height)
}

// emptied names every field that is stored of a contact, without values.
func emptied(f *form) map[string]string {
	none := map[string]string{}
	for name := range f.was {
		none[name] = ""
	}
	return none
}

// undoFate brings the contact back, and shows what is stored beside what was
// typed. One that came back meanwhile will do.
func (p *Page) undoFate() tea.Cmd {
	f := p.form
	f.busy, f.failed = true, nil
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		if _, err := p.book.Restore(ctx, req, f.id); err != nil && core.CodeOf(err) != core.CodeConflict {
			return saved{form: f}, err
		}
		back, err := p.stored(ctx, req, f)
		if err != nil {
			return back, err
		}
		return back, core.Refuse(core.CodeConflict)
	})
}

// beginAgain makes a new contact's form of what was typed. Nothing is saved yet.
func (p *Page) beginAgain() tea.Cmd {
	old := p.form
	f := p.makeForm(key{}, contacts.Detail{Contact: contacts.Contact{Kind: core.ContactIndividual}})
	for _, place := range old.places {
		f.know(place)
	}
	f.Adopt(old.Form, component.NewConflict(nil), nil)
	f.origin = f.structureNow()
	f.sync(p)
	if p.removed != nil && p.removed.ID == old.id {
		p.removed = nil
	}
	p.form = f
	p.enter(modeForm)
	keep := f.keeping.Keep(p.s, p.Key(), f.Unkept())
	return tea.Batch(p.askAbout(f), tea.Sequence(keep, p.forget(old))) // it is kept in one place at any time
}

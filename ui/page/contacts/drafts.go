package contacts

import (
	"context"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/drafts"
	"willcall/ui/component"
	"willcall/ui/session"
)

// noteKept is the field that says since when a text is kept.
const noteKept = "kept"

// name is the form's name among the drafts, which begins with the page's.
func (k key) name() string {
	switch {
	case k.id != 0:
		return fmt.Sprintf("contacts.edit/%d", k.id)
	case k.structure != 0:
		return fmt.Sprintf("contacts.new-relay/%d", k.structure)
	}
	return "contacts.new"
}

func (p *Page) forms() []*form { return session.Forms(p.form, p.kept) }

// Keeping implements [session.Draftable].
func (f *form) Keeping() *session.Keeping { return &f.keeping }

// Unkept implements [session.Draftable].
func (f *form) Unkept() drafts.Draft {
	d := drafts.Draft{Form: f.name(), Version: f.version}
	if about := max(f.id, f.structure); about != 0 {
		d.Subject = core.Ref{Kind: core.KindContact, ID: about}
	}
	if f.dirty() {
		d.Typed, d.Was = f.Changes()
	}
	return d
}

// Unkept implements [session.Keeper].
func (p *Page) Unkept() []drafts.Draft { return session.Unkept(p.forms()) }

// Typed implements [session.Keeper].
func (p *Page) Typed() bool {
	return slices.ContainsFunc(p.forms(), func(f *form) bool { return f.dirty() })
}

// clock is a time as the institution has it; the zero time stays.
func (p *Page) clock(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return p.zone(at)
}

// takeKept tells in the form where it can't be kept.
func (p *Page) takeKept(kept session.Kept, err error) {
	for _, f := range p.forms() {
		if f.name() == kept.Form {
			f.keeping.Took(p.clock(kept.At), err)
			f.sync(p)
		}
	}
}

// takeDrafts notes what was kept earlier. A form that is open already and in
// which nothing was typed yet takes its draft over.
func (p *Page) takeDrafts(all session.DraftsRead, err error) tea.Cmd {
	if err != nil {
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return nil
	}
	p.drafts = session.Earlier(all, p.forms())
	if p.form == nil {
		return nil
	}
	f := p.form
	now := f.newest()
	p.restore(f)
	var meet tea.Cmd
	if p.mode == modeForm {
		meet = p.meet(f, now)
	}
	return tea.Batch(p.askAbout(f), meet)
}

// drafted reports whether a draft of a form is kept.
func (p *Page) drafted(k key) bool {
	_, earlier := p.drafts[k.name()]
	return earlier || p.kept[k] != nil
}

// restore fills a form from its draft, if there is one, and says since when it
// is kept. Saving goes by the version that the draft began from.
func (p *Page) restore(f *form) {
	d, found := p.drafts[f.name()]
	if !found {
		return
	}
	delete(p.drafts, f.name())
	f.Restore(d.Typed, d.Was)
	for name, value := range d.Was {
		f.was[name] = value
	}
	f.version, f.origin = d.Version, f.structureNow()
	f.keeping.Restored(d)
	p.kept[f.key] = f
	since := p.s.Text.T("contacts.form.kept-since", "time", p.s.Text.Time(p.zone(d.Kept)))
	f.Change(noteKept, func(field *component.Field) { field.Label, field.Hidden = since, false })
	f.sync(p)
}

// forget drops the draft of a form that was saved or emptied.
func (p *Page) forget(f *form) tea.Cmd {
	delete(p.kept, f.key)
	delete(p.drafts, f.name())
	return p.s.DiscardDraft(p.Key(), f.name())
}

// placed is the structure that a draft names.
type placed struct {
	form *form
	row  contacts.Row
}

// askPlace reads the structure that stands in a form filled from a draft, to
// name it.
func (p *Page) askPlace(f *form) tea.Cmd {
	id := f.structureNow()
	if _, known := f.places[id]; known || id == 0 {
		return nil
	}
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		d, err := p.book.Show(ctx, req, id)
		return placed{f, contacts.Row{
			ID: d.ID, Number: d.Number, Kind: d.Kind, Name: d.Listed(), Status: d.Email.Status, City: d.City(),
		}}, err
	})
}

// takePlaced names it; one that is gone is taken out of the form.
func (p *Page) takePlaced(found placed, err error) {
	if err != nil {
		found.form.Set("structure", "")
	}
	found.form.know(found.row)
	found.form.sync(p)
}

package settings

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core/drafts"
	"willcall/ui/component"
	"willcall/ui/session"
)

// noteKept is the field that says since when a text is kept.
const noteKept = "kept"

// name is a form's name among the drafts, which begins with the page's.
func (p *Page) name(n node) string { return fmt.Sprintf("%s/%d", p.parts[n.section].title, n.id) }

func (p *Page) forms() []*form { return session.Forms(p.form, p.kept) }

// keepable reports whether the form has a draft. What only says how something
// is done once, such as a backup, has none.
func (f *form) keepable() bool { return f.start == nil }

// Keeping implements [session.Draftable].
func (f *form) Keeping() *session.Keeping { return &f.keeping }

// Unkept implements [session.Draftable].
func (f *form) Unkept() drafts.Draft {
	d := drafts.Draft{Form: f.called}
	if f.dirty() && f.keepable() {
		d.Typed, d.Was = f.Changes()
	}
	return d
}

// Unkept implements [session.Keeper].
func (p *Page) Unkept() []drafts.Draft { return session.Unkept(p.forms()) }

// keepSoon keeps what was typed after a moment.
func (p *Page) keepSoon(f *form) tea.Cmd {
	return f.keeping.Changed(p.s, p.Key(), f.Unkept().Typed)
}

// Typed implements [session.Keeper].
func (p *Page) Typed() bool {
	return slices.ContainsFunc(p.forms(), func(f *form) bool { return f.dirty() && f.keepable() })
}

// takeKept tells in the form where it can't be kept.
func (p *Page) takeKept(kept session.Kept, err error) {
	at := slices.IndexFunc(p.forms(), func(f *form) bool { return f.called == kept.Form })
	if at < 0 {
		return
	}
	f := p.forms()[at]
	before := f.keeping.Err
	if !kept.At.IsZero() {
		kept.At = kept.At.In(p.s.Location)
	}
	f.keeping.Took(kept.At, err)
	if err != nil || before != nil {
		f.tellKept(p.s.Text.T("settings.unkept", "error", p.s.Text.Error(err)), err != nil)
	}
}

// tellKept says what became of the draft, above the fields.
func (f *form) tellKept(sentence string, shown bool) {
	f.Change(noteKept, func(field *component.Field) { field.Label, field.Hidden = sentence, !shown })
}

// takeDrafts notes what was kept earlier. A form that is open already and in
// which nothing was typed yet takes its draft over.
func (p *Page) takeDrafts(all session.DraftsRead, err error) (cmd tea.Cmd) {
	if err != nil {
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return nil
	}
	p.drafts = session.Earlier(all, p.forms())
	if p.form != nil && p.restore(p.form) {
		p.leavePreview() // of what isn't in the form any more
		cmd = p.meet(p.form)
	}
	if p.view != nil {
		p.list()
	}
	return cmd
}

// restore fills a form from its draft, if there is one, and says since when it
// is kept.
func (p *Page) restore(f *form) (found bool) {
	d, found := p.drafts[f.called]
	if !found {
		return false
	}
	delete(p.drafts, f.called)
	f.Restore(d.Typed, d.Was)
	f.followed() // what follows from a field may have been typed over
	f.Restore(d.Typed, d.Was)
	for name, value := range d.Was {
		f.before[name] = value
	}
	f.drafted = true
	f.keeping.Restored(d)
	p.kept[f.node] = f
	f.tellKept(p.s.Text.T("settings.kept-since", "time", p.s.Text.Time(d.Kept.In(p.s.Location))), true)
	return true
}

// forget drops the draft of a form that was saved or emptied.
func (p *Page) forget(f *form) tea.Cmd {
	delete(p.kept, f.node)
	delete(p.drafts, f.called)
	return p.s.DiscardDraft(p.Key(), f.called)
}

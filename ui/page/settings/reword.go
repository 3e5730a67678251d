package settings

import "willcall/ui/component"

// Reword implements [session.Speaker].
func (p *Page) Reword() {
	p.said = said{}
	if p.view == nil {
		return
	}
	for _, f := range p.kept {
		p.rewordForm(f)
	}
	if p.form != nil {
		p.rewordForm(p.form)
	}
	if p.prompt != nil {
		p.prompt.Reword()
	}
	if p.editions.all != nil {
		p.takeEditions(editionsRead{p.editions.document, p.editions.asked.Stamp, p.editions.all}, nil)
	}
	p.list()
}

// rewordForm keeps what saving goes by: the version that the form began from.
func (p *Page) rewordForm(f *form) {
	fresh := p.parts[f.node.section].sheet(p.view, f.node.id)
	f.Reword(append(notes(), fresh.fields...)...)
	for _, field := range fresh.fields {
		if field.Kind == component.FieldShown { // a value in words
			f.Set(field.Name, fresh.values[field.Name])
			f.before[field.Name] = f.Value(field.Name)
		}
	}
	f.title, f.fields, f.note, f.confirm, f.hint, f.saved = fresh.title, fresh.fields, fresh.note, fresh.confirm, fresh.hint, fresh.saved
	f.followed()
	if c := f.contest; c != nil {
		p.weigh(f)
		c.screen.Retell(p.facets(f, c))
		p.tellContest(f)
	}
}

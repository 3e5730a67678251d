package contacts

// Reword implements [session.Speaker].
func (p *Page) Reword() {
	p.said = said{}
	for _, f := range p.kept {
		p.rewordForm(f)
	}
	if p.form != nil {
		p.rewordForm(p.form)
	}
}

func (p *Page) rewordForm(f *form) {
	f.Reword(p.fields()...)
	f.Set("orders", p.orders(f.before)) // a sentence, though a value
	f.sync(p)
	p.fillAlike(f)
	if c := f.contest; c != nil {
		c.screen.Retell(p.facets(f, c.theirs, c.changes))
		p.tellContest(f)
		p.rewordForm(c.merged)
	}
}

package setup

// Reword implements [session.Speaker].
func (p *Page) Reword() { p.form.Reword(p.fields()...) }

package signin

// Reword implements [session.Speaker].
func (p *Page) Reword() { p.form.Reword(fields(p.s.Text)...) }

package captured

// Reword implements [session.Speaker].
func (p *Page) Reword() { p.list.Columns = p.columns() }

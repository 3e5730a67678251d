package outbox

// Reword implements [session.Speaker].
func (p *Page) Reword() {
	p.said = said{}
	p.list.Columns = p.columns()
}

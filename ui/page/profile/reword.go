package profile

import "willcall/ui/component"

// Reword implements [session.Speaker].
func (p *Page) Reword() {
	p.said = said{}
	if p.prompt != nil {
		p.prompt.Reword()
	}
	if p.enrol != nil {
		p.enrol.form.Reword(p.codeField())
		p.enrol.copies = component.Copies{}
	}
	if p.codes != nil {
		p.codes.copies = component.Copies{}
	}
	if p.mode == modeAsk {
		p.answered()
	}
	if p.view != nil {
		rows := p.rows()
		p.list.Set(component.Batch{Rows: rows, Total: len(rows)})
	}
}

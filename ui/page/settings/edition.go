package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// editions are those of one document, newest first.
type editions struct {
	document core.ID
	newest   uint32 // when they were asked for
	asked    session.Question
	all      []venue.EditionEntry
	failed   error
	list     component.List
}

// editionsRead is the answer to a reading of editions.
type editionsRead struct {
	document core.ID
	stamp    uint64
	all      []venue.EditionEntry
}

// readEditions reads those of the selected document, unless they are here.
func (p *Page) readEditions() tea.Cmd {
	n := p.selected()
	e, found := documentOf(p.view, n.id)
	if n.section != sectionDocuments || !found {
		return nil
	}
	if p.editions.document == e.ID && p.editions.newest == e.Edition && p.editions.failed == nil {
		return nil
	}
	if p.editions.document != e.ID {
		p.editions.all, p.editions.list = nil, component.List{Columns: editionColumns()}
	}
	p.editions.document, p.editions.newest, p.editions.failed = e.ID, e.Edition, nil
	stamp := p.editions.asked.Next()
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		all, err := p.settings.Editions(ctx, req, e.ID)
		return editionsRead{e.ID, stamp, all}, err
	})
}

func (p *Page) takeEditions(read editionsRead, err error) {
	if read.stamp != p.editions.asked.Stamp {
		return
	}
	if p.editions.failed = err; err != nil {
		p.editions.list.Fail(component.State{Title: p.s.Text.T("settings.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return
	}
	p.editions.all = read.all
	rows := make([]component.Row, len(read.all))
	for i, e := range read.all {
		rows[i] = component.Row{ID: core.ID(e.Number), Cells: []component.Cell{
			{Text: p.s.Text.T("settings.edition.number", "n", p.s.Text.Number(int(e.Number))), Token: theme.Text},
			{Text: p.s.Text.Time(e.At.In(p.s.Location)), Token: theme.Muted},
			{Text: e.By, Token: theme.Text},
		}}
	}
	p.editions.list.Set(component.Batch{Rows: rows, Total: len(rows)})
}

func editionColumns() []component.Column {
	return []component.Column{{Width: 12}, {Width: 20}, {Width: 8, Grow: 1, Drop: 1}}
}

// editionsShown is how many editions a document's detail lists.
const editionsShown = 4

// editionItems list the newest editions of a document; until they are read, the
// newest alone.
func (p *Page) editionItems(card *component.Detail, e venue.DocumentEntry) {
	t, label := p.s.Text, p.s.Text.T("settings.editions")
	all := p.editions.all
	if p.editions.document != e.ID || len(all) == 0 {
		all = []venue.EditionEntry{{Number: e.Edition, Edition: e.Newest}}
	}
	for _, one := range all[:min(len(all), editionsShown)] {
		card.Item(label, p.editionLine(one))
		label = ""
	}
	if rest := len(all) - editionsShown; rest > 0 {
		card.Toned(" ", theme.Muted, t.N("settings.editions.more", rest))
	}
}

// editionLine is when and by whom an edition was made.
func (p *Page) editionLine(e venue.EditionEntry) string {
	t := p.s.Text
	return t.T("settings.edition.by", "n", t.Number(int(e.Number)), "time", t.Time(e.At.In(p.s.Location)), "name", e.By)
}

// edition is the one selected in the list.
func (p *Page) edition() (venue.EditionEntry, bool) {
	row, ok := p.editions.list.Selected()
	if !ok {
		return venue.EditionEntry{}, false
	}
	return find(p.editions.all, row.ID, func(e venue.EditionEntry) core.ID { return core.ID(e.Number) })
}

func (p *Page) openEditions() tea.Cmd {
	p.said = said{}
	p.enter(modeEditions)
	return p.readEditions()
}

func (p *Page) editionsActions() []action.Action {
	return append(p.editions.list.MoveActions(p),
		action.Key("settings.editions.read", p.openEdition, "enter", "right"), p.again(), action.Key("settings.back", p.openSelected, "esc", "left"))
}

// again is the key that begins a new edition with an older one's texts. A draft
// is never overwritten.
func (p *Page) again() action.Action {
	a := action.Action{ID: core.ActDocumentsEdit, Label: "settings.edition.again", Keys: []string{"e"}, Run: p.useAgain}
	if p.drafted(p.selected()) {
		a.Disabled = p.s.Text.T("settings.edition.drafted")
	}
	return p.permitted(a)
}

func (p *Page) useAgain() tea.Cmd {
	e, ok := p.edition()
	if !ok {
		return nil
	}
	p.enter(modeDetail)
	delete(p.kept, p.selected())
	cmd := p.openEdit()
	for name, value := range textValues(e.Edition) {
		p.form.Set(name, value)
	}
	return cmd
}

func (p *Page) openEdition() tea.Cmd {
	if _, ok := p.edition(); ok {
		p.enter(modeEdition)
	}
	return nil
}

func (p *Page) leaveEdition() tea.Cmd {
	p.enter(modeEditions)
	return nil
}

// editionsPanes lists editions, with the selected one's text beside them where
// there is room.
func (p *Page) editionsPanes(width, height int) []string {
	k := p.look()
	p.editions.list.Focused = true
	if _, right := component.Panes(width); right == 0 {
		return p.editions.list.Render(k, width, height)
	}
	left, right := halves(width)
	return k.Beside(p.editions.list.Render(k, left, height), p.editionCard(right).Lines(0, height))
}

func (p *Page) editionFull(width, height int) []string {
	return p.editionCard(width).Scrolled(&p.scroll, height)
}

// editionCard is one edition in full.
func (p *Page) editionCard(width int) *component.Detail {
	card, t := p.look().Detail(width), p.s.Text
	e, ok := p.edition()
	if !ok {
		return card
	}
	card.Title(t.T("settings.edition.number", "n", t.Number(int(e.Number))), p.languages(e.Edition)).Blank()
	card.Item(t.T("settings.edition.made"), t.T("settings.edition.when", "time", t.Time(e.At.In(p.s.Location)), "name", e.By))
	if e.Number == p.editions.newest {
		card.Blank().Bar(theme.Accent, t.T("settings.edition.newest"))
	} else {
		card.Blank().Bar(theme.Amber, t.T("settings.edition.older"))
	}
	p.texts(card, e.Edition)
	return card
}

package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
)

// contest is a setting that somebody else saved while it stood in a form. The
// form stays as it was typed until something is saved.
type contest struct {
	theirs *reading
	last   venue.Save // of the setting, zero where that isn't known
	screen *component.Conflict
	merged *form // what would be saved
}

// lastRead is the answer to who saved a setting last.
type lastRead struct {
	form *form
	last venue.Save
}

// subject is what a form is about in the journal of an institution.
func (n node) subject(institution core.ID) core.Ref {
	switch n.section {
	case sectionInstitution, sectionValidation:
		return core.Ref{Kind: core.KindInstitution, ID: institution}
	case sectionOrganisations:
		return core.Ref{Kind: core.KindOrganisation, ID: n.id}
	case sectionChannels:
		return core.Ref{Kind: core.KindSalesChannel, ID: n.id}
	case sectionPoints:
		return core.Ref{Kind: core.KindPointOfSale, ID: n.id}
	case sectionDocuments:
		return core.Ref{Kind: core.KindDocument, ID: n.id}
	case sectionCompany:
		return core.Ref{Kind: core.KindCompany, ID: n.id}
	case sectionOperators:
		return core.Ref{Kind: core.KindOperator, ID: n.id}
	case sectionServer, sectionInstitutions, sectionStorage:
	}
	return core.Ref{}
}

// lastSave reads who saved a setting last. The mail server, which is the whole
// installation's, tells it itself.
func (p *Page) lastSave(ctx context.Context, req core.Request, n node, now *reading) (venue.Save, error) {
	if n.section == sectionServer {
		return venue.Save{By: core.Actor{Name: now.server.By}, At: now.server.Changed}, nil
	}
	subject := n.subject(req.Institution)
	if subject.IsZero() {
		return venue.Save{}, nil
	}
	return p.settings.LastSave(ctx, req, subject)
}

// facets are what differs between the form and the setting as it is stored.
func (p *Page) facets(f *form, c *contest) []component.Facet {
	fresh := p.makeForm(c.theirs, f.node)
	all := fresh.Facets(p.look(), f.before, fresh.before, f.Values())
	if c.last.At.IsZero() || c.last.By.Name == "" {
		return all
	}
	by := p.s.Text.T("settings.edition.when", "time", p.s.Text.Time(c.last.At.In(p.s.Location)), "name", c.last.By.Name)
	for i, one := range all {
		if one.Origin != component.ChangedHere {
			all[i].By = by
		}
	}
	return all
}

// contest opens the choice between a form and what somebody else saved. What
// was decided about the same values before is still decided.
func (p *Page) contest(f *form, theirs *reading, last venue.Save) {
	before := f.contest
	c := &contest{theirs: theirs, last: last}
	c.screen = component.NewConflict(p.facets(f, c))
	if before != nil {
		c.screen.Recall(before.screen)
	}
	c.screen.ToUndecided()
	f.contest, f.failed = c, nil
	p.tellContest(f)
	p.weigh(f)
	p.enter(modeConflict)
}

// tellContest puts the sentences above the choice.
func (p *Page) tellContest(f *form) {
	c, t := f.contest, p.s.Text
	c.screen.Title = f.title
	switch {
	case f.node.section == sectionServer && !c.theirs.server.Set:
		c.screen.Text = t.T("settings.conflict.no-server")
	case c.screen.Changed():
		c.screen.Text = t.T("component.conflict.text")
	default:
		c.screen.Text = t.T("settings.conflict.elsewhere")
	}
}

// weigh makes what would be saved of what is chosen now.
func (p *Page) weigh(f *form) {
	c := f.contest
	m := p.makeForm(c.theirs, f.node)
	theirs := m.before
	m.Adopt(f.Form, c.screen, theirs)
	m.followed() // what follows from a field was chosen by itself
	m.Adopt(f.Form, c.screen, theirs)
	m.back = f.back
	c.merged = m
}

func (p *Page) weighNow() tea.Cmd {
	p.weigh(p.form)
	return nil
}

// conflictScreen is the choice as it is to be drawn.
func (p *Page) conflictScreen() *component.Conflict {
	f := p.form
	screen, m := f.contest.screen, f.contest.merged
	screen.Foot, screen.Alarm = m.note(m)
	screen.Busy = f.busy
	if f.failed != nil {
		screen.Foot, screen.Alarm = p.s.Text.Error(f.failed), true
	}
	return screen
}

func (p *Page) conflictActions() []action.Action {
	f := p.form
	screen := p.conflictScreen()
	out := component.Leave{
		Save: p.permitted(action.Action{
			ID: p.parts[f.node.section].edit, Label: "settings.save", Keys: []string{"enter"}, Run: p.saveContest,
		}),
		Edit: action.Key("settings.conflict.edit", p.takeOver, "e"),
		Back: action.Key("settings.conflict.back", p.leaveContest, "esc"),
	}
	if f.busy {
		out.Save.Disabled = p.s.Text.T("settings.saving")
		out.Back.Disabled = out.Save.Disabled
	}
	return screen.Keys(out, p.weighNow)
}

// leaveContest goes back to the form, as it was typed.
func (p *Page) leaveContest() tea.Cmd {
	p.enter(modeForm)
	return nil
}

// saveContest saves what was chosen against what is stored now.
func (p *Page) saveContest() tea.Cmd {
	f := p.form
	m := f.contest.merged
	if !m.Check() {
		return p.takeOver()
	}
	if m.confirm != nil {
		if text, asked := m.confirm(m); asked {
			return p.pose(ask{text: text, leave: "settings.discard.leave", yes: action.Key("settings.save", p.contestConfirmed, "S")})
		}
	}
	return p.startSaving(f, m)
}

// contestConfirmed saves what was asked about.
func (p *Page) contestConfirmed() tea.Cmd {
	p.enter(modeConflict)
	return p.startSaving(p.form, p.form.contest.merged)
}

// takeOver goes on typing with what was chosen, on top of what is stored now.
func (p *Page) takeOver() tea.Cmd {
	f := p.form
	m := f.contest.merged
	m.keeping = f.keeping
	if p.kept[f.node] == f {
		p.kept[f.node] = m
	}
	p.form = m
	p.enter(modeForm)
	return p.keepSoon(m)
}

// conflictRefused tells why what was chosen wasn't saved: at its fields, or
// below the choice where no field is at fault.
func (p *Page) conflictRefused(f *form, err error) tea.Cmd {
	if component.AboutField(err) {
		cmd := p.takeOver()
		p.form.Fail(err)
		return cmd
	}
	f.failed = err
	return nil
}

// meet opens the choice where a form that was kept began from other values than
// are stored now. Where nothing that it asks for changed it goes by what is
// stored.
func (p *Page) meet(f *form) tea.Cmd {
	if !f.keepable() || !f.dirty() || p.view == nil {
		return nil
	}
	c := &contest{theirs: p.view}
	if !component.NewConflict(p.facets(f, c)).Changed() {
		fresh := p.makeForm(p.view, f.node)
		f.sheet, f.before, f.drafted = fresh.sheet, fresh.before, false
		f.followed()
		return nil
	}
	p.contest(f, p.view, venue.Save{})
	return p.askLast(f)
}

// askLast reads who saved a form's setting last.
func (p *Page) askLast(f *form) tea.Cmd {
	now := f.contest.theirs
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		last, err := p.lastSave(ctx, req, f.node, now)
		return lastRead{f, last}, err
	})
}

// takeLast tells who saved it. Without an answer the values stand alone.
func (p *Page) takeLast(read lastRead, err error) {
	c := read.form.contest
	if c == nil || err != nil {
		return
	}
	c.last = read.last
	c.screen.Retell(p.facets(read.form, c))
}

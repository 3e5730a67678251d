package contacts

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
	"willcall/ui/component"
)

// contest is a contact that somebody else saved while it stood in a form. The
// form stays as it was typed until something is saved.
type contest struct {
	theirs  contacts.Detail
	changes []contacts.Change // the newest ones, for who saved what
	screen  *component.Conflict
	merged  *form // what would be saved
}

// changesRead is the answer to who saved what.
type changesRead struct {
	form    *form
	changes []contacts.Change
}

// changesAsked is how many changes of a contact are read to tell who saved what.
const changesAsked = 50

// groups are the fields that make one value together: each phone, each postal
// address, and each way of advertising, which needs its heading to be understood.
func (p *Page) groups(was, theirs map[string]string) []component.Group {
	var phones, postals []component.Group
	for i := range contacts.MaxPhones {
		phones = append(phones, component.Group{
			Name: nth("phone", i), Label: p.numbered("phone", i), Fields: []string{nth("phone", i), nth("phone-use", i)},
			Read: func(values map[string]string) string { return p.phoneLine(values, i) },
		})
	}
	for i := range contacts.MaxPostals {
		postals = append(postals, component.Group{
			Name: nth("postal", i), Label: p.numbered("postal", i),
			Fields: []string{nth("street", i), nth("postal-code", i), nth("city", i), nth("country", i), nth("postal-use", i)},
			Read:   func(values map[string]string) string { return p.postalLines(values, i) },
		})
	}
	all := slices.Concat(
		rows("phones", p.s.Text.T("contacts.field.phones"), phones, was, theirs),
		rows("postals", p.s.Text.T("contacts.field.postals"), postals, was, theirs))
	for _, way := range contacts.AllOptOuts() {
		name := "opt-out." + way.Key()
		all = append(all, component.Group{
			Name: name, Fields: []string{name},
			Label: p.s.Text.T("contacts.field.opt-outs") + " " + p.s.Text.T("words.opt-out."+way.Key()),
			Read:  func(values map[string]string) string { return p.onOff(values[name]) },
		})
	}
	return all
}

// rows are the rows of a list, each by itself. Where there are fewer than before,
// others may have moved up to another row, and all of them are one value.
func rows(name, label string, each []component.Group, was, theirs map[string]string) []component.Group {
	filled := func(values map[string]string) (read []string) {
		for _, row := range each {
			if line := row.Read(values); line != "" {
				read = append(read, line)
			}
		}
		return read
	}
	if len(filled(theirs)) >= len(filled(was)) {
		return each
	}
	whole := component.Group{Name: name, Label: label, Read: func(values map[string]string) string {
		return strings.Join(filled(values), "\n")
	}}
	for _, row := range each {
		whole.Fields = append(whole.Fields, row.Fields...)
	}
	return []component.Group{whole}
}

func (p *Page) onOff(value string) string {
	if value == "true" {
		return p.s.Text.T("component.form.on")
	}
	return p.s.Text.T("component.form.off")
}

// phoneLine is the i-th phone that values hold.
func (p *Page) phoneLine(values map[string]string, i int) string {
	number := strings.TrimSpace(values[nth("phone", i)])
	if number == "" {
		return ""
	}
	return p.withUse(number, "words.phone-use."+values[nth("phone-use", i)])
}

// postalLines are the i-th address that values hold, in lines as on a letter.
func (p *Page) postalLines(values map[string]string, i int) string {
	town := strings.TrimSpace(values[nth("postal-code", i)] + " " + values[nth("city", i)])
	var lines []string
	for _, line := range []string{values[nth("street", i)], town, values[nth("country", i)]} {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return p.withUse(strings.Join(lines, "\n"), "words.postal-use."+values[nth("postal-use", i)])
}

func (p *Page) withUse(value, use string) string {
	return p.s.Text.T("contacts.conflict.used", "value", value, "use", p.s.Text.T(use))
}

// facets are what differs between the form and the contact as it is stored.
func (p *Page) facets(f *form, theirs contacts.Detail, changes []contacts.Change) []component.Facet {
	now := p.values(theirs.Contact)
	all := f.Facets(p.look(), f.was, now, f.Values(), p.groups(f.was, now)...)
	for i, one := range all {
		if one.Origin != component.ChangedHere {
			all[i].By = p.savedBy(recorded(one.Name), changes)
		}
	}
	return all
}

// recorded is the name that the journal has for a field of the form.
func recorded(field string) string {
	name, _, numbered := strings.Cut(field, ".")
	if !numbered {
		return field
	}
	return name + "s"
}

// savedBy is who changed a field last, and when, empty where that isn't known.
func (p *Page) savedBy(field string, changes []contacts.Change) string {
	for _, c := range changes {
		for _, d := range c.Details {
			if d.Name == field {
				return p.s.Text.T("contacts.conflict.by", "who", p.who(c.By), "time", p.moment(c.At))
			}
		}
	}
	return ""
}

// contest opens the choice between a form and what somebody else saved. What
// was decided about the same values before is still decided.
func (p *Page) contest(f *form, theirs contacts.Detail, changes []contacts.Change) tea.Cmd {
	before := f.contest
	f.know(theirs.Structure)
	c := &contest{theirs: theirs, changes: changes, screen: component.NewConflict(p.facets(f, theirs, changes))}
	if before != nil {
		c.screen.Recall(before.screen)
	}
	c.screen.ToUndecided()
	f.contest, f.failed = c, nil
	p.tellContest(f)
	p.enter(modeConflict)
	return p.weigh(f)
}

// tellContest puts the sentences above the choice.
func (p *Page) tellContest(f *form) {
	c := f.contest
	c.screen.Title, c.screen.Text = f.title(p), p.s.Text.T("component.conflict.text")
	if !c.screen.Changed() {
		c.screen.Text = p.s.Text.T("contacts.conflict.elsewhere")
	}
}

// weigh makes what would be saved of what is chosen now.
func (p *Page) weigh(f *form) tea.Cmd {
	c := f.contest
	theirs := p.values(c.theirs.Contact)
	m := p.makeForm(f.key, c.theirs)
	for _, place := range f.places {
		m.know(place)
	}
	m.Adopt(f.Form, c.screen, theirs, p.groups(f.was, theirs)...)
	m.origin = m.structureNow()
	c.merged = m
	if !f.ready || m.kindNow() != f.kind {
		m.sync(p)
		return p.askOffer(m)
	}
	m.kind = f.kind
	p.takeOffer(offered{m, f.kind, f.offer}, nil)
	return nil
}

// reweigh follows what can be chosen from now.
func (p *Page) reweigh(f *form) tea.Cmd {
	if p.mode != modeConflict || p.form != f {
		return nil
	}
	return p.weigh(f)
}

func (p *Page) weighNow() tea.Cmd { return p.weigh(p.form) }

// conflictScreen is the choice as it is to be drawn.
func (p *Page) conflictScreen() *component.Conflict {
	f := p.form
	screen, m := f.contest.screen, f.contest.merged
	screen.Foot, screen.Alarm, screen.Busy = m.note, m.alarm, f.busy
	if f.failed != nil {
		screen.Foot, screen.Alarm = p.s.Text.Error(f.failed), true
	}
	return screen
}

func (p *Page) conflictActions() []action.Action {
	f := p.form
	screen := p.conflictScreen()
	busy := ""
	switch {
	case f.busy:
		busy = p.s.Text.T("contacts.form.saving")
	case !f.contest.merged.ready:
		busy = p.s.Text.T("component.list.loading")
	}
	out := component.Leave{
		Save: action.Action{ID: core.ActContactsEdit, Label: "contacts.form.save", Keys: []string{"enter"}, Disabled: busy, Run: p.saveContest},
		Edit: action.Key("contacts.conflict.edit", p.takeOver, "e"),
		Back: action.Key("contacts.conflict.back", p.leaveContest, "esc"),
	}
	if f.busy {
		out.Back.Disabled = busy
	}
	return screen.Keys(out, p.weighNow)
}

// leaveContest goes back to the form, as it was typed.
func (p *Page) leaveContest() tea.Cmd {
	p.enter(modeForm)
	return nil
}

// saveContest saves what was chosen against the version that is stored now.
func (p *Page) saveContest() tea.Cmd {
	f := p.form
	if m := f.contest.merged; !m.Check() {
		return p.takeOver()
	}
	return p.save(f, f.contest.merged)
}

// takeOver goes on typing with what was chosen, on top of what is stored now.
func (p *Page) takeOver() tea.Cmd {
	f := p.form
	m := f.contest.merged
	m.keeping = f.keeping
	if p.kept[f.key] == f {
		p.kept[f.key] = m
	}
	p.form = m
	p.enter(modeForm)
	return tea.Batch(p.askAlike(m), m.keeping.Changed(p.s, p.Key(), m.Unkept().Typed))
}

// notSaved tells why a form wasn't saved: at its fields, or where the choice is
// in front and no field is at fault, below that; and why a contact that is gone
// wasn't brought back.
func (p *Page) notSaved(f *form, err error) tea.Cmd {
	if p.form != f {
		f.Fail(f.placed(err))
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return tea.Batch(p.askOffer(f), p.showAgain()) // reopened, the form meets what is stored
	}
	if p.mode != modeConflict && p.mode != modeGone {
		f.Fail(f.placed(err))
		return p.askOffer(f)
	}
	if p.mode == modeGone || !component.AboutField(err) {
		f.failed = err
		return nil
	}
	cmd := p.takeOver()
	p.form.Fail(p.form.placed(err))
	return tea.Batch(cmd, p.askOffer(p.form))
}

// meet opens the choice where a form that was kept began from other values than
// are stored now. Where nothing that it asks for changed it goes by what is
// stored.
func (p *Page) meet(f *form, now contacts.Detail) tea.Cmd {
	if f.id == 0 || f.version == now.Version || !f.dirty() {
		return nil
	}
	if !component.NewConflict(p.facets(f, now, nil)).Changed() {
		fresh := p.makeForm(f.key, now)
		f.version, f.read, f.before, f.was, f.clean = now.Version, now.Version, now.Contact, fresh.was, fresh.clean
		f.sync(p)
		return nil
	}
	return tea.Batch(p.contest(f, now, nil), p.askChanges(f))
}

// askChanges reads who saved what.
func (p *Page) askChanges(f *form) tea.Cmd {
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		changes, err := p.book.History(ctx, req, f.id, 0, changesAsked)
		return changesRead{f, changes}, err
	})
}

// takeChanges tells who saved what. Without an answer the values stand alone.
func (p *Page) takeChanges(read changesRead, err error) {
	c := read.form.contest
	if c == nil || err != nil {
		return
	}
	c.changes = read.changes
	c.screen.Retell(p.facets(read.form, c.theirs, c.changes))
}

package settings

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// saving saves what a form said when it was asked.
type saving func(ctx context.Context, req core.Request) (core.Receipt, error)

// sheet is what a form of one section is made of. Its fields carry the names
// that the core refuses by; save holds the version that was read.
type sheet struct {
	name      string // of what is edited, empty for a new one
	fields    []component.Field
	values    map[string]string
	variables []string // that texts may name
	note      func(*form) (text string, alarm bool)
	save      func(*form) saving
}

// form makes a point of sale or a document, or edits one.
type form struct {
	*component.Form
	sheet
	node   node
	before map[string]string // the values it was filled with
	busy   bool
	head   int // lines above the fields, as last drawn
}

// saved is the answer to a save. theirs are the settings as somebody else left
// them, where the save was a conflict.
type saved struct {
	core.Receipt
	form   *form
	theirs *venue.Overview
}

// openNew opens the form of something new in the selected section, as it was
// left.
func (p *Page) openNew() tea.Cmd { return p.openForm(node{section: p.selected().section}) }

// openEdit opens the form of what is selected, as it was left.
func (p *Page) openEdit() tea.Cmd { return p.openForm(p.selected()) }

func (p *Page) openForm(n node) tea.Cmd {
	f, kept := p.kept[n]
	if !kept {
		f = p.makeForm(*p.view, n)
	}
	p.back, p.said, p.form = p.mode, said{}, f
	p.enter(modeForm)
	return nil
}

// noteTheirs is the field that says what somebody else saved.
const noteTheirs = "theirs"

func (p *Page) makeForm(o venue.Overview, n node) *form {
	s := p.pointSheet(o, n.id)
	if n.section == sectionDocuments {
		s = p.documentSheet(o, n.id)
	}
	fields := []component.Field{{Name: noteTheirs, Kind: component.FieldNote, Alarm: true, Hidden: true}}
	f := &form{Form: component.NewForm(append(fields, s.fields...)...), sheet: s, node: n}
	f.Fill(s.values)
	f.before = f.Values()
	return f
}

// dirty reports whether something was typed that isn't saved.
func (f *form) dirty() bool {
	for _, field := range f.fields {
		if f.Value(field.Name) != f.before[field.Name] {
			return true
		}
	}
	return false
}

// typed gives a key or a paste to the fields. While they are being saved they
// take nothing: it would be neither saved nor kept.
func (f *form) typed(msg tea.Msg) {
	if !f.busy {
		f.Update(msg)
	}
}

// actions are the form's keys, and those of what it is for.
func (f *form) actions(p *Page) []action.Action {
	busy := ""
	if f.busy {
		busy = p.s.Text.T("settings.saving")
	}
	id, edit := f.node.section.acts()
	if f.node.id != 0 {
		id = edit
	}
	own := []action.Action{p.permitted(action.Action{
		ID: id, Label: "settings.save", Keys: []string{"ctrl+s"}, Typing: true, Disabled: busy, Run: p.saveForm,
	})}
	if !f.busy {
		own = append(own, f.Actions()...)
		if f.Open() {
			return own
		}
	}
	own = append(own, action.Action{Label: "settings.keep", Keys: []string{"esc"}, Typing: true, Run: p.keepForm})
	if f.dirty() {
		own = append(own, action.Action{
			Label: "settings.discard", Keys: []string{"ctrl+x"}, Typing: true, Disabled: busy, Run: p.askDiscard,
		})
	}
	return own
}

// keepForm leaves the form, keeping what was typed for the next time.
func (p *Page) keepForm() tea.Cmd {
	if p.form.dirty() {
		p.kept[p.form.node] = p.form
	} else {
		delete(p.kept, p.form.node)
	}
	p.closeForm()
	p.list()
	return nil
}

// askDiscard asks before typed text is thrown away. The form stays in sight.
func (p *Page) askDiscard() tea.Cmd {
	p.enter(modeDiscard)
	return nil
}

func (p *Page) discardActions() []action.Action {
	return []action.Action{
		p.key("settings.discard", p.discardForm, "X"),
		p.key("settings.discard.leave", p.leaveDiscard, "esc"),
	}
}

func (p *Page) leaveDiscard() tea.Cmd {
	p.enter(modeForm)
	return nil
}

// discardForm forgets what was typed and begins again.
func (p *Page) discardForm() tea.Cmd {
	delete(p.kept, p.form.node)
	p.form = p.makeForm(*p.view, p.form.node)
	p.list()
	p.enter(modeForm)
	return nil
}

func (p *Page) closeForm() {
	p.form = nil
	p.enter(p.back)
}

// saveForm saves, unless a field is refused at once.
func (p *Page) saveForm() tea.Cmd {
	f := p.form
	if !f.Check() {
		return nil
	}
	f.busy = true
	save := f.save(f)
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		receipt, err := save(ctx, req)
		if core.CodeOf(err) != core.CodeConflict {
			return saved{Receipt: receipt, form: f}, err
		}
		theirs, readErr := p.settings.Overview(ctx, req)
		if readErr != nil {
			return saved{form: f}, readErr
		}
		return saved{form: f, theirs: &theirs}, err
	})
}

// takeSaved closes the form of what was saved and shows it, or says in the form
// why it wasn't.
func (p *Page) takeSaved(done saved, err error) tea.Cmd {
	f := done.form
	f.busy = false
	if done.theirs != nil {
		p.conflict(f, *done.theirs)
	}
	if err != nil {
		f.Fail(err)
		if p.form != f {
			p.said = said{text: p.s.Text.Error(err), alarm: true}
			p.list()
		}
		return nil
	}
	delete(p.kept, f.node)
	p.said = said{text: p.s.Text.T("settings.saved", "name", f.Value("name"), "time", p.s.Text.Clock(done.At.In(p.s.Location)))}
	if p.form == f {
		p.closeForm()
		p.tree.Select(node{f.node.section, done.Subject.ID}.row())
	}
	return p.Refresh()
}

// conflict merges what somebody else saved into the form, and says what became
// of each field. The next save is made on top of theirs, knowingly.
func (p *Page) conflict(f *form, theirs venue.Overview) {
	fresh := p.makeForm(theirs, f.node)
	for _, field := range fresh.fields { // what is offered may have grown
		f.Change(field.Name, func(old *component.Field) { old.Options = field.Options })
	}
	var lines []string
	for _, d := range f.Merge(p.look(), f.before, fresh.before) {
		label, key := d.Label, "settings.theirs"
		if d.Heading != "" {
			label += " (" + d.Heading + ")"
		}
		if d.Taken {
			key = "settings.taken"
		}
		lines = append(lines, p.s.Text.T(key, "field", label, "theirs", d.Theirs, "mine", d.Mine))
	}
	f.before, f.sheet = fresh.before, fresh.sheet
	if len(lines) > 0 {
		lines = append(lines, p.s.Text.T("settings.theirs.then"))
	}
	f.Change(noteTheirs, func(field *component.Field) {
		field.Label, field.Hidden = strings.Join(lines, "\n"), len(lines) == 0
	})
}

// formPanes draws the form, beside the tree or what its texts may name where
// there is room.
func (p *Page) formPanes(width, height int) []string {
	k := p.look()
	left, right := panes(width)
	p.formX = 0
	if right == 0 {
		return p.form.render(p, width, height, true)
	}
	p.formX = left + 1
	p.tree.Focused = false
	beside := p.tree.Render(k, left, height)
	if len(p.form.variables) > 0 {
		beside = p.variablesPane(p.form.variables, left, height)
	}
	return k.Beside(beside, p.form.render(p, right, height, false))
}

// render draws the form below its title. alone tells that nothing stands
// beside it.
func (f *form) render(p *Page, width, height int, alone bool) []string {
	k := p.look()
	title := p.s.Text.T("settings.edit", "name", f.name)
	if f.node.id == 0 {
		create, _ := f.node.section.acts()
		title = p.s.Text.T("action." + string(create))
	}
	head := []string{k.Line(width).Gap(1).Text(theme.Strong, title).String()}
	foot := f.foot(k, width)
	if alone && f.inText() {
		foot = append(k.Bar(theme.Muted, p.variableHint(f.variables), width), foot...)
	}
	foot = foot[:min(len(foot), height/3)]
	if height > 14 {
		head = append(head, k.Line(width).String())
		foot = append([]string{k.Line(width).String()}, foot...)
	}
	f.head = len(head)
	return append(append(head, f.Render(k, width, height-len(head)-len(foot))...), foot...)
}

// inText reports whether the field with the keyboard may name variables.
func (f *form) inText() bool {
	_, _, texts := strings.Cut(f.Focused(), ".")
	return texts
}

// foot says what saving will do, or that it is under way, always in sight.
func (f *form) foot(k component.Look, width int) []string {
	text, alarm := f.note(f)
	if f.busy {
		text, alarm = k.Text.T("settings.saving"), false
	}
	token := theme.Accent
	if alarm {
		token = theme.Amber
	}
	return k.Bar(token, text, width)
}

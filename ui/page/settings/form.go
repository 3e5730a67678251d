package settings

import (
	"cmp"
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// saving saves what a form said when it was asked.
type saving func(ctx context.Context, req core.Request) (core.Receipt, error)

// sheet is what a form of one section is made of. Its fields carry the names
// that the core refuses by; save holds the version that was read.
type sheet struct {
	title  string
	fields []component.Field
	values map[string]string
	note   func(*form) (text string, alarm bool)
	save   func(*form) saving

	// The rest may be nil or empty.
	act     core.ActionID                             // in place of the section's own
	does    string                                    // its key in the catalogue, in place of saving
	start   func(*form) tea.Cmd                       // in place of save
	follow  func(*form)                               // what changes with what is typed
	fit     func(f *form, height int)                 // what changes with the room
	confirm func(*form) (question string, asked bool) // before saving
	plan    func(*form) planning                      // in place of save: what it would do is shown first
	keys    func(*form) []action.Action
	hint    func(*form) string // of the field with the keyboard
	beside  func(f *form, width, height int) []string
	saved   string                     // a sentence in place of the name and the time
	after   func(core.Receipt) tea.Cmd // what others must know
}

// form makes a setting, or edits one.
type form struct {
	*component.Form
	sheet
	node    node
	called  string            // its name among the drafts
	before  map[string]string // the values it was filled with
	keeping session.Keeping
	drafted bool     // filled from a draft, which may have begun from other values than are saved over
	contest *contest // with what somebody else saved meanwhile, or nil
	failed  error    // why what was chosen wasn't saved
	busy    bool
	head    int  // lines above the fields, as last drawn
	back    mode // where it returns to
}

// saved is the answer to a save of what stood in from. theirs are the settings as
// somebody else left them, and last is who that was, where the save was a
// conflict.
type saved struct {
	core.Receipt
	form, from *form
	theirs     *reading
	last       venue.Save
}

// openNew opens the form of something new in the selected section, as it was
// left.
func (p *Page) openNew() tea.Cmd { return p.openForm(node{section: p.selected().section}) }

// openEdit opens the form of what is selected, as it was left.
func (p *Page) openEdit() tea.Cmd { return p.openForm(p.selected()) }

func (p *Page) openForm(n node) tea.Cmd {
	f, kept := p.kept[n]
	if !kept {
		f = p.makeForm(p.view, n)
		p.restore(f)
	}
	f.Forgive(core.CodeFull, core.CodeNotEnrolled, core.CodeOwnAddress, core.CodeNoDelivery, core.CodeLastOwner)
	f.back = p.mode
	p.said, p.form = said{}, f
	p.enter(modeForm)
	return p.meet(f)
}

func notes() []component.Field {
	return []component.Field{{Name: noteKept, Kind: component.FieldNote, Hidden: true}}
}

func (p *Page) makeForm(v *reading, n node) *form {
	s := p.parts[n.section].sheet(v, n.id)
	f := &form{Form: component.NewForm(append(notes(), s.fields...)...), sheet: s, node: n, called: p.name(n)}
	f.Fill(s.values)
	f.followed()
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
func (f *form) typed(p *Page, msg tea.Msg) tea.Cmd {
	if f.busy {
		return nil
	}
	f.Update(msg)
	f.followed()
	return p.keepSoon(f)
}

// followed brings up what changes with what was typed.
func (f *form) followed() {
	if f.follow != nil {
		f.follow(f)
	}
}

// fieldKeys are the fields' own keys.
func (f *form) fieldKeys(p *Page) []action.Action {
	all := f.Actions()
	for i, a := range all {
		all[i].Run = func() tea.Cmd {
			cmd := a.Run()
			f.followed()
			return tea.Batch(cmd, p.keepSoon(f))
		}
	}
	return all
}

// actions are the form's keys, and those of what it is for.
func (f *form) actions(p *Page) []action.Action {
	busy := ""
	if f.busy {
		busy = p.s.Text.T("settings.saving")
	}
	of := p.parts[f.node.section]
	id := of.edit
	if f.node.id == 0 && of.list != nil {
		id = of.create
	}
	own := []action.Action{p.permitted(action.Action{
		ID: cmp.Or(f.act, id), Label: cmp.Or(f.does, "settings.save"), Keys: []string{"ctrl+s"}, Typing: true, Disabled: busy, Run: p.saveForm,
	})}
	if !f.busy {
		own = append(own, f.fieldKeys(p)...)
		if f.Open() {
			return own
		}
		if f.keys != nil {
			own = append(own, f.keys(f)...)
		}
	}
	if !f.dirty() {
		return append(own, action.Action{Label: "settings.back", Keys: []string{"esc"}, Typing: true, Run: p.keepForm})
	}
	return append(own,
		action.Action{Label: "settings.keep", Keys: []string{"esc"}, Typing: true, Run: p.keepForm},
		action.Action{Label: "settings.discard", Keys: []string{"ctrl+x"}, Typing: true, Disabled: busy, Run: p.askDiscard})
}

// keepForm leaves the form, keeping what was typed for the next time.
func (p *Page) keepForm() tea.Cmd {
	f := p.form
	delete(p.drafts, f.called)
	if f.dirty() {
		p.kept[f.node] = f
	} else {
		delete(p.kept, f.node)
	}
	p.closeForm()
	p.list()
	return f.keeping.Keep(p.s, p.Key(), f.Unkept())
}

// askDiscard asks before typed text is thrown away. The form stays in sight.
func (p *Page) askDiscard() tea.Cmd {
	return p.pose(ask{
		text: p.s.Text.T("settings.discard.ask"), leave: "settings.discard.leave",
		yes: action.Key("settings.discard", p.discardForm, "X"),
	})
}

// discardForm forgets what was typed and begins again.
func (p *Page) discardForm() tea.Cmd {
	back, forget := p.form.back, p.forget(p.form)
	p.form = p.makeForm(p.view, p.form.node)
	p.form.back = back
	p.list()
	p.enter(modeForm)
	return forget
}

func (p *Page) closeForm() {
	back := p.form.back
	p.form = nil
	p.enter(back)
}

// saveForm saves, unless a field is refused at once, or what it does to others
// is asked first.
func (p *Page) saveForm() tea.Cmd {
	f := p.form
	if !f.Check() {
		return nil
	}
	if f.drafted {
		if cmd := p.meet(f); p.mode == modeConflict {
			return cmd
		}
	}
	if f.confirm != nil {
		if text, asked := f.confirm(f); asked {
			return p.pose(ask{text: text, leave: "settings.discard.leave", yes: action.Key("settings.save", p.confirmed, "S")})
		}
	}
	if f.start != nil {
		return f.start(f)
	}
	return p.startSaving(f, f)
}

// confirmed saves what was asked about.
func (p *Page) confirmed() tea.Cmd {
	p.enter(modeForm)
	return p.startSaving(p.form, p.form)
}

// startSaving saves what stands in from as the setting of f, or works out first
// what that would do.
func (p *Page) startSaving(f, from *form) tea.Cmd {
	if from.plan != nil {
		return p.startPlanning(f, from)
	}
	return p.carryOut(f, from, from.save(from))
}

// carryOut saves what stands in from by save.
func (p *Page) carryOut(f, from *form, save saving) tea.Cmd {
	f.busy, f.failed = true, nil
	meet := p.meeting(f)
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		receipt, err := save(ctx, req)
		if core.CodeOf(err) != core.CodeConflict {
			return saved{Receipt: receipt, form: f, from: from}, err
		}
		return meet(ctx, req, err)
	})
}

// meeting reads what somebody else saved of a form's setting, after a conflict.
func (p *Page) meeting(f *form) func(context.Context, core.Request, error) (saved, error) {
	read := p.reader()
	return func(ctx context.Context, req core.Request, conflict error) (saved, error) {
		theirs, err := read(ctx, req)
		if err != nil {
			return saved{form: f}, err
		}
		last, err := p.lastSave(ctx, req, f.node, &theirs)
		if err != nil {
			return saved{form: f}, err
		}
		return saved{form: f, theirs: &theirs, last: last}, conflict
	}
}

// takeSaved closes the form of what was saved and shows it, or says in the form
// why it wasn't.
func (p *Page) takeSaved(done saved, err error) tea.Cmd {
	f := done.form
	f.busy = false
	if err != nil {
		return p.notSaved(done, err)
	}
	forget := p.forget(f)
	p.said = said{text: f.saved}
	if f.saved == "" {
		clock := p.s.Text.Clock(done.At.In(p.s.Location))
		p.said.text = p.s.Text.T("settings.saved", "name", done.from.Value("name"), "time", clock)
	}
	if p.form == f {
		p.leavePreview()
		p.closeForm()
		p.tree.Select(p.savedAt(f.node, done.Subject).row())
	}
	if f.after == nil {
		return tea.Batch(forget, p.Refresh())
	}
	return tea.Batch(forget, f.after(done.Receipt), p.Refresh())
}

// notSaved shows what somebody else saved beside what was typed, or tells why
// nothing was saved.
func (p *Page) notSaved(done saved, err error) tea.Cmd {
	f := done.form
	switch {
	case p.form == f && done.theirs != nil:
		p.leavePreview()
		p.contest(f, done.theirs, done.last)
	case p.form == f && p.mode == modeConflict:
		return p.conflictRefused(f, err)
	default:
		if done.theirs != nil {
			p.view = done.theirs // reopened, the form meets it
		}
		p.refused(f, err)
	}
	return nil
}

// refused tells in the form why it wasn't saved, and outside of it where it was
// left meanwhile.
func (p *Page) refused(f *form, err error) {
	f.Fail(err)
	if p.form == f {
		p.leavePreview()
		return
	}
	p.said = said{text: p.s.Text.Error(err), alarm: true}
	p.list()
}

// field is one of a form's by its name, with what it does to whom.
func (p *Page) field(name string, kind component.FieldKind) component.Field {
	return component.Field{
		Name: name, Label: p.s.Text.T("settings." + name), Kind: kind, Required: true, Max: core.MaxName,
		Hint: p.s.Text.T("settings." + name + ".hint"),
	}
}

// maxURL lets a whole address be typed or pasted; the core refuses what is too
// long.
const maxURL = 4000

// urlField is a field for a web address.
func (p *Page) urlField(name string) component.Field {
	field := p.field(name, component.FieldText)
	field.Check, field.Max = checkURL, maxURL
	return field
}

// addressField is a field for an email address.
func (p *Page) addressField(name string) component.Field {
	field := p.field(name, component.FieldText)
	field.Check = checkAddress
	return field
}

// checkAddress refuses on leaving the field what saving would refuse.
func checkAddress(typed string) error {
	_, err := core.CanonicalAddress(typed)
	return err
}

func checkURL(typed string) error { return core.CheckURL(strings.TrimSpace(typed)) }

package contacts

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// alikes is what a form knows of the contacts that it may be a second entry of.
type alikes struct {
	about contacts.Likeness // what was asked for last
	asked session.Question  // the newest look for them
	found contacts.Alike
	list  component.List
}

// alikeFound is the answer to who is alike.
type alikeFound struct {
	form *form
	contacts.Alike
}

// likeness is what stands in the form that another contact may have too, empty
// where that is as it is stored.
func (f *form) likeness() contacts.Likeness {
	l := contacts.Likeness{Contact: f.id}
	if key, err := core.CanonicalAddress(f.Value("address")); err == nil && key != f.before.Email.Key {
		l.Address = key
	}
	first, last := f.Value("first-name"), f.Value("last-name")
	if f.id == 0 || first != f.before.FirstName || last != f.before.LastName {
		l.FirstName, l.LastName = first, last
	}
	return l
}

// askAlike looks for who is alike where something else stands in the form than
// was asked for.
func (p *Page) askAlike(f *form) tea.Cmd {
	if f.likeness() == f.alike.about {
		return nil
	}
	return p.askAlikeAgain(f)
}

// askAlikeAgain looks for who is alike by now.
func (p *Page) askAlikeAgain(f *form) tea.Cmd {
	a := &f.alike
	a.about = f.likeness()
	about, stamp := a.about, a.asked.Next()
	if about == (contacts.Likeness{Contact: f.id}) {
		p.takeAlike(alikeFound{form: f}, nil)
		return nil
	}
	return p.s.Do(p.Key(), stamp, func(ctx context.Context, req core.Request) (any, error) {
		found, err := p.book.Alike(ctx, req, about)
		return alikeFound{f, found}, err
	})
}

// takeAlike says beside the address who is alike. Without an answer nothing is
// said: it is a hint.
func (p *Page) takeAlike(found alikeFound, err error) {
	f := found.form
	f.alike.found = found.Alike
	if err != nil {
		f.alike.found = contacts.Alike{}
	}
	f.sync(p)
	p.fillAlike(f)
}

// fillAlike puts who is alike into the list that ctrl+o shows.
func (p *Page) fillAlike(f *form) {
	t, a := p.s.Text, &f.alike
	batch := component.Batch{Total: len(a.found.Rows)}
	for _, r := range a.found.Rows {
		cells := p.row(r.Row).Cells
		var same []string
		if r.SameAddress {
			same = append(same, t.T("contacts.alike.address"))
		}
		if r.SamePerson {
			same = append(same, t.T("contacts.alike.name"))
		}
		batch.Rows = append(batch.Rows, component.Row{ID: r.ID, Status: r.Status, Cells: []component.Cell{
			cells[0], cells[1], {Text: strings.Join(same, ", "), Token: theme.Muted}, cells[3], cells[5],
		}})
	}
	a.list.Marked, a.list.Focused = true, true
	a.list.Columns = p.alikeColumns()
	a.list.Empty = component.State{Title: t.T("contacts.alike.none")}
	a.list.Set(batch)
}

func (p *Page) alikeColumns() []component.Column {
	t := p.s.Text
	return []component.Column{
		{Title: t.T("contacts.column.name"), Width: 12, Grow: 30, Most: 36},
		{Title: t.T("contacts.column.address"), Width: 14, Grow: 40, Most: 44},
		{Title: t.T("contacts.alike.same"), Width: 14, Drop: 1},
		{Title: t.T("contacts.column.city"), Width: 10, Grow: 1, Most: 24, From: 84},
		{Title: t.T("contacts.column.number"), Width: 8, Drop: 2},
	}
}

// alikeHint says how many are alike, and the key that shows them.
func (p *Page) alikeHint(f *form) string {
	t, found := p.s.Text, f.alike.found
	var said []string
	if found.Addresses > 0 {
		said = append(said, t.N("contacts.alike.addresses", found.Addresses))
	}
	if found.People > 0 {
		said = append(said, t.N("contacts.alike.people", found.People))
	}
	if said == nil {
		return ""
	}
	return strings.Join(said, ", ") + "   " + keyAlike + " " + t.T("contacts.alike.look")
}

// keyAlike shows who is alike: it works while a field has the keyboard.
const keyAlike = "ctrl+o"

// alikeAction shows who is alike, if anybody is.
func (p *Page) alikeAction(f *form) (a action.Action, there bool) {
	if f.busy || len(f.alike.found.Rows) == 0 {
		return a, false
	}
	a = action.Key("contacts.alike.look", p.showAlike, keyAlike)
	a.Typing = true
	return a, true
}

func (p *Page) showAlike() tea.Cmd {
	p.form.alike.list.Reset()
	p.fillAlike(p.form)
	p.enter(modeAlike)
	return nil
}

func (p *Page) alikeActions() []action.Action {
	var all []action.Action
	if p.form.alike.list.Len() > 0 {
		all = append(p.form.alike.list.MoveActions(p), action.Key("contacts.open", p.openAlike, "enter", "right"))
	}
	return append(all, action.Key("contacts.form.back", p.backToForm, "esc"))
}

// openAlike shows one of them in full, and keeps what was typed for the next
// time.
func (p *Page) openAlike() tea.Cmd {
	row, ok := p.form.alike.list.Selected()
	if !ok {
		return nil
	}
	p.trail = nil
	p.list.Select(row.ID)
	return tea.Batch(p.setAside(), p.openContact(row.ID))
}

// alikeHead is how many lines stand above the list of who is alike.
const alikeHead = 2

// alikeLines draws who is alike in place of the form.
func (p *Page) alikeLines(width, height int) []string {
	k, a := p.look(), &p.form.alike
	lines := []string{k.FormTitle(p.s.Text.T("contacts.alike.title"), time.Time{}, width), k.Line(width).String()}
	var foot []string
	if a.found.More > 0 {
		foot = k.Bar(theme.Accent, p.s.Text.N("contacts.alike.more", a.found.More), width)
	}
	lines = append(lines, a.list.Render(k, width, height-len(lines)-len(foot))...)
	return append(lines, foot...)
}

// clickedAlike selects one of them, and opens the one that is selected.
func (p *Page) clickedAlike(y int) tea.Cmd {
	if again, hit := p.form.alike.list.Click(y - alikeHead); hit && again {
		return p.openAlike()
	}
	return nil
}

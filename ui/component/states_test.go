package component

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/theme"
)

// States draw the components, each in all its states.
func States() map[string]func(Look, int) []string {
	return map[string]func(Look, int) []string{
		"list": listStates, "fields": fieldStates, "open": openStates, "palette": paletteStates, "dialogs": dialogStates, "lines": lineStates,
		"prompt": promptStates,
	}
}

func TestStatesHaveTheirCells(t *testing.T) {
	t.Parallel()
	for name, draw := range States() {
		for _, width := range []int{40, 61, 200} {
			lines := draw(darkLook(t), width)
			exact(t, name, lines, width, len(lines))
		}
	}
}

// titled puts the name of a state above it.
func titled(k Look, width int, name string, lines []string) []string {
	return append([]string{k.Line(width).Text(theme.Strong, "# "+name).String()}, lines...)
}

func listStates(k Look, width int) (all []string) {
	add := func(name string, l *List, height int) {
		all = append(all, titled(k, width, name, l.Render(k, width, height))...)
	}
	add("loading", &List{}, 3)
	empty := &List{Empty: State{Title: "No contacts yet.", Text: "What is entered or imported stands here.", Key: "n", Do: "new contact"}}
	empty.Set(Batch{})
	add("empty", empty, 7)
	failed := &List{}
	failed.Fail(State{Title: "The contacts could not be read.", Text: "Try again in a moment.", Alarm: true})
	add("error", failed, 6)
	rows := sampleList([]string{"Marie Dupont", "A name that is far too long to stand in any of these columns whole", "山田太郎", ""})
	rows.Select(2)
	add("focused", rows, 6)
	rows.Focused = false
	add("resting", rows, 6)
	rows.Focused, rows.Picks = true, true
	keys(rows, "home", "space", "shift+down")
	add("picked", rows, 6)
	unread := sampleList([]string{"Marie Dupont"})
	unread.Set(Batch{Rows: unread.batch.Rows, Total: 900})
	keys(unread, "down")
	add("not read yet", unread, 4)
	return all
}

// stateForm has a field of every kind.
func stateForm() *Form {
	long := strings.Repeat("a very long text ", 9)
	return NewForm(
		Field{Kind: FieldHeading, Label: "Heading"},
		Field{Name: "empty", Label: "Empty", Placeholder: "placeholder", Hint: "a hint"},
		Field{Name: "text", Label: "Text", Required: true},
		Field{Name: "long", Label: "A label that is too long for it", Hint: long},
		Field{Name: "refused", Label: "Refused"},
		Field{Name: "password", Label: "Password", Kind: FieldPassword},
		Field{Name: "choice", Label: "Choice", Kind: FieldChoice, Placeholder: "choose", Options: []Option{
			{Key: "a", Label: "First", Hint: "its hint"}, {Key: "b", Label: "Second"},
		}},
		Field{Name: "none", Label: "Disabled", Kind: FieldChoice, None: "There is nothing to choose from yet. Settings > Documents."},
		Field{Name: "lookup", Label: "Look-up", Kind: FieldLookup, Marked: true, Placeholder: "type its name"},
		Field{Name: "on", Label: "On", Kind: FieldToggle}, Field{Name: "off", Label: "Off", Kind: FieldToggle, Beside: true, Brief: "Off"},
		Field{Name: "date", Label: "Date", Kind: FieldDate, Hint: "as 3.5.1984"},
		Field{Name: "phone", Label: "Phone", Kind: FieldPhone},
		Field{Name: "lines", Label: "Lines", Kind: FieldLines, Rows: 3},
		Field{Name: "shown", Label: "Shown", Kind: FieldShown},
		Field{Name: "absent", Label: "Absent", Kind: FieldShown},
		Field{Kind: FieldNote, Label: "Saving does this."}, Field{Kind: FieldNote, Alarm: true, Label: "Mind that."},
	)
}

func fieldStates(k Look, width int) (all []string) {
	f := stateForm()
	f.Fill(map[string]string{
		"text": "Dupont", "long": strings.Repeat("long ", 30), "refused": "1", "password": "secret", "choice": "a", "on": "true",
		"date": "1984-05-03", "phone": "+41 79 555 14 07", "lines": "one\ntwo\nthree\nfour", "shown": "C-004821",
	})
	f.Fail(core.Fields{core.RefuseField(core.CodeRequired, "refused"), core.Refuse(core.CodeBusy)})
	f.Resting = true
	all = titled(k, width, "nobody types", f.Render(k, width, 34))
	f.Resting = false
	for _, name := range []string{"empty", "long", "password", "choice", "lookup", "on", "date", "lines"} {
		f.Focus(name)
		all = append(all, titled(k, width, "focus "+name, around(f, f.Render(k, width, 40)))...)
	}
	return all
}

// around are the lines that a field with the keyboard stands on.
func around(f *Form, lines []string) []string {
	_, y, _ := f.Cursor()
	return lines[max(0, y-1):min(len(lines), y+3)]
}

func openStates(k Look, width int) (all []string) {
	add := func(name string, f *Form) { all = append(all, titled(k, width, name, f.Render(k, width, 9))...) }
	f := NewForm(stateForm().entries[6].Field, Field{Name: "next", Label: "Next"})
	keys(f, "enter", "down")
	add("choice", f)
	typed(f, "zz")
	add("nothing matches", f)
	f = NewForm(stateForm().entries[8].Field, Field{Name: "next", Label: "Next"})
	typed(f, "ly")
	f.Asks()
	add("looking", f)
	f.Answer("lookup", "ly", found(), 12, nil)
	add("found", f)
	f.Answer("lookup", "ly", nil, 0, core.Refuse(core.CodeBusy))
	add("not found out", f)
	f = NewForm(Field{Name: "body", Label: "Body", Kind: FieldLines, Rows: 3, Variables: []Option{{Key: "link", Label: "link", Hint: "the link"}, {Key: "name", Label: "name"}}})
	typed(f, "Dear {")
	add("variables", f)
	f = NewForm(Field{Name: "code", Label: "Code", Max: 3})
	typed(f, "1234")
	add("too long", f)
	f.Update(tea.PasteMsg{Content: "56789"})
	add("pasted too much", f)
	return all
}

func paletteStates(k Look, width int) (all []string) {
	p := NewPalette()
	p.Empty = State{Title: "Nothing matches."}
	p.Placeholder = "what to do"
	all = titled(k, width, "nothing", p.Render(k, width, 10))
	p.Note = "Searching…"
	p.Offer([]Entry{
		{ID: "1", Label: "New contact", Keys: []string{"n"}},
		{ID: "2", Label: "Send again", Keys: []string{"a"}, Reason: "This mail is going out right now. Wait a moment."},
		{ID: "3", Label: "Marie Dupont", Aside: "marie.dupont@orange.example", Number: "C-004821", Marked: true, Status: core.EmailNotValidated},
	})
	p.Search.Set("a long text that was typed")
	p.move(2)
	return append(all, titled(k, width, "entries", p.Render(k, width, 12))...)
}

func dialogStates(k Look, width int) (all []string) {
	page := sampleDetail(k, width, "Marie Dupont").Lines(0, 16)
	question := Dialog{Title: "Leave", Text: "What was typed would be lost.", Actions: sampleActions("")}
	all = titled(k, width, "question", question.Over(k, page, width))
	question.Alarm = true
	all = append(all, titled(k, width, "alarm on a low page", question.Over(k, page[:8], width))...)
	var toasts Toasts
	toasts.Add("Leo saved C-004821.", false)
	toasts.Add("The mail server refused a mail, and what it said of that is longer than a narrow line.", true)
	return append(all, titled(k, width, "toasts", toasts.Over(k, page[:8], width))...)
}

func lineStates(k Look, width int) (all []string) {
	tabs := []Tab{{Label: "Contacts"}, {Label: "Not validated", Count: 1234}, {Label: "Outbox"}, {Label: "Settings"}}
	s := Search{Found: 214, Total: 1_204_331}
	s.Placeholder = "name, address, number"
	all = append(titled(k, width, "tabs", []string{Tabs(k, tabs, 0, width), Tabs(k, tabs, 3, width)}), k.Rule(width))
	all = append(all, titled(k, width, "search", []string{s.Render(k, width, true), s.Render(k, width, false)})...)
	s.Set("dupont mar")
	all = append(all, s.Render(k, width, true))
	all = append(all, titled(k, width, "title", []string{k.FormTitle("New contact", time.Date(2026, 11, 22, 19, 43, 0, 0, time.UTC), width)})...)
	d := k.Detail(width).Progress(0, 7).Progress(3, 7).Progress(7, 7).Path("Folder", "/srv/"+strings.Repeat("very/", 40)+"deep").
		Pick(true, core.EmailValidated, "Ana Reis", "relay").Pick(false, core.EmailNone, "Leo Vidal", "relay").
		Signed("State", theme.Green, k.Theme.Signs.Done, "running").Item("Absent", "")
	all = append(all, titled(k, width, "detail", d.Lines(0, d.Len()))...)
	acts := append(sampleActions(""), action.Action{Label: "console.quit", Keys: []string{"ctrl+q"}, Disabled: "Something goes on still: wait for it to end."})
	list := KeyList(k, []action.Group{{Title: "console.keys", Actions: acts}}, width)
	all = append(all, titled(k, width, "keys", list)...)
	return append(all, titled(k, width, "help", []string{HelpLine(k, acts, false, width), HelpLine(k, acts, true, width)})...)
}

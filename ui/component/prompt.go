package component

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/theme"
)

// Prompt asks for what an act needs, in the foot of a page: a sentence behind a
// bar, and a form below it that takes no more lines than it needs. While the act
// is under way the sentence says so, and the form takes nothing: what is typed
// then would belong to nothing.
type Prompt struct {
	*Form
	text   func() string
	fields func() []Field
	busy   func() string

	top int // the form's first line on the page, as last drawn
}

// promptRows is the most that the form of a prompt takes, with an open list or a
// refusal.
const promptRows = 8

// NewPrompt makes a prompt. The sentence and the fields are made anew in each
// language; busy says what is under way, and nothing while nothing is.
func NewPrompt(text func() string, fields func() []Field, busy func() string) *Prompt {
	return &Prompt{Form: NewForm(fields()...), text: text, fields: fields, busy: busy}
}

// Actions are doing it, the form's own keys, what else can be done, and leaving.
// It is done by ctrl+s, and in the last field by enter. While it is under way the
// page is told of nothing else, and an open list has its keys alone.
func (a *Prompt) Actions(do, leave action.Action, more ...action.Action) []action.Action {
	do.Keys, do.Typing = []string{"ctrl+s"}, true
	if busy := a.busy(); busy != "" {
		do.Disabled = cmp.Or(do.Disabled, busy)
		return []action.Action{do}
	}
	if a.Open() {
		return a.Form.Actions()
	}
	if a.beyond(1) < 0 {
		do.Keys = []string{"enter", "ctrl+s"}
	}
	leave.Keys, leave.Typing = []string{"esc"}, true
	all := append([]action.Action{do}, a.Form.Actions()...)
	return append(append(all, more...), leave)
}

// Update is [Form.Update].
func (a *Prompt) Update(msg tea.Msg) (handled bool) { return a.busy() == "" && a.Form.Update(msg) }

// Click is [Form.Click], on a cell of the page.
func (a *Prompt) Click(x, y int) (hit bool) { return a.busy() == "" && a.Form.Click(x, y-a.top) }

// Reword is [Form.Reword], with the fields that the prompt was made of.
func (a *Prompt) Reword() { a.Form.Reword(a.fields()...) }

// Cursor is [Form.Cursor], on the page.
func (a *Prompt) Cursor() (x, y int, shown bool) {
	x, y, shown = a.Form.Cursor()
	return x, y + a.top, shown && a.busy() == ""
}

// Below draws the page, in the lines that the prompt leaves it, and the prompt
// below it.
func (a *Prompt) Below(page func(width, height int) []string, k Look, width, height int) []string {
	head := k.Bar(theme.Accent, cmp.Or(a.busy(), a.text()), width)
	head = head[:min(len(head), max(1, height/3))]
	form := a.Fitted(k, width, max(1, min(promptRows, height-1-len(head))))
	foot := append(head, form...)
	foot = foot[:min(len(foot), max(0, height-1))]
	above := height - len(foot)
	a.top = above + len(head)
	return append(page(width, above), foot...)
}

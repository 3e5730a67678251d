package component

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

// Leave are the ways out of a [Conflict].
type Leave struct {
	Save action.Action // on top of what is stored now
	Edit action.Action // goes on typing with what was chosen
	Back action.Action // to the form, as it was typed
}

// Keys are the conflict's own with the ways out that there are now: while
// something is undecided, enter leads to it, and while it is being saved nothing
// leads on. follow runs after each choice.
func (c *Conflict) Keys(out Leave, follow func() tea.Cmd) []action.Action {
	own := c.Actions(follow)
	switch {
	case c.Undecided() > 0:
		next := action.Action{Label: "component.conflict.decide", Keys: []string{"enter"}, Run: func() tea.Cmd {
			c.ToUndecided()
			return nil
		}}
		return append(own, next, out.Back)
	case c.Busy:
		return append([]action.Action{out.Save}, out.Back)
	}
	return append(append([]action.Action{out.Save}, own...), out.Edit, out.Back)
}

// AboutField reports whether a refusal is about a field, and not about the whole.
func AboutField(err error) bool {
	var fields core.Fields
	var one *core.Error
	return errors.As(err, &fields) || errors.As(err, &one) && one.Field != ""
}

package component

import (
	tea "charm.land/bubbletea/v2"
)

// answer is what was found for what was typed into a look-up.
type answer struct {
	asked   bool   // typed was asked for
	typed   string // what was asked for last
	there   bool   // found is about typed
	found   []Option
	more    int // that match and are not among those found
	failure error
}

// lookUp takes a message in a look-up: it opens by what a choice opens by, and
// when it is closed a deletion empties it.
func (e *entry) lookUp(msg tea.Msg) bool {
	press, isKey := msg.(tea.KeyPressMsg)
	if !e.pick.open {
		if isKey && deletes(press.String()) {
			e.value = ""
			return true
		}
		return e.openLookup(msg)
	}
	if isKey && e.pickKey(press.String()) {
		return true
	}
	before := e.pick.filter.Value()
	handled := e.pick.filter.Update(msg)
	if e.pick.filter.Value() != before {
		e.pick.at = 0
	}
	return handled
}

func deletes(key string) bool { return key == "backspace" || key == "delete" || key == "ctrl+u" }

func (e *entry) openLookup(msg tea.Msg) bool {
	typed := false
	switch msg := msg.(type) {
	case tea.PasteMsg:
		typed = true
	case tea.KeyPressMsg:
		if key := msg.String(); key != "enter" && key != "space" {
			if typed = msg.Text != ""; !typed {
				return false
			}
		}
	default:
		return false
	}
	e.pick = picker{open: true}
	if typed {
		e.pick.filter.Update(msg)
	}
	return true
}

// answered reports whether the rows are about what stands in the field.
func (e *entry) answered() bool {
	return e.pick.answer.there && e.pick.answer.typed == e.pick.filter.Value()
}

// know adds an option whose label is to be shown from now on.
func (e *entry) know(o Option) {
	for i := range e.Options {
		if e.Options[i].Key == o.Key {
			e.Options[i] = o
			return
		}
	}
	e.Options = append(e.Options[:len(e.Options):len(e.Options)], o)
}

// Asks gives what was typed into an open look-up and not asked for yet: the
// page looks for it and hands what it finds to [Form.Answer]. Each typed text
// is told once.
func (f *Form) Asks() (name, typed string, asks bool) {
	if !f.Open() || f.entries[f.at].Kind != FieldLookup {
		return "", "", false
	}
	e := f.entries[f.at]
	a := &e.pick.answer
	if a.asked && a.typed == e.pick.filter.Value() {
		return "", "", false
	}
	a.asked, a.typed, a.there = true, e.pick.filter.Value(), false
	return e.Name, a.typed, true
}

// Answer hands over what was found for what was typed, the best first, and how
// many matched in all, or why nothing could be read. An answer to what stands
// there no more is dropped.
func (f *Form) Answer(name, typed string, found []Option, total int, err error) {
	e := f.entry(name)
	if e == nil || !e.pick.open || !e.pick.answer.asked || e.pick.answer.typed != typed {
		return
	}
	e.pick.answer = answer{
		asked: true, typed: typed, there: err == nil, found: found,
		more: max(0, total-len(found)), failure: err,
	}
	e.pick.at = max(0, min(e.pick.at, len(found)-1))
}

// Know tells a look-up the label of a key it is to be filled with.
func (f *Form) Know(name string, o Option) {
	if e := f.entry(name); e != nil && o.Key != "" {
		e.know(o)
	}
}

package component

// Reword describes the form's fields anew, as in another language: fields are
// those it was made of, in the same order. What was put into them stays, and
// with it the field that has the keyboard, what is hidden, and the options,
// variables and notes that a page added since. Errors are kept as values, so
// they are told in the new language too.
func (f *Form) Reword(fields ...Field) {
	for i, e := range f.entries[:min(len(f.entries), len(fields))] {
		was := e.Field
		e.Field = fields[i]
		e.Hidden = was.Hidden
		if len(e.Options) == 0 {
			e.Options = was.Options
		}
		if len(e.Variables) == 0 {
			e.Variables = was.Variables
		}
		if e.Watch == nil {
			e.Watch = was.Watch
		}
		if e.Kind == FieldNote && e.Label == "" {
			e.Label = was.Label
		}
		e.input.Placeholder, e.editor.Placeholder = e.Placeholder, e.Placeholder
	}
}

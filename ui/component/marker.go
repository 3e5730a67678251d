package component

import (
	"willcall/core"
	"willcall/ui/theme"
)

func markOf(s core.EmailStatus) theme.Mark {
	switch s {
	case core.EmailValidated:
		return theme.MarkGreen
	case core.EmailNotValidated:
		return theme.MarkRed
	case core.EmailNone:
	}
	return theme.MarkNone
}

// StatusWord is the word of an email status, to stand beside its marker.
func (k Look) StatusWord(s core.EmailStatus) string { return k.Text.T("words.status." + s.String()) }

// MarkWord adds the marker of an email status and its word.
func (l *Line) MarkWord(k Look, s core.EmailStatus) *Line {
	_, token := l.theme.Marker(markOf(s))
	return l.Mark(s).Gap(1).Text(token, k.StatusWord(s))
}

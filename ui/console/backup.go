package console

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// Backup is the backup that is being made, by whoever.
type Backup struct {
	Percent int    // that is done, below 0 while nobody can tell
	By      string // who began it, untrusted text
}

// readBackup takes what there is to say of a backup and has the pages take it
// too. It waits for nothing: who makes the backup keeps it in memory.
func (r *Root) readBackup() tea.Cmd {
	if r.cfg.Backup == nil {
		return nil
	}
	r.backup = r.cfg.Backup()
	return r.broadcast(session.BackupMoved{})
}

// backingUp reports whether quitting would break a backup off.
func (r *Root) backingUp() bool { return r.cfg.Backup != nil && r.cfg.Backup() != nil }

func concernsBackup(e core.Event) bool { return e.Subject.Kind == core.KindBackup }

// onlyMoved reports whether events say no more than that a backup has come
// further: nothing was committed, and it isn't over.
func (r *Root) onlyMoved(events []core.Event) bool {
	return r.backingUp() && !slices.ContainsFunc(events, func(e core.Event) bool {
		return !concernsBackup(e) || e.Action != ""
	})
}

// backupNotice says in the header that a backup is being made, to whom it
// concerns.
func (r *Root) backupNotice(k component.Look, form int) (part, bool) {
	if r.backup == nil || !r.s.SignedIn() || !r.s.Allows(core.ActStorageShow) {
		return part{}, false
	}
	said := k.Text.T("console.backup.short")
	switch {
	case form >= roomShort:
	case r.backup.Percent < 0:
		said = k.Text.T("console.backup.begun")
	default:
		said = k.Text.T("console.backup", "percent", strconv.Itoa(r.backup.Percent))
	}
	return part{token: theme.Accent, text: said}, true
}

// quit ends the program, but asks where typed text or a backup would be lost.
func (r *Root) quit() tea.Cmd {
	keep := func() tea.Cmd { return r.keeping("quit", "Q", func() tea.Cmd { return tea.Quit }) }
	switch {
	case r.backingUp():
		return r.ask(question{name: "backup", key: "Q", yes: keep, text: r.breakingOff, stands: r.backingUp})
	case r.unsaved():
		return r.ask(question{name: "quit", key: "Q", yes: func() tea.Cmd {
			if r.backingUp() { // begun while the question stood there
				return r.quit()
			}
			return keep()
		}})
	}
	return keep()
}

// breakingOff says what is lost by quitting while a backup is made.
func (r *Root) breakingOff(t text.Printer) string {
	by := ""
	if now := r.cfg.Backup(); now != nil {
		by = now.By
	}
	said := t.T("console.ask.backup.text", "name", by)
	if r.unsaved() {
		said += " " + t.T("console.ask.quit.text")
	}
	return said
}

// recheck takes a question away whose reason is gone; where there is another
// reason, that is asked instead.
func (r *Root) recheck() tea.Cmd {
	q, asked := r.dialog.(question)
	if !asked || q.stands == nil || q.stands() {
		return nil
	}
	r.dialog = nil
	if r.unsaved() {
		return r.quit()
	}
	return r.uncover()
}

package settings

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// backupAge is how old the last backup may be before the page warns.
const backupAge = 7 * 24 * time.Hour

func (p *Page) storagePart() part {
	return part{
		title: "settings.storage", show: core.ActStorageShow,
		state: func(v *reading) component.Cell { return p.storageState(v.storage) },
		card:  func(card *component.Detail, _ core.ID) { p.storageCard(card) },
		sheet: func(v *reading, _ core.ID) sheet { return p.backupSheet(v.storage) },
		keys:  p.storageKeys,
	}
}

// storageState is the worst that there is to say, in a word.
func (p *Page) storageState(s backup.Status) component.Cell {
	switch {
	case s.Room.Spent:
		return p.worded(theme.Red, "settings.storage.full")
	case s.Room.Low():
		return p.worded(theme.Amber, "settings.storage.low")
	case p.job != nil || s.Running != nil:
		return p.worded(theme.Accent, "settings.storage.running")
	case p.overdue(s.Last):
		return p.worded(theme.Amber, "settings.storage.overdue")
	}
	return p.worded(theme.Green, "settings.storage.well")
}

// overdue reports whether it is time for a backup.
func (p *Page) overdue(last *backup.Made) bool {
	return last == nil || p.s.Now().Sub(last.At) > backupAge
}

// storageKeys make a backup, or cancel the one that is being made.
func (p *Page) storageKeys(core.ID) []action.Action {
	begin := action.Action{ID: core.ActBackup, Keys: []string{"b"}, Run: p.openEdit}
	if !p.backingUp() {
		return []action.Action{p.permitted(begin)}
	}
	begin.Disabled = p.s.Text.T("settings.backup.elsewhere")
	return []action.Action{p.endBackup(p.askCancel), p.permitted(begin)}
}

// endBackup cancels the backup that is made, or asks for that first.
func (p *Page) endBackup(run func() tea.Cmd) action.Action {
	end := action.Action{ID: core.ActBackupCancel, Keys: []string{keyEnd}, Run: run}
	if p.ending || p.job != nil && p.job.cancelled {
		end.Disabled = p.s.Text.T("settings.backup.cancelling")
	}
	if p.job == nil {
		return p.permitted(end)
	}
	// Who began it may end it, whatever the role is by now.
	end.ID, end.Label = "", "action."+string(core.ActBackupCancel)
	return end
}

// keyEnd cancels a backup: what it did so far is thrown away.
const keyEnd = "X"

// storageCard says where the data is, how much room it has, and how it is
// backed up; first what asks for somebody.
func (p *Page) storageCard(card *component.Detail) {
	t, s := p.s.Text, p.view.storage
	card.Title(t.T("settings.storage"), "").Blank()
	p.runningBackup(card, s.Running)
	switch {
	case s.Room.Spent:
		card.Bar(theme.Red, t.T("settings.storage.is-full")).Blank()
	case s.Room.Low():
		card.Bar(theme.Amber, t.T("settings.storage.is-low", "left", t.Bytes(s.Room.Left()))).Blank()
	}
	p.storageItems(card, s)
	card.Section(t.T("settings.backup"))
	p.lastBackup(card, s.Last)
	p.cutOff(card, s.CutOff)
	if p.job == nil && s.Running == nil {
		card.Blank()
		p.offer(card, core.ActBackup, "b")
		p.keptNote(card, node{section: sectionStorage}, "b")
	}
}

func (p *Page) storageItems(card *component.Detail, s backup.Status) {
	t, warn := p.s.Text, p.s.Theme.Signs.Warn
	card.Path(t.T("settings.storage.data"), s.Data)
	size := t.T("settings.storage.size-of", "size", t.Bytes(s.Room.Size), "limit", t.Bytes(s.Room.Limit))
	p.roomItem(card, t.T("settings.storage.size"), size, s.Room.Limit-s.Room.Size+s.Room.Reusable)
	p.roomItem(card, t.T("settings.storage.free"), t.Bytes(s.Room.Free), s.Room.Free)
	switch {
	case s.Room.Spent:
		card.Signed(t.T("settings.storage.reserve"), theme.Red, warn, t.T("settings.storage.reserve-spent"))
	case s.Room.NoReserve:
		card.Signed(t.T("settings.storage.reserve"), theme.Amber, warn, t.T("settings.storage.reserve-none"))
	default:
		card.Item(t.T("settings.storage.reserve"), t.T("settings.storage.reserve-kept"))
	}
	card.Item(t.T("settings.storage.captured"), t.N("settings.storage.mails", s.Captured.Mails, "size", t.Bytes(s.Captured.Bytes)))
	if s.Kept.Copies > 0 {
		card.Item(t.T("settings.storage.kept"), t.N("settings.storage.copies", s.Kept.Copies, "size", t.Bytes(s.Kept.Bytes)))
		card.Bar(theme.Accent, t.T("settings.storage.kept-note"))
	}
}

// roomItem is an item that warns where little is left.
func (p *Page) roomItem(card *component.Detail, label, value string, left int64) {
	if left >= core.LowRoom {
		card.Item(label, value)
		return
	}
	card.Signed(label, theme.Amber, p.s.Theme.Signs.Warn, p.s.Text.T("settings.storage.little", "what", value))
}

// lastBackup tells of the last backup, or that there is none.
func (p *Page) lastBackup(card *component.Detail, last *backup.Made) {
	t := p.s.Text
	if last == nil {
		card.Bar(theme.Amber, t.T("settings.backup.none"))
		return
	}
	ago := t.Ago(p.s.Now().Sub(last.At))
	if p.overdue(last) {
		card.Signed(t.T("settings.backup.last"), theme.Amber, p.s.Theme.Signs.Warn, t.T("settings.backup.old", "ago", ago))
	} else {
		card.Toned(t.T("settings.backup.last"), theme.Green, ago)
	}
	card.Item("", t.T("settings.edition.when", "time", t.Time(last.At.In(p.s.Location)), "name", last.By))
	card.Path(t.T("settings.backup.where"), last.Path)
	card.Item(t.T("settings.backup.size"), t.N("settings.backup.files", last.Files, "size", t.Bytes(last.Bytes)))
	key := "settings.backup.key.without"
	if last.WithKey {
		key = "settings.backup.key.with"
	}
	card.Item(t.T("settings.backup.key"), t.T(key))
	if last.Findings > 0 {
		card.Bar(theme.Red, t.N("settings.backup.damaged", last.Findings))
	}
}

// cutOff tells of a backup whose end nobody knows.
func (p *Page) cutOff(card *component.Detail, try *backup.Try) {
	if try == nil {
		return
	}
	t := p.s.Text
	card.Bar(theme.Amber, t.T("settings.backup.cut-off",
		"time", t.Time(try.At.In(p.s.Location)), "name", try.By, "folder", safetext.CutMiddle(try.Folder, toldPath)))
}

// runningBackup shows how far a backup is: the one made here, or the one made
// elsewhere.
func (p *Page) runningBackup(card *component.Detail, elsewhere *backup.Progress) {
	t := p.s.Text
	switch {
	case p.job != nil && p.job.cancelled || p.job == nil && elsewhere != nil && p.ending:
		card.Bar(theme.Amber, t.T("settings.backup.cancelling")).Blank()
	case p.job != nil:
		card.Bar(theme.Accent, t.T("settings.backup.busy"))
		p.stepOf(card, p.job.progress, p.left(p.job))
		card.Key(keyEnd, t.T("action."+string(core.ActBackupCancel))).Blank()
	case elsewhere != nil:
		at := t.Clock(elsewhere.Begun.In(p.s.Location))
		card.Bar(theme.Accent, t.T("settings.backup.by", "name", elsewhere.By, "time", at))
		p.stepOf(card, *elsewhere, "")
		p.offer(card, core.ActBackupCancel, keyEnd)
		card.Blank()
	}
}

// stepOf shows which step a backup is at, and how far; left is how long it takes
// still, empty where that can't be told.
func (p *Page) stepOf(card *component.Detail, at backup.Progress, left string) {
	t := p.s.Text
	nth, all := t.Number(int(at.Step)+1), t.Number(backup.Steps)
	if at.Step == backup.StepExamine {
		card.Paragraph(theme.Muted, t.T("settings.backup.examining", "nth", nth, "all", all, "entries", t.Number(int(at.Done))))
		return
	}
	card.Progress(at.Done, at.All)
	if left == "" {
		card.Paragraph(theme.Muted, t.T("settings.backup.copying", "nth", nth, "all", all))
		return
	}
	card.Paragraph(theme.Muted, t.T("settings.backup.copying.left", "nth", nth, "all", all, "left", left))
}

// paceFrom is how long a step goes on before its pace tells something.
const paceFrom = 2 * time.Second

// left is how long the present step takes still, once that can be told.
func (p *Page) left(j *job) string {
	at, took := j.progress, j.heard.Sub(j.since)
	if at.Done <= 0 || at.Done >= at.All || took < paceFrom {
		return ""
	}
	each := took.Seconds() / float64(at.Done)
	return p.s.Text.Duration(time.Duration(float64(at.All-at.Done) * each * float64(time.Second)))
}

package console

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// Forms of the header from which on less is said: nothing of captured mail
// beside the warning, and the warning itself shorter.
const (
	roomAlone    = 3
	roomShort    = 4
	roomShortest = tightest
)

// roomRead tells how much space there is.
type roomRead struct{ room core.Room }

// readRoom asks how much space there is, off the update loop: the answer may
// take a look at the disk.
func (r *Root) readRoom() tea.Cmd {
	if r.cfg.Room == nil {
		return nil
	}
	ask := r.cfg.Room
	return func() tea.Msg { return roomRead{ask()} }
}

// reread asks again while nothing can be saved: whoever pressed a key may have
// made room, of which nothing tells before the next save.
func (r *Root) reread() tea.Cmd {
	if r.room == nil || !r.room.Spent {
		return nil
	}
	return r.readRoom()
}

// takeRoom keeps what there is to warn of.
func (r *Root) takeRoom(msg roomRead) {
	r.room = nil
	if msg.room.Low() {
		r.room = &msg.room
	}
}

// concernsRoom reports events after which there may be more or less space.
func concernsRoom(e core.Event) bool { return e.Subject.Kind == core.KindStorage }

// notices says what is special now: little space before a backup before captured
// mail, which is left out first, and how many notices are unread.
func (r *Root) notices(k component.Look, form int) []part {
	var parts []part
	warned := r.room != nil && r.s.SignedIn()
	if warned {
		parts = append(parts, r.roomNotice(k, form))
	}
	if backup, made := r.backupNotice(k, form); made && (!warned || form < roomShortest) {
		backup.gap, warned = gapAfter(parts), true
		parts = append(parts, backup)
	}
	switch {
	case !r.s.Captured || form >= tightest || warned && form >= roomAlone:
	case form >= 2 || warned:
		parts = append(parts, part{token: theme.Amber, text: k.Text.T("console.captured.short"), gap: gapAfter(parts)})
	default:
		parts = append(parts, part{token: theme.Amber, text: k.Text.T("console.captured")})
	}
	if unread, waits := r.unreadNotice(k); waits && (!warned || form < tightest) {
		unread.gap = gapAfter(parts)
		parts = append(parts, unread)
	}
	return slices.Clip(parts)
}

func (r *Root) roomNotice(k component.Look, form int) part {
	if r.room.Spent {
		if form >= roomShort {
			return part{token: theme.Red, text: k.Text.T("console.room.spent.short")}
		}
		helps := "console.room.spent"
		if r.room.Free > r.room.Limit-r.room.Size+r.room.Reusable { // then the limit is what is reached
			helps = "console.room.limit"
		}
		return part{token: theme.Red, text: k.Text.T(helps)}
	}
	switch {
	case form >= roomShortest:
		return part{token: theme.Amber, text: k.Text.T("console.room.low.shortest")}
	case form >= roomShort:
		return part{token: theme.Amber, text: k.Text.T("console.room.low.short")}
	}
	return part{token: theme.Amber, text: k.Text.T("console.room.low", "size", k.Text.Bytes(r.room.Left()))}
}

package console

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/bus"
)

// pumpEvery is the shortest time between two batches of changes.
const pumpEvery = 100 * time.Millisecond

// mailboxSize is how many events wait for a console before it re-reads all.
const mailboxSize = 256

// Changed tells the root what was committed since the last time.
type Changed bus.Batch

// Pump hands committed changes to send until ctx ends or the mailbox is
// closed: at once after a quiet time, and at most once in every pause. pause
// waits that long, or until ctx ends; what happens meanwhile is gathered in
// the mailbox. It blocks, so it is run beside the update loop.
func Pump(ctx context.Context, mailbox *bus.Mailbox, send func(tea.Msg), pause func(context.Context)) {
	for ctx.Err() == nil {
		batch, err := mailbox.Next(ctx)
		if err != nil {
			return
		}
		send(Changed(batch))
		pause(ctx)
	}
}

// pumpPause waits for [pumpEvery].
func pumpPause(ctx context.Context) {
	timer := time.NewTimer(pumpEvery)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// listen opens a mailbox before any page is read, so that nothing is missed in
// between, and gives the command that pumps the institution's changes until the
// session is over. Without a program around the root there is none.
func (r *Root) listen(institution core.ID) tea.Cmd {
	r.Close()
	if r.cfg.Bus == nil || r.send == nil {
		return nil
	}
	ctx, stop := context.WithCancel(r.s.Ctx)
	mailbox, send := r.cfg.Bus.Subscribe(institution, mailboxSize), r.send
	r.hush = func() {
		stop()
		mailbox.Close()
	}
	return func() tea.Msg {
		Pump(ctx, mailbox, send, pumpPause)
		return nil
	}
}

// Close ends live updates. Whoever ran the program calls it once that ended.
func (r *Root) Close() {
	if r.hush != nil {
		r.hush()
		r.hush = nil
	}
}

// change marks every page as stale and refreshes the one in front. Which page
// shows what is known to the pages alone, and reading again is cheap. What
// concerns the session, its places, the mail server, the space or a backup is
// looked into. What the mailbox of another institution still held after a switch
// is dropped (R87), and so is what another operator was told.
func (r *Root) change(batch Changed) tea.Cmd {
	events := slices.DeleteFunc(slices.Clone(batch.Events), func(e core.Event) bool {
		return e.Institution != core.Installation && e.Institution != r.s.Request.Institution || r.foreign(e)
	})
	if !r.s.SignedIn() || len(events) == 0 && !batch.Resync {
		return nil
	}
	if !batch.Resync && r.onlyMoved(events) {
		return r.readBackup()
	}
	cmds := []tea.Cmd{r.refresh()}
	if batch.Resync || slices.ContainsFunc(events, r.concernsSession) {
		cmds = append(cmds, r.check())
	}
	if batch.Resync || slices.ContainsFunc(events, concernsPlaces) {
		cmds = append(cmds, r.readPlaces())
	}
	if batch.Resync || slices.ContainsFunc(events, concernsNotices) {
		cmds = append(cmds, r.readUnread())
	}
	if batch.Resync || slices.ContainsFunc(events, concernsRoom) {
		cmds = append(cmds, r.readRoom())
	}
	if batch.Resync || slices.ContainsFunc(events, concernsBackup) {
		cmds = append(cmds, r.readBackup())
	}
	return tea.Batch(cmds...)
}

// refresh reads the page in front again, and the others when they come there.
func (r *Root) refresh() tea.Cmd {
	for key := range r.pages {
		r.stale[key] = key != r.front
	}
	return r.page().Refresh()
}

// concernsSession reports events after which the session may be over, or have
// another role or another standing of the mail.
func (r *Root) concernsSession(e core.Event) bool {
	switch e.Subject.Kind { //nolint:exhaustive // kinds are open; the others don't concern it
	case core.KindSession:
		return e.Subject.ID == r.s.Request.Session
	case core.KindOperator:
		return e.Subject.ID == r.s.Request.Actor.ID
	}
	return e.Subject.Kind == core.KindMailServer
}

// concernsPlaces reports events after which a place may have another name.
func concernsPlaces(e core.Event) bool {
	return e.Subject.Kind == core.KindInstitution || e.Subject.Kind == core.KindOrganisation
}

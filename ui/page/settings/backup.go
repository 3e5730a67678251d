package settings

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/safetext"
	"willcall/ui/component"
	"willcall/ui/session"
)

// Backups makes backups and tells of them; see [backup.Service].
type Backups interface {
	Make(ctx context.Context, req core.Request, w backup.Wish, tell func(backup.Progress)) (backup.Made, error)
	Status(ctx context.Context, req core.Request) (backup.Status, error)
	Running() *backup.Progress
	Cancel(ctx context.Context, req core.Request) error
}

// job is the backup being made here.
type job struct {
	form      *form // it was asked for in
	cancel    context.CancelFunc
	cancelled bool
	progress  backup.Progress
	heard     time.Time // when the progress was
	since     time.Time // when its step was first heard of
	feed      *feed
}

// feed hands progress from a backup to the update loop: the newest, and at most
// one every [feedEvery].
type feed struct {
	clock core.Clock
	last  time.Time
	next  chan backup.Progress // with room for one
}

const feedEvery = 100 * time.Millisecond

func newFeed(clock core.Clock) *feed { return &feed{clock: clock, next: make(chan backup.Progress, 1)} }

// tell hears of progress, one call at a time. It never waits.
func (f *feed) tell(p backup.Progress) {
	now := f.clock.Effective()
	if p.Done != p.All && now.Sub(f.last) < feedEvery {
		return
	}
	f.last = now
	select {
	case <-f.next: // nobody took it
	default:
	}
	f.next <- p
}

// heard is news of a job.
type heard struct {
	job      *job
	progress backup.Progress
}

// listen waits for news of a job, and for its end.
func (j *job) listen() tea.Msg {
	if p, more := <-j.feed.next; more {
		return heard{j, p}
	}
	return nil
}

// backedUp is the answer to a backup.
type backedUp struct {
	job  *job
	made backup.Made
}

// The fields of the form.
const (
	fieldFolder  = "folder"
	fieldWithKey = "with-key"
	maxPath      = 4096
)

// backupSheet is what the form of a backup is made of.
func (p *Page) backupSheet(s backup.Status) sheet {
	folder, key := p.field(fieldFolder, component.FieldText), p.field(fieldWithKey, component.FieldToggle)
	folder.Max, key.Required = maxPath, false
	return sheet{
		title: p.heading(core.ActBackup), fields: []component.Field{folder, key},
		values: map[string]string{fieldFolder: offered(s)},
		act:    core.ActBackup, does: "action." + string(core.ActBackup),
		note: func(f *form) (string, bool) {
			if f.On(fieldWithKey) {
				return p.s.Text.T("settings.note.backup.with-key"), true
			}
			return p.s.Text.T("settings.note.backup"), false
		},
		start: p.startBackup,
	}
}

// offered is the folder that a backup is put into unless another is typed: the
// last one that was.
func offered(s backup.Status) string {
	if s.Last != nil && s.Last.Folder != "" {
		return s.Last.Folder
	}
	return s.Folder
}

// startBackup begins a backup, and shows how far it is where its section is.
func (p *Page) startBackup(f *form) tea.Cmd {
	if p.job != nil { // since the form was opened
		f.Fail(core.Refuse(core.CodeBusy))
		return nil
	}
	j := &job{form: f, feed: newFeed(p.s.Clock)}
	wish := backup.Wish{Folder: strings.TrimSpace(f.Value(fieldFolder)), WithKey: f.On(fieldWithKey)}
	run, cancel := p.s.Start(p.Key(), func(ctx context.Context, req core.Request) (any, error) {
		defer close(j.feed.next)
		made, err := p.backups.Make(ctx, req, wish, j.feed.tell)
		return backedUp{j, made}, err
	})
	j.cancel = cancel
	delete(p.kept, f.node)
	p.job, p.form, p.said = j, nil, said{}
	p.list()
	p.tree.Select(f.node.row())
	p.enter(modeDetail)
	return tea.Batch(run, j.listen)
}

// hear notes how far the backup is, and listens on.
func (p *Page) hear(news heard) tea.Cmd {
	if news.job != p.job {
		return nil
	}
	j, now := p.job, p.s.Clock.Effective()
	if j.since.IsZero() || j.progress.Step != news.progress.Step {
		j.since = now
	}
	j.progress, j.heard = news.progress, now
	return j.listen
}

// moved takes how far a backup is that is made elsewhere.
func (p *Page) moved() {
	if p.view == nil || !p.s.Allows(core.ActStorageShow) {
		return
	}
	if p.view.storage.Running = p.backups.Running(); p.view.storage.Running == nil {
		p.ending = false
	}
	p.overtaken()
	p.list()
}

// cancelled is the answer to cancelling a backup that is made elsewhere.
type cancelled struct{}

// cancelElsewhere cancels the backup that somebody else makes, or that was begun
// here in a session before.
func (p *Page) cancelElsewhere() tea.Cmd {
	p.answered()
	p.ending = true
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		return cancelled{}, p.backups.Cancel(ctx, req)
	})
}

// takeCancelled says why a backup couldn't be cancelled; that it was is seen
// once it is over.
func (p *Page) takeCancelled(err error) tea.Cmd {
	if err != nil {
		p.ending = false
		p.said = said{text: p.s.Text.Error(err), alarm: true}
	}
	return p.Refresh()
}

// backingUp reports whether a backup is being made, here or elsewhere.
func (p *Page) backingUp() bool {
	return p.job != nil || p.view != nil && p.view.storage.Running != nil
}

// askCancel asks before a backup is cancelled, for as long as there is one.
func (p *Page) askCancel() tea.Cmd {
	cancel := p.cancelElsewhere
	if p.job != nil {
		cancel = p.cancelBackup
	}
	return p.pose(ask{
		text: p.s.Text.T("settings.backup.cancel.ask"), leave: "settings.backup.cancel.leave",
		yes: p.endBackup(cancel), while: p.backingUp,
	})
}

// cancelBackup cancels the backup that is made here.
func (p *Page) cancelBackup() tea.Cmd {
	p.answered()
	if p.job == nil { // it is over
		return nil
	}
	p.job.cancelled = true
	p.job.cancel()
	return nil
}

// takeBackedUp tells what came of the backup: here, and with a toast to who is
// on another page.
func (p *Page) takeBackedUp(done backedUp, err error) tea.Cmd {
	p.job = nil
	p.overtaken()
	p.said = p.cameOf(done, err)
	toast := session.Toast{Text: p.said.text, Alarm: p.said.alarm, Told: p.Key()}
	if err != nil && done.made.Path == "" && !done.job.cancelled {
		p.reopen(done.job.form, err)
	}
	return tea.Batch(session.Say(toast), p.Refresh())
}

// toldPath is how many cells of a path a sentence has.
const toldPath = 100

func (p *Page) cameOf(done backedUp, err error) said {
	t := p.s.Text
	path := safetext.CutMiddle(done.made.Path, toldPath)
	switch {
	case done.made.Path != "" && err != nil:
		return said{text: t.T("settings.backup.unrecorded", "path", path, "error", t.Error(err)), alarm: true}
	case done.made.Findings > 0:
		return said{text: t.N("settings.backup.findings", done.made.Findings, "path", path), alarm: true}
	case done.made.Path != "":
		clock := t.Clock(p.s.Now())
		size := t.Bytes(done.made.Bytes)
		return said{
			text:  t.T("settings.backup.made", "path", path, "time", clock, "size", size),
			short: t.T("settings.backup.made.short", "time", clock, "size", size),
		}
	case done.job.cancelled || errors.Is(err, context.Canceled):
		return said{text: t.T("settings.backup.cancelled")}
	}
	return said{text: t.T("settings.backup.failed", "error", t.Error(err)), alarm: true}
}

// reopen shows the form of a backup again with why it failed, where the person
// still looks on; else the form is kept, and the section says why.
func (p *Page) reopen(f *form, err error) {
	f.Fail(err)
	if p.mode == modeDetail && p.selected() == f.node && fieldOf(err) == fieldFolder {
		p.form = f
		p.enter(modeForm)
		return
	}
	if f.dirty() {
		p.kept[f.node] = f
		p.list()
	}
}

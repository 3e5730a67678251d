// Package settings is the console's page of settings: a tree of what can be set
// on the left, what is selected in it, or its form, on the right.
package settings

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mode is what has the page, and with it the keyboard.
type mode uint8

const (
	modeTree     mode = iota // the tree beside or without what is selected
	modeDetail               // what is selected, in full width
	modeForm                 // a setting being written
	modePreview              // the mail that a form's text makes, in full width
	modeEditions             // a document's editions
	modeEdition              // the text of one of them, in full width
	modeAsk                  // a question, in the foot
	modePrompt               // where to send a mail that tries something, in the foot
	modeTrial                // what came of a test mail
	modeConflict             // the choice between a form and what somebody else saved
)

// Page implements [session.Page].
type Page struct {
	s        *session.Session
	settings *venue.Service
	servers  *mail.Servers
	setup    *setup.Service
	backups  Backups
	people   *operators.Service
	parts    map[section]part

	mode   mode
	opened uint64

	tree  component.List
	view  *reading // nil before it is read
	asked session.Question

	form     *form                   // in front, where there is one
	kept     map[node]*form          // forms left by esc; id 0 is the new one's
	drafts   map[string]drafts.Draft // kept before this page was made
	ask      ask
	prompt   *prompt
	trial    *trial
	job      *job // the backup being made here, nil for none
	ending   bool // one made elsewhere was asked to end
	editions editions
	busy     bool // what the selected node's key does is under way
	said     said // what the last act here did

	scroll component.Scroll // of what fills the page
	formX  int              // cells left of the form, as last drawn
}

// reading is everything that the page shows, as it was read.
type reading struct {
	venue.Overview
	server  mail.ServerView
	storage backup.Status
	places  []venue.Place
	staff   operators.Staff
}

// said is what the last act here did, told in place.
type said struct {
	text  string
	short string // in its place where there is little room; may be empty
	alarm bool
}

// New makes the page.
func New(
	s *session.Session, settings *venue.Service, servers *mail.Servers, setup *setup.Service, backups Backups, people *operators.Service,
) *Page {
	p := &Page{
		s: s, settings: settings, servers: servers, setup: setup, backups: backups, people: people,
		kept: map[node]*form{}, drafts: map[string]drafts.Draft{},
	}
	p.parts = p.sections()
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageSettings }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Asking implements [session.Asker].
func (p *Page) Asking() bool { return p.mode == modeAsk }

// Typing implements [session.Page].
func (p *Page) Typing() bool { return p.mode == modeForm || p.mode == modePrompt }

// Unsaved implements [session.Page]: forms kept by esc count too, where their
// drafts aren't kept.
func (p *Page) Unsaved() bool {
	return slices.ContainsFunc(p.forms(), func(f *form) bool {
		return f.dirty() && (p.s.Drafts == nil || !f.keepable() || f.keeping.Err != nil || f.Secret())
	})
}

// Open implements [session.Page]; ref may be what has a place in the tree.
func (p *Page) Open(ref core.Ref) tea.Cmd {
	p.said = said{} // it was read, here or as a toast
	if n, ok := nodeOf(ref); ok {
		p.tree.Select(n.row())
		if p.form == nil && p.mode != modeAsk && p.mode != modePrompt {
			p.enter(modeDetail)
		}
	}
	return tea.Batch(p.Refresh(), p.s.ReadDrafts(p.Key()))
}

// Refresh implements [session.Page].
func (p *Page) Refresh() tea.Cmd {
	read := p.reader()
	return p.s.Do(p.Key(), p.asked.Next(), func(ctx context.Context, req core.Request) (any, error) {
		return read(ctx, req)
	})
}

// reader reads what the role may see, off the update loop.
func (p *Page) reader() func(ctx context.Context, req core.Request) (reading, error) {
	institutions, server, storage := p.s.Institutions, p.s.Allows(core.ActMailServerShow), p.s.Allows(core.ActStorageShow)
	staff := p.s.Allows(core.ActOperatorList)
	return func(ctx context.Context, req core.Request) (v reading, err error) {
		if v.Overview, err = p.settings.Overview(ctx, req); err != nil {
			return v, err
		}
		if server {
			if v.server, err = p.servers.Show(ctx, req); err != nil {
				return v, err
			}
		}
		if storage {
			if v.storage, err = p.backups.Status(ctx, req); err != nil {
				return v, err
			}
		}
		if staff {
			if v.staff, err = p.people.Staff(ctx, req); err != nil {
				return v, err
			}
		}
		v.places, err = p.settings.Places(ctx, req, institutions)
		return v, err
	}
}

// Update implements [session.Page].
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case heard:
		return p.hear(msg)
	case session.BackupMoved:
		p.moved()
	case session.DraftPaused:
		return session.KeepPaused(p.s, p.Key(), msg, p.forms())
	case session.Click:
		return p.clicked(msg)
	case session.Wheel:
		return p.wheeled(msg)
	case tea.KeyPressMsg, tea.PasteMsg:
		return p.typed(msg)
	}
	return nil
}

// typed gives what no action took to whatever has the keyboard.
func (p *Page) typed(msg tea.Msg) tea.Cmd {
	switch p.mode {
	case modeTree:
		if p.tree.Update(msg) {
			p.said = said{}
			return p.readEditions()
		}
	case modeDetail, modePreview, modeEdition, modeTrial:
		p.scroll.Update(msg)
	case modeEditions:
		p.editions.list.Update(msg)
	case modeForm:
		return p.form.typed(p, msg)
	case modePrompt:
		p.prompt.Update(msg)
	case modeConflict:
		p.form.contest.screen.Update(msg)
	case modeAsk:
		if p.ask.card != nil {
			p.scroll.Update(msg)
		}
	}
	return nil
}

// result sorts answers by what was asked.
func (p *Page) result(msg session.Result) tea.Cmd {
	switch value := msg.Value.(type) {
	case reading:
		if msg.Stamp == p.asked.Stamp {
			return p.take(value, msg.Err)
		}
	case switched:
		return p.takeSwitched(value, msg.Err)
	case session.DraftsRead:
		return p.takeDrafts(value, msg.Err)
	case lastRead:
		p.takeLast(value, msg.Err)
	case session.Kept:
		p.takeKept(value, msg.Err)
	case saved:
		return p.takeSaved(value, msg.Err)
	case planned:
		return p.takePlanned(value, msg.Err)
	case acted:
		return p.takeActed(value, msg.Err)
	case editionsRead:
		p.takeEditions(value, msg.Err)
	case sampled:
		p.takeSampled(value, msg.Err)
	case tried:
		p.takeTried(value, msg.Err)
	case backedUp:
		return p.takeBackedUp(value, msg.Err)
	case cancelled:
		return p.takeCancelled(msg.Err)
	case removed:
		return p.takeRemoved(msg.Err)
	}
	return nil
}

// take shows the settings as they were read.
func (p *Page) take(v reading, err error) tea.Cmd {
	if err != nil {
		p.tree.Fail(component.State{Title: p.s.Text.T("settings.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	p.view = &v
	p.ending = p.ending && v.storage.Running != nil
	p.list()
	return p.readEditions()
}

// list puts the settings as they were read, and where drafts are kept, in the
// tree.
func (p *Page) list() {
	drafts := p.anyDraft()
	rows := p.rows(p.view, drafts)
	p.tree.Columns = p.columns(drafts)
	p.tree.Set(component.Batch{Rows: rows, Total: len(rows)})
}

// enter changes what has the page; keys typed before it is drawn don't count.
func (p *Page) enter(m mode) {
	p.mode = m
	p.scroll.Top()
	if m != modeTree {
		p.opened++
	}
}

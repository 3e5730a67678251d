// Package contacts is the console's first page: find a contact as you type, see
// whether its address is validated, send a validation mail, make and edit
// contacts.
package contacts

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mode is what has the page, and with it the keyboard.
type mode uint8

const (
	modeSearch   mode = iota // the search field
	modeList                 // the list beside or without the detail
	modeDetail               // one contact in full width
	modeForm                 // a new contact, or an edit
	modeSend                 // the line that asks before a mail is sent
	modeDiscard              // the line that asks before a form is emptied
	modeRemove               // the line that asks before a contact is removed
	modeHistory              // what happened to one contact
	modeConflict             // the choice between a form and what somebody else saved
	modeGone                 // the form of a contact that was removed meanwhile
	modeAlike                // the contacts that a form may be a second entry of
)

// Page implements [session.Page].
type Page struct {
	s       *session.Session
	book    *contacts.Service
	reading *mail.Reading

	mode   mode
	back   mode // where a line that asks, a form and the history return to
	opened uint64

	search component.Search
	list   component.List
	found  session.Question // the newest search
	shown  session.Question // the newest detail

	detail  *shown           // what is shown of a contact; nil before one is read
	wanted  core.ID          // the contact it is to be; 0 for none
	failure error            // why the wanted one isn't shown
	scroll  component.Scroll // within the detail in full width
	trail   []core.ID        // the contacts that one in full width was opened from
	picked  int              // the related contact selected there, from 1
	reveal  bool             // it is to be scrolled to

	send        sendLine
	remove      removal
	removed     *contacts.Removed // the newest removal, while it can be undone
	returned    contacts.Removed  // who came back and isn't selected yet; ID 0 for nobody
	history     history
	told        session.Question        // the newest look into a history
	form        *form                   // in front, where mode is modeForm
	kept        map[key]*form           // forms left by esc
	drafts      map[string]drafts.Draft // kept before this page was made
	said        said                    // what the last act here did
	copying     component.Copies
	searchWidth int // cells of the search line, as last drawn
	stage       int // where what has the page began, as last drawn
}

// New makes the page.
func New(s *session.Session, book *contacts.Service, reading *mail.Reading) *Page {
	p := &Page{s: s, book: book, reading: reading, kept: map[key]*form{}, drafts: map[string]drafts.Draft{}}
	p.search.Found, p.search.Total = -1, -1
	p.list.Marked = true
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageContacts }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Open implements [session.Page]; ref may be a contact.
func (p *Page) Open(ref core.Ref) tea.Cmd {
	p.said = said{}
	if ref.Kind == core.KindContact {
		p.list.Select(ref.ID)
		p.trail = nil
		return tea.Batch(p.setAside(), p.find(), p.openContact(ref.ID), p.s.ReadDrafts(p.Key()))
	}
	return tea.Batch(p.find(), p.s.ReadDrafts(p.Key()))
}

// Refresh implements [session.Page].
func (p *Page) Refresh() tea.Cmd {
	var offer, alike tea.Cmd
	if p.form != nil {
		offer, alike = p.askOffer(p.form), p.askAlikeAgain(p.form)
	}
	return tea.Batch(p.find(), p.showAgain(), p.refreshHistory(), offer, alike)
}

// enter changes what has the page; keys typed before it is drawn don't count.
func (p *Page) enter(m mode) {
	p.mode, p.said = m, said{}
	if m != modeSearch && m != modeList {
		p.opened++
	}
}

// Typing implements [session.Page].
func (p *Page) Typing() bool { return p.mode == modeSearch || p.mode == modeForm }

// Blank implements [session.Blank].
func (p *Page) Blank() bool { return p.mode == modeSearch && p.search.Value() == "" }

// Asking implements [session.Asker].
func (p *Page) Asking() bool {
	return p.mode == modeSend || p.mode == modeDiscard || p.mode == modeRemove
}

// Unsaved implements [session.Page]: forms kept by esc count too, where their
// drafts aren't kept.
func (p *Page) Unsaved() bool {
	return slices.ContainsFunc(p.forms(), func(f *form) bool {
		return f.dirty() && (p.s.Drafts == nil || f.keeping.Err != nil)
	})
}

// Update implements [session.Page].
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
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
	case modeSearch:
		return p.searched(msg)
	case modeForm:
		return p.form.typed(p, msg)
	case modeList:
		if p.list.Update(msg) {
			return p.moved()
		}
	case modeDetail:
		p.scroll.Update(msg)
	case modeHistory:
		return p.scrolled(msg)
	case modeConflict:
		p.form.contest.screen.Update(msg)
	case modeGone:
		p.scroll.Update(msg)
	case modeAlike:
		p.form.alike.list.Update(msg)
	case modeSend, modeDiscard, modeRemove:
	}
	return nil
}

// searched types into the search field and looks for what stands there.
func (p *Page) searched(msg tea.Msg) tea.Cmd {
	before := p.search.Value()
	p.search.Update(msg)
	if p.search.Value() == before {
		return nil
	}
	p.list.Reset()
	p.returned = contacts.Removed{}
	return p.find()
}

// find asks for the rows the list wants.
func (p *Page) find() tea.Cmd {
	first, count, _ := p.list.Want()
	query := contacts.Query{Text: p.search.Value(), Offset: first, Limit: count}
	return p.s.Do(p.Key(), p.found.Next(), func(ctx context.Context, req core.Request) (any, error) {
		found, err := p.book.Find(ctx, req, query)
		return hits{found, first}, err
	})
}

// hits are the answer to a search, from a place on.
type hits struct {
	contacts.Found
	first int
}

// moved follows the selection: more rows where needed, and its detail.
func (p *Page) moved() tea.Cmd {
	p.said, p.returned = said{}, contacts.Removed{}
	var more tea.Cmd
	if _, _, missing := p.list.Want(); missing {
		more = p.find()
	}
	return tea.Batch(more, p.showSelected())
}

// following reports whether the detail is that of the list's selection, and
// not a contact of its own in full width.
func (p *Page) following() bool {
	m := p.mode
	switch m {
	case modeForm, modeSend, modeDiscard, modeRemove, modeHistory, modeConflict, modeGone, modeAlike:
		m = p.back
	case modeSearch, modeList, modeDetail:
	}
	return m != modeDetail
}

// showSelected reads the selected contact, unless it is the one shown.
func (p *Page) showSelected() tea.Cmd {
	if !p.following() {
		return nil
	}
	row, ok := p.list.Selected()
	if !ok {
		p.detail, p.wanted = nil, 0
		return nil
	}
	if p.wanted == row.ID {
		return nil
	}
	if !p.said.lasting {
		p.said = said{} // it was about another contact
	}
	p.scroll.Top()
	return p.show(row.ID)
}

// showAgain reads the detail again, wherever it came from.
func (p *Page) showAgain() tea.Cmd {
	if p.wanted == 0 {
		return nil
	}
	return p.show(p.wanted)
}

// show reads one contact with the state of its newest mail. Until the answer
// is there the one before stays on the screen, and nothing acts on it.
func (p *Page) show(id core.ID) tea.Cmd {
	p.wanted = id
	return p.s.Do(p.Key(), p.shown.Next(), func(ctx context.Context, req core.Request) (any, error) {
		d, err := p.book.Show(ctx, req, id)
		if err != nil || !d.Mailed {
			return shown{Detail: d}, err
		}
		entry, err := p.reading.Outcome(ctx, req, d.Last.Mail)
		return shown{d, entry}, err
	})
}

// current is the contact that keys act on, or nil while it isn't read.
func (p *Page) current() *shown {
	if p.detail == nil || p.detail.ID != p.wanted {
		return nil
	}
	return p.detail
}

// shown is a contact with its newest mail.
type shown struct {
	contacts.Detail
	mail mail.Entry
}

// result sorts answers by what was asked.
func (p *Page) result(msg session.Result) tea.Cmd {
	switch value := msg.Value.(type) {
	case hits:
		if msg.Stamp == p.found.Stamp {
			return p.take(value, msg.Err)
		}
	case shown:
		if msg.Stamp == p.shown.Stamp {
			p.takeDetail(value, msg.Err)
		}
	case offered:
		p.takeOffer(value, msg.Err)
		return p.reweigh(value.form)
	case alikeFound:
		if msg.Stamp == value.form.alike.asked.Stamp {
			p.takeAlike(value, msg.Err)
		}
	case changesRead:
		p.takeChanges(value, msg.Err)
	case sent:
		return p.takeSent(value, msg.Err)
	case saved:
		return p.takeSaved(value, msg.Err)
	case places:
		p.takeStructures(value, msg.Err)
	case session.DraftsRead:
		return p.takeDrafts(value, msg.Err)
	case session.Kept:
		p.takeKept(value, msg.Err)
	case placed:
		p.takePlaced(value, msg.Err)
	case gone:
		return p.takeRemoved(value, msg.Err)
	case restored:
		return p.takeRestored(value, msg.Err)
	case told:
		if msg.Stamp == p.told.Stamp {
			p.takeHistory(value, msg.Err)
		}
	}
	return nil
}

// take puts found rows into the list.
func (p *Page) take(h hits, err error) tea.Cmd {
	if err != nil {
		p.list.Fail(component.State{Title: p.s.Text.T("contacts.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	batch := component.Batch{First: h.first, Total: h.Matches, Rows: make([]component.Row, 0, len(h.Rows))}
	for _, r := range h.Rows {
		batch.Rows = append(batch.Rows, p.row(r))
	}
	p.list.Empty = p.empty(h.Total)
	p.list.Set(batch)
	p.search.Found, p.search.Total = h.Matches, h.Total
	if h.Total == 0 && p.mode == modeSearch && p.search.Value() == "" {
		p.enter(modeList) // nothing to search: n is to work at once
	}
	if again := p.seekReturned(); again != nil {
		return again
	}
	return p.showSelected()
}

// takeDetail shows a contact that was read.
func (p *Page) takeDetail(d shown, err error) {
	if err != nil {
		p.detail, p.wanted, p.failure = nil, 0, err
		if p.following() { // else it stands in the card's place
			p.said = said{text: p.s.Text.Error(err), alarm: true}
		}
		return
	}
	p.failure = nil
	if p.picked > len(d.related()) {
		p.picked = 0
	}
	if p.detail != nil && p.detail.ID == d.ID && p.detail.Email.Status != d.Email.Status && d.Email.Status == core.EmailValidated {
		p.said = said{} // the contact itself says it now
	}
	p.detail = &d
}

// empty says why there are no rows and what makes the first one.
func (p *Page) empty(total int) component.State {
	t := p.s.Text
	if total > 0 {
		return component.State{Title: t.T("contacts.no-match"), Text: t.T("contacts.no-match.text")}
	}
	return component.State{
		Title: t.T("contacts.empty"), Text: t.T("contacts.empty.text"), Key: "n", Do: t.T("action.contacts.create"),
	}
}

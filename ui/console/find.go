package console

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/session"
)

// Contact is one that was found for the palette. Its texts are untrusted.
type Contact struct {
	ID      core.ID
	Number  string // as people write it
	Name    string
	Address string
	Status  core.EmailStatus
}

const (
	contactsMost  = 5 // contacts that the palette shows
	contactsLeast = 2 // letters from which it looks for them
)

// search is what the palette knows of the contacts that match what is typed.
type search struct {
	asked   string // the text that was looked for last
	stamp   uint64 // of the newest search
	waiting bool   // for its answer
	stop    context.CancelFunc
	found   []Contact
	failure error
}

// sought is the answer to a search.
type sought struct {
	by    *palette
	stamp uint64
	found []Contact
	err   error
}

// finds reports whether contacts can be looked for.
func (p *palette) finds() bool {
	r := p.root
	return r.cfg.Find != nil && r.s.SignedIn() && r.s.Allows(core.ActContactsList) && r.cfg.Pages[session.PageContacts] != nil
}

// seek looks for contacts, off the update loop, once something else is typed
// than was looked for last.
func (p *palette) seek() tea.Cmd {
	typed, c := strings.TrimSpace(p.box.Value()), &p.contacts
	if typed == c.asked || !p.finds() {
		return nil
	}
	if c.stop != nil {
		c.stop()
	}
	*c = search{asked: typed, stamp: c.stamp + 1}
	if utf8.RuneCountInString(typed) < contactsLeast && !numbered(typed) {
		return nil
	}
	ctx, stop := context.WithTimeout(p.root.s.Ctx, session.Timeout)
	c.waiting, c.stop = true, stop
	req, stamp, ask := p.root.s.Request, c.stamp, p.root.cfg.Find
	return func() tea.Msg {
		defer stop()
		found, err := ask(ctx, req, typed, contactsMost)
		return sought{by: p, stamp: stamp, found: found, err: err}
	}
}

// takeSought keeps the answer to the newest search of the palette in front.
func (r *Root) takeSought(msg sought) tea.Cmd {
	p := msg.by
	if r.dialog != p || p.contacts.stamp != msg.stamp {
		return nil
	}
	if cmd, taken := r.barred(msg.err); taken {
		return cmd
	}
	p.contacts.waiting, p.contacts.failure = false, msg.err
	p.contacts.found = msg.found[:min(len(msg.found), contactsMost)]
	return nil
}

// contactEntries lists the contacts found.
func (p *palette) contactEntries() []component.Entry {
	if !p.finds() {
		return nil
	}
	entries := make([]component.Entry, len(p.contacts.found))
	for i, c := range p.contacts.found {
		entries[i] = component.Entry{
			ID: c.entry(), Label: c.Name, Aside: c.Address, Number: c.Number, Marked: true, Status: c.Status,
		}
	}
	return entries
}

// entry is the name of the contact's entry. No action's begins with a digit.
func (c Contact) entry() string { return strconv.FormatUint(uint64(c.ID), 10) }

// contact is the contact of an entry.
func (s search) contact(entry string) (c Contact, ok bool) {
	for _, c := range s.found {
		if c.entry() == entry {
			return c, true
		}
	}
	return Contact{}, false
}

// numbered reports whether what is typed is clearly a contact's number.
func numbered(typed string) bool {
	digits := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(typed)), "c-")
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

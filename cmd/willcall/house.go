package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/backup"
	"willcall/core/bus"
	"willcall/core/contacts"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/secret"
	"willcall/core/setup"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/mailer"
	"willcall/mailer/capture"
	"willcall/storage"
	"willcall/ui/portal"
	"willcall/ui/text"
)

// house is everything that runs on one data folder. Its parts are wired by
// openHouse, started by start and ended by close in the reverse order.
type house struct {
	dir     string
	store   *storage.Store
	clock   *core.MarkedClock
	keys    *secret.Keys
	desk    *core.Desk
	bus     *bus.Bus
	words   *text.Catalogue
	mailbox *capture.Log
	hasher  *operators.Hasher
	random  io.Reader
	log     *slog.Logger
	proxies []netip.Prefix
	device  device
	noMouse bool   // of the console
	home    string // of who sits at the console, where files of their own go; empty for none
	met     damageNotes

	setup     *setup.Service
	operators *operators.Service
	venue     *venue.Service
	contacts  *contacts.Service
	reading   *mail.Reading
	office    *mail.Office
	servers   *mail.Servers
	links     *validation.Links
	backup    *backup.Service
	drafts    *drafts.Service
	notices   *activity.Notices

	ends []func() error // what start and openHouse opened, newest last
}

// options of a house.
type options struct {
	dir     string
	wall    core.Wall
	random  io.Reader
	cost    operators.Cost // of a password
	codes   operators.Cost // of a recovery code; zero for the usual one
	floor   operators.Floor
	storage storage.Options
	log     *slog.Logger
	words   *text.Catalogue // nil for the one built in
	proxies []netip.Prefix
	// state is the folder where this computer's user keeps what a program knows
	// of the computer; empty for a house without a console.
	state string
}

// openHouse opens the data folder and wires the services. Nothing listens yet.
func openHouse(ctx context.Context, o options) (h *house, err error) {
	h = &house{
		dir: o.dir, log: o.log, words: o.words, random: o.random, proxies: o.proxies,
		device: localDevice(o.state, o.random), bus: bus.New(), hasher: operators.NewHasher(o.cost),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.words == nil {
		if h.words, err = text.Load(); err != nil {
			return h, err
		}
	}
	if err := h.openStores(ctx, o); err != nil {
		return h, err
	}
	h.desk = h.newDesk(h.clock)
	h.setup = setup.NewService(h.desk, h.store, h.hasher, h.random, h.names)
	h.venue = venue.NewService(h.desk, activity.Journal{})
	h.contacts = h.newContacts(h.desk)
	h.reading = mail.NewReading(h.desk, h.mailbox, texts{h.words}, venue.Fill, h.remakable)
	h.office = mail.NewOffice(h.desk, mail.NewOutbox(h.keys), h.remake)
	h.servers = mail.NewServers(h.desk, h.keys, mailer.RelayDoor{}, texts{h.words})
	h.links = validation.NewLinks(h.desk, contacts.Book{}, h.keys)
	h.drafts = drafts.NewService(h.desk, h.keys)
	h.notices = activity.NewNotices(h.desk)
	h.backup = backup.NewService(h.desk, copier{h})
	h.atEnd(h.backup.Close)
	unwatch := h.backup.Watch(h.backupMoved)
	h.atEnd(func() error { unwatch(); return nil })
	h.operators, err = operators.NewService(operators.Config{
		Desk: h.desk, Hasher: h.hasher, Keys: h.keys, Random: h.random, Floor: o.floor, Issuer: "willcall", Recovery: o.codes,
	})
	return h, err
}

// remake makes a mail anew with a fresh secret, for the outbox.
func (h *house) remake(act *core.Act, e mail.Entry) (core.ID, error) {
	return h.contacts.Remake(act, e.Mail.Subject, e.Document)
}

// remakable says why remake would refuse, for the outbox.
func (h *house) remakable(v core.View, req core.Request, e mail.Entry, now time.Time) (time.Time, error) {
	return h.contacts.Remakable(v, req, e.Mail.Subject, e.Document, now)
}

// newDesk makes a desk on the house's store with a clock.
func (h *house) newDesk(clock core.Clock) *core.Desk { return core.NewDesk(h.deskConfig(clock)) }

func (h *house) deskConfig(clock core.Clock) core.DeskConfig {
	return core.DeskConfig{
		Store: h.store, Clock: clock, Random: h.random, Actions: core.Actions(),
		Standings: operators.Standings{Clock: clock, Captured: mail.CapturedOnly}, Journal: activity.Journal{},
		Outbox: mail.NewOutbox(h.keys), Captured: mail.CapturedOnly, Inbox: activity.Inbox{}, Room: h.store.Room, Damaged: h.met.in(h.log, clock.Effective),
		Jumped: h.jumped,
	}
}

// jumped notes a jump of the computer's clock, and tells owners.
func (h *house) jumped(act *core.Act, jump core.Jump) error {
	h.log.Warn("the computer's clock jumped", "by", time.Duration(jump))
	return operators.TellJump(act, jump)
}

// newContacts makes the contacts' use cases at a desk.
func (h *house) newContacts(desk *core.Desk) *contacts.Service {
	return contacts.NewService(desk, contacts.Lines{}, activity.Journal{})
}

// openStores opens key file, database and captured mail.
func (h *house) openStores(ctx context.Context, o options) (err error) {
	key, err := storage.Key(o.dir, h.random)
	if err != nil {
		return err
	}
	if h.keys, err = secret.NewKeys(key); err != nil {
		return err
	}
	o.storage.Accept = opensSeals(h.keys, filepath.Join(o.dir, storage.KeyName))
	if h.store, err = storage.Open(ctx, o.dir, o.storage); err != nil {
		return err
	}
	h.atEnd(h.store.Close)
	if err := h.store.Project(ctx, contacts.Projection()); err != nil {
		return err
	}
	if h.clock, err = core.OpenClock(ctx, h.store, o.wall); err != nil {
		return err
	}
	h.atEnd(func() error { return h.clock.Save(context.WithoutCancel(ctx), h.store) })
	stop := h.bus.Attach(h.store)
	h.atEnd(func() error { stop(); return nil })
	unwatchRoom := h.store.WatchRoom(h.roomChanged)
	h.atEnd(func() error { unwatchRoom(); return nil })
	h.mailbox, err = capture.Open(ctx, filepath.Join(o.dir, "captured"), capture.Options{Report: h.damage})
	if err != nil {
		return fmt.Errorf("open the captured mail: %w", storage.Refused(filepath.Join(o.dir, storage.CapturedName), err))
	}
	h.atEnd(h.mailbox.Close)
	unwatch := h.mailbox.Watch(h.arrived)
	h.atEnd(func() error { unwatch(); return nil })
	return nil
}

// damage notes what is wrong with captured mail.
func (h *house) damage(err error) { h.log.Warn("captured mail", "error", err) }

// roomChanged tells consoles to look how much space there is.
func (h *house) roomChanged(core.Room) {
	h.bus.Publish(core.Event{Institution: core.Installation, Subject: core.Ref{Kind: core.KindStorage}})
}

// arrived tells consoles of a captured mail, which isn't in the store but takes
// space beside it.
func (h *house) arrived(s mail.Summary) {
	h.bus.Publish(core.Event{
		Institution: s.Envelope.Institution,
		Subject:     core.Ref{Kind: core.KindCaptured, ID: core.ID(s.Seq)},
	})
	_ = h.store.Room()
}

func (h *house) atEnd(end func() error) { h.ends = append(h.ends, end) }

// close ends everything in the reverse order of its start.
func (h *house) close() error {
	var errs []error
	for i := len(h.ends) - 1; i >= 0; i-- {
		errs = append(errs, h.ends[i]())
	}
	h.ends = nil
	return errors.Join(errs...)
}

// start opens the doors: the capture server, the portal and the outbox worker.
func (h *house) start(ctx context.Context, smtp string, web net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	worker, err := h.worker(ctx, smtp)
	if err != nil {
		cancel()
		return errors.Join(err, web.Close())
	}
	handler := h.portal()
	done := make(chan error, 2)
	run := func(name string, fn func() error) {
		err := fn()
		if err != nil {
			h.log.Error("a part of the house ended", "part", name, "error", err)
		}
		done <- err
	}
	go run("outbox", func() error { return worker.Run(ctx) })
	go run("portal", func() error { return portal.Serve(ctx, web, handler) })
	h.atEnd(func() error {
		cancel()
		return errors.Join(<-done, <-done)
	})
	return nil
}

// worker opens the capture server at an address and makes the outbox's worker,
// which hands mail to it or to the mail server (R89).
func (h *house) worker(ctx context.Context, smtp string) (*mailer.Worker, error) {
	server := capture.NewServer(h.mailbox, h.clock, capture.ServerOptions{Report: h.damage, TakesOwn: h.rehearsal})
	addr, err := server.Listen(ctx, smtp)
	if err != nil {
		return nil, err
	}
	h.atEnd(server.Close)
	doors := mailer.Doors{Capture: mailer.CaptureDoor{Addr: addr.String(), Own: server.Own}, Relay: mailer.RelayDoor{}}
	return mailer.NewWorker(h.queue(h.clock), h.store, h.clock, doors, h.log), nil
}

// rehearsal tells whether mail is captured: there is no mail server (R89).
func (h *house) rehearsal(ctx context.Context) (captured bool, err error) {
	err = h.store.View(ctx, func(v core.View) error {
		captured, err = mail.CapturedOnly(v)
		return err
	})
	return captured, err
}

// queue is the outbox as its worker sees it at a clock's time.
func (h *house) queue(clock core.Clock) *mail.Queue {
	return mail.NewQueue(h.store, clock, h.keys, texts{h.words}, venue.Fill, activity.Inbox{})
}

// portal serves customers' pages.
func (h *house) portal() *portal.Portal {
	return portal.New(portal.Config{Links: h.links, Text: h.words, Clock: h.clock, Log: h.log, Proxies: h.proxies})
}

// names are the words a new institution begins with.
func (h *house) names(language string) setup.Names {
	p := h.words.In(text.Language(language))
	return setup.Names{
		Organisation: p.T("venue.organisation"), Channel: p.T("venue.channel"),
		PointOfSale: p.T("venue.point-of-sale"), Document: p.T("venue.document"),
		Texts:  h.firstTexts("verification"),
		Notice: p.T("venue.notice"), NoticeTexts: h.firstTexts("address-changed"),
	}
}

// firstTexts is what a first document says, from one of the product's own
// mails, in every language.
func (h *house) firstTexts(mail string) []venue.Text {
	var all []venue.Text
	for _, language := range text.Languages() {
		p := h.words.In(language)
		all = append(all, venue.Text{
			Language: string(language),
			Subject:  p.T("mail." + mail + ".subject"), Body: p.T("mail." + mail + ".body"),
		})
	}
	return all
}

// texts finds mails' texts: documents in the store, the product's own in the
// catalogue.
type texts struct{ words *text.Catalogue }

// Text implements [mail.Texts]. A text of the product's own that names no
// language is in the institution's.
func (t texts) Text(v core.View, institution core.ID, m core.Mail) (subject, body string, err error) {
	if m.System != "" {
		if m.Language == "" {
			house, _, err := venue.Institutions().Get(v, core.Installation, institution)
			if err != nil {
				return "", "", fmt.Errorf("find the institution's language: %w", err)
			}
			m.Language = house.Language
		}
		p := t.words.In(text.Language(m.Language))
		return p.T("mail." + m.System + ".subject"), p.T("mail." + m.System + ".body"), nil
	}
	edition, err := venue.EditionOf(v, institution, m.Document, m.Edition)
	if err != nil {
		return "", "", err
	}
	found, ok := edition.In(m.Language, m.Language)
	if !ok {
		return "", "", fmt.Errorf("document %d has no text: %w", m.Document, core.Refuse(core.CodeNotFound))
	}
	return found.Subject, found.Body, nil
}

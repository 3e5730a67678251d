package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/mailer/capture"
)

// workerProgram is what the test binary is called where it works until it is
// killed.
const workerProgram = "willcall-works-until-killed"

// trade is what a process does until it is killed. It writes a line for
// everything that was reported to it as done.
type trade struct {
	name string
	old  bool // the folder is of the schema before
	run  func(w *worker, ctx context.Context) error
}

func trades() []trade {
	return []trade{
		{name: "saves", run: (*worker).saves},
		{name: "outbox", run: (*worker).outbox},
		{name: "captured", run: (*worker).captured},
		{name: "backup", run: (*worker).backups},
		{name: "migration", old: true, run: (*worker).saves},
	}
}

// worker is a process at its trade.
type worker struct {
	h     *house
	seed  uint64
	round uint64
	req   core.Request // of the owner, signed in
	say   func(format string, args ...any)
}

// workUntilKilled is the process: its arguments are a trade, the data folder,
// the seed and the round.
func workUntilKilled() {
	err := work(context.Background(), os.Args[1:], os.Stdout)
	_, _ = fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func work(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 4 {
		return fmt.Errorf("%d arguments: %w", len(args), errUsage)
	}
	seed, err := strconv.ParseUint(args[2], 10, 64)
	round, err2 := strconv.ParseUint(args[3], 10, 64)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	say := lineTo(out)
	say(startsLine)
	var migrates sync.Once
	h, err := openKilled(ctx, args[1], round, os.Stderr, func(int64, int64) { migrates.Do(func() { say(migratesLine) }) })
	if err != nil {
		return err
	}
	in, err := coretest.SignIn(ctx, h.operators, coretest.OwnerAddress, coretest.Password)
	if err != nil {
		return err
	}
	say(opensLine)
	w := &worker{h: h, seed: seed, round: round, say: say, req: core.Request{
		Actor: in.Actor, Session: in.Session, Institution: in.Institutions[0], Organisation: local().Organisation,
	}}
	for _, t := range trades() {
		if t.name == args[0] {
			return t.run(w, ctx)
		}
	}
	return fmt.Errorf("no trade %q: %w", args[0], errUsage)
}

// each runs fn on n goroutines and gives the first error of any.
func each(n int, fn func(i int) error) error {
	failed := make(chan error, n)
	for i := range n {
		go func() { failed <- fn(i) }()
	}
	return <-failed
}

// token is a word that no other round and goroutine uses.
func (w *worker) token(i, n int) string { return fmt.Sprintf("t%x-%d-%d-%d", w.seed, w.round, i, n) }

// local is the request of somebody at the machine.
func local() core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:torture"}, Institution: 1, Organisation: 1}
}

// writtenAs is what a contact of a token says after a number of changes. Some
// are larger than a page.
func writtenAs(token string, changes uint32) contacts.Draft {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", token, changes))
	return contacts.Draft{
		Kind: core.ContactIndividual, FirstName: token, LastName: "V" + strconv.FormatUint(uint64(changes), 10),
		Address: token + "@killed.example", Language: "en",
		Notes: strings.Repeat(hex.EncodeToString(sum[:]), 1+int(sum[0])%(core.MaxNote/64)),
	}
}

// saves makes contacts and changes them, from several goroutines.
func (w *worker) saves(ctx context.Context) error {
	return each(6, func(i int) error {
		for n := 0; ; n++ {
			if err := w.contact(ctx, w.token(i, n), 3); err != nil {
				return err
			}
		}
	})
}

// contact makes one with a validation mail, and changes it as often as asked.
func (w *worker) contact(ctx context.Context, token string, changes uint32) error {
	offer, err := w.h.contacts.Offer(ctx, w.req, core.ContactIndividual, 0)
	if err != nil {
		return err
	}
	saved, err := w.h.contacts.Create(ctx, w.req, writtenAs(token, 0), offer.Suggested)
	if err != nil {
		return err
	}
	w.say("contact %d %d %d %s", saved.ID, saved.Number, 0, token)
	w.say("waits %d", saved.Sent.Mail)
	for change := uint32(1); change <= changes; change++ {
		now, err := w.h.contacts.Show(ctx, w.req, saved.ID)
		if err != nil {
			return err
		}
		if _, err := w.h.contacts.Edit(ctx, w.req, saved.ID, now.Version, writtenAs(token, change), offer.Suggested, false); err != nil {
			return err
		}
		w.say("contact %d %d %d %s", saved.ID, saved.Number, change, token)
	}
	return nil
}

// outbox makes contacts with validation mails and hands those over.
func (w *worker) outbox(ctx context.Context) error {
	w.h.mailbox.Watch(func(s mail.Summary) { w.say("captured %d %d", s.Seq, s.Envelope.Entry) })
	changed := make(chan core.ID, 1000)
	w.h.store.Watch(func(c core.Commit) {
		for _, e := range c.Events {
			if e.Subject.Kind == core.KindMail {
				changed <- e.Subject.ID
			}
		}
	})
	handing, err := w.h.worker(ctx, anySMTP)
	if err != nil {
		return err
	}
	hand := func() error { return handing.Run(ctx) }
	tell := func() error { return w.tellSettled(ctx, changed) }
	write := func() error {
		for n := 0; ; n++ {
			if err := w.contact(ctx, w.token(0, n), 0); err != nil {
				return err
			}
		}
	}
	jobs := []func() error{hand, tell, write}
	return each(len(jobs), func(i int) error { return jobs[i]() })
}

// tellSettled says of which mails it is on disk what became of them.
func (w *worker) tellSettled(ctx context.Context, changed <-chan core.ID) error {
	for id := range changed {
		var e mail.Entry
		err := w.h.store.View(ctx, func(v core.View) (err error) {
			e, err = mail.EntryOf(v, local().Institution, id)
			return err
		})
		if err != nil {
			return err
		}
		if e.State.Final() {
			w.say("settled %d %s", id, e.State)
		}
	}
	return nil
}

// backups makes backups while contacts are saved.
func (w *worker) backups(ctx context.Context) error {
	return each(4, func(i int) error {
		for n := 0; ; n++ {
			if i > 0 {
				if err := w.contact(ctx, w.token(i, n), 3); err != nil {
					return err
				}
				continue
			}
			made, err := w.h.backup.Make(ctx, w.req, backup.Wish{}, func(backup.Progress) {})
			if err != nil {
				return err
			}
			w.say("backup %s", made.Path)
		}
	})
}

// captured sends mail to the capture server, from several sessions.
func (w *worker) captured(ctx context.Context) error {
	server := capture.NewServer(w.h.mailbox, w.h.clock, capture.ServerOptions{Report: w.h.damage})
	addr, err := server.Listen(ctx, anySMTP)
	if err != nil {
		return err
	}
	return each(4, func(i int) error {
		client, err := smtp.Dial(addr.String())
		if err != nil {
			return err
		}
		for n := 0; ; n++ {
			token := w.token(i, n)
			if err := client.SendMail("sender@killed.example", []string{"receiver@killed.example"}, bytes.NewReader(mailOf(token))); err != nil {
				return err
			}
			w.say("mail %s", token)
		}
	})
}

// mailOf is the mail of a token, up to 60 kB.
func mailOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	head := "From: sender@killed.example\r\nSubject: " + token + "\r\n\r\n"
	line := hex.EncodeToString(sum[:]) + "\r\n"
	return []byte(head + strings.Repeat(line, 1+int(sum[0])*int(sum[1])/64))
}

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/adrg/xdg"
	"golang.org/x/term"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/text"
)

// Where the doors are unless flags say otherwise. 1025 is where programs under
// test commonly expect a capturing mail server.
const (
	defaultSMTP = "127.0.0.1:1025"
	defaultWeb  = "127.0.0.1:8710"
)

// localFPS is how many frames a second a console on this computer draws at most.
const localFPS = 60

// runConsole is "willcall": portal, capture, worker and a console on a data
// folder.
func runConsole(ctx context.Context, p text.Printer, args []string, s streams) error {
	set := flags("willcall")
	dir := set.String("data", filepath.Join(xdg.DataHome, "willcall"), p.T("command.flag.data"))
	noMouse := set.Bool("no-mouse", false, p.T("command.flag.no-mouse"))
	var at doors
	at.flags(p, set)
	if err := parse(p, set, "command.help", args, s); err != nil {
		return err
	}
	if err := needTerminal(p, s); err != nil {
		return err
	}
	if err := at.check(); err != nil {
		return err
	}
	if err := interrupted(*dir); err != nil {
		return err
	}
	h, err := openFolder(ctx, p, s, options{
		dir: *dir, wall: core.SystemWall, random: rand.Reader, cost: operators.DefaultCost(), floor: operators.DefaultFloor(),
		proxies: at.proxies, state: filepath.Join(xdg.StateHome, "willcall"),
	})
	if err != nil {
		return err
	}
	listener, err := at.listen(ctx)
	if err != nil {
		return errors.Join(err, h.close())
	}
	if err := h.start(ctx, at.smtp.String(), listener); err != nil {
		return errors.Join(&hint{key: "command.smtp", err: err}, h.close())
	}
	h.noMouse, h.home = *noMouse, xdg.Home
	err = h.console(ctx, s, "http://"+listener.Addr().String(), nil)
	return errors.Join(err, h.close())
}

// needTerminal refuses to draw into a pipe.
func needTerminal(p text.Printer, s streams) error {
	out, ok := s.out.(*os.File)
	if !ok || !term.IsTerminal(int(out.Fd())) || !term.IsTerminal(int(s.in.Fd())) {
		say(s.err, p.T("command.terminal"))
		return errUsage
	}
	return nil
}

// console runs one console at the terminal until its user leaves.
func (h *house) console(ctx context.Context, s streams, portalURL string, hint func(text.Printer) string) error {
	needed, err := h.setup.Needed(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // what was begun on the console ends with it
	root := console.New(h.consoleConfig(ctx, portalURL, hint, needed))
	out, _ := s.out.(*os.File) // needTerminal made sure
	return console.Run(ctx, root, s.in, out, os.Environ())
}

// consoleConfig is what a console of this house is made of.
func (h *house) consoleConfig(ctx context.Context, portalURL string, hint func(text.Printer) string, setUpNeeded bool) console.Config {
	return console.Config{
		Session: &session.Session{
			Ctx:     ctx,
			Request: core.Request{Actor: core.Actor{Kind: core.ActorAnonymous}},
			Hint:    hint, Clock: h.clock, Actions: core.NewActionTable(core.Actions()),
			Drafts: session.NewDrafts(h.drafts),
			// Before the sign-in no institution says which zone it is in.
			Location: time.Local,
			Text:     h.words.In(text.English),
		},
		Catalogue: h.words, Pages: h.pages(portalURL), Bus: h.bus, SetUpNeeded: setUpNeeded, NoMouse: h.noMouse,
		SignOut: h.operators.SignOut, Unlock: h.operators.Confirm, StepUp: h.stepUp, Enrolled: h.enrolled, Check: h.check, Places: h.places, Switch: h.operators.Switch, Find: h.find, Language: h.operators.Speak,
		Room: h.store.Room, Backup: h.backingUp, Unread: h.notices.Unread, FPS: localFPS,
	}
}

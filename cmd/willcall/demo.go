package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/adrg/xdg"

	"willcall/core"
	"willcall/core/operators"
	"willcall/storage"
	"willcall/ui/text"
)

// How many contacts the demo has, unless a flag says otherwise, and may have.
const (
	demoContacts  = 500
	leastContacts = 50
	mostContacts  = 1_000_000
)

const (
	demoOwner    = "olga@opera.example"
	demoPassword = "curtain up at eight" //nolint:gosec // the demo's sign-in page tells it
)

// runDemo is "willcall demo": the console on a throw-away folder with a sample
// venue.
func runDemo(ctx context.Context, p text.Printer, args []string, s streams) (err error) {
	set := flags("willcall demo")
	n := size(demoContacts)
	set.Var(&n, "contacts", p.T("command.flag.contacts"))
	noMouse := set.Bool("no-mouse", false, p.T("command.flag.no-mouse"))
	if err := parse(p, set, "command.demo.help", args, s); err != nil {
		return err
	}
	if err := needTerminal(p, s); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "willcall-demo-")
	if err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	log, closeLog, err := openLog(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	h, err := openHouse(ctx, options{
		dir: filepath.Join(dir, "data"), state: filepath.Join(dir, "state"), wall: core.SystemWall, random: rand.Reader, cost: demoCost(), log: log, words: p.Catalogue(),
		storage: storage.Options{NoSync: true}, // a power cut takes nothing that is missed
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.noMouse, h.home = *noMouse, xdg.Home
	return h.demo(ctx, p, s, int(n))
}

// demo fills the house, opens its doors and runs the console.
func (h *house) demo(ctx context.Context, p text.Printer, s streams, n int) error {
	listener, err := listenNear(ctx, defaultWeb)
	if err != nil {
		return fmt.Errorf("open the portal: %w", err)
	}
	url := "http://" + listener.Addr().String()
	bar := newProgress(s.err, p, "command.demo.progress", core.SystemWall)
	err = h.fillDemo(ctx, url, n, func(done int) { bar.tell(done, n) })
	bar.end()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	smtp := defaultSMTP
	if !free(ctx, smtp) {
		smtp = anySMTP
	}
	if err := h.start(ctx, smtp, listener); err != nil {
		return err
	}
	return h.console(ctx, s, url, demoHint)
}

// demoHint says how to sign in to the demo.
func demoHint(t text.Printer) string {
	return t.T("signin.demo", "address", demoOwner, "password", demoPassword)
}

// size is a flag: how many contacts the demo has.
type size int

// String implements [flag.Value].
func (n *size) String() string { return strconv.Itoa(int(*n)) }

// Set implements [flag.Value].
func (n *size) Set(s string) error {
	value, err := strconv.Atoi(s)
	if err != nil || value < leastContacts || value > mostContacts {
		return fmt.Errorf("it takes a number from %d to %d", leastContacts, mostContacts)
	}
	*n = size(value)
	return nil
}

// anySMTP lets the system pick a port.
const anySMTP = "127.0.0.1:0"

// free reports whether an address can be listened on.
func free(ctx context.Context, addr string) bool {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	return err == nil && listener.Close() == nil
}

// demoCost makes signing in to throw-away data quick.
func demoCost() operators.Cost { return operators.Cost{MemoryKiB: 8 * 1024, Passes: 1, Threads: 1} }

// listenNear listens on the usual port, or on any free one beside it.
func listenNear(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	if l, err := lc.Listen(ctx, "tcp", addr); err == nil {
		return l, nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	return lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
}

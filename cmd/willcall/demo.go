package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/operators"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/ui/text"
)

const (
	demoContacts = 500
	demoOwner    = "olga@opera.example"
	demoPassword = "curtain up at eight" //nolint:gosec // the demo's sign-in page tells it
)

// runDemo is "willcall demo": the console on a throw-away folder with a sample
// venue.
func runDemo(ctx context.Context, p text.Printer, args []string, s streams) (err error) {
	set := flags("willcall demo")
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
	h, err := openHouse(ctx, options{dir: filepath.Join(dir, "data"), wall: core.SystemWall, random: rand.Reader, cost: demoCost(), log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	listener, err := listenNear(ctx, defaultWeb)
	if err != nil {
		return fmt.Errorf("open the portal: %w", err)
	}
	url := "http://" + listener.Addr().String()
	if err := h.fillDemo(ctx, url); err != nil {
		return errors.Join(err, listener.Close())
	}
	smtp := defaultSMTP
	if !free(ctx, smtp) {
		smtp = anySMTP
	}
	if err := h.start(ctx, smtp, listener); err != nil {
		return err
	}
	return h.console(ctx, s, url, p.T("signin.demo", "address", demoOwner, "password", demoPassword))
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

// fillDemo makes the sample venue, its operators and contacts in one act.
func (h *house) fillDemo(ctx context.Context, portalURL string) error {
	hash, err := h.hasher.Hash(ctx, h.random, demoPassword)
	if err != nil {
		return err
	}
	req := core.Request{Actor: core.Actor{Kind: core.ActorSetup, Name: "demo"}}
	_, err = h.desk.Do(ctx, req, core.ActDemoFill, func(act *core.Act) error {
		signIn := portalURL + "/"
		made, err := h.setup.Fill(act, setup.Draft{
			Institution: venue.InstitutionDraft{
				Name: "Opéra du Lac", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: portalURL,
			},
			Sender: "tickets@opera.example", SignInURL: signIn,
			OwnerName: "Olga Brunner", OwnerEmail: demoOwner,
		}, hash)
		if err != nil {
			return err
		}
		if err := sampleVenue(act, made, signIn, h.firstTexts("verification")); err != nil {
			return err
		}
		for _, o := range sampleOperators(made, hash, act.At) {
			if _, err := operators.Insert(act, o); err != nil {
				return err
			}
		}
		return fillContacts(act)
	})
	if err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	return nil
}

func fillContacts(act *core.Act) error {
	s, err := newSampler(act.At)
	if err != nil {
		return err
	}
	told := s.storied()
	for i := range demoContacts {
		var c contacts.Contact
		if i < len(told) {
			c = told[i]
		} else {
			c = s.contact()
		}
		if _, err := contacts.Insert(act, c); err != nil {
			return err
		}
	}
	return nil
}

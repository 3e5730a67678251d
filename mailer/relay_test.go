package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core"
	"willcall/core/mail"
)

const deliverable = "ada@theatre.ch"

// short is a time-out for what never comes. Where it ends something else first
// on a slow machine, the outcome is the same.
const short = 100 * time.Millisecond

// live gives the fixture's installation a mail server.
func (f *fixture) live(t *testing.T, r mail.Route) {
	t.Helper()
	servers := mail.NewServers(f.desk, f.keys, nil, f.texts)
	req := core.Request{Actor: core.Actor{Kind: core.ActorJob}, Institution: house}
	_, err := servers.Save(t.Context(), req, 0, mail.ServerDraft{
		Host: r.Host, Port: r.Port, Security: r.Security, User: r.User, Password: r.Password,
	})
	if err != nil {
		t.Fatalf("set the mail server: %v", err)
	}
}

// patient is a door whose time-outs can be lifted while it is used.
type patient struct {
	mu sync.Mutex
	RelayDoor
}

func (p *patient) Deliver(ctx context.Context, w mail.Work, message []byte) (mail.Answer, error) {
	p.mu.Lock()
	door := p.RelayDoor
	p.mu.Unlock()
	return door.Deliver(ctx, w, message)
}

func (p *patient) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.RelayDoor = RelayDoor{Roots: p.Roots}
}

// outcome is what the outbox says after the first try of a mail.
type outcome struct {
	state  mail.State
	why    mail.Why
	answer string // part of it
	copies int    // taken by the server once it is all over
}

// later is an outcome after which the mail goes out, once.
func later(why mail.Why, answer string) outcome {
	return outcome{state: mail.StateQueued, why: why, answer: answer, copies: 1}
}

func never(why mail.Why, answer string) outcome {
	return outcome{state: mail.StateFailed, why: why, answer: answer}
}

type relayCase struct {
	server relayOptions
	door   RelayDoor
	want   outcome
}

func refusals() map[string]relayCase {
	at := func(at string, code int, enhanced smtp.EnhancedCode, text string) relayOptions {
		return relayOptions{at: at, fault: answers(code, enhanced, text)}
	}
	once := func(o outcome) outcome { // the refused copy was counted too
		o.copies++
		return o
	}
	return map[string]relayCase{
		"4xx to EHLO": {at("EHLO", 421, smtp.EnhancedCode{4, 3, 2}, "Down"), RelayDoor{}, later(mail.WhyBusy, "421 4.3.2 Down")},
		"4xx to AUTH": {at("AUTH", 454, smtp.EnhancedCode{4, 7, 0}, "Later"), RelayDoor{}, later(mail.WhyBusy, "454 4.7.0 Later")},
		"4xx to MAIL": {at("MAIL", 451, smtp.EnhancedCode{4, 3, 0}, "Later"), RelayDoor{}, later(mail.WhyBusy, "451 4.3.0 Later")},
		"4xx to RCPT": {at("RCPT", 450, smtp.EnhancedCode{4, 7, 1}, "Greylisted"), RelayDoor{}, later(mail.WhyBusy, "450 4.7.1 Greylisted")},
		"4xx to DATA": {at("DATA", 451, smtp.EnhancedCode{4, 3, 0}, "Later"), RelayDoor{}, later(mail.WhyBusy, "451 4.3.0 Later")},
		"4xx at the end": {
			at(".", 452, smtp.EnhancedCode{4, 3, 1}, "No room"), RelayDoor{}, once(later(mail.WhyBusy, "452 4.3.1 No room")),
		},
		"5xx to EHLO": {at("EHLO", 550, smtp.EnhancedCode{5, 7, 1}, "Blocked"), RelayDoor{}, later(mail.WhyPolicy, "550 5.7.1 Blocked")},
		"5xx to AUTH": {at("AUTH", 535, smtp.EnhancedCode{5, 7, 8}, "Wrong"), RelayDoor{}, later(mail.WhySignIn, "535 5.7.8 Wrong")},
		"5xx to MAIL": {at("MAIL", 550, smtp.EnhancedCode{5, 1, 8}, "Not you"), RelayDoor{}, never(mail.WhySender, "550 5.1.8 Not you")},
		"5xx to RCPT": {at("RCPT", 550, smtp.EnhancedCode{5, 1, 1}, "Nobody"), RelayDoor{}, never(mail.WhyMailbox, "550 5.1.1 Nobody")},
		"5xx to DATA": {at("DATA", 554, smtp.EnhancedCode{5, 7, 1}, "No"), RelayDoor{}, never(mail.WhyPolicy, "554 5.7.1 No")},
		"5xx at the end": {
			at(".", 554, smtp.EnhancedCode{5, 7, 1}, "Spam"), RelayDoor{}, once(never(mail.WhyPolicy, "554 5.7.1 Spam")),
		},
		"too large": {relayOptions{max: 500}, RelayDoor{}, never(mail.WhySize, "552 5.3.4")},
	}
}

func breaks() map[string]relayCase {
	hang := func(at string) relayOptions { return relayOptions{at: at, fault: hangs} }
	drop := func(at string) relayOptions { return relayOptions{at: at, fault: drops} }
	twice := outcome{state: mail.StateQueued, why: mail.WhyDropped, copies: 2}
	return map[string]relayCase{
		"silent at EHLO": {hang("EHLO"), RelayDoor{OpenTimeout: short}, later(mail.WhyTimeout, "no answer in time")},
		"silent at AUTH": {hang("AUTH"), RelayDoor{OpenTimeout: short}, later(mail.WhyTimeout, "no answer in time")},
		"silent at MAIL": {hang("MAIL"), RelayDoor{CommandTimeout: short}, later(mail.WhyTimeout, "no answer in time")},
		"silent at RCPT": {hang("RCPT"), RelayDoor{CommandTimeout: short}, later(mail.WhyTimeout, "no answer in time")},
		"silent at DATA": {hang("DATA"), RelayDoor{DataTimeout: short}, later(mail.WhyDropped, "no answer in time")},
		"cut at EHLO":    {drop("EHLO"), RelayDoor{}, later(mail.WhyCut, "")},
		"cut at AUTH":    {drop("AUTH"), RelayDoor{}, later(mail.WhyCut, "")},
		"cut at MAIL":    {drop("MAIL"), RelayDoor{}, later(mail.WhyCut, "")},
		"cut at RCPT":    {drop("RCPT"), RelayDoor{}, later(mail.WhyCut, "")},
		"cut at DATA":    {drop("DATA"), RelayDoor{}, later(mail.WhyDropped, "")},
		"cut at the end": {drop("."), RelayDoor{}, twice},
	}
}

func TestRelayFaults(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	config := a.server(t, "localhost", 2100)
	for _, cases := range []map[string]relayCase{refusals(), breaks()} {
		for name, c := range cases {
			for _, implicit := range []bool{false, true} {
				c.server.implicit, c.server.tls, c.door.Roots = implicit, config, a.roots
				t.Run(name+map[bool]string{false: " by STARTTLS", true: " by TLS"}[implicit], func(t *testing.T) {
					t.Parallel()
					c.run(t)
				})
			}
		}
	}
}

// run sends one mail through the worker: what the outbox says of the first try,
// and that it is the same mail that goes out once the trouble is over.
func (c relayCase) run(t *testing.T) {
	t.Helper()
	f, r, door := newFixture(t), newRelay(t, c.server), &patient{RelayDoor: c.door}
	f.live(t, r.route)
	f.worker.door = Doors{Relay: door}
	f.start(t)
	id := f.post(t, deliverable, 0)
	e := f.until(t, id, c.want.state, 1)
	if e.Why != c.want.why || !strings.Contains(e.Answer, c.want.answer) || e.Answer == "" {
		t.Errorf("the outbox says %q (%s), want %q (%s)", e.Answer, e.Why, c.want.answer, c.want.why)
	}
	if c.want.state == mail.StateQueued {
		r.heal()
		door.wait()
		f.clock.reach(t, e.Next)
		if sent := f.until(t, id, mail.StateSent, 2); sent.Why != "" || sent.Sealed != nil {
			t.Errorf("sent, it is %+v", sent)
		}
	}
	f.finish(t)
	counts := r.counts()
	if n := counts["<"+e.MessageID+">"]; n != c.want.copies || len(counts) > 1 || !r.same() {
		t.Errorf("the server took %v, want %s %d times, with the same bytes", counts, e.MessageID, c.want.copies)
	}
	if strings.Contains(f.log.String(), relayPassword) || strings.Contains(e.Answer, relayPassword) {
		t.Error("the password is told")
	}
}

// A server that talks without an end, before TLS and within, fills no memory:
// a try ends early.
func TestRelayAnswersWithoutEnd(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	for name, config := range map[string]*tls.Config{"in clear": nil, "by TLS": a.server(t, "localhost", 2100)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			route, heard := flood(t, config)
			w := sampleWork()
			w.Route = &route
			got, err := RelayDoor{Roots: a.roots}.Deliver(t.Context(), w, render(t, w))
			if err != nil || got.Verdict != mail.Later || got.Why != mail.WhyOther || got.Text != errFlood.Error() {
				t.Errorf("got %+v (%v)", got, err)
			}
			if n := heard(); n > 128*maxHeard {
				t.Errorf("%d bytes were taken", n)
			}
		})
	}
}

// flood is a server whose answer to EHLO never ends. heard waits for it to be
// left and gives how much of that went out, with what lay on the way.
func flood(t *testing.T, config *tls.Config) (route mail.Route, heard func() int) {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	route = mail.Route{Host: "localhost", Port: portOf(l), Security: mail.SecuritySTARTTLS}
	if config != nil {
		l, route.Security = tls.NewListener(l, config), mail.SecurityTLS
	}
	total := make(chan int, 1)
	go func() {
		sent := 0
		defer func() { total <- sent }()
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		line := []byte("220 ready\r\n")
		for err == nil {
			_, err = c.Write(line)
			sent += len(line)
			line = []byte("250-" + strings.Repeat("x", 1000) + "\r\n")
		}
	}()
	return route, func() int { return <-total }
}

// A try that is broken off waits for no server, at whatever step it is.
func TestRelayBrokenOffIsLeftAtOnce(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	for _, step := range []string{"EHLO", "MAIL", "DATA"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			ctx, leave := context.WithCancel(t.Context())
			r := newRelay(t, relayOptions{tls: a.server(t, "localhost", 2100), at: step, fault: func(r *relay, c *smtp.Conn) error {
				leave()
				return hangs(r, c)
			}})
			w := sampleWork()
			w.Route = &r.route
			door := RelayDoor{Roots: a.roots, OpenTimeout: time.Hour, CommandTimeout: time.Hour, DataTimeout: time.Hour}
			if got, err := door.Deliver(ctx, w, render(t, w)); !errors.Is(err, context.Canceled) {
				t.Errorf("got %+v (%v)", got, err)
			}
		})
	}
}

// A silent end is apart: whether the server took the first copy by then
// depends on the machine.
func TestRelaySilentAtTheEnd(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	f, door := newFixture(t), &patient{RelayDoor: RelayDoor{Roots: a.roots, DataTimeout: short}}
	r := newRelay(t, relayOptions{tls: a.server(t, "localhost", 2100), at: ".", fault: hangs})
	f.live(t, r.route)
	f.worker.door = Doors{Relay: door}
	f.start(t)
	id := f.post(t, deliverable, 0)
	e := f.until(t, id, mail.StateQueued, 1)
	if e.Why != mail.WhyDropped {
		t.Errorf("the outbox says %q (%s)", e.Answer, e.Why)
	}
	r.heal()
	door.wait()
	f.clock.reach(t, e.Next)
	f.until(t, id, mail.StateSent, 2)
	f.finish(t)
	if counts := r.counts(); len(counts) != 1 || counts["<"+e.MessageID+">"] == 0 || !r.same() {
		t.Errorf("the server took %v, want %s only", counts, e.MessageID)
	}
}

func TestRelayEncryptionFaults(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	good, other, expired := a.server(t, "localhost", 2100), a.server(t, "mail.elsewhere.example", 2100), a.server(t, "localhost", 2001)
	old := good.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 // the server that is refused
	for name, c := range map[string]struct {
		server relayOptions
		roots  *x509.CertPool
		why    mail.Why
	}{
		"unknown authority": {relayOptions{tls: good}, x509.NewCertPool(), mail.WhyCertificate},
		"another name":      {relayOptions{tls: other}, a.roots, mail.WhyCertificate},
		"expired":           {relayOptions{tls: expired}, a.roots, mail.WhyCertificate},
		"too old":           {relayOptions{tls: old}, a.roots, mail.WhyNoTLS},
	} {
		for _, implicit := range []bool{false, true} {
			c.server.implicit = implicit
			t.Run(name+map[bool]string{false: " by STARTTLS", true: " by TLS"}[implicit], func(t *testing.T) {
				t.Parallel()
				checkNothingSent(t, newRelay(t, c.server), c.roots, c.why)
			})
		}
	}
	t.Run("STARTTLS stripped", func(t *testing.T) {
		t.Parallel()
		checkNothingSent(t, newRelay(t, relayOptions{clear: true}), a.roots, mail.WhyNoTLS)
	})
	t.Run("no TLS at all", func(t *testing.T) {
		t.Parallel()
		r := newRelay(t, relayOptions{clear: true})
		r.route.Security = mail.SecurityTLS
		checkNothingSent(t, r, a.roots, mail.WhyNoTLS)
	})
}

// checkNothingSent holds that a mail waits with its secrets, that the reason is
// told, and that the server saw neither mail nor password.
func checkNothingSent(t *testing.T, r *relay, roots *x509.CertPool, why mail.Why) {
	t.Helper()
	f := newFixture(t)
	f.live(t, r.route)
	f.worker.door = Doors{Relay: RelayDoor{Roots: roots}}
	f.start(t)
	e := f.until(t, f.post(t, deliverable, 0), mail.StateQueued, 1)
	f.finish(t)
	if e.Why != why || e.Answer == "" || e.Sealed == nil {
		t.Errorf("the outbox says %q (%s), want %s", e.Answer, e.Why, why)
	}
	if len(r.counts()) > 0 || len(r.usedAuths()) > 0 {
		t.Errorf("the server took %v and sign-ins by %v", r.counts(), r.usedAuths())
	}
}

func TestRelaySignIn(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	config := a.server(t, "localhost", 2100)
	for name, c := range map[string]struct {
		mechs  []string
		change func(*mail.Route)
		want   mail.Answer
		auth   string
	}{
		"PLAIN":               {[]string{sasl.Plain}, nil, mail.Answer{Verdict: mail.Delivered}, sasl.Plain},
		"PLAIN before LOGIN":  {[]string{sasl.Login, sasl.Plain}, nil, mail.Answer{Verdict: mail.Delivered}, sasl.Plain},
		"LOGIN only":          {[]string{sasl.Login}, nil, mail.Answer{Verdict: mail.Delivered}, sasl.Login},
		"neither":             {[]string{"CRAM-MD5"}, nil, mail.Answer{Verdict: mail.Later, Why: mail.WhySignIn}, ""},
		"none needed":         {[]string{}, func(r *mail.Route) { r.User, r.Password = "", "" }, mail.Answer{Verdict: mail.Delivered}, ""},
		"needed but not set":  {nil, func(r *mail.Route) { r.User, r.Password = "", "" }, mail.Answer{Verdict: mail.Later, Why: mail.WhySignIn}, ""},
		"a wrong password":    {nil, func(r *mail.Route) { r.Password = "no" }, mail.Answer{Verdict: mail.Later, Why: mail.WhySignIn}, sasl.Plain},
		"set but not offered": {[]string{}, nil, mail.Answer{Verdict: mail.Later, Why: mail.WhySignIn}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelay(t, relayOptions{tls: config, mechs: c.mechs})
			if c.change != nil {
				c.change(&r.route)
			}
			w := sampleWork()
			w.Route = &r.route
			got, err := RelayDoor{Roots: a.roots}.Deliver(t.Context(), w, render(t, w))
			if err != nil || got.Verdict != c.want.Verdict || got.Why != c.want.Why || got.Text == "" {
				t.Errorf("got %+v (%v), want %+v", got, err, c.want)
			}
			if used := strings.Join(r.usedAuths(), " "); used != c.auth {
				t.Errorf("signed in by %q, want %q", used, c.auth)
			}
		})
	}
}

func TestRelayProbe(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	r := newRelay(t, relayOptions{tls: a.server(t, "localhost", 2100)})
	m := mail.TestMail{
		From: "box@theatre.example", To: deliverable, Subject: "Test mail", Body: "It works.",
		MessageID: "test-1@theatre.example", At: newHandClock().Effective(),
	}
	if got := (RelayDoor{Roots: a.roots}).Probe(t.Context(), r.route, m); got.Verdict != mail.Delivered || got.Text == "" {
		t.Errorf("got %+v", got)
	}
	if counts := r.counts(); counts["<test-1@theatre.example>"] != 1 || len(counts) != 1 {
		t.Errorf("the server took %v", counts)
	}
	r.mu.Lock()
	if size := int64(len(r.bodies[0])); r.announced != size {
		t.Errorf("%d bytes were announced, %d came", r.announced, size)
	}
	r.mu.Unlock()
	if got := (RelayDoor{}).Probe(t.Context(), r.route, m); got.Verdict != mail.Later || got.Why != mail.WhyCertificate {
		t.Errorf("without the authority: %+v", got)
	}
	m.To = "nobody"
	if got := (RelayDoor{Roots: a.roots}).Probe(t.Context(), r.route, m); got.Verdict != mail.Never || got.Why != mail.WhyOther {
		t.Errorf("to nobody: %+v", got)
	}
}

func TestR89_DoorsPickByRoute(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	relay := newRelay(t, relayOptions{tls: a.server(t, "localhost", 2100)})
	captures := playScript(t, script{})
	doors := Doors{Capture: door(captures.addr), Relay: RelayDoor{Roots: a.roots}}
	w := sampleWork()
	message := render(t, w)
	if got, err := doors.Deliver(t.Context(), w, message); err != nil || got.Verdict != mail.Captured || len(relay.counts()) > 0 {
		t.Errorf("without a mail server: %+v (%v), it took %v", got, err, relay.counts())
	}
	w.Route = &relay.route
	if got, err := doors.Deliver(t.Context(), w, message); err != nil || got.Verdict != mail.Delivered || len(relay.counts()) != 1 {
		t.Errorf("with one: %+v (%v), it took %v", got, err, relay.counts())
	}
}

package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

// How long the parts of a delivery to the mail server may take: together less
// than one try has.
const (
	openTimeout  = 45 * time.Second
	relayTimeout = 30 * time.Second
	relayData    = 90 * time.Second
	// probeLife bounds a test mail, for which somebody waits.
	probeLife = time.Minute
)

// maxHeard is how much of what a mail server says is read in one delivery, in
// bytes, with its certificates. The client's library would read answers without
// an end into memory, also before there is TLS.
const maxHeard = 128 << 10

var (
	errSilent   = errors.New("no answer in time")
	errFlood    = errors.New("the server's answers don't end")
	errClear    = errors.New("the server offers no STARTTLS")
	errNoSignIn = errors.New("the server offers no sign-in by PLAIN or LOGIN")
)

// RelayDoor hands mail to a mail server by SMTP (RFC 5321), never in clear: by
// STARTTLS (RFC 3207), which is required, or TLS from the first byte (RFC
// 8314), at least 1.2 and with the server's name verified. Its zero value is
// ready.
type RelayDoor struct {
	// Roots are the authorities that certificates are verified by; nil: the
	// system's.
	Roots *x509.CertPool
	// OpenTimeout bounds everything up to the sign-in: 45 s where 0.
	OpenTimeout time.Duration
	// CommandTimeout bounds each answer to a command: 30 s where 0.
	CommandTimeout time.Duration
	// DataTimeout bounds the message with its answer: 90 s where 0.
	DataTimeout time.Duration
}

var _ mail.Prober = RelayDoor{}

// Deliver implements [Door]: the mail goes by its route. A 5xx answer to the
// mail is final; one before it (greeting, sign-in) is about the server, so the
// mail is tried again. So is one that was cut off: then the same mail may
// arrive twice, with the same Message-ID.
func (d RelayDoor) Deliver(ctx context.Context, w mail.Work, message []byte) (mail.Answer, error) {
	said, err := d.send(ctx, *w.Route, envelope{w.From, w.To, message})
	if err != nil {
		return judge(ctx, err)
	}
	return mail.Answer{Verdict: mail.Delivered, Text: shorten(said)}, nil
}

// Probe implements [mail.Prober].
func (d RelayDoor) Probe(ctx context.Context, r mail.Route, m mail.TestMail) mail.Answer {
	ctx, cancel := context.WithTimeout(ctx, probeLife)
	defer cancel()
	w := mail.Work{Subject: m.Subject, Body: m.Body, Route: &r}
	w.From, w.To, w.MessageID = m.From, m.To, m.MessageID
	message, err := Render(w, m.At)
	if err != nil {
		return mail.Answer{Verdict: mail.Never, Text: err.Error(), Why: mail.WhyOther}
	}
	answer, err := d.Deliver(ctx, w, message)
	if err != nil {
		return brokenOff(err)
	}
	return answer
}

// send runs one delivery and gives what the server said to it.
func (d RelayDoor) send(ctx context.Context, r mail.Route, e envelope) (string, error) {
	openCtx, cancel := context.WithTimeout(ctx, orElse(d.OpenTimeout, openTimeout))
	defer cancel()
	address := net.JoinHostPort(r.Host, strconv.Itoa(int(r.Port)))
	dialled, err := (&net.Dialer{}).DialContext(openCtx, "tcp", address)
	if err != nil {
		return "", at(stepConnect, err)
	}
	conn := &bounded{dialled, maxHeard}
	defer func() { _ = conn.Close() }() // the answer is known by then
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()

	var client *smtp.Client
	err = within(openCtx, conn, func() error {
		client, err = d.open(openCtx, conn, r)
		return err
	})
	if err != nil {
		return "", err
	}
	client.CommandTimeout = orElse(d.CommandTimeout, relayTimeout)
	said, err := submit(ctx, client, conn, e, orElse(d.DataTimeout, relayData))
	if err != nil {
		return "", err
	}
	_ = client.Quit() // a courtesy: the mail is taken
	return said, nil
}

// bounded is a connection of which only so much is read.
type bounded struct {
	net.Conn
	left int
}

// Read implements [net.Conn]. It fails with errFlood once there is more.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errFlood
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// open greets the server over TLS and signs in.
func (d RelayDoor) open(ctx context.Context, conn net.Conn, r mail.Route) (client *smtp.Client, err error) {
	config := &tls.Config{ServerName: r.Host, RootCAs: d.Roots, MinVersion: tls.VersionTLS12}
	if r.Security == mail.SecurityTLS {
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, at(stepSecure, err)
		}
		client = smtp.NewClient(secured)
	} else if client, err = smtp.NewClientStartTLS(conn, config); err != nil {
		return nil, at(stepConnect, withoutTLS(err))
	}
	// With STARTTLS this is also where the handshake is made.
	if err := client.Hello(helloName(conn.LocalAddr())); err != nil {
		return nil, at(stepSecure, err)
	}
	if r.User == "" {
		return client, nil
	}
	return client, at(stepSignIn, signIn(client, r))
}

// withoutTLS tells a server that offers no STARTTLS from other failures. The
// client has only its text for it.
func withoutTLS(err error) error {
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) && strings.Contains(err.Error(), "STARTTLS") {
		return errClear
	}
	return err
}

// signIn takes PLAIN (RFC 4616), or LOGIN where only that is offered.
func signIn(client *smtp.Client, r mail.Route) error {
	switch {
	case client.SupportsAuth(sasl.Plain):
		return client.Auth(sasl.NewPlainClient("", r.User, r.Password))
	case client.SupportsAuth(sasl.Login):
		return client.Auth(sasl.NewLoginClient(r.User, r.Password))
	}
	return errNoSignIn
}

// helloName is how a computer without a public name introduces itself: by its
// address (RFC 5321, 4.1.3).
func helloName(local net.Addr) string {
	own, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return "localhost"
	}
	ip := own.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return fmt.Sprintf("[%s]", ip)
	}
	return fmt.Sprintf("[IPv6:%s]", ip)
}

func orElse(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return d
}

// Doors picks each mail's door: the mail server's where it has a route, else
// the capture's (R89).
type Doors struct {
	Capture Door
	Relay   Door
}

// Deliver implements [Door].
func (d Doors) Deliver(ctx context.Context, w mail.Work, message []byte) (mail.Answer, error) {
	if w.Route == nil {
		return d.Capture.Deliver(ctx, w, message)
	}
	return d.Relay.Deliver(ctx, w, message)
}

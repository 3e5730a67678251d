package mailer

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	netmail "net/mail"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

const (
	relayUser     = "theatre"
	relayPassword = "row 4, seat 12"
)

// authority signs certificates for tests.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	roots       *x509.CertPool
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	a := authority{roots: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: year(2000), NotAfter: year(2100),
	}
	raw, key := sign(t, template, template, nil)
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	a.certificate, a.key = certificate, key
	a.roots.AddCert(certificate)
	return a
}

func year(n int) time.Time { return time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC) }

func sign(t testing.TB, template, parent *x509.Certificate, by *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by == nil {
		by = key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	return raw, key
}

// server makes a server's TLS settings: its certificate names host and is good
// until a year.
func (a authority) server(t testing.TB, host string, until int) *tls.Config {
	t.Helper()
	raw, key := sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{host}, NotBefore: year(2000), NotAfter: year(until),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.certificate, a.key)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

// fault is what a relay does instead of going on.
type fault func(*relay, *smtp.Conn) error

// answers refuses with a code.
func answers(code int, enhanced smtp.EnhancedCode, text string) fault {
	return func(*relay, *smtp.Conn) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
	}
}

// drops cuts the connection.
func drops(_ *relay, c *smtp.Conn) error {
	_ = c.Conn().Close()
	return errors.New("dropped")
}

// hangs says nothing until the test ends.
func hangs(r *relay, _ *smtp.Conn) error {
	<-r.ended
	return errors.New("hung")
}

// relay is a mail server that misbehaves, until it is healed, at one point:
// "EHLO", "AUTH", "MAIL", "RCPT", "DATA" before the message is read or "." after
// it was taken.
type relay struct {
	route mail.Route
	mechs []string
	ended chan struct{}

	mu     sync.Mutex
	at     string
	fault  fault
	taken  map[string]int // messages by Message-ID
	bodies [][]byte       // each as it came
	auths  []string       // mechanisms used
	// announced is the size that the last mail was said to have (RFC 1870).
	announced int64
}

// relayOptions say what is odd about a relay; zero is a good one by STARTTLS.
type relayOptions struct {
	tls      *tls.Config
	implicit bool // TLS from the first byte
	clear    bool // no TLS at all
	mechs    []string
	max      int64
	at       string
	fault    fault
}

func newRelay(t testing.TB, o relayOptions) *relay {
	t.Helper()
	r := &relay{at: o.at, fault: o.fault, mechs: o.mechs, taken: map[string]int{}, ended: make(chan struct{})}
	if r.mechs == nil {
		r.mechs = []string{sasl.Plain}
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &relaySession{relay: r, conn: c}, r.trouble("EHLO", c)
	}))
	server.Domain, server.MaxMessageBytes, server.ErrorLog = "localhost", o.max, quiet{}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.route = mail.Route{Host: "localhost", Port: portOf(l), Security: mail.SecuritySTARTTLS, User: relayUser, Password: relayPassword}
	switch {
	case o.implicit:
		l, r.route.Security = tls.NewListener(l, o.tls), mail.SecurityTLS
	case !o.clear:
		server.TLSConfig = o.tls
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		close(r.ended)
		_ = server.Close()
		serving.Wait()
	})
	return r
}

func portOf(l net.Listener) uint16 {
	a, _ := l.Addr().(*net.TCPAddr)
	return a.AddrPort().Port()
}

// heal ends the trouble.
func (r *relay) heal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = nil
}

func (r *relay) trouble(at string, c *smtp.Conn) error {
	r.mu.Lock()
	f := r.fault
	if r.at != at {
		f = nil
	}
	r.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(r, c)
}

// counts are how often each message was taken.
func (r *relay) counts() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]int{}
	for id, n := range r.taken {
		all[id] = n
	}
	return all
}

// same reports whether all messages taken are the same bytes.
func (r *relay) same() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !slices.ContainsFunc(r.bodies, func(b []byte) bool { return !bytes.Equal(b, r.bodies[0]) })
}

func (r *relay) usedAuths() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.auths)
}

// quiet drops go-smtp's reports of connections that were cut.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type relaySession struct {
	relay  *relay
	conn   *smtp.Conn
	signed bool
}

func (s *relaySession) AuthMechanisms() []string { return s.relay.mechs }

func (s *relaySession) Auth(mechanism string) (sasl.Server, error) {
	s.relay.mu.Lock()
	s.relay.auths = append(s.relay.auths, mechanism)
	s.relay.mu.Unlock()
	check := func(user, password string) error {
		if err := s.relay.trouble("AUTH", s.conn); err != nil {
			return err
		}
		if user != relayUser || password != relayPassword {
			return smtp.ErrAuthFailed
		}
		s.signed = true
		return nil
	}
	if mechanism == sasl.Login {
		return &loginSteps{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

// loginSteps takes the user with the command, then asks for the password.
type loginSteps struct {
	user  string
	check func(user, password string) error
}

func (l *loginSteps) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.user == "" {
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

func (s *relaySession) Mail(_ string, o *smtp.MailOptions) error {
	s.relay.mu.Lock()
	s.relay.announced = o.Size
	s.relay.mu.Unlock()
	if !s.signed && len(s.relay.mechs) > 0 {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Sign in first"}
	}
	return s.relay.trouble("MAIL", s.conn)
}

func (s *relaySession) Rcpt(string, *smtp.RcptOptions) error { return s.relay.trouble("RCPT", s.conn) }

func (s *relaySession) Data(r io.Reader) error {
	if err := s.relay.trouble("DATA", s.conn); err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.relay.keep(raw); err != nil {
		return err
	}
	return s.relay.trouble(".", s.conn)
}

func (r *relay) keep(raw []byte) error {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken[m.Header.Get("Message-ID")]++
	r.bodies = append(r.bodies, raw)
	return nil
}

func (s *relaySession) Reset()        {}
func (s *relaySession) Logout() error { return nil }

package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	netsmtp "net/smtp"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

// fixedClock always tells the same time.
type fixedClock struct{ at time.Time }

func (c fixedClock) Effective() time.Time { return c.at }

var sampleTime = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

// started is a server on a free port, with its log.
type started struct {
	*Server
	log  *Log
	addr string
}

func startServer(t testing.TB, o ServerOptions, lo Options) started {
	t.Helper()
	log := openLog(t, t.TempDir(), lo)
	s := NewServer(log, fixedClock{sampleTime}, o)
	addr, err := s.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the server: %v", err)
		}
	})
	return started{s, log, addr.String()}
}

func (s started) only(t testing.TB) mail.Message {
	t.Helper()
	list := listAll(t, s.log)
	if len(list) != 1 {
		t.Fatalf("%d mails were captured, want 1", len(list))
	}
	m, err := s.log.Get(t.Context(), list[0].Seq)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// dialogue is a raw SMTP client: it writes bytes and reads answers.
type dialogue struct {
	t    testing.TB
	conn net.Conn
	r    *textproto.Reader
}

func talk(t testing.TB, addr string) *dialogue {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	// A server that hangs fails the test instead of holding it up.
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &dialogue{t: t, conn: c, r: textproto.NewReader(bufio.NewReader(c))}
}

func (d *dialogue) write(s string) {
	d.t.Helper()
	if _, err := io.WriteString(d.conn, s); err != nil {
		d.t.Fatalf("write: %v", err)
	}
}

// want reads one answer and checks its code.
func (d *dialogue) want(code int) {
	d.t.Helper()
	got, text, err := d.r.ReadResponse(0)
	var refusal *textproto.Error
	if errors.As(err, &refusal) {
		got, err = refusal.Code, nil
	}
	if err != nil || got != code {
		d.t.Fatalf("answered %d %q, %v; want %d", got, text, err, code)
	}
}

func (d *dialogue) say(line string, code int) {
	d.t.Helper()
	d.write(line + "\r\n")
	d.want(code)
}

// ended reads to the end of the connection and gives what came.
func (d *dialogue) ended() string {
	d.t.Helper()
	rest, err := io.ReadAll(d.r.R)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		d.t.Fatalf("the connection did not end: %v", err)
	}
	return string(rest)
}

func (d *dialogue) begin() {
	d.t.Helper()
	d.want(220)
	d.say("EHLO client.example", 250)
	d.transaction()
}

func (d *dialogue) transaction() {
	d.t.Helper()
	d.say("MAIL FROM:<a@example.org>", 250)
	d.say("RCPT TO:<b@example.org>", 250)
	d.say("DATA", 354)
}

func TestListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	log := openLog(t, t.TempDir(), Options{})
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.org:0", "127.0.0.1", ""} {
		s := NewServer(log, fixedClock{}, ServerOptions{})
		if got, err := s.Listen(t.Context(), addr); err == nil || !strings.Contains(err.Error(), "address") {
			t.Errorf("%q: listens on %v, %v", addr, got, err)
		}
	}
	s := NewServer(log, fixedClock{}, ServerOptions{})
	if _, err := s.Listen(t.Context(), "localhost:0"); err != nil {
		t.Error(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if _, err := s.Listen(t.Context(), "localhost:0"); err == nil {
		t.Error("a closed server listens")
	}
}

func TestNetSMTPClient(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	auth := netsmtp.PlainAuth("", "robot", "anything", "127.0.0.1")
	err := netsmtp.SendMail(s.addr, auth, "a@example.org", []string{"guest1@example.org", "blind@example.org"}, sampleMail(1))
	if err != nil {
		t.Fatal(err)
	}
	m := s.only(t)
	if !bytes.Equal(m.Raw, sampleMail(1)) {
		t.Errorf("stored %q", m.Raw)
	}
	e := m.Envelope
	if e.From != "a@example.org" || len(e.Recipients) != 2 || e.Recipients[1].Address != "blind@example.org" ||
		e.User != "robot" || e.Helo != "localhost" || e.TLS || !e.At.Equal(sampleTime) || e.Institution != 0 {
		t.Errorf("envelope %+v", e)
	}
	if !slices.Equal(m.Lint, []mail.Lint{LintRecipient}) {
		t.Errorf("lint %v", m.Lint)
	}
}

func TestGoSMTPClientWithParameters(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	c, err := smtp.Dial(s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // the end of the test
	if err := c.Auth(sasl.NewLoginClient("tester", "x")); err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("", &smtp.MailOptions{UTF8: true, Body: smtp.Body8BitMIME}); err != nil {
		t.Fatal(err)
	}
	options := &smtp.RcptOptions{
		Notify:                []smtp.DSNNotify{smtp.DSNNotifyFailure, smtp.DSNNotifyDelayed},
		OriginalRecipientType: smtp.DSNAddressTypeRFC822, OriginalRecipient: "old@example.org",
	}
	if err := c.Rcpt("grüße@example.org", options); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("Subject: x\r\n\r\n.dot\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	m := s.only(t)
	want := []mail.Recipient{{Address: "grüße@example.org", Params: "NOTIFY=FAILURE,DELAY ORCPT=RFC822;old@example.org"}}
	if !slices.Equal(m.Envelope.Recipients, want) || m.Envelope.User != "tester" || m.Envelope.From != "" {
		t.Errorf("envelope %+v", m.Envelope)
	}
	if string(m.Raw) != "Subject: x\r\n\r\n.dot\r\n" {
		t.Errorf("stored %q", m.Raw)
	}
}

func TestChunks(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	d := talk(t, s.addr)
	d.want(220)
	d.say("EHLO client", 250)
	d.say("MAIL FROM:<a@example.org> BODY=BINARYMIME", 250)
	d.say("RCPT TO:<b@example.org>", 250)
	line := strings.Repeat("\x00\xff.", 300_000)
	d.write(fmt.Sprintf("BDAT %d\r\n%s", len(line), line))
	d.want(250)
	d.write("BDAT 4\r\nabcd")
	d.want(250)
	d.say("BDAT 0 LAST", 250)
	if m := s.only(t); string(m.Raw) != line+"abcd" {
		t.Errorf("stored %d bytes, want %d", len(m.Raw), len(line)+4)
	}
	// A chunked message that is given up leaves nothing.
	d.say("MAIL FROM:<a@example.org>", 250)
	d.say("RCPT TO:<b@example.org>", 250)
	d.write("BDAT 4\r\nabcd")
	d.want(250)
	d.say("RSET", 250)
	d.transaction()
	d.say("x\r\n.", 250)
	if list := listAll(t, s.log); len(list) != 2 {
		t.Errorf("%d mails", len(list))
	}
}

func TestOddMailIsStoredByteExact(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw  string
		lint []mail.Lint
	}{
		"huge line":  {"Subject: x\r\n\r\n" + strings.Repeat("y", 300_000) + "\r\n", []mail.Lint{LintLongLine}},
		"8-bit junk": {"Subject: \xff\xfe\x80\r\n\r\n\x80\x81\r\n", []mail.Lint{LintEightBit}},
		"NUL":        {"Subject: a\x00b\r\n\r\n\x00\x00\r\n", []mail.Lint{LintNUL}},
		"no headers": {"just text\r\nand more\r\n", []mail.Lint{LintNoHeaders}},
		"no body":    {"Subject: x\r\n", nil},
		"nothing":    {"", []mail.Lint{LintNoHeaders}},
		"bare LF":    {"Subject: x\n\nbody\r\n", []mail.Lint{LintBareLF}},
		"bare CR":    {"Subject: x\r\n\r\nbo\rdy\r\n", []mail.Lint{LintBareCR}},
		"escapes":    {"Subject: \x1b[2J\x1b]0;t\x07\r\n\r\n\x1b[2J\r\n", nil},
		"bad header": {"Subject: x\r\nno field\r\nTo: y\r\n\r\n", []mail.Lint{LintBadHeader}},
		"boundary":   {"Content-Type: multipart/mixed\r\n\r\nx\r\n", []mail.Lint{LintBadMIME}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, ServerOptions{}, Options{})
			d := talk(t, s.addr)
			d.begin()
			d.write(c.raw + ".\r\n")
			d.want(250)
			m := s.only(t)
			if string(m.Raw) != c.raw {
				t.Errorf("stored %.100q", m.Raw)
			}
			for _, want := range c.lint {
				if !slices.Contains(m.Lint, want) {
					t.Errorf("lint %v lacks %s", m.Lint, want)
				}
			}
		})
	}
}

func TestADiskThatFailsIsAnsweredPlainly(t *testing.T) {
	t.Parallel()
	d := &disk{}
	s := startServer(t, ServerOptions{}, d.options())
	appendMail(t, s.log, 1)
	d.set(syscall.ENOSPC, nil, nil)
	c := talk(t, s.addr)
	c.begin()
	c.write("x\r\n.\r\n")
	code, text, _ := c.r.ReadResponse(0)
	if code != 452 || strings.Contains(text, "space") || strings.Contains(text, os.TempDir()) {
		t.Errorf("answered %d %q", code, text)
	}
	d.set(nil, nil, nil)
	c.transaction()
	c.say("y\r\n.", 250)
}

func TestTenSessionsAtOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	var all sync.WaitGroup
	for session := range 10 {
		all.Go(func() {
			c, err := smtp.Dial(s.addr)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close() //nolint:errcheck // the end of the test
			for n := range 20 {
				from := fmt.Sprintf("s%d-%d@example.org", session, n)
				if err := c.SendMail(from, []string{"b@example.org"}, bytes.NewReader(sampleMail(n))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, m := range listAll(t, s.log) {
		seen[m.Envelope.From] = true
	}
	if len(seen) != 200 {
		t.Errorf("%d different mails", len(seen))
	}
}

func TestCloseEndsConnections(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	d := talk(t, s.addr)
	d.begin()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	d.ended()
}

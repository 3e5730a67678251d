package capture

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
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

func TestOnlyCRLFDotCRLFEndsAMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sent, stored string }{
		{"x\r\n.\r\n", "x\r\n"},
		{"x\n.\ny\r\n.\r\n", "x\n.\ny\r\n"},
		{"x\n.\r\ny\r\n.\r\n", "x\n.\r\ny\r\n"},
		{"x\r\n.\ny\r\n.\r\n", "x\r\n\ny\r\n"}, // a dot that begins a line is taken off
		{"x\r.\ry\r\n.\r\n", "x\r.\ry\r\n"},
		{"x\r.\r\ny\r\n.\r\n", "x\r.\r\ny\r\n"},
		{"x\r\n\x00.\r\ny\r\n.\r\n", "x\r\n\x00.\r\ny\r\n"},
		{"x\r\n..\r\ny\r\n.\r\n", "x\r\n.\r\ny\r\n"},
		{"x\r\n. \r\ny\r\n.\r\n", "x\r\n \r\ny\r\n"},
		{".\r\n", ""},
	} {
		t.Run(fmt.Sprintf("%q", c.sent), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, ServerOptions{}, Options{})
			d := talk(t, s.addr)
			d.begin()
			d.write(c.sent)
			d.want(250)
			d.say("QUIT", 221)
			if m := s.only(t); string(m.Raw) != c.stored {
				t.Errorf("stored %q, want %q", m.Raw, c.stored)
			}
		})
	}
}

// Commands within a body that ends in a false end must stay body.
func TestSmuggledCommandsStayText(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r"} {
		s := startServer(t, ServerOptions{}, Options{})
		d := talk(t, s.addr)
		d.begin()
		d.write("Subject: outer\r\n\r\nx" + end +
			"MAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: forged\r\n\r\ny\r\n.\r\n")
		d.want(250)
		d.say("QUIT", 221)
		if m := s.only(t); m.Subject != "outer" || !bytes.Contains(m.Raw, []byte("forged")) {
			t.Errorf("%q: stored %q", end, m.Raw)
		}
	}
}

func TestASlowBodyIsNeverRunAsCommands(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{ReadTimeout: 300 * time.Millisecond}, Options{})
	for name, line := range map[string]string{"data": "DATA", "chunk": "BDAT 1000 LAST"} {
		t.Run(name, func(t *testing.T) {
			d := talk(t, s.addr)
			d.want(220)
			d.say("EHLO client", 250)
			d.say("MAIL FROM:<a@example.org>", 250)
			d.say("RCPT TO:<b@example.org>", 250)
			d.write(line + "\r\n")
			if line == "DATA" {
				d.want(354)
			}
			d.write("Subject: slow\r\n\r\n")
			d.want(421)
			// Whatever is written now meets a closed connection.
			_, _ = io.WriteString(d.conn, "RSET\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"+
				"Subject: forged\r\n\r\n.\r\n")
			if rest := d.ended(); strings.Contains(rest, "250") || strings.Contains(rest, "354") {
				t.Errorf("answered %q", rest)
			}
		})
	}
	if list := listAll(t, s.log); len(list) > 0 {
		t.Errorf("stored %+v", list)
	}
}

func TestACutOffMessageIsNotStored(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]string{
		"data":        "DATA\r\nSubject: half\r\n\r\nhalf",
		"data at dot": "DATA\r\nSubject: half\r\n\r\nhalf\r\n.",
		"last chunk":  "BDAT 5000 LAST\r\nSubject: half\r\n\r\nhalf",
		"first chunk": "BDAT 5\r\nSubje",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, ServerOptions{}, Options{})
			d := talk(t, s.addr)
			d.want(220)
			d.write("EHLO client\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n" + sent)
			tcp, ok := d.conn.(*net.TCPConn)
			if !ok {
				t.Fatal("not TCP")
			}
			if err := tcp.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			d.ended()
			if list := listAll(t, s.log); len(list) > 0 {
				t.Errorf("stored %+v", list)
			}
		})
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

func TestASecondMailIsRefusedAndTheFirstStays(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	d := talk(t, s.addr)
	d.want(220)
	d.say("EHLO client", 250)
	d.say("MAIL FROM:<a@example.org>", 250)
	d.say("RCPT TO:<b@example.org>", 250)
	d.say("MAIL FROM:<evil@example.org>", 503)
	d.say("DATA", 354)
	d.say("x\r\n.", 250)
	if e := s.only(t).Envelope; e.From != "a@example.org" || len(e.Recipients) != 1 {
		t.Errorf("envelope %+v", e)
	}
	d.say("MAIL FROM:<c@example.org>", 250) // a finished one is no hindrance
	d.say("EHLO again", 250)
	d.say("MAIL FROM:<d@example.org>", 250)
}

func TestTooLargeIsRefusedAndTheConnectionGoesOn(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{MaxMessageBytes: 100_000}, Options{})
	d := talk(t, s.addr)
	d.begin()
	d.write(strings.Repeat("x", 150_000) + "\r\n.\r\n")
	d.want(552)
	d.say("MAIL FROM:<a@example.org> SIZE=100001", 552)
	d.transaction()
	d.say("small\r\n.", 250)
	s.only(t)
}

func TestFarTooLargeEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{MaxMessageBytes: 100_000}, Options{})
	d := talk(t, s.addr)
	d.begin()
	// More than is read: the write may meet the closed connection.
	_, _ = io.WriteString(d.conn, strings.Repeat("x", 900_000)+"\r\nRSET\r\n.\r\nNOOP\r\n")
	if rest := d.ended(); strings.Contains(rest, "250") {
		t.Errorf("answered %q", rest)
	}
	if list := listAll(t, s.log); len(list) > 0 {
		t.Errorf("stored %v", sequences(list))
	}
}

func TestAnEndlessCommandLineEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	for name, before := range map[string]string{
		"at once":        "",
		"between chunks": "EHLO client\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT 2\r\nab",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := talk(t, s.addr)
			d.want(220)
			_, _ = io.WriteString(d.conn, before+strings.Repeat("x", 2*chunkBytes))
			d.ended()
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("recipients", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{}, Options{})
		d := talk(t, s.addr)
		d.want(220)
		d.say("EHLO client", 250)
		d.say("MAIL FROM:<a@example.org>", 250)
		for n := range 100 {
			d.say(fmt.Sprintf("RCPT TO:<b%d@example.org>", n), 250)
		}
		d.say("RCPT TO:<b100@example.org>", 452)
		d.say("DATA", 354)
		d.say("x\r\n.", 250)
		if n := len(s.only(t).Envelope.Recipients); n != 100 {
			t.Errorf("%d recipients", n)
		}
	})
	t.Run("connections", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{MaxConnections: 2}, Options{})
		first, second := talk(t, s.addr), talk(t, s.addr)
		first.want(220)
		second.want(220)
		third := talk(t, s.addr)
		third.want(421)
		third.ended()
		first.say("QUIT", 221)
		first.ended()
		talk(t, s.addr).begin()
	})
	t.Run("errors", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{}, Options{})
		d := talk(t, s.addr)
		d.want(220)
		d.say("EHLO client", 250)
		for range 5 {
			d.say("RCPT TO:<b@example.org>", 502)
		}
		d.ended()
	})
	t.Run("errors begin anew with each mail", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{}, Options{})
		d := talk(t, s.addr)
		d.want(220)
		d.say("EHLO client", 250)
		for range 3 {
			for range 4 {
				d.say("RCPT TO:<b@example.org>", 502)
			}
			d.transaction()
			d.say("x\r\n.", 250)
		}
	})
	t.Run("idle", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{ReadTimeout: 50 * time.Millisecond}, Options{})
		d := talk(t, s.addr)
		d.want(220)
		d.want(421)
		d.ended()
	})
	t.Run("life", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{ConnectionLife: 50 * time.Millisecond}, Options{})
		d := talk(t, s.addr)
		d.want(220)
		d.want(421)
		d.ended()
	})
	t.Run("memory of all messages", func(t *testing.T) {
		t.Parallel()
		s := startServer(t, ServerOptions{MaxBodies: 200_000}, Options{})
		d := talk(t, s.addr)
		d.begin()
		d.write(strings.Repeat("x", 500_000) + "\r\n.\r\n")
		d.want(452)
		for range 3 { // what is given back can be taken again
			d.transaction()
			d.write(strings.Repeat("x", 60_000) + "\r\n.\r\n")
			d.want(250)
		}
	})
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

func sendAs(addr, user, password string) error {
	var d net.Dialer
	conn, err := d.DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	c := smtp.NewClient(conn)
	defer c.Close() //nolint:errcheck // the end of the test
	if err := c.Auth(sasl.NewPlainClient("", user, password)); err != nil {
		return err
	}
	return c.SendMail("a@example.org", []string{"b@example.org"}, strings.NewReader("Subject: x\r\n\r\ny\r\n"))
}

func TestR89OwnMailIsKnownByItsCredentials(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	user, password := s.Own(3, 17)
	if err := sendAs(s.addr, user, password); err != nil {
		t.Fatal(err)
	}
	if e := s.only(t).Envelope; e.Institution != 3 || e.Entry != 17 || e.User != user {
		t.Errorf("envelope %+v", e)
	}
	otherUser, otherPassword := s.Own(3, 18)
	restarted := startServer(t, ServerOptions{}, Options{})
	for name, c := range map[string]struct{ addr, user, password string }{
		"wrong password":         {s.addr, user, "wrong"},
		"no password":            {s.addr, user, ""},
		"another's password":     {s.addr, user, otherPassword},
		"password of the prefix": {s.addr, ownPrefix, s.ownPassword(otherUser)},
		"own without numbers":    {s.addr, ownPrefix + "x/y", s.ownPassword(ownPrefix + "x/y")},
		"after a restart":        {restarted.addr, user, password},
	} {
		err := sendAs(c.addr, c.user, c.password)
		var refusal *smtp.SMTPError
		if !errors.As(err, &refusal) || refusal.Code != 535 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(listAll(t, restarted.log)); n != 0 {
		t.Errorf("%d mails after a restart", n)
	}
}

func TestLoginAsksForUserAndPassword(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	user, password := s.Own(1, 2)
	encode := base64.StdEncoding.EncodeToString
	d := talk(t, s.addr)
	d.want(220)
	d.say("EHLO client", 250)
	d.say("AUTH CRAM-MD5", 504)
	d.say("AUTH LOGIN", 334)
	d.say(encode([]byte(user)), 334)
	d.say(encode([]byte("wrong")), 535)
	d.say("AUTH LOGIN "+encode([]byte(user)), 334)
	d.say(encode([]byte(password)), 235)
	d.transaction()
	d.say("x\r\n.", 250)
	if e := s.only(t).Envelope; e.Institution != 1 || e.Entry != 2 {
		t.Errorf("envelope %+v", e)
	}
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

package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

func TestWhyByEnhancedCode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mail.Why{
		"550 5.1.1": mail.WhyMailbox, "550 5.1.2": mail.WhyMailbox, "550 5.1.10": mail.WhyMailbox, "550 5.2.1": mail.WhyMailbox,
		"553 5.1.7": mail.WhySender, "550 5.1.8": mail.WhySender, "550 5.2.2": mail.WhyFull, "452 4.2.2": mail.WhyFull,
		"552 5.2.3": mail.WhySize, "552 5.3.4": mail.WhySize, "450 4.1.1": mail.WhyBusy, "450 4.2.1": mail.WhyBusy,
		"451 4.3.0": mail.WhyBusy, "451 4.4.1": mail.WhyBusy, "450 4.7.1": mail.WhyBusy, "550 5.7.1": mail.WhyPolicy,
		"550 5.7.26": mail.WhyPolicy, "554 5.6.0": mail.WhyPolicy, "535 5.7.8": mail.WhySignIn, "534 5.7.9": mail.WhySignIn,
		"538 5.7.11": mail.WhySignIn, "550 5.7.10": mail.WhyNoTLS,
		// These say nothing by themselves: at RCPT the code does.
		"550 5.0.0": mail.WhyMailbox, "550 5.1.0": mail.WhyMailbox, "552 5.2.0": mail.WhyFull, "530 5.7.0": mail.WhySignIn,
		"500 5.5.2": mail.WhyOther, "550 2.1.1": mail.WhyMailbox,
	} {
		refusal := &smtp.SMTPError{}
		c := &refusal.EnhancedCode
		if _, err := fmt.Sscanf(text, "%d %d.%d.%d", &refusal.Code, &c[0], &c[1], &c[2]); err != nil {
			t.Fatal(err)
		}
		if got := whyOf(at(stepRecipient, refusal)); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestWhyByCodeAndStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step  step
		codes string
		want  mail.Why
	}{
		{stepConnect, "421 450", mail.WhyBusy},
		{stepConnect, "554 550", mail.WhyPolicy},
		{stepConnect, "454", mail.WhyNoTLS},
		{stepConnect, "521", mail.WhyMailbox},
		{stepSecure, "550", mail.WhyPolicy},
		{stepSignIn, "454 421", mail.WhyBusy},
		{stepSignIn, "535 534 530 538 501 500", mail.WhySignIn},
		{stepSender, "451", mail.WhyBusy},
		{stepSender, "550 553 501", mail.WhySender},
		{stepSender, "554", mail.WhyPolicy},
		{stepSender, "552", mail.WhySize},
		{stepSender, "530", mail.WhySignIn},
		{stepSender, "503", mail.WhyOther},
		{stepRecipient, "450 452", mail.WhyBusy},
		{stepRecipient, "550 551 553 501 556", mail.WhyMailbox},
		{stepRecipient, "552", mail.WhyFull},
		{stepRecipient, "554", mail.WhyPolicy},
		{stepRecipient, "502", mail.WhyOther},
		{stepData, "451", mail.WhyBusy},
		{stepData, "554", mail.WhyPolicy},
		{stepMessage, "554 550", mail.WhyPolicy},
		{stepMessage, "552", mail.WhySize},
		{stepMessage, "500", mail.WhyOther},
		{0, "550", mail.WhyOther},
	} {
		for code := range strings.FieldsSeq(c.codes) {
			refusal := &smtp.SMTPError{}
			if _, err := fmt.Sscan(code, &refusal.Code); err != nil {
				t.Fatal(err)
			}
			if got := whyOf(at(c.step, refusal)); got != c.want {
				t.Errorf("%s at step %d is %q, want %q", code, c.step, got, c.want)
			}
		}
	}
}

func TestWhyByError(t *testing.T) {
	t.Parallel()
	read := func(err error) error { return &net.OpError{Op: "read", Err: os.NewSyscallError("read", err)} }
	dial := func(err error) error { return &net.OpError{Op: "dial", Err: err} }
	for _, c := range []struct {
		step step
		err  error
		want mail.Why
	}{
		{stepConnect, dial(&net.DNSError{IsNotFound: true}), mail.WhyName},
		{stepConnect, dial(&net.DNSError{IsTimeout: true}), mail.WhyName},
		{stepConnect, dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), mail.WhyConnect},
		{stepConnect, dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)), mail.WhyConnect},
		{stepConnect, dial(os.ErrDeadlineExceeded), mail.WhyTimeout},
		{stepConnect, errClear, mail.WhyNoTLS},
		{stepSecure, x509.UnknownAuthorityError{}, mail.WhyCertificate},
		{stepSecure, x509.HostnameError{}, mail.WhyCertificate},
		{stepSecure, x509.CertificateInvalidError{}, mail.WhyCertificate},
		{stepSecure, &tls.CertificateVerificationError{Err: errors.New("odd")}, mail.WhyCertificate},
		{stepSecure, tls.RecordHeaderError{}, mail.WhyNoTLS},
		{stepSecure, tls.AlertError(70), mail.WhyNoTLS},
		{stepSecure, io.EOF, mail.WhyCut},
		{stepSignIn, errNoSignIn, mail.WhySignIn},
		{stepMessage, errSilent, mail.WhyDropped},
		{stepRecipient, errSilent, mail.WhyTimeout},
		{stepMessage, io.ErrUnexpectedEOF, mail.WhyDropped},
		{stepMessage, read(syscall.ECONNRESET), mail.WhyDropped},
		{stepMessage, read(syscall.EPIPE), mail.WhyDropped},
		{stepMessage, net.ErrClosed, mail.WhyDropped},
		{stepMessage, errors.New("odd"), mail.WhyOther},
	} {
		if got := whyOf(at(c.step, c.err)); got != c.want {
			t.Errorf("%v at step %d is %q, want %q", c.err, c.step, got, c.want)
		}
	}
	if got := whyOf(errors.New("from elsewhere")); got != mail.WhyOther {
		t.Errorf("an error without a step is %q", got)
	}
}

func TestABrokenOffTryIsTriedAgain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	_, err := judge(ctx, at(stepMessage, net.ErrClosed))
	if got := brokenOff(err); got.Verdict != mail.Later || got.Why != mail.WhyTimeout {
		t.Errorf("out of time: %+v", got)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err = judge(ctx, at(stepMessage, net.ErrClosed))
	if got := brokenOff(err); got.Verdict != mail.Later || got.Why != mail.WhyOther || got.Text == "" {
		t.Errorf("stopped: %+v", got)
	}
}

// TestRelayAnswers holds what no well-behaved server library says, against one
// that reads from a script.
func TestRelayAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script script
		want   mail.Answer
	}{
		"busy":             {script{"greet": "421 4.7.0 Too many"}, mail.Answer{Verdict: mail.Later, Text: "421 4.7.0 Too many", Why: mail.WhyBusy}},
		"blocked":          {script{"greet": "554 Your address is blocked"}, mail.Answer{Verdict: mail.Later, Text: "554 Your address is blocked", Why: mail.WhyPolicy}},
		"STARTTLS is out":  {script{"EHLO": "250-x\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 Out"}, mail.Answer{Verdict: mail.Later, Text: "454 4.7.0 Out", Why: mail.WhyNoTLS}},
		"only HELO":        {script{"EHLO": "502 5.5.1 What"}, mail.Answer{Verdict: mail.Later, Text: errClear.Error(), Why: mail.WhyNoTLS}},
		"nonsense":         {script{"greet": "hi"}, mail.Answer{Verdict: mail.Later, Text: `short response: "hi"`, Why: mail.WhyOther}},
		"hangs up":         {script{"greet": ""}, mail.Answer{Verdict: mail.Later, Text: "EOF", Why: mail.WhyCut}},
		"hangs up at EHLO": {script{"EHLO": ""}, mail.Answer{Verdict: mail.Later, Text: "EOF", Why: mail.WhyCut}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := playScript(t, c.script)
			got, err := deliverTo(t, server.addr)
			if err != nil || got != c.want {
				t.Errorf("got %+v (%v), want %+v", got, err, c.want)
			}
			server.mu.Lock()
			defer server.mu.Unlock()
			if len(server.data) > 0 {
				t.Errorf("it was told %q", server.data)
			}
		})
	}
}

// deliverTo tries a server by STARTTLS.
func deliverTo(t *testing.T, addr string) (mail.Answer, error) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	route := mail.Route{Host: host, Security: mail.SecuritySTARTTLS}
	if _, err := fmt.Sscan(port, &route.Port); err != nil {
		t.Fatal(err)
	}
	w := sampleWork()
	w.Route = &route
	return RelayDoor{}.Deliver(t.Context(), w, render(t, w))
}

func TestRelayNobodyThere(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := deliverTo(t, l.Addr().String()); err != nil || got.Verdict != mail.Later || got.Why != mail.WhyConnect {
		t.Errorf("got %+v (%v)", got, err)
	}
}

func TestRelayEndsWithItsContext(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0") // never greets
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if conn, err := l.Accept(); err == nil {
			cancel()
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	w := sampleWork()
	w.Route = &mail.Route{Host: "127.0.0.1", Port: portOf(l), Security: mail.SecuritySTARTTLS}
	if answer, err := (RelayDoor{}).Deliver(ctx, w, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v (%v)", answer, err)
	}
}

func TestHelloName(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"192.0.2.7:4711": "[192.0.2.7]", "[::ffff:192.0.2.7]:4711": "[192.0.2.7]", "[2001:db8::7]:25": "[IPv6:2001:db8::7]",
		"[fe80::1%eth0]:25": "[IPv6:fe80::1]",
	} {
		if got := helloName(localAddr(addr)); got != want {
			t.Errorf("%s introduces itself as %s, want %s", addr, got, want)
		}
	}
	if got := helloName(localAddr("pipe")); got != "localhost" {
		t.Errorf("without an address: %s", got)
	}
}

type localAddr string

func (localAddr) Network() string  { return "tcp" }
func (a localAddr) String() string { return string(a) }

package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core"
	"willcall/core/mail"
)

// Door is where rendered mail leaves. Implementations are safe for concurrent
// use.
type Door interface {
	// Deliver hands message over and says what came of it. An error means that
	// it can't be told, such as a try that ctx broke off: the mail is tried
	// again.
	Deliver(ctx context.Context, w mail.Work, message []byte) (mail.Answer, error)
}

// How long the parts of a delivery to the capture server may take.
const (
	connectTimeout = 5 * time.Second
	commandTimeout = 30 * time.Second
	dataTimeout    = 60 * time.Second
)

// maxAnswer is how much of a server's answer is kept, in bytes.
const maxAnswer = 500

// CaptureDoor hands mail to the capture server by SMTP (RFC 5321), each mail
// on a connection of its own: its user names the mail.
type CaptureDoor struct {
	// Addr is the server's "host:port", on loopback: the password goes in clear.
	Addr string
	// Own gives the user and password that name an outbox entry.
	Own func(institution, entry core.ID) (user, password string)
}

// Deliver implements [Door]. A 5xx answer to the mail is final; one before it
// (greeting, sign-in) is about the server, so the mail is tried again.
func (d CaptureDoor) Deliver(ctx context.Context, w mail.Work, message []byte) (mail.Answer, error) {
	if err := checkLoopback(d.Addr); err != nil {
		return mail.Answer{}, err
	}
	conn, err := (&net.Dialer{Timeout: connectTimeout}).DialContext(ctx, "tcp", d.Addr)
	if err != nil {
		return judge(ctx, at(stepConnect, err))
	}
	client := smtp.NewClient(conn)
	client.CommandTimeout = commandTimeout
	defer func() { _ = client.Close() }() // the answer is known by then
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()

	user, password := d.Own(w.Institution, w.ID)
	if err := client.Hello("localhost"); err != nil {
		return judge(ctx, at(stepConnect, err))
	}
	if err := client.Auth(sasl.NewPlainClient("", user, password)); err != nil {
		return judge(ctx, at(stepSignIn, err))
	}
	said, err := submit(ctx, client, conn, envelope{w.From, w.To, message}, dataTimeout)
	if err != nil {
		return judge(ctx, err)
	}
	_ = client.Quit() // a courtesy: the mail is stored
	return mail.Answer{Verdict: mail.Captured, Text: shorten(said)}, nil
}

// envelope is what one SMTP transaction carries.
type envelope struct {
	from, to string
	message  []byte
}

// submit runs one mail's transaction and gives the answer to its end. The
// message with its answer has so long as patience.
func submit(ctx context.Context, client *smtp.Client, conn net.Conn, e envelope, patience time.Duration) (said string, err error) {
	if err := client.Mail(e.from, &smtp.MailOptions{Size: int64(len(e.message))}); err != nil {
		return "", at(stepSender, err)
	}
	if err := client.Rcpt(e.to, nil); err != nil {
		return "", at(stepRecipient, err)
	}
	data, err := client.Data()
	if err != nil {
		return "", at(stepData, err)
	}
	client.SubmissionTimeout = patience
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = within(ctx, conn, func() error {
		if _, err := bytes.NewReader(e.message).WriteTo(data); err != nil {
			return at(stepMessage, err)
		}
		answer, err := data.CloseWithResponse()
		if err == nil {
			said = answer.StatusText
		}
		return at(stepMessage, err)
	})
	return said, err
}

// within runs fn and closes conn once ctx ends, for what has no deadline of the
// client's. A failure after ctx's deadline is the server's silence.
func within(ctx context.Context, conn net.Conn, fn func() error) error {
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	err := fn()
	var where *failure
	if errors.As(err, &where) && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return at(where.step, errSilent)
	}
	return err
}

// said is a server's answer as it came, such as "550 5.1.1 No such mailbox", or
// what went wrong on the way to it.
func said(err error) string {
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) {
		return shorten(err.Error())
	}
	text := fmt.Sprintf("%d %s", answer.Code, answer.Message)
	if c := answer.EnhancedCode; c[0] > 0 {
		text = fmt.Sprintf("%d %d.%d.%d %s", answer.Code, c[0], c[1], c[2], answer.Message)
	}
	return shorten(text)
}

func shorten(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= maxAnswer {
		return s
	}
	end := maxAnswer
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("read the capture server's address: %w", err)
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.Unmap().IsLoopback()) {
		return fmt.Errorf("the capture server's address %q is not on loopback", addr)
	}
	return nil
}

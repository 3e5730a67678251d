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
		return tryAgain(ctx, err)
	}
	client := smtp.NewClient(conn)
	client.CommandTimeout, client.SubmissionTimeout = commandTimeout, dataTimeout
	defer func() { _ = client.Close() }() // the answer is known by then
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()

	user, password := d.Own(w.Institution, w.ID)
	if err := client.Auth(sasl.NewPlainClient("", user, password)); err != nil {
		return tryAgain(ctx, err)
	}
	said, err := submit(ctx, client, conn, w, message)
	if err != nil {
		return refused(ctx, err)
	}
	_ = client.Quit() // a courtesy: the mail is stored
	return mail.Answer{Verdict: mail.Captured, Text: shorten(said)}, nil
}

// submit runs one mail's transaction. Writing the message has no deadline of
// the client's, so closing the connection ends it.
func submit(ctx context.Context, client *smtp.Client, conn net.Conn, w mail.Work, message []byte) (string, error) {
	if err := client.Mail(w.From, nil); err != nil {
		return "", err
	}
	if err := client.Rcpt(w.To, nil); err != nil {
		return "", err
	}
	data, err := client.Data()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, dataTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if _, err := bytes.NewReader(message).WriteTo(data); err != nil {
		return "", fmt.Errorf("send the message: %w", err)
	}
	answer, err := data.CloseWithResponse()
	if err != nil {
		return "", err
	}
	return answer.StatusText, nil
}

// refused judges a failed transaction: 5xx is final (RFC 5321, 4.2.1).
func refused(ctx context.Context, err error) (mail.Answer, error) {
	var answer *smtp.SMTPError
	if errors.As(err, &answer) && answer.Code >= 500 && answer.Code <= 599 {
		return mail.Answer{Verdict: mail.Never, Text: said(err)}, nil
	}
	return tryAgain(ctx, err)
}

// tryAgain is [mail.Later], or an error where it was ctx that ended the try.
func tryAgain(ctx context.Context, err error) (mail.Answer, error) {
	if ctx.Err() != nil {
		return mail.Answer{}, fmt.Errorf("hand a mail over: %w", context.Cause(ctx))
	}
	return mail.Answer{Verdict: mail.Later, Text: said(err)}, nil
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

package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

// step is how far a delivery got.
type step uint8

const (
	stepConnect   step = iota + 1 // connection, greeting, STARTTLS
	stepSecure                    // TLS handshake and the greeting within
	stepSignIn                    // AUTH
	stepSender                    // MAIL FROM
	stepRecipient                 // RCPT TO
	stepData                      // DATA
	stepMessage                   // the message, up to the answer to its end
)

// failure is where a delivery ended.
type failure struct {
	step step
	err  error
}

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

func at(s step, err error) error {
	if err == nil {
		return nil
	}
	return &failure{s, err}
}

// judge makes an answer of a failed delivery: 5xx to the mail is final (RFC
// 5321, 4.2.1). It is an error where it was ctx that ended the try.
func judge(ctx context.Context, err error) (mail.Answer, error) {
	if ctx.Err() != nil {
		return mail.Answer{}, fmt.Errorf("hand a mail over: %w", context.Cause(ctx))
	}
	answer := mail.Answer{Verdict: mail.Later, Text: said(err), Why: whyOf(err)}
	var where *failure
	var refusal *smtp.SMTPError
	switch {
	case !errors.As(err, &where):
	case !errors.As(err, &refusal):
		if kindBroken(where) == mail.WhyTimeout {
			answer.Text = errSilent.Error()
		}
	default:
		ofMail := where.step >= stepSender && !aboutSignIn(refusal.Code)
		if ofMail && refusal.Code >= 500 && refusal.Code <= 599 {
			answer.Verdict = mail.Never
		}
	}
	return answer, nil
}

// brokenOff is the answer of a try that ended without one.
func brokenOff(err error) mail.Answer {
	answer := mail.Answer{Verdict: mail.Later, Text: shorten(err.Error()), Why: mail.WhyOther}
	if errors.Is(err, context.DeadlineExceeded) {
		answer.Why = mail.WhyTimeout
	}
	return answer
}

// whyOf is what a failed delivery means: by the enhanced status code where
// there is one, else by code and step, else by the kind of error.
func whyOf(err error) mail.Why {
	var where *failure
	var refusal *smtp.SMTPError
	if !errors.As(err, &where) {
		return mail.WhyOther
	}
	if !errors.As(err, &refusal) {
		return whyBroken(where)
	}
	if why := whyEnhanced(refusal); why != "" {
		return why
	}
	return whyCode(where.step, refusal.Code)
}

// whyEnhanced reads an enhanced status code (RFC 3463, RFC 5248, RFC 7505);
// empty for one that says nothing.
func whyEnhanced(refusal *smtp.SMTPError) mail.Why {
	c := refusal.EnhancedCode
	switch [2]int{c[1], c[2]} {
	case [2]int{1, 7}, [2]int{1, 8}:
		return mail.WhySender
	case [2]int{2, 2}:
		return mail.WhyFull
	case [2]int{2, 3}, [2]int{3, 4}:
		return mail.WhySize
	case [2]int{7, 8}, [2]int{7, 9}, [2]int{7, 11}:
		return mail.WhySignIn
	case [2]int{7, 10}:
		return mail.WhyNoTLS
	case [2]int{1, 0}, [2]int{2, 0}, [2]int{7, 0}:
		return "" // "other": the code with its step says more
	}
	switch {
	case c[0] != 4 && c[0] != 5:
		return ""
	case c[0] == 4 && c[1] > 0:
		return mail.WhyBusy // 4.7 is greylisting for the most part
	case c[1] == 1, c[1] == 2:
		return mail.WhyMailbox
	case c[1] == 6, c[1] == 7:
		return mail.WhyPolicy
	}
	return ""
}

// aboutSignIn reports the codes of RFC 4954 that are about the sign-in at
// whatever step they come.
func aboutSignIn(code int) bool {
	return code == 530 || code == 534 || code == 535 || code == 538
}

// whyCode reads a code by the step it came at (RFC 5321, 4.2.2 and 4.3.2).
func whyCode(s step, code int) mail.Why {
	switch {
	case aboutSignIn(code):
		return mail.WhySignIn
	case code == 454 && s == stepConnect: // RFC 3207, 4
		return mail.WhyNoTLS
	case code < 500:
		return mail.WhyBusy
	case code == 556 || code == 521: // RFC 7504
		return mail.WhyMailbox
	}
	switch s {
	case stepConnect, stepSecure:
		return mail.WhyPolicy
	case stepSignIn:
		return mail.WhySignIn
	case stepSender:
		return whySender(code)
	case stepRecipient:
		return whyRecipient(code)
	case stepData, stepMessage:
		return whyMessage(code)
	}
	return mail.WhyOther
}

func whySender(code int) mail.Why {
	switch code {
	case 552:
		return mail.WhySize
	case 554:
		return mail.WhyPolicy
	case 501, 550, 551, 553:
		return mail.WhySender
	}
	return mail.WhyOther
}

func whyRecipient(code int) mail.Why {
	switch code {
	case 552:
		return mail.WhyFull
	case 554:
		return mail.WhyPolicy
	case 501, 550, 551, 553:
		return mail.WhyMailbox
	}
	return mail.WhyOther
}

func whyMessage(code int) mail.Why {
	switch code {
	case 552:
		return mail.WhySize
	case 550, 551, 553, 554:
		return mail.WhyPolicy
	}
	return mail.WhyOther
}

// whyBroken reads an error that is no answer of the server. Behind the message
// nobody can tell whether it arrived.
func whyBroken(where *failure) mail.Why {
	why := kindBroken(where)
	if where.step == stepMessage && (why == mail.WhyTimeout || why == mail.WhyCut) {
		return mail.WhyDropped
	}
	return why
}

// kindBroken tells the kinds of errors apart.
func kindBroken(where *failure) mail.Why {
	err := where.err
	var netErr net.Error
	var verification *tls.CertificateVerificationError
	var dns *net.DNSError
	switch {
	case errors.Is(err, errClear):
		return mail.WhyNoTLS
	case errors.Is(err, errNoSignIn):
		return mail.WhySignIn
	case errors.Is(err, errFlood):
		return mail.WhyOther
	case errors.As(err, &verification), isX509(err):
		return mail.WhyCertificate
	case errors.As(err, &dns):
		return mail.WhyName
	case errors.Is(err, errSilent), errors.As(err, &netErr) && netErr.Timeout():
		return mail.WhyTimeout
	case cutOff(err):
		return mail.WhyCut
	case where.step == stepConnect && errors.As(err, &netErr):
		return mail.WhyConnect
	case where.step == stepSecure:
		return mail.WhyNoTLS // an alert, a version too old, no TLS at all
	}
	return mail.WhyOther
}

// isX509 reports a certificate that isn't good, wherever it was found.
func isX509(err error) bool {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid)
}

// cutOff reports a connection that ended.
func cutOff(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

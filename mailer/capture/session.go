package capture

import (
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

const firstBody = 8 * kib // room for most mails

// The refusals a sender can get from us, in plain words (RFC 3463 codes).
var (
	errNested = &smtp.SMTPError{
		Code: 503, EnhancedCode: smtp.EnhancedCode{5, 5, 1}, Message: "A mail has been begun already, finish it or reset",
	}
	errCutOff = &smtp.SMTPError{
		Code: 421, EnhancedCode: smtp.EnhancedCode{4, 4, 2}, Message: "The message did not arrive whole",
	}
	errBusy = &smtp.SMTPError{
		Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Too much mail at once, try again later",
	}
	errNotStored = &smtp.SMTPError{
		Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "The message could not be stored, try again later",
	}
	errStopping = &smtp.SMTPError{
		Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "The server is stopping, try again later",
	}
)

// session is one greeting of a connection. go-smtp calls it from the
// connection's goroutine, but for Data of a message in chunks.
type session struct {
	server *Server
	smtp   *smtp.Conn
	conn   *conn

	mu       sync.Mutex
	who      identity
	begun    bool
	envelope mail.Envelope
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	wrapped, ok := c.Conn().(*conn)
	if !ok {
		return nil, errStopping
	}
	return &session{server: s, smtp: c, conn: wrapped}, nil
}

// AuthMechanisms lists PLAIN (RFC 4616) and the older LOGIN.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth begins one of the mechanisms.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return s.signIn(user, password) }), nil
	case sasl.Login:
		return &loginServer{signIn: s.signIn}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *session) signIn(user, password string) error {
	who, err := s.server.identify(user, password)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.who = who
	return nil
}

// loginServer asks for a user, then a password.
type loginServer struct {
	user   *string
	signIn func(user, password string) error
}

// Next answers one line of the client; the first may come with the command.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case l.user != nil:
		return nil, true, l.signIn(*l.user, string(response))
	case response == nil:
		return []byte("Username:"), false, nil
	}
	user := string(response)
	l.user = &user
	return []byte("Password:"), false, nil
}

// Mail begins a message. go-smtp lets a second MAIL through: it is refused
// here, and the first message stays as it was (RFC 5321 4.1.4).
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun {
		return errNested
	}
	_, isTLS := s.smtp.TLSConnectionState()
	s.begun = true
	s.envelope = mail.Envelope{
		From: from, Helo: s.smtp.Hostname(), TLS: isTLS, User: s.who.user,
		Remote: s.conn.RemoteAddr().String(), Institution: s.who.institution, Entry: s.who.entry,
	}
	return nil
}

// Rcpt adds a recipient. Every one is taken.
func (s *session) Rcpt(to string, o *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.envelope.Recipients = append(s.envelope.Recipients, mail.Recipient{Address: to, Params: rcptParams(o)})
	return nil
}

// rcptParams writes the delivery-notice parameters (RFC 3461) as go-smtp read
// them.
func rcptParams(o *smtp.RcptOptions) string {
	var params []string
	if len(o.Notify) > 0 {
		wishes := make([]string, len(o.Notify))
		for i, n := range o.Notify {
			wishes[i] = string(n)
		}
		params = append(params, "NOTIFY="+strings.Join(wishes, ","))
	}
	if o.OriginalRecipient != "" {
		params = append(params, "ORCPT="+string(o.OriginalRecipientType)+";"+o.OriginalRecipient)
	}
	return strings.Join(params, " ")
}

// Data reads the message and answers after it is durable and listed.
func (s *session) Data(r io.Reader) error {
	done, ok := s.server.begin()
	if !ok {
		return errStopping
	}
	defer done()
	s.mu.Lock()
	envelope := s.envelope
	s.mu.Unlock()

	raw, release, err := s.body(r)
	defer release()
	if err != nil {
		return err
	}
	envelope.At = s.server.clock.Effective()
	if _, err := s.server.log.Append(s.server.ctx, envelope, raw); err != nil {
		s.server.opts.Report(err)
		return errNotStored
	}
	s.conn.refusals.Store(0)
	return nil
}

// body reads a whole message, within the size go-smtp enforces and the memory
// left for all messages.
func (s *session) body(r io.Reader) (raw []byte, release func(), err error) {
	if _, chunked := r.(*io.PipeReader); chunked {
		s.conn.chunked.Store(true)
		defer s.conn.chunked.Store(false)
		r = chunks{r, s.conn}
	} else {
		// As much again as the largest message: what is left of one that is
		// too large is read past, so that the sender hears why.
		s.conn.allow(2 * s.server.opts.MaxMessageBytes)
	}
	b := &reserved{server: s.server}
	err = b.fill(r)
	switch {
	case errors.Is(err, smtp.ErrDataTooLarge):
		return nil, b.release, smtp.ErrDataTooLarge
	case errors.Is(err, errBusy):
		return nil, b.release, errBusy
	case err != nil || s.conn.failed():
		// go-smtp takes a last chunk that the connection cut off as whole.
		return nil, b.release, errCutOff
	}
	return b.raw, b.release, nil
}

// chunks lets the connection be read while a message is taken in chunks.
type chunks struct {
	io.Reader
	conn *conn
}

// Read makes room before it waits for the next bytes.
func (c chunks) Read(b []byte) (int, error) {
	c.conn.allow(chunkBytes)
	return c.Reader.Read(b)
}

// reserved is a buffer whose memory is taken from what all messages share.
type reserved struct {
	server *Server
	raw    []byte
	taken  int64
}

// fill reads to the end, or fails with errBusy.
func (r *reserved) fill(from io.Reader) error {
	for {
		if len(r.raw) == cap(r.raw) {
			grow := max(firstBody, cap(r.raw))
			if !r.server.bodies.TryAcquire(int64(grow)) {
				return errBusy
			}
			r.taken += int64(grow)
			r.raw = slices.Grow(r.raw, grow)
		}
		n, err := from.Read(r.raw[len(r.raw):cap(r.raw)])
		r.raw = r.raw[:len(r.raw)+n]
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *reserved) release() {
	r.server.bodies.Release(r.taken)
	r.taken = 0
}

// Reset forgets a message that was begun.
func (s *session) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun, s.envelope = false, mail.Envelope{}
}

// Logout ends the session; there is nothing to free.
func (s *session) Logout() error { return nil }

package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"strconv"
	"sync"

	"github.com/emersion/go-smtp"

	"willcall/core/mail"
	"willcall/mailer"
)

// mailServer is one that takes every mail over TLS, on a port of its own.
type mailServer struct {
	route mail.ServerDraft
	door  mailer.RelayDoor

	mu    sync.Mutex
	taken []string
}

// serveMail opens a mail server until the test ends.
func (s *story) serveMail() *mailServer {
	s.t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate, which names 127.0.0.1
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	m := &mailServer{door: mailer.RelayDoor{Roots: roots}}
	server := smtp.NewServer(m)
	listener, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	s.must(err)
	done := make(chan error, 1)
	go func() { done <- server.Serve(tls.NewListener(listener, web.TLS)) }()
	s.t.Cleanup(func() {
		_ = server.Close()
		s.t.Log(<-done)
	})
	host, port, err := net.SplitHostPort(listener.Addr().String())
	s.must(err)
	number, err := strconv.ParseUint(port, 10, 16)
	s.must(err)
	m.route = mail.ServerDraft{Host: host, Port: uint16(number), Security: mail.SecurityTLS}
	return m
}

// NewSession implements [smtp.Backend].
func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return mailSession{m}, nil }

type mailSession struct{ server *mailServer }

func (mailSession) Reset() {}

func (mailSession) Logout() error { return nil }

func (mailSession) Mail(string, *smtp.MailOptions) error { return nil }

func (mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.taken = append(s.server.taken, string(raw))
	return nil
}

// last is the newest mail that the server took.
func (m *mailServer) last(s *story) string {
	s.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.taken) == 0 {
		s.t.Fatal("the mail server took nothing")
	}
	return m.taken[len(m.taken)-1]
}

// deliver hands over all mail that is due to the mail server, as the worker does.
func (s *story) deliver(m *mailServer) {
	s.t.Helper()
	queue := s.h.queue(s.h.clock)
	for {
		work, ok, _, err := queue.Lease(s.t.Context())
		s.must(err)
		if !ok {
			return
		}
		raw, err := mailer.Render(work, work.Created)
		s.must(err)
		answer, err := m.door.Deliver(s.t.Context(), work, raw)
		s.must(err)
		if answer.Verdict != mail.Delivered {
			s.t.Fatalf("the mail server said %+v", answer)
		}
		s.must(queue.Finish(s.t.Context(), work, answer))
	}
}

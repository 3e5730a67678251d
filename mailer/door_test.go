package mailer

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/mail"
	"willcall/mailer/capture"
)

// script answers SMTP commands by their first word; "greet" and "." stand for
// the greeting and the end of the message. An empty answer hangs up.
type script map[string]string

// mailServer plays a script and keeps what it heard.
type mailServer struct {
	addr string
	mu   sync.Mutex
	data []string // the message's lines as they came
}

func playScript(t *testing.T, s script) *mailServer {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &mailServer{addr: l.Addr().String()}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { server.talk(conn, s) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		serving.Wait()
	})
	return server
}

func (s *mailServer) talk(conn net.Conn, answers script) {
	defer func() { _ = conn.Close() }()
	say := func(word, otherwise string) bool {
		answer, ok := answers[word]
		if !ok {
			answer = otherwise
		}
		if answer == "" {
			return false
		}
		_, err := conn.Write([]byte(answer + "\r\n"))
		return err == nil
	}
	otherwise := script{"EHLO": "250-localhost\r\n250 AUTH PLAIN", "AUTH": "235 2.7.0 in", "DATA": "354 go", "QUIT": "221 bye"}
	in := bufio.NewScanner(conn)
	body := false
	for going := say("greet", "220 hello"); going && in.Scan(); {
		word, _, _ := strings.Cut(in.Text(), " ")
		if body {
			body = in.Text() != "."
			s.keep(in.Text())
			if body {
				continue
			}
			word = "."
		}
		answer := otherwise[word]
		if answer == "" {
			answer = "250 2.0.0 fine"
		}
		going = say(word, answer)
		body = word == "DATA" && answers["DATA"] == ""
	}
}

func (s *mailServer) keep(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = append(s.data, line)
}

func door(addr string) CaptureDoor {
	return CaptureDoor{Addr: addr, Own: func(_, _ core.ID) (user, password string) { return "user", "password" }}
}

func TestCaptureDoorAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script script
		want   mail.Answer
	}{
		"taken":               {script{".": "250 2.0.0 stored"}, mail.Answer{Verdict: mail.Captured, Text: "2.0.0 stored"}},
		"busy":                {script{"greet": "421 4.7.0 Too many"}, mail.Answer{Verdict: mail.Later, Text: "421 4.7.0 Too many", Why: mail.WhyBusy}},
		"greylisted":          {script{"RCPT": "450 4.2.0 Wait"}, mail.Answer{Verdict: mail.Later, Text: "450 4.2.0 Wait", Why: mail.WhyBusy}},
		"no room":             {script{".": "452 4.3.1 Full"}, mail.Answer{Verdict: mail.Later, Text: "452 4.3.1 Full", Why: mail.WhyBusy}},
		"sender refused":      {script{"MAIL": "550 5.7.1 Not you"}, mail.Answer{Verdict: mail.Never, Text: "550 5.7.1 Not you", Why: mail.WhyPolicy}},
		"recipient refused":   {script{"RCPT": "550 5.1.1 Nobody"}, mail.Answer{Verdict: mail.Never, Text: "550 5.1.1 Nobody", Why: mail.WhyMailbox}},
		"message refused":     {script{".": "554 Spam"}, mail.Answer{Verdict: mail.Never, Text: "554 Spam", Why: mail.WhyPolicy}},
		"command refused":     {script{"DATA": "502 5.5.1 What"}, mail.Answer{Verdict: mail.Never, Text: "502 5.5.1 What", Why: mail.WhyOther}},
		"sign-in refused":     {script{"AUTH": "535 5.7.8 Wrong"}, mail.Answer{Verdict: mail.Later, Text: "535 5.7.8 Wrong", Why: mail.WhySignIn}},
		"no service":          {script{"greet": "554 5.3.2 Closed"}, mail.Answer{Verdict: mail.Later, Text: "554 5.3.2 Closed", Why: mail.WhyPolicy}},
		"taken, then hung up": {script{"QUIT": ""}, mail.Answer{Verdict: mail.Captured, Text: "2.0.0 fine"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := door(playScript(t, c.script).addr).Deliver(t.Context(), sampleWork(), render(t, sampleWork()))
			if err != nil || got != c.want {
				t.Errorf("got %+v (%v), want %+v", got, err, c.want)
			}
		})
	}
}

func TestCaptureDoorTriesAgainWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]script{
		"at the greeting": {"greet": ""}, "at sign-in": {"AUTH": ""}, "at the end": {".": ""}, "nonsense": {"MAIL": "hi"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := door(playScript(t, s).addr).Deliver(t.Context(), sampleWork(), render(t, sampleWork()))
			if err != nil || got.Verdict != mail.Later || got.Text == "" {
				t.Errorf("got %+v (%v)", got, err)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		var config net.ListenConfig
		l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := door(addr).Deliver(t.Context(), sampleWork(), nil)
		if err != nil || got.Verdict != mail.Later {
			t.Errorf("got %+v (%v)", got, err)
		}
	})
}

func TestCaptureDoorEndsWithItsContext(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0") // never answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	d := door(l.Addr().String())
	own := d.Own
	d.Own = func(institution, entry core.ID) (user, password string) {
		cancel() // connected by now
		return own(institution, entry)
	}
	if answer, err := d.Deliver(ctx, sampleWork(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v (%v)", answer, err)
	}
}

func TestCaptureDoorSendsItsPasswordToLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"192.0.2.1:25", "mail.example.com:25", ":25", "0.0.0.0:25", "localhost.example.com:25", "x"} {
		if answer, err := door(addr).Deliver(t.Context(), sampleWork(), nil); err == nil {
			t.Errorf("%s: got %+v", addr, answer)
		}
	}
}

func TestT25CaptureDoorStuffsDots(t *testing.T) {
	t.Parallel()
	server := playScript(t, script{})
	w := sampleWork()
	w.Body = ".\n..\n.hidden\n\r.\rMAIL FROM:<eve@elsewhere.example>"
	if _, err := door(server.addr).Deliver(t.Context(), w, render(t, w)); err != nil {
		t.Fatal(err)
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	for i, line := range server.data {
		if last := i == len(server.data)-1; (line == ".") != last {
			t.Errorf("line %d of %d is %q", i, len(server.data), line)
		}
		if strings.HasPrefix(line, ".") && line != "." && !strings.HasPrefix(line, "..") {
			t.Errorf("line %d isn't stuffed: %q", i, line)
		}
	}
}

func TestR89WorkerHandsMailToTheCaptureServer(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	log, err := capture.Open(t.Context(), t.TempDir(), capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := capture.NewServer(log, f.clock, capture.ServerOptions{})
	addr, err := server.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.worker.door = CaptureDoor{Addr: addr.String(), Own: server.Own}
	f.start(t)
	id := f.enqueue(t, 24*time.Hour)
	e := f.until(t, id, mail.StateCaptured, 1)
	f.finish(t)
	checkCaptured(t, log, id, e)
	if err := errors.Join(server.Close(), log.Close()); err != nil {
		t.Error(err)
	}
}

func checkCaptured(t *testing.T, box mail.Mailbox, id core.ID, e mail.Entry) {
	t.Helper()
	page, err := box.List(t.Context(), mail.Query{Institution: house})
	if err != nil || page.Total != 1 {
		t.Fatalf("%d mails are captured (%v), want 1", page.Total, err)
	}
	m, err := box.Get(t.Context(), page.Messages[0].Seq)
	if err != nil {
		t.Fatal(err)
	}
	if m.Envelope.Institution != house || m.Envelope.Entry != id || m.Envelope.From != e.From {
		t.Errorf("the envelope is %+v", m.Envelope)
	}
	if len(m.Lint) > 0 || strings.Trim(m.MessageID, "<>") != e.MessageID || m.Subject != "Please confirm, Ada Byron" {
		t.Errorf("the summary is %+v", m.Summary)
	}
	if len(m.Links) != 1 || m.Links[0] != testLink {
		t.Errorf("links %q, want the one of the mail", m.Links)
	}
	checkWire(t, m.Raw)
	checkFields(t, parse(t, m.Raw))
}

func BenchmarkCaptureDoor(b *testing.B) {
	log, err := capture.Open(b.Context(), b.TempDir(), capture.Options{})
	if err != nil {
		b.Fatal(err)
	}
	server := capture.NewServer(log, newHandClock(), capture.ServerOptions{})
	addr, err := server.Listen(b.Context(), "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	d := CaptureDoor{Addr: addr.String(), Own: server.Own}
	w, message := sampleWork(), render(b, sampleWork())
	for b.Loop() {
		if a, err := d.Deliver(b.Context(), w, message); err != nil || a.Verdict != mail.Captured {
			b.Fatal(a, err)
		}
	}
	if err := errors.Join(server.Close(), log.Close()); err != nil {
		b.Error(err)
	}
}

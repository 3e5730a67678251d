package capture

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

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

func TestRecipientsAreLimited(t *testing.T) {
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
}

func TestConnectionsAreLimited(t *testing.T) {
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
}

func TestErrorsAreLimited(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{}, Options{})
	d := talk(t, s.addr)
	d.want(220)
	d.say("EHLO client", 250)
	for range 5 {
		d.say("RCPT TO:<b@example.org>", 502)
	}
	d.ended()
}

func TestErrorsBeginAnewWithEachMail(t *testing.T) {
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
}

func TestAnIdleConnectionEnds(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{ReadTimeout: 50 * time.Millisecond}, Options{})
	d := talk(t, s.addr)
	d.want(220)
	d.want(421)
	d.ended()
}

func TestAConnectionHasAnEnd(t *testing.T) {
	t.Parallel()
	s := startServer(t, ServerOptions{ConnectionLife: 50 * time.Millisecond}, Options{})
	d := talk(t, s.addr)
	d.want(220)
	d.want(421)
	d.ended()
}

func TestUnfinishedMessagesShareTheirMemory(t *testing.T) {
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
}

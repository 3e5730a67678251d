package capture

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

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

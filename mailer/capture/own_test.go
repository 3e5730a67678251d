package capture

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"willcall/core"
)

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

func TestR89OnceThereIsAMailServerOwnMailIsRefusedOnly(t *testing.T) {
	t.Parallel()
	var live atomic.Bool
	s := startServer(t, ServerOptions{
		TakesOwn: func(context.Context) (bool, error) { return !live.Load(), nil },
	}, Options{})
	user, password := s.Own(3, 17)
	if err := sendAs(s.addr, user, password); err != nil {
		t.Fatal(err)
	}
	live.Store(true)
	var refusal *smtp.SMTPError
	if err := sendAs(s.addr, user, password); !errors.As(err, &refusal) || !refusal.Temporary() {
		t.Errorf("own mail once live: %v, want a refusal for now", err)
	}
	if err := sendAs(s.addr, "stranger", ""); err != nil {
		t.Errorf("foreign mail once live: %v", err)
	}
	if n := len(listAll(t, s.log)); n != 2 {
		t.Errorf("%d mails are captured, want the own one of before and the foreign one", n)
	}
}

func TestR89OwnMailIsRefusedWhereNobodyKnowsWhetherThereIsAMailServer(t *testing.T) {
	t.Parallel()
	reports := make(chan error, 1)
	s := startServer(t, ServerOptions{
		TakesOwn: func(context.Context) (bool, error) { return false, core.ErrClosed },
		Report:   func(err error) { reports <- err },
	}, Options{})
	user, password := s.Own(3, 17)
	if err := sendAs(s.addr, user, password); err == nil {
		t.Error("taken")
	}
	if err := <-reports; !errors.Is(err, core.ErrClosed) {
		t.Errorf("reported %v", err)
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

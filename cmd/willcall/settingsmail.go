package main

import (
	"context"
	"fmt"
	"strings"

	"willcall/core"
	"willcall/core/mail"
)

func serverTwins() []twin {
	server := []string{"host", "port", "security", "user", "password-file"}
	return []twin{
		{action: core.ActMailServerShow, run: showServer},
		{action: core.ActMailServerSave, flags: server, run: saveServer},
		{action: core.ActMailServerTest, flags: append([]string{"from", "to"}, server...), run: testServer},
		{action: core.ActMailServerRemove, run: removeServer},
	}
}

// serverAnswer is the mail server as it is shown: never with its password.
type serverAnswer struct {
	Host        string `json:"host"`
	Port        uint16 `json:"port"`
	Security    string `json:"security"`
	User        string `json:"user"`
	HasPassword bool   `json:"has_password"`
	Changed     moment `json:"changed"`
	By          string `json:"changed_by"`
	Tested      moment `json:"tested,omitzero"`
	TestedTo    string `json:"tested_to,omitempty"`
}

func serverOf(v mail.ServerView) *serverAnswer {
	return &serverAnswer{
		Host: v.Host, Port: v.Port, Security: v.Security.String(), User: v.User, HasPassword: v.HasPassword,
		Changed: moment(v.Changed), By: v.By, Tested: moment(v.Tested), TestedTo: v.TestedTo,
	}
}

// rows implements [answer].
func (a *serverAnswer) rows() [][]string {
	var all facts
	all.add("mail server", a.line())
	if a == nil {
		return all
	}
	all.add("user", a.User)
	all.add("changed", a.Changed.String()+" by "+a.By)
	if a.TestedTo != "" {
		all.add("tested", a.Tested.String()+" to "+a.TestedTo)
	}
	return all
}

func showServer(ctx context.Context, at *bench) (answer, error) {
	v, err := at.servers.Show(ctx, at.req)
	if err != nil || !v.Set {
		return (*serverAnswer)(nil), err
	}
	return serverOf(v), nil
}

// line is the server in one line; without one all mail is captured (R89).
func (a *serverAnswer) line() string {
	if a == nil {
		return "none: mail is captured, not delivered"
	}
	return fmt.Sprintf("%s:%d (%s)", a.Host, a.Port, a.Security)
}

// server is what is saved with what the flags say over it, and the version it
// was saved in.
func (at *bench) server(ctx context.Context) (d mail.ServerDraft, version core.Version, err error) {
	now, err := at.servers.Show(ctx, at.req)
	if err != nil {
		return d, 0, err
	}
	d = mail.ServerDraft{Host: now.Host, Port: now.Port, Security: now.Security, User: now.User, KeepPassword: true}
	if !now.Set {
		d.Port, d.Security = 587, mail.SecuritySTARTTLS // message submission (RFC 6409)
	}
	port := int(d.Port)
	if err := at.number("port", &port, 1, 65535); err != nil {
		return d, 0, err
	}
	d.Port = uint16(port) //nolint:gosec // between the bounds just checked
	at.text("host", &d.Host)
	at.text("user", &d.User)
	if err := choose(at, "security", &d.Security, mail.Securities()); err != nil {
		return d, 0, err
	}
	if at.has("password-file") {
		typed, err := at.read(at.value("password-file"))
		if err != nil {
			return d, 0, err
		}
		d.Password, d.KeepPassword = strings.TrimRight(typed, "\r\n"), false
	}
	return d, now.Version, nil
}

func saveServer(ctx context.Context, at *bench) (answer, error) {
	d, version, err := at.server(ctx)
	if err != nil {
		return nil, err
	}
	return doneWith(at.servers.Save(ctx, at.req, version, d))
}

func removeServer(ctx context.Context, at *bench) (answer, error) {
	now, err := at.servers.Show(ctx, at.req)
	if err != nil {
		return nil, err
	}
	return doneWith(at.servers.Remove(ctx, at.req, now.Version))
}

// tested is the answer of "settings mail-server test".
type tested struct {
	Outcome string `json:"outcome"` // "delivered", "later" or "never"
	Answer  string `json:"answer"`
	Why     string `json:"why,omitempty"`
}

func (t tested) rows() [][]string {
	var f facts
	f.add("outcome", t.Outcome)
	f.add("answer", t.Answer)
	f.add("why", t.Why)
	return f
}

// testServer sends a test mail; one that wasn't taken fails the command.
func testServer(ctx context.Context, at *bench) (answer, error) {
	d, _, err := at.server(ctx)
	if err != nil {
		return nil, err
	}
	got, err := at.servers.Test(ctx, at.req, d, at.value("from"), at.value("to"))
	if err != nil {
		return nil, err
	}
	if got.Verdict != mail.Delivered {
		err = &hint{key: "command.not-delivered", err: fmt.Errorf("%s", got.Text)}
	}
	return tested{Outcome: got.Verdict.String(), Answer: got.Text, Why: string(got.Why)}, err
}

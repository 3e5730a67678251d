package main

import (
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"net/url"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// visited is the page a script looks at.
type visited struct {
	link, text string
	status     int
}

// get opens a link as a browser does: "get LINK".
func get(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 1, "get LINK")
	answer, err := (&http.Client{Timeout: patience}).Get(args[0])
	ts.Check(err)
	stageOf(ts).page = readPage(ts, args[0], answer)
}

// submit presses the button of the page in front.
func submit(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 0, "submit")
	s := stageOf(ts)
	found := regexp.MustCompile(`name="form" value="([^"]*)"`).FindStringSubmatch(s.page.text)
	if found == nil {
		ts.Fatalf("the page has no button\n%s", s.page.text)
	}
	form := url.Values{"form": {html.UnescapeString(found[1])}}
	answer, err := (&http.Client{Timeout: patience}).PostForm(s.page.link, form)
	ts.Check(err)
	s.page = readPage(ts, s.page.link, answer)
}

func readPage(ts *testscript.TestScript, link string, answer *http.Response) visited {
	body, err := io.ReadAll(answer.Body)
	ts.Check(err)
	ts.Check(answer.Body.Close())
	return visited{link: link, text: html.UnescapeString(string(body)), status: answer.StatusCode}
}

// page checks the status and the texts of the page in front: "page STATUS
// TEXT…"; "! page" checks that no text stands there.
func page(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, len(args) > 1, "[!] page STATUS TEXT…")
	p := stageOf(ts).page
	if fmt.Sprint(p.status) != args[0] {
		ts.Fatalf("the page says %d\n%s", p.status, p.text)
	}
	for _, text := range args[1:] {
		if strings.Contains(p.text, text) == neg {
			ts.Fatalf("%q on the page: %t\n%s", text, !neg, p.text)
		}
	}
}

// port finds an address that nobody listens on: "port VARIABLE".
func port(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 1, "port VARIABLE")
	ts.Setenv(args[0], listen(ts, true))
}

// hold listens on an address until the script ends: "hold VARIABLE".
func hold(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 1, "hold VARIABLE")
	ts.Setenv(args[0], listen(ts, false))
}

func listen(ts *testscript.TestScript, letGo bool) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	if letGo {
		ts.Check(l.Close())
	} else {
		ts.Defer(func() { _ = l.Close() })
	}
	return l.Addr().String()
}

// sendMail hands over a mail by SMTP, as programs under test do: "mail ADDRESS
// FROM TO SUBJECT".
func sendMail(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 4, "mail ADDRESS FROM TO SUBJECT")
	text := "From: " + args[1] + "\r\nTo: " + args[2] + "\r\nSubject: " + args[3] + "\r\n\r\nHello.\r\n"
	ts.Check(smtp.SendMail(args[0], nil, args[1], args[2:3], []byte(text)))
}

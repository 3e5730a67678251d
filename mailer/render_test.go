package mailer

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // so that decoding is what a reader does
	messagemail "github.com/emersion/go-message/mail"

	"willcall/core"
	"willcall/core/mail"
)

const testLink = "https://tickets.example/v/dGhpcyBpcyBub3QgYSByZWFsIHRva2VuLCBvbmx5IGE"

func written() time.Time {
	return time.Date(2026, 11, 21, 19, 30, 5, 0, time.FixedZone("", 3600))
}

// sampleWork is a verification mail.
func sampleWork() mail.Work {
	return mail.Work{
		Institution: 1, ID: 7,
		Entry: mail.Entry{
			Mail: core.Mail{
				To: "ada@example.com", ToName: "Ada Byron", From: "box@theatre.example", FromName: "The Theatre",
				Language: "en",
			},
			MessageID: "0123456789abcdef0123456789abcdef@theatre.example",
		},
		Subject: "Please confirm your address for The Theatre",
		Body: "Hello Ada Byron,\n\nplease confirm that ada@example.com is your address.\n\n" + testLink +
			"\n\nThe link works for 24 hours.\n\nThe Theatre, Box office",
		Values: map[string]string{"link": testLink, "name": "Ada Byron"},
	}
}

func render(t testing.TB, w mail.Work) []byte {
	t.Helper()
	raw, err := Render(w, written())
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	return raw
}

// parsed is a message as a reader of mail understands it.
type parsed struct {
	fields      map[string]int
	header      messagemail.Header
	plain, html string
}

func parse(t testing.TB, raw []byte) parsed {
	t.Helper()
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	p := parsed{fields: map[string]int{}, header: messagemail.Header{Header: entity.Header}}
	for f := entity.Header.Fields(); f.Next(); {
		p.fields[f.Key()]++
	}
	parts := entity.MultipartReader()
	if parts == nil {
		t.Fatal("not a multipart message")
	}
	p.plain = nextPart(t, parts, "text/plain")
	p.html = nextPart(t, parts, "text/html")
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		t.Fatalf("after the two parts: %v", err)
	}
	return p
}

func nextPart(t testing.TB, parts message.MultipartReader, want string) string {
	t.Helper()
	part, err := parts.NextPart()
	if err != nil {
		t.Fatalf("next part: %v", err)
	}
	kind, params, err := part.Header.ContentType()
	if err != nil || kind != want || params["charset"] != "UTF-8" {
		t.Fatalf("part is %q %v (%v), want %q in UTF-8", kind, params, err, want)
	}
	body, err := io.ReadAll(part.Body)
	if err != nil {
		t.Fatalf("read part: %v", err)
	}
	return strings.ReplaceAll(string(body), "\r\n", "\n")
}

// checkWire holds what every rendered message must be on the wire.
func checkWire(t testing.TB, raw []byte) {
	t.Helper()
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes (RFC 5322, 2.1.1)", len(line))
		}
		if bytes.ContainsAny(line, "\r\n") {
			t.Errorf("a bare line end in %q", line)
		}
	}
	for _, b := range raw {
		if b > 0x7E || b < 0x20 && b != '\r' && b != '\n' && b != '\t' {
			t.Fatalf("byte %#x in the message", b)
		}
	}
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range bytes.SplitSeq(header, []byte("\r\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			t.Error("an empty line within the header")
		}
	}
}

// wantFields are the header fields of every message, each once.
func wantFields() []string {
	return []string{
		"Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To",
	}
}

func checkFields(t testing.TB, p parsed) {
	t.Helper()
	got := slices.Sorted(maps.Keys(p.fields))
	if !slices.Equal(got, wantFields()) {
		t.Errorf("fields %v, want %v", got, wantFields())
	}
	for name, n := range p.fields {
		if n != 1 {
			t.Errorf("field %s occurs %d times", name, n)
		}
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	raw := render(t, sampleWork())
	checkWire(t, raw)
	p := parse(t, raw)
	checkFields(t, p)
	for name, want := range map[string]string{
		"Auto-Submitted":   "auto-generated",
		"Content-Language": "en",
		"Date":             "Sat, 21 Nov 2026 19:30:05 +0100",
		"From":             `"The Theatre" <box@theatre.example>`,
		"Message-Id":       "<0123456789abcdef0123456789abcdef@theatre.example>",
		"Subject":          "Please confirm your address for The Theatre",
		"To":               `"Ada Byron" <ada@example.com>`,
	} {
		if got := p.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if p.plain != sampleWork().Body {
		t.Errorf("plain text is %q", p.plain)
	}
}

func TestRenderTwiceIsTheSameMail(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(render(t, sampleWork()), render(t, sampleWork())) {
		t.Error("a retry has other bytes")
	}
	other := sampleWork()
	other.MessageID = "fedcba9876543210fedcba9876543210@theatre.example"
	if boundary(other.MessageID) == boundary(sampleWork().MessageID) {
		t.Error("two mails share a boundary")
	}
}

func TestRenderHTML(t *testing.T) {
	t.Parallel()
	html := parse(t, render(t, sampleWork())).html
	for _, want := range []string{
		`<html lang="en">`, `name="viewport"`, `content="light dark"`, `>Hello Ada Byron,</p>`,
		`>Please confirm your address for The Theatre</a></p>`, `>` + testLink + `</a></p>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q:\n%s", want, html)
		}
	}
	if n := strings.Count(html, `<a href="`+testLink+`"`); n != 2 {
		t.Errorf("%d anchors, want button and bare address", n)
	}
	for _, remote := range []string{"<img", "<link", "<script", "src=", "url(", "@import"} {
		if strings.Contains(html, remote) {
			t.Errorf("the page holds %q", remote)
		}
	}
}

func TestRenderLinks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		link, body string
		anchors    int
	}{
		"alone on its line":     {testLink, "Hello\n\n" + testLink + "\n\nBye", 2},
		"within a paragraph":    {testLink, "Hello\nopen " + testLink + " now\n\nBye", 2},
		"plain http":            {"http://localhost:8080/v/x", "http://localhost:8080/v/x", 2},
		"not in the text":       {testLink, "Hello", 0},
		"another link":          {"", "See https://elsewhere.example/", 0},
		"script":                {"javascript:alert(1)", "Hello\njavascript:alert(1)", 0},
		"data":                  {"data:text/html,x", "data:text/html,x", 0},
		"without a scheme":      {"//elsewhere.example/x", "//elsewhere.example/x", 0},
		"without a host":        {"https:///x", "https:///x", 0},
		"user before the host":  {"https://bank.example@elsewhere.example/", "https://bank.example@elsewhere.example/", 0},
		"blank in it":           {"https://a.example/ x", "https://a.example/ x", 0},
		"turned-around letters": {"https://a.example/\u202Ex", "https://a.example/\u202Ex", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sampleWork()
			w.Body, w.Values = c.body, map[string]string{"link": c.link}
			html := parse(t, render(t, w)).html
			if n := strings.Count(html, "<a "); n != c.anchors {
				t.Errorf("%d anchors, want %d:\n%s", n, c.anchors, html)
			}
		})
	}
}

func TestRenderEscapesHTML(t *testing.T) {
	t.Parallel()
	w := sampleWork()
	w.Subject = `</title><script>alert("s")</script>`
	w.Body = "<b onclick=x>bold</b> & \"quoted\"\n\n" + testLink
	html := parse(t, render(t, w)).html
	if strings.Contains(html, "<script") || strings.Contains(html, "<b ") {
		t.Errorf("markup got through:\n%s", html)
	}
	if !strings.Contains(html, "&lt;b onclick=x&gt;bold&lt;/b&gt; &amp; &#34;quoted&#34;") {
		t.Errorf("the text is not there:\n%s", html)
	}
}

func TestRenderScripts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"French":       "Merci de confirmer votre adresse\u00A0: «\u202Fl’été\u202F»",
		"Hebrew":       "אנא אשרו את הכתובת שלכם",
		"Persian":      "می\u200Cخواهم نشانی را تأیید کنم",
		"Japanese":     "メールアドレスをご確認ください、劇場より",
		"emoji":        "Bravo 👩‍👩‍👧 ✓ 🇫🇷",
		"one word":     strings.Repeat("a", 1200),
		"long Hebrew":  strings.Repeat("ש", 1200),
		"many blanks":  strings.TrimSpace(strings.Repeat("a ", 190)),
		"punctuation":  `O'Hara, "Jo" (née) <x@y>; a\b`,
		"leading dots": ".hidden\n.\n..",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sampleWork()
			w.Body = text
			oneLine := strings.ReplaceAll(text, "\n", " ")
			w.Subject, w.ToName, w.FromName = oneLine, oneLine, oneLine
			raw := render(t, w)
			checkWire(t, raw)
			p := parse(t, raw)
			checkFields(t, p)
			if p.plain != text {
				t.Errorf("plain text is %q, want %q", p.plain, text)
			}
			want, err := headerText(oneLine)
			if err != nil {
				t.Fatal(err)
			}
			checkHeaderText(t, p, want)
		})
	}
}

func checkHeaderText(t testing.TB, p parsed, want string) {
	t.Helper()
	if got, err := p.header.Subject(); err != nil || got != want {
		t.Errorf("subject is %q (%v), want %q", got, err, want)
	}
	for field, addr := range map[string]string{"To": "ada@example.com", "From": "box@theatre.example"} {
		list, err := p.header.AddressList(field)
		if err != nil || len(list) != 1 || list[0].Address != addr || list[0].Name != want {
			t.Errorf("%s is %v (%v), want %q <%s>", field, list, err, want, addr)
		}
	}
}

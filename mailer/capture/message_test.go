package capture

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message"

	"willcall/core/mail"
)

func lines(text ...string) string { return strings.Join(text, "\r\n") + "\r\n" }

func read(raw string) mail.Message { return readMessage(mail.Envelope{}, []byte(raw)) }

func TestTextToRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, text string }{
		"plain":          {lines("Subject: x", "", "Hello"), "Hello\n"},
		"no header":      {"Hello there\r\n", "Hello there\n"},
		"only a header":  {"Subject: x\r\n", ""},
		"base64 charset": {lines("Content-Type: text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: base64", "", "R3L832U="), "Grüße"},
		"quoted":         {lines("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "Gr=C3=BC=C3=9Fe=", "!"), "Grüße!\n"},
		"wrong base64":   {lines("Content-Transfer-Encoding: base64", "", "!!! not base64"), "!!! not base64\n"},
		"half base64":    {lines("Content-Transfer-Encoding: base64", "", "SGVsbG8gdGhlcmUh!!!"), "Hello there!"},
		"wrong charset":  {lines("Content-Type: text/plain; charset=klingon", "", "a\xffb"), "a\uFFFDb\n"},
		"wrong encoding": {lines("Content-Transfer-Encoding: morse", "", "text"), "text\n"},
		"wrong type":     {lines("Content-Type: ;;;", "", "text"), "text\n"},
		"no boundary":    {lines("Content-Type: multipart/mixed", "", "text"), "text\n"},
		"boundary only":  {lines("Content-Type: multipart/mixed; boundary=b", "", "no delimiter"), "no delimiter\n"},
		"html":           {lines("Content-Type: text/html", "", "<p>Hello <b>you</b></p>"), "Hello you"},
		"alternative": {lines("Content-Type: multipart/alternative; boundary=b", "", "preamble", "--b", "Content-Type: text/html", "",
			"<p>HTML</p>", "--b", "", "Plain", "--b--", "epilogue"), "Plain"},
		"empty plain": {lines("Content-Type: multipart/alternative; boundary=b", "", "--b", "", " ", "--b",
			"Content-Type: text/html", "", "<p>HTML</p>", "--b--"), "HTML"},
		"one after the other": {lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/html", "",
			"<p>First</p>", "--b", "", "Second", "--b", "Content-Disposition: attachment", "", "Third", "--b--"), "First\n\nSecond"},
		"nested": {lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/alternative; boundary=bb", "",
			"--bb", "", "Inner", "--bb--", "--b", "", "Outer", "--b--"), "Inner\n\nOuter"},
		"cut off":   {lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "Half a"), "Half a\n"},
		"line feed": {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nText\n--b--\n", "Text"},
	} {
		if got := read(c.raw).Text; got != c.text {
			t.Errorf("%s: %q, want %q", name, got, c.text)
		}
	}
}

func TestPartsAreListed(t *testing.T) {
	t.Parallel()
	m := read(lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/alternative; boundary=c", "",
		"--c", "Content-Type: text/plain", "", "x", "--c", "Content-Type: TEXT/HTML", "", "<p>x", "--c--",
		"--b", "Content-Type: application/pdf; name*=utf-8''Rechnung%20%C3%9C.pdf", "Content-Transfer-Encoding: base64", "", "SGVs", "bG8=",
		"--b", "Content-Type: image/png", `Content-Disposition: attachment; filename="=?utf-8?q?=1B[2J.png?="`, "", "12345", "--b--"))
	want := []mail.Part{
		{Path: "1.1", ContentType: "text/plain", Size: 1},
		{Path: "1.2", ContentType: "text/html", Size: 4},
		{Path: "2", ContentType: "application/pdf", FileName: "Rechnung Ü.pdf", Size: 5},
		{Path: "3", ContentType: "image/png", FileName: "\x1b[2J.png", Size: 5},
	}
	if !slices.Equal(m.Parts, want) {
		t.Errorf("parts\n%+v\nwant\n%+v", m.Parts, want)
	}
	if got := read("Subject: x\r\n\r\nHello").Parts; !slices.Equal(got, []mail.Part{{Path: "1", ContentType: "text/plain", Size: 5}}) {
		t.Errorf("a plain mail has parts %+v", got)
	}
}

func TestLint(t *testing.T) {
	t.Parallel()
	complete := "From: a\r\nTo: B@Example.org\r\nDate: Sat, 21 Nov 2026 11:00:00 +0100\r\nMessage-ID: <x@y>\r\n"
	for name, c := range map[string]struct {
		raw  string
		want []mail.Lint
	}{
		"complete":     {complete + "\r\nx\r\n", nil},
		"998 bytes":    {complete + "\r\n" + strings.Repeat("x", 998) + "\r\n", nil},
		"999 bytes":    {complete + "\r\n" + strings.Repeat("x", 999) + "\r\n", []mail.Lint{LintLongLine}},
		"999 at end":   {complete + "\r\nx\r\n" + strings.Repeat("x", 999), []mail.Lint{LintLongLine}},
		"no from":      {strings.Replace(complete, "From: a\r\n", "", 1) + "\r\n", []mail.Lint{LintNoFrom}},
		"bad date":     {strings.Replace(complete, "Nov", "Nox", 1) + "\r\n", []mail.Lint{LintBadDate}},
		"nearly empty": {"X: y\r\n\r\n", []mail.Lint{LintNoFrom, LintNoDate, LintNoMessageID, LintRecipient}},
		"no headers":   {"\r\nx", []mail.Lint{LintNoHeaders}},
		"inner MIME": {
			complete + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n%%\r\n--b--\r\n",
			[]mail.Lint{LintBadMIME},
		},
		"bare CR in a CRLF file": {complete + "\r\nx\ry\r\n", []mail.Lint{LintBareCR}},
		"many fields":            {complete + strings.Repeat("X: y\r\n", 600) + "\r\nx", []mail.Lint{LintHeaderLimit}},
		"a large header":         {complete + strings.Repeat("X: "+strings.Repeat("y", 900)+"\r\n", 400) + "\r\nx", []mail.Lint{LintHeaderLimit}},
	} {
		m := readMessage(mail.Envelope{Recipients: []mail.Recipient{{Address: "b@example.ORG"}}}, []byte(c.raw))
		if !slices.Equal(m.Lint, c.want) {
			t.Errorf("%s: %v, want %v", name, m.Lint, c.want)
		}
	}
	for _, lint := range Lints() {
		var s lintSet
		s.set(lint)
		if !slices.Equal(s.list(), []mail.Lint{lint}) {
			t.Errorf("%s became %v", lint, s.list())
		}
	}
}

func TestBodyBehindALargeHeaderIsStillRead(t *testing.T) {
	t.Parallel()
	m := read(strings.Repeat("X: y\r\n", 1000) + "\r\nHello\r\n")
	if m.Text != "Hello\n" {
		t.Errorf("text %q", m.Text)
	}
}

func TestFoldedAndEncodedFields(t *testing.T) {
	t.Parallel()
	m := read("Subject: one\r\n two\r\n\tthree\r\nnot a field\r\n and its rest\r\nFrom: =?iso-8859-1?q?J=FCrgen?= <j@x>\r\n" +
		"To: =?klingon?q?x?=\r\nMessage-ID: <a@b>\r\n\r\n")
	got := []string{m.Subject, m.From, m.To, m.MessageID}
	if want := []string{"one two three", "Jürgen <j@x>", "=?klingon?q?x?=", "a@b"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	long := read("Subject: " + strings.Repeat("ü", 2000) + "\r\n\r\n").Subject
	if len(long) != maxFieldText {
		t.Errorf("a long subject keeps %d bytes", len(long))
	}
}

// deepMessage nests multiparts.
func deepMessage(depth int) string {
	var b strings.Builder
	for n := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", n, n)
	}
	b.WriteString("\r\nThe core\r\n")
	for n := depth - 1; n >= 0; n-- {
		fmt.Fprintf(&b, "--b%d--\r\n", n)
	}
	return b.String()
}

func manyParts(n int) string {
	return "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", n) + "--b--\r\n"
}

func TestMIMEBombsAreBounded(t *testing.T) {
	t.Parallel()
	if m := read(deepMessage(maxDepth)); strings.TrimSpace(m.Text) != "The core" || slices.Contains(m.Lint, LintMIMELimit) {
		t.Errorf("at the depth allowed: %q, %v", m.Text, m.Lint)
	}
	for name, raw := range map[string]string{
		"one too deep": deepMessage(maxDepth + 1), "depth": deepMessage(5000), "parts": manyParts(5000),
		"parts of parts": "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + strings.Repeat("--a\r\n"+manyParts(60), 60) + "--a--\r\n",
	} {
		m := read(raw)
		if !slices.Contains(m.Lint, LintMIMELimit) || len(m.Parts) > maxParts {
			t.Errorf("%s: %d parts, lint %v", name, len(m.Parts), m.Lint)
		}
	}
	huge := read(lines("Content-Type: text/plain; charset=utf-8", "", strings.Repeat("ü", maxText)))
	if len(huge.Text) > maxText {
		t.Errorf("%d bytes of text", len(huge.Text))
	}
}

// Each kind of part is split as go-message splits it, where it does.
func TestPartsAreSplitAsByTheLibrary(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
		"preamble\r\n--b  \r\nX: y\r\n\r\none\r\n\r\n--b\r\n\r\n--b--",
		"--b\r\n\r\n--bb\r\n--b--",
		"--b\r\n\r\nx--b\r\n--b--\r\nepilogue --b\r\n",
		"--b\n\none\n--b\n\ntwo\n--b--\n",
	} {
		header := "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		entity, err := message.Read(strings.NewReader(header + body))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		err = entity.Walk(func(path []int, part *message.Entity, _ error) error {
			if path == nil {
				return nil
			}
			var text bytes.Buffer
			_, err := text.ReadFrom(part.Body)
			want = append(want, text.String())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		parts, whole := splitParts([]byte(body), "b", 100)
		var got []string
		for _, part := range parts {
			_, text := splitHead(part)
			got = append(got, string(text))
		}
		if !slices.Equal(got, want) || !whole {
			t.Errorf("%q gave %q (%v), want %q", body, got, whole, want)
		}
	}
}

func TestHTMLBecomesText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ html, text string }{
		"blocks":   {"<h1>Title</h1><p>One\n two</p><div>three</div>four", "Title\n\nOne two\n\nthree\nfour"},
		"breaks":   {"a<br>b<br><br><br>c<hr>d", "a\nb\n\nc\n---\nd"},
		"list":     {"<ul><li>one<li>two</ul>x", "- one\n- two\n\nx"},
		"table":    {"<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"},
		"hidden":   {"<title>t</title><style>s</style><script>s()</script>a<template><template>x</template>y</template>b", "ab"},
		"unclosed": {"a<style>b", "a"},
		"pre":      {"<pre>a\r\n  b</pre>c", "a\n  b\n\nc"},
		"picture":  {`a<img src="http://x/y" alt="Logo">b<img>`, "a[Logo]b"},
		"link":     {`See <a href="https://x.example/1">here</a>, please`, "See here [1], please\n\n[1] https://x.example/1"},
		"two links": {
			`<a href="https://x.example/1">a</a><a href="https://x.example/2">b<a href="https://x.example/1">c`,
			"a [1]b [2]c [1]\n\n[1] https://x.example/1\n[2] https://x.example/2",
		},
		"other links": {`<a href="javascript:alert(1)">a</a> <a href="file:///x">b</a> <a href="https://">c</a>`, "a b c"},
		"entity":      {"&#27;[2J&amp;&lt;", "\x1b[2J&<"}, // untrusted: cleaned where it is shown
		"empty":       {"", ""},
	} {
		if got := htmlText(c.html, newLinkList()); got != c.text {
			t.Errorf("%s: %q, want %q", name, got, c.text)
		}
	}
}

func TestLinksAreFound(t *testing.T) {
	t.Parallel()
	text := "See https://a.example/x?y=1. (http://b.example/(1)) <https://c.example> HTTPS://d.example/,\n" +
		"https://a.example/x?y=1 http:// https:///x ftp://e.example xhttp://f.example/\x1b[2J \"https://g.example\" https://h.example/\u202ex"
	want := []string{
		"https://a.example/x?y=1", "http://b.example/(1)", "https://c.example", "HTTPS://d.example/", "http://f.example/",
		"https://g.example", "https://h.example/",
	}
	if got := findLinks(text); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	m := read(lines("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "Go to https://b.example/2", "--b",
		"Content-Type: text/html", "", `<a href="https://a.example/1">x</a><a href="https://b.example/2">y</a>`, "--b--"))
	if want := []string{"https://b.example/2", "https://a.example/1"}; !slices.Equal(m.Links, want) {
		t.Errorf("a mail has links %q, want %q", m.Links, want)
	}
	if got := findLinks("http://x/" + strings.Repeat("y", maxLinkBytes-9) + "."); len(got) > 0 {
		t.Errorf("found %d links in a run that is too long", len(got))
	}
	if n := len(findLinks(strings.Repeat("http://x", 1000) + strings.Repeat(" http://y.example/)))", 1000))); n != 1 {
		t.Errorf("%d links", n)
	}
}

func TestCodesAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Your code is 418204.":                    {"418204"},
		"Your code: 418 204\nPIN 1234":            {"418204", "1234"},
		"Votre mot de passe : 0042-0017":          {"00420017"},
		"Hello\n\n  418 204\n\nBye":               {"418204"},
		"Bestätigungscode 00123456":               {"00123456"},
		"code 418204, again 418204":               {"418204"},
		"The code of order 2026-11-21 or 12.5000": nil,
		"We open at 1900 in 2026":                 nil,
		"code: https://x.example/123456":          nil,
		"code 123 or 123456789":                   nil,
		"call +49 1234 5678 about the code":       nil,
		"decoded 1234":                            nil,
		"code a1234 1234b":                        nil,

		"Type this code:\r\n\r\n  W6MN-CHW5-5QWD-SVN7\r\n\r\nBye": {"W6MN-CHW5-5QWD-SVN7"},
		"0123-4567-89AB-CDEF\nABCD-EFGH-JKMN-PQRS":                {"0123-4567-89AB-CDEF", "ABCD-EFGH-JKMN-PQRS"},
		"the code W6MN-CHW5-5QWD-SVN7 in a line":                  nil,
		"W6MN-CHW5-5QWD-SVN7-AAAA\nW6MN-CHW5-5QWD":                nil,
		"W6MN-chw5-5QWD-SVN7\nW6MNXCHW5X5QWDXSVN7\nW6MN-CHW5":     nil,
	} {
		if got := findCodes(text); !slices.Equal(got, want) {
			t.Errorf("%q gave %q, want %q", text, got, want)
		}
	}
}

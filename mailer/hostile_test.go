package mailer

import (
	"errors"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/mail"
)

func TestT8LineBreaksInTheHeaderAreRefused(t *testing.T) {
	t.Parallel()
	for field, put := range map[string]func(*mail.Work, string){
		"subject":    func(w *mail.Work, s string) { w.Subject = s },
		"To name":    func(w *mail.Work, s string) { w.ToName = s },
		"From name":  func(w *mail.Work, s string) { w.FromName = s },
		"To":         func(w *mail.Work, s string) { w.To = s },
		"From":       func(w *mail.Work, s string) { w.From = s },
		"Message-ID": func(w *mail.Work, s string) { w.MessageID = s },
		"language":   func(w *mail.Work, s string) { w.Language = s },
	} {
		for _, end := range []string{"\r\n", "\n", "\r", "\r\n ", "\n\t"} {
			t.Run(field, func(t *testing.T) {
				t.Parallel()
				w := sampleWork()
				put(&w, "ada@example.com"+end+"Bcc: secret@elsewhere.example")
				raw, err := Render(w, written())
				if err == nil {
					t.Fatalf("rendered:\n%s", raw)
				}
				if strings.Contains(err.Error(), "secret@") {
					t.Errorf("the error holds the content: %v", err)
				}
			})
		}
	}
}

func TestT8AddressesAreCanonicalOrRefused(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{
		"", "ada", "ada@", "@example.com", "Ada@Example.com", " ada@example.com", "ada@example.com ",
		"ada@example.com,eve@example.com", "ada@example.com> RCPT TO:<eve@example.com", "<ada@example.com>",
		`"ada eve"@example.com`, "ada@[127.0.0.1]", "ada@exämple.com", "ada@example.com\x00", "ada@eve@example.com",
		"ada@example.com (comment)", "group:ada@example.com;",
	} {
		for _, to := range []bool{true, false} {
			w := sampleWork()
			if to {
				w.To = addr
			} else {
				w.From = addr
			}
			if _, err := Render(w, written()); err == nil {
				t.Errorf("%q was rendered (To: %v)", addr, to)
			}
		}
	}
}

// hostile is text for one line that tries to leave it, or to say something else.
func hostile() []string {
	return []string{
		"=?utf-8?q?x=0D=0ABcc:_secret@elsewhere.example?=", "=?utf-8?b?DQpCY2M6IHg=?=", "==??utf-8?q?x?=",
		"x\u2028Bcc: secret@elsewhere.example", "x\u0085Bcc: secret@elsewhere.example", "x\vBcc: y", "x\fBcc: y", "x\x00y",
		"\x1b[2Jx", "\u202Egro.elpmaxe@ada", "\u2066x\u2069", "\xff\xfe", `x" <eve@elsewhere.example>, "y`, `x\`, `x\"`,
		"a,b;c:d", "<eve@elsewhere.example>", "(x", strings.Repeat(" ", 900) + "x", strings.Repeat(`"`, 900),
		strings.Repeat("é", 900), strings.Repeat("x ", 900), "\t \t", "--part-x", ".",
	}
}

func TestT8HostileNamesAndSubjectsStayOneField(t *testing.T) {
	t.Parallel()
	for _, text := range hostile() {
		t.Run(text[:min(len(text), 20)], func(t *testing.T) {
			t.Parallel()
			w := sampleWork()
			w.Subject, w.ToName, w.FromName = text, text, text
			checkHostile(t, w)
		})
	}
}

// checkHostile holds that the text of w's header got where it belongs, and
// nowhere else.
func checkHostile(t *testing.T, w mail.Work) {
	t.Helper()
	raw := render(t, w)
	checkWire(t, raw)
	p := parse(t, raw)
	checkFields(t, p)
	want, err := headerText(w.Subject)
	if err != nil {
		t.Fatal(err)
	}
	checkHeaderText(t, p, want)
	if strings.ContainsAny(want, "\r\n\x00\x1b\u2028\u0085\u202E\u2066") {
		t.Errorf("kept %q", want)
	}
}

func TestRenderRefusesAForeignLanguage(t *testing.T) {
	t.Parallel()
	w := sampleWork()
	w.Language = "tlh"
	if _, err := Render(w, written()); core.CodeOf(err) != core.CodeLanguage {
		t.Errorf("got %v", err)
	}
	w.Language = ""
	if p := parse(t, render(t, w)); p.fields["Content-Language"] != 0 {
		t.Error("an empty language has a field")
	}
}

func TestRenderRefusesABadMessageID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "x", "a@b", "<x@theatre.example>", "x@theatre.example>", "x y@theatre.example", "x@"} {
		w := sampleWork()
		w.MessageID = id
		if _, err := Render(w, written()); !errors.Is(err, errMessageID) {
			t.Errorf("%q: got %v", id, err)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, text := range hostile() {
		f.Add(text, text, text, text)
	}
	f.Add("s", "n", "Hello\n\n"+testLink, testLink)
	f.Fuzz(func(t *testing.T, subject, name, body, link string) {
		w := sampleWork()
		w.Subject, w.ToName, w.Body, w.Values = subject, name, body, map[string]string{"link": link}
		raw, err := Render(w, written())
		if err != nil {
			if !strings.ContainsAny(subject+name, "\r\n") {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		checkWire(t, raw)
		p := parse(t, raw)
		checkFields(t, p)
		if n := strings.Count(p.html, "<a "); n > 0 && webLink(link) == "" {
			t.Errorf("%d anchors for %q", n, link)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	w := sampleWork()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(w, written()); err != nil {
			b.Fatal(err)
		}
	}
}

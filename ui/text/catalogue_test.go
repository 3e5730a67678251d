package text

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"willcall/core"
)

func loaded(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, en, fr, want string }{
		{"twice", "a.b = x\n\na.b = y", "a.b = x", "en/a.txt: line 3: the key a.b comes twice"},
		{"missing in French", "a.b = x\na.c = x", "a.b = x", "the key a.c is missing in fr"},
		{"missing in English", "a.b = x", "a.b = x\na.c = x", "the key a.c is missing in en"},
		{"other placeholders", "a.b = {x}", "a.b = {y}", "the key a.b has the placeholders [y] in fr, elsewhere [x]"},
		{"other area", "b.c = x", "", "en/a.txt: line 1: the key b.c is not of the area a"},
		{"no sign", "# why\na.b", "", "en/a.txt: line 2: no equals sign"},
		{"no key", "A b = x", "", `en/a.txt: line 1: "A b" is not a key`},
		{"no sentence", "a.b =", "", "en/a.txt: line 1: the key a.b has no sentence"},
		{"open brace", "a.b = x {y", "", `en/a.txt: line 1: the key a.b: a placeholder that isn't one at "{y"`},
		{"closing brace", "a.b = x }", "", "en/a.txt: line 1: the key a.b: a closing brace without an opening one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := load(fstest.MapFS{
				"en/a.txt": {Data: []byte(c.en)},
				"fr/a.txt": {Data: []byte(c.fr)},
			})
			if err == nil || err.Error() != c.want {
				t.Errorf("load: %v, want %s", err, c.want)
			}
		})
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	c, err := load(fstest.MapFS{
		"en/a.txt": {Data: []byte("a.d = {what}\na.b = {x} of {x}, {y}: {{x}}\\nnext\na.n.one = {n} mail to {who}\na.n.other = {n} mails to {who}")},
		"fr/a.txt": {Data: []byte("a.d = l'eau d'{what}, 'oui' '\na.b = {x} {y} : « oui » ? ; {{x}}\na.n.one = {n} courriel à {who}\na.n.other = {n} courriels à {who}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	en, fr := c.In(English), c.In(French)
	for _, s := range []struct{ got, want string }{
		{en.T("a.b", "y", "2", "x", "1"), "1 of 1, 2: {x}\nnext"},
		{en.T("a.b", "x", "1", "y"), "1 of 1, {y}: {x}\nnext"},
		{fr.T("a.b", "x", "1", "y", "2"), "1 2\u00a0: «\u00a0oui\u00a0»\u00a0?\u00a0; {x}"},
		{fr.T("a.d", "what", "lui"), "l’eau d’lui, 'oui' '"},
		{en.T("a.c"), "‹a.c›"},
		{en.N("a.n", 0, "who", "Zoé"), "0 mails to Zoé"},
		{en.N("a.n", 1, "who", "Zoé"), "1 mail to Zoé"},
		{en.N("a.n", 1200, "who", "Zoé"), "1,200 mails to Zoé"},
		{fr.N("a.n", 0, "who", "Zoé"), "0 courriel à Zoé"},
		{fr.N("a.n", 2, "who", "Zoé"), "2 courriels à Zoé"},
		{c.In("de").T("a.c"), "‹a.c›"},
	} {
		if s.got != s.want {
			t.Errorf("got %q, want %q", s.got, s.want)
		}
	}
	if l := c.In("de").Language(); l != English {
		t.Errorf("an unknown language is shown in %s", l)
	}
	if !en.Has("a.b") || en.Has("a.c") {
		t.Error("Has doesn't know the keys")
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for n, want := range map[int]string{
		0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -12: "-12", 1204331: "1,204,331", 100000: "100,000",
	} {
		if got := c.In(English).Number(n); got != want {
			t.Errorf("Number(%d) = %s, want %s", n, got, want)
		}
		if got := c.In(French).Number(n); got != strings.ReplaceAll(want, ",", "\u202f") {
			t.Errorf("Number(%d) = %q in French", n, got)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	en, fr := c.In(English), c.In(French)
	at := time.Date(2026, 11, 3, 19, 42, 7, 0, time.FixedZone("", 3600))
	for _, s := range []struct{ got, want string }{
		{en.Time(at), "3 Nov 2026, 19:42"},
		{fr.Time(at), "3 nov. 2026, 19:42"},
		{en.Clock(at), "19:42"},
		{en.Date(at, at.AddDate(0, 1, 0)), "3 Nov"},
		{en.Date(at, at.AddDate(1, 0, 0)), "3 Nov 2026"},
		{en.Date(at, time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)), "3 Nov 2026"},
		{en.Ago(-time.Hour), "just now"},
		{en.Ago(4 * time.Second), "just now"},
		{en.Ago(19 * time.Second), "19 s ago"},
		{en.Ago(59*time.Minute + 59*time.Second), "59 min ago"},
		{en.Ago(47 * time.Hour), "1 d ago"},
		{en.Ago(23 * time.Hour), "23 h ago"},
		{en.Ago(800 * day), "2 y ago"},
		{fr.Ago(50 * time.Hour), "il y a 2 j"},
		{en.Duration(day), "24 h"},
		{en.Duration(10 * time.Minute), "10 min"},
		{en.Duration(90 * time.Minute), "1 h 30 min"},
		{en.Duration(75 * time.Second), "1 min 15 s"},
		{en.Duration(30 * day), "30 d"},
		{en.Duration(2*day + 5*time.Hour), "2 d 5 h"},
		{en.Duration(-time.Second), "0 s"},
	} {
		if s.got != s.want {
			t.Errorf("got %q, want %q", s.got, s.want)
		}
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	en := loaded(t).In(English)
	_, address := core.CanonicalAddress("marie")
	var form core.Fields
	form.Add("name", core.Refuse(core.CodeRequired))
	form.Add("note", core.CheckLine("aaa", 2, false))
	cool := core.Refuse(core.CodeCoolDown).With("ago", "19s").With("from", "2026-11-03T18:43:00Z")
	for _, s := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("disk on fire"), en.T("error.internal")},
		{fmt.Errorf("save: %w", core.ErrFull), en.T("error.full")},
		{fmt.Errorf("save: %w", core.Refuse(core.CodeConflict)), en.T("error.conflict")},
		{address, "An address has exactly one @, as in name@place.example."},
		{
			core.Refuse(core.CodePassword).With("why", "short").With("min", "15"),
			"The password is too short. Use 15 characters at least; a few words in a row are easy to keep in mind.",
		},
		{form.Err(), "This is needed. Fill it in. This is too long. Use 2 characters at most."},
		{cool, "The last mail was 19 s ago. You can send again from 19:43."},
		{core.Refuse(core.CodeCoolDown).With("ago", "?").With("from", "?"), "The last mail was ?. You can send again from ?."},
		{core.Refuse(core.CodeVariable).With("name", "nmae"), "There is no variable {nmae}. Take it out, or use one of the list."},
	} {
		if got := en.InZone(time.FixedZone("", 3600)).Error(s.err); got != s.want {
			t.Errorf("%v: got %q, want %q", s.err, got, s.want)
		}
	}
	if got := en.Error(cool); got != "The last mail was 19 s ago. You can send again from 18:43." {
		t.Errorf("without a zone: %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a.b = x", "a.b = {x} {{y}}\\n", "# c\n\na.b==", "a.b = {", "a.b = }", "a. = x", "a.b = « x » : {é}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, l := range Languages() {
			all := map[string]sentence{}
			if parse(raw, "a", l, all) != nil {
				continue
			}
			for key, s := range all {
				if !isKey(key) || len(s.texts) != len(s.names)+1 {
					t.Fatalf("%q became %q: %+v", raw, key, s)
				}
				s.fill(nil)
			}
		}
	})
}

func BenchmarkT(b *testing.B) {
	c, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	p := c.In(French)
	b.ReportAllocs()
	for b.Loop() {
		p.T("error.cool-down", "ago", "il y a 19 s", "from", "19:43")
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

package venue

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"willcall/core"
)

func TestFill(t *testing.T) {
	t.Parallel()
	values := map[string]string{"name": "Marie {link}", "link": "https://x.example", "point-of-sale": "Web shop", "empty": ""}
	tests := map[string]string{
		"":                          "",
		"Hello":                     "Hello",
		"Hello {name}":              "Hello Marie {link}",
		"{name}{name}":              "Marie {link}Marie {link}",
		"at {point-of-sale}":        "at Web shop",
		"{empty}":                   "",
		"{unknown}":                 "{unknown}",
		"{Name}":                    "{Name}",
		"{ name }":                  "{ name }",
		"{}":                        "{}",
		"{{name}}":                  "{name}",
		"{{{name}}}":                "{Marie {link}}",
		"a {{ b }} c":               "a { b } c",
		"{ alone":                   "{ alone",
		"alone }":                   "alone }",
		"{na\nme}":                  "{na\nme}",
		"{name":                     "{name",
		"a {x {name}":               "a {x Marie {link}",
		"100 % $1 ${name} \\{name}": "100 % $1 $Marie {link} \\Marie {link}",
	}
	for text, want := range tests {
		if got := Fill(text, values); got != want {
			t.Errorf("%q is filled to %q, want %q", text, got, want)
		}
	}
}

func TestVariablesAreCheckedByName(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"{name} {address} {institution} {point-of-sale} {link} {hours}": "",
		"{{unknown}} and { alone": "",
		"{name} {nmae} {other}":   "nmae",
		"{}":                      "",
		"{ link }":                " link ",
	}
	for text, name := range tests {
		err := CheckVariables(text, DocumentVerification)
		var refusal *core.Error
		if !errors.As(err, &refusal) {
			refusal = &core.Error{}
		}
		if refused := name != "" || text == "{}"; refused != (refusal.Code == core.CodeVariable) || refusal.Args["name"] != name {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := CheckVariables("{link}", 0); core.CodeOf(err) != core.CodeVariable {
		t.Errorf("a document of no kind has variables: %v", err)
	}
}

// TestWhatIsAcceptedIsFilled: no braces of a variable stay in a text that was
// saved.
func TestWhatIsAcceptedIsFilled(t *testing.T) {
	t.Parallel()
	values := map[string]string{}
	for _, name := range Variables(DocumentVerification) {
		values[name] = "•"
	}
	part := rapid.SampledFrom([]string{"{name}", "{link}", "{hours}", "{{", "}}", "{other}", "text", "\n", "{", "}", " "})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "parts"), "")
		err := CheckVariables(text, DocumentVerification)
		filled := Fill(text, values)
		for _, found := range variablePattern.FindAllString(text, -1) {
			known := found == "{name}" || found == "{link}" || found == "{hours}"
			if err == nil && len(found) > 2 && !known {
				t.Fatalf("%q is accepted with %q", text, found)
			}
		}
		if err == nil && names(text, "link") && !strings.Contains(filled, "•") {
			t.Fatalf("%q is accepted and filled to %q", text, filled)
		}
	})
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"", "plain", "{name}", "{{name}}", "{{{name}}}", "}}{{", "{\n}", "\xff{\xff}", "{point-of-sale}"} {
		f.Add(s, "value")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		filled := Fill(text, map[string]string{"name": value})
		if utf8.ValidString(text) && utf8.ValidString(value) && !utf8.ValidString(filled) {
			t.Errorf("%q is filled to broken %q", text, filled)
		}
		if !strings.ContainsAny(text, "{}") && filled != text {
			t.Errorf("%q became %q", text, filled)
		}
		escaped := strings.NewReplacer("{", "{{", "}", "}}").Replace(text)
		if got := Fill(escaped, map[string]string{"name": value}); got != text {
			t.Errorf("%q with doubled braces became %q", text, got)
		}
	})
}

func BenchmarkFill(b *testing.B) {
	text := strings.Repeat("Hello {name}, follow {link} within {hours} h.\n", 20)
	values := map[string]string{"name": "Marie Dupont", "link": "https://tickets.opera.example/v/x", "hours": "24"}
	for b.Loop() {
		Fill(text, values)
	}
}

package component

import (
	"slices"
	"strings"
	"testing"

	"willcall/core"
)

func TestMatchPutsBeginningsFirst(t *testing.T) {
	t.Parallel()
	labels := []string{
		"unique contacts", "nightly contact", "new contact", "contact", "cancel mail", "actions", "switch institution", "Éditer le reçu",
		"discard the draft",
	}
	for typed, want := range map[string][]string{
		"":        labels,
		"contact": {"contact", "unique contacts", "nightly contact", "new contact"},
		"CON new": {"new contact"},
		"nc":      {"nightly contact", "new contact", "cancel mail"},
		"ncon":    {"nightly contact", "new contact"},
		"que":     {"unique contacts"},
		"swin":    {"switch institution"},
		"swti":    {"switch institution"},
		"edit":    {"Éditer le reçu"},
		"RECU":    {"Éditer le reçu"},
		"ontact":  {"unique contacts", "nightly contact", "new contact", "contact"},
		"cam":     {"cancel mail"},
		"cntct":   {"unique contacts", "nightly contact", "new contact", "contact"},
		"tcatnoc": nil,
		"con zzz": nil,
	} {
		if got := matching(typed, labels); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, not %q", typed, got, want)
		}
	}
}

func TestMatchReadsLettersAsTheSearchDoes(t *testing.T) {
	t.Parallel()
	for typed, label := range map[string]string{
		"strasse": "Hauptstraße", "straße": "STRASSE", "finale": "ﬁnale", "oeuvre": "Œuvre", "tokyo": "Ｔｏｋｙｏ", "soren": "Søren",
	} {
		if _, ok := Match(typed, label); !ok {
			t.Errorf("%q doesn't find %q", typed, label)
		}
		s := Search{}
		s.Set(typed)
		if !s.Matches(label) {
			t.Errorf("a search for %q doesn't hold %q", typed, label)
		}
	}
}

// matching lists the labels that match, best first.
func matching(typed string, labels []string) []string {
	type scored struct {
		label string
		cost  int
	}
	var found []scored
	for _, label := range labels {
		if cost, ok := Match(typed, label); ok {
			found = append(found, scored{label, cost})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return a.cost - b.cost })
	var names []string
	for _, f := range found {
		names = append(names, f.label)
	}
	return names
}

// FuzzMatch holds what everybody relies on while typing: a label is found by
// itself and by every beginning of what found it, and nothing is found whose
// letters aren't there in order.
func FuzzMatch(f *testing.F) {
	f.Add("nc", "new contact")
	f.Add("Ré ß", "régler le \u0301ŒUVRE")
	f.Add("\xff\u202e", "山田 太郎")
	f.Fuzz(func(t *testing.T, typed, label string) {
		typed, label = cutTo(typed, 60), cutTo(label, 120)
		if cost, ok := Match("", label); !ok || cost != 0 {
			t.Fatalf("nothing typed costs %d in %q", cost, label)
		}
		cost, ok := Match(typed, label)
		if again, found := Match(strings.ToUpper(core.Fold(typed)), label); found != ok && core.Fold(strings.ToUpper(core.Fold(typed))) == core.Fold(typed) {
			t.Fatalf("%q in %q: %d in one case, %d in the other", typed, label, cost, again)
		}
		if !ok {
			return
		}
		for _, word := range strings.Fields(core.Fold(typed)) {
			if !inOrder(word, core.Fold(label)) {
				t.Fatalf("%q was found in %q", word, label)
			}
			letters := []rune(word)
			for i := 1; i < len(letters); i++ {
				if _, ok := Match(string(letters[:i]), label); !ok {
					t.Fatalf("%q was found in %q, its beginning %q not", word, label, string(letters[:i]))
				}
			}
		}
	})
}

func cutTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func inOrder(word, label string) bool {
	for _, r := range word {
		at := strings.IndexRune(label, r)
		if at < 0 {
			return false
		}
		label = label[at+len(string(r)):]
	}
	return true
}

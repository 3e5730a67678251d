package text

import (
	"strings"
	"testing"
)

func TestPlainSentencesAreASCII(t *testing.T) {
	t.Parallel()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Languages() {
		p := c.In(l).Plain()
		for _, key := range c.Keys() {
			if got := p.T(key); strings.ContainsFunc(got, beyondASCII) {
				t.Errorf("%s, %s: %q", l, key, got)
			}
		}
		if got := p.Number(1204331); strings.ContainsFunc(got, beyondASCII) {
			t.Errorf("%s: a number is written %q", l, got)
		}
	}
}

func TestPlainLeavesValuesAsTheyAre(t *testing.T) {
	t.Parallel()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	rich := c.In(French)
	if got, want := rich.Plain().T("settings.storage.size-of", "size", "Zoé…", "limit", "1"), "Zoé… sur 1 au plus"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := rich.T("outbox.cancel"); rich.Plain().Plain().T("outbox.cancel") != plain(got) {
		t.Errorf("%q is written %q", got, rich.Plain().T("outbox.cancel"))
	}
}

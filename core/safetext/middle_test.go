package safetext_test

import (
	"strings"
	"testing"

	"willcall/core/safetext"
)

func TestCutMiddleKeepsBothEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		cells int
		want  string
	}{
		{"/srv/willcall", 13, "/srv/willcall"},
		{"/srv/willcall", 12, "/srv…illcall"},
		{"/srv/willcall", 3, "/…l"},
		{"/srv/willcall", 2, "/…"},
		{"/srv/willcall", 0, ""},
		{"/日本語/日本語/日本語", 12, "/日…/日本語"},
		{"/a\x1b[31m/b", 20, "/a␛[31m/b"},
	} {
		if got := safetext.CutMiddle(tt.text, tt.cells); got != tt.want {
			t.Errorf("%q in %d cells is %q, want %q", tt.text, tt.cells, got, tt.want)
		}
	}
}

func FuzzCutMiddle(f *testing.F) {
	for _, s := range []string{"/srv/willcall", "/日本語/e\u0301", "\u05d0\u05d1/x", "👩‍👩‍👧/x", ""} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, cells int) {
		cells %= 200
		got := safetext.CutMiddle(s, cells)
		if safetext.Width(got) > max(0, cells) {
			t.Errorf("%q in %d cells takes %d", got, cells, safetext.Width(got))
		}
		if clean := safetext.Line(s); safetext.Width(clean) <= cells && got != clean {
			t.Errorf("%q was cut to %q, though it fits", clean, got)
		}
		if strings.ContainsAny(got, "\x1b\n") {
			t.Errorf("%q isn't clean", got)
		}
	})
}

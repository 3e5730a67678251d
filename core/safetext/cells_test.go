package safetext_test

import (
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"willcall/core/safetext"
)

// TestColumnsStayWhereTheyAre draws a row of two columns as the screen does and
// looks for the second one in its cell, counted by cluster and by code point.
func TestColumnsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	const cells = 12
	for _, name := range []string{
		"Marie Dupont", "Zoé Müller-Façade de la Rochefoucauld", "山田太郎東京都港区", "דני כהן", "دوبون شارع 12",
		"e" + strings.Repeat("\u0301", 5000), strings.Repeat("w", 1<<20), "\u0301\u0301x", "﷽﷽", "👨\u200d👩\u200d👧 famille",
		"🇫🇷🇨🇭🇫", "☎\ufe0f 1\ufe0f\u20e3", "น้ำ ຄຳ ｶﾞﾊﾟ", "\u1112\u1161\u11ab", "a\x1b[31m\x1b]8;;x\ab", "a\x00\x9b\xff\r\n", "\u202eabc\u2066",
		"\u0d4e", "●✓ VERIFIED", "\U000e0041\u3164\u00ad", "Ёлкин Њ", "",
	} {
		for _, method := range []ansi.Method{ansi.GraphemeWidth, ansi.WcWidth} {
			row := drawn(method, safetext.Fit(name, cells)+"|"+safetext.FitRight(name, cells)+"|", 2*cells+2)
			if first, second := row.CellAt(cells, 0), row.CellAt(2*cells+1, 0); first.Content != "|" || second.Content != "|" {
				t.Errorf("%.40q, method %d: after the columns stand %q and %q", name, method, first.Content, second.Content)
			}
		}
	}
}

// TestIndicColumnsStayByCluster is the same for the scripts of which only
// terminals that know clusters show the counted width.
func TestIndicColumnsStayByCluster(t *testing.T) {
	t.Parallel()
	const cells = 12
	for _, name := range []string{"किरण शर्मा", "நாவல் கொற்றவை", "মৌসুমী", strings.Repeat("क्", 3000)} {
		row := drawn(ansi.GraphemeWidth, safetext.Fit(name, cells)+"|", cells+1)
		if got := row.CellAt(cells, 0).Content; got != "|" {
			t.Errorf("%.40q: after the column stands %q", name, got)
		}
	}
}

func drawn(method ansi.Method, line string, cells int) uv.ScreenBuffer {
	b := uv.NewScreenBuffer(cells, 1)
	b.Method = method
	uv.NewStyledString(line).Draw(b, b.Bounds())
	return b
}

package coretest

import "strings"

// Nasty is text that screens and terminals go wrong with.
type Nasty struct {
	Name string // what is nasty in it
	Text string
	// Attack tells what acts on a terminal, or hides and turns around what stands
	// there, where it is written as it is: the first 40 bytes of it do. The others
	// are hard to count, to cut and to place.
	Attack bool
}

// Nasties is the one list of them. Whatever shows text is tested with all.
func Nasties() []Nasty {
	return append(attacks(), []Nasty{
		{Name: "chinese", Text: "漢字" + strings.Repeat("界", 300)},
		{Name: "half width", Text: "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟ"},
		{Name: "full width", Text: "ｗｉｄｅ Ａ"},
		{Name: "korean", Text: "각\u1100\u1161\u11a8 한국어"},
		{Name: "families", Text: "a👨‍👩‍👧‍👦b👩🏽‍🚀c👩‍❤️‍💋‍👩d"},
		{Name: "flags", Text: "🇨🇭🇫🇷 🇨 x🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴‍☠️"},
		{Name: "keycaps", Text: "1️⃣ #️⃣ ☎️ ☎︎ ❤️"},
		{Name: "arabic", Text: "مُحَمَّد \u200cبن\u200cسلمان مرحبا بالعالم"},
		{Name: "hebrew", Text: "שָׁלוֹם לכולם 123 abc"},
		{Name: "mixed", Text: "Marie محمد Dupont שלום 12"},
		{Name: "sign before a number", Text: "a\u0600b"},
		{Name: "thai", Text: "กำลังใจ ลำ น้ำ ป้ำ"},
		{Name: "hindi", Text: "नमन क्ष न क्ष कर्म्न्ध्क्ष"},
		{Name: "conjuncts", Text: strings.Repeat("क्", 60)},
		{Name: "accents", Text: "e" + strings.Repeat("\u0301", 5000)},
		{Name: "more accents", Text: "a" + strings.Repeat("\u0300\u0323", 20) + "b" + strings.Repeat("\u0489", 40) + "c"},
		{Name: "accents without a letter", Text: "\u0301\u0301 first"},
		{Name: "soft hyphens", Text: "Donau\u00addampf\u00adschiff\u00adfahrt"},
		{Name: "ligatures", Text: "ﷺ ﷽ ﬁ ǆ"},
		{Name: "blanks", Text: "x\u2800y\u00a0\u3000z"},
		{Name: "tabs", Text: "a\tb\t\tc"},
		{Name: "lines", Text: "a\r\nb\nc\n"},
		{Name: "words", Text: strings.Repeat("word ", 60)},
		{Name: "one word", Text: strings.Repeat("w", 500)},
	}...)
}

func attacks() []Nasty {
	list := []Nasty{
		{Name: "escapes", Text: "\x1b[2J\x1b]52;c;QUJD\x07\x1b]0;owned\x07\x1b[31m"},
		{Name: "c1", Text: "\u009b2J\u009d52;c;QUJD\u009c\u0090q\u009c\x9b31m\x90q"},
		{Name: "bidi", Text: "\u202eabc\u202c\u2066def\u2069\u200f\u061cx\u2067y\u200eb"},
		{Name: "combining", Text: "a" + strings.Repeat("\u0301", 19)},
		{Name: "controls", Text: "\x00\x01\x08\x0b\x0c\r\x7f\x00\r\n\r\n\x07\x05\x0e\x0f"},
		{Name: "invalid", Text: "\xff\xfe\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80\xe2\x80"},
		{Name: "invisible", Text: "\u200b\u200d\ufeff\u00ad\u2060\u3164\u2028\u2029\U000e0041\u034f\uffa0"},
		{Name: "joiners", Text: "\u200da\u200db\u200d\u200d漢\u200d\u200c"},
		{Name: "hyperlinks", Text: "\x1b]8;;http://x.example\x1b\\y\x1b]8;;\x1b\\"},
		{Name: "paste end", Text: "\x1b[201~\x1b[200~\x1b[?1049l\x1bc\x1bPq\x1b\\"},
		{Name: "our signs", Text: "●✓ ●✗ ▸ ┃ ○ │ ─ VERIFIED …"},
	}
	for i := range list {
		list[i].Attack = true
	}
	return list
}

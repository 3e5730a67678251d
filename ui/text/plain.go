package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Plain gives a printer that writes its sentences in ASCII, for terminals that
// know no other signs. Values that stand in them, such as names, stay as they
// are.
func (p Printer) Plain() Printer {
	if p.plain {
		return p
	}
	written := make(map[string]sentence, len(p.sentences))
	for key, s := range p.sentences {
		texts := make([]string, len(s.texts))
		for i, t := range s.texts {
			texts[i] = plain(t)
		}
		written[key] = sentence{texts: texts, names: s.names}
	}
	p.sentences, p.plain = written, true
	return p
}

// plain writes letters without their accents (Unicode UAX #15, decomposition)
// and signs as typewriters do.
func plain(s string) string {
	if !strings.ContainsFunc(s, beyondASCII) {
		return s
	}
	s = strings.NewReplacer(
		"…", "...", "’", "'", "‘", "'", "“", `"`, "”", `"`, "«\u00a0", `"`, "\u00a0»", `"`, "«", `"`, "»", `"`,
		"–", "-", "—", "-", "·", "-", "×", "x", "→", ">", "º", "o", "œ", "oe", "Œ", "OE", "\u00a0", " ", "\u202f", " ",
	).Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

func beyondASCII(r rune) bool { return r > unicode.MaxASCII }

package text

import (
	"strconv"
	"strings"
	"time"
)

// Printer writes sentences of one language. It is a small value, safe for
// concurrent use; [Catalogue.In] makes it.
type Printer struct {
	catalogue *Catalogue
	language  Language
	sentences map[string]sentence
	zone      *time.Location
	plain     bool // in ASCII
}

// Language is the printer's language.
func (p Printer) Language() Language { return p.language }

// Catalogue is where the printer's sentences are from; nil for the zero printer.
func (p Printer) Catalogue() *Catalogue { return p.catalogue }

// InZone gives a printer that shows the times inside errors as clocks of zone;
// without it they are shown in their own location.
func (p Printer) InZone(zone *time.Location) Printer {
	p.zone = zone
	return p
}

// T is the sentence of a key. pairs are name, value, name, value… for its
// placeholders; one without a value stays as "{name}". An unknown key gives
// "‹key›". Values are not cleaned.
func (p Printer) T(key string, pairs ...string) string {
	s, ok := p.sentences[key]
	if !ok {
		return "‹" + key + "›"
	}
	return s.fill(pairs)
}

// Has reports whether the catalogue knows a key.
func (p Printer) Has(key string) bool {
	_, ok := p.sentences[key]
	return ok
}

// N is the sentence of key+".one" or key+".other" as the language's plural
// asks for n, with {n} filled by [Printer.Number].
func (p Printer) N(key string, n int, pairs ...string) string {
	form := ".other"
	if p.one(n) {
		form = ".one"
	}
	filled := make([]string, 0, len(pairs)+2)
	filled = append(append(filled, "n", p.Number(n)), pairs...)
	return p.T(key+form, filled...)
}

// one is the cardinal plural rule "one" of CLDR for whole numbers.
func (p Printer) one(n int) bool {
	if p.language == French {
		return n == 0 || n == 1 || n == -1
	}
	return n == 1 || n == -1
}

// Number writes n with its digits in groups of three: 1,204,331 in English,
// with narrow no-break spaces in French.
func (p Printer) Number(n int) string {
	gap := ","
	if p.language == French {
		gap = "\u202f"
		if p.plain {
			gap = " "
		}
	}
	digits := strconv.Itoa(n)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	first := (len(digits)-1)%3 + 1
	var b strings.Builder
	b.WriteString(sign + digits[:first])
	for at := first; at < len(digits); at += 3 {
		b.WriteString(gap + digits[at:at+3])
	}
	return b.String()
}

// fill writes the sentence with the values of pairs.
func (s sentence) fill(pairs []string) string {
	if len(s.names) == 0 {
		return s.texts[0]
	}
	var b strings.Builder
	for i, name := range s.names {
		b.WriteString(s.texts[i])
		b.WriteString(value(pairs, name))
	}
	b.WriteString(s.texts[len(s.texts)-1])
	return b.String()
}

func value(pairs []string, name string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return "{" + name + "}"
}

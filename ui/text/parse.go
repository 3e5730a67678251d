package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a text cut at its placeholders: text[0] name[0] text[1] …, with
// one text more than names.
type sentence struct {
	texts []string
	names []string
}

// placeholders lists the names, sorted, each once.
func (s sentence) placeholders() []string {
	if len(s.names) < 2 {
		return s.names
	}
	return slices.Compact(slices.Sorted(slices.Values(s.names)))
}

// parse adds the sentences of one file to all.
func parse(raw, area string, l Language, all map[string]sentence) error {
	number := 0
	for line := range strings.Lines(raw) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, s, err := parseLine(line, l)
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if !strings.HasPrefix(key, area+".") {
			return fmt.Errorf("line %d: the key %s is not of the area %s", number, key, area)
		}
		if _, twice := all[key]; twice {
			return fmt.Errorf("line %d: the key %s comes twice", number, key)
		}
		all[key] = s
	}
	return nil
}

func parseLine(line string, l Language) (string, sentence, error) {
	key, value, ok := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	switch {
	case !ok:
		return "", sentence{}, errors.New("no equals sign")
	case !isKey(key):
		return "", sentence{}, fmt.Errorf("%q is not a key", key)
	case value == "":
		return "", sentence{}, fmt.Errorf("the key %s has no sentence", key)
	}
	s, err := parseSentence(typeset(value, l))
	if err != nil {
		return "", sentence{}, fmt.Errorf("the key %s: %w", key, err)
	}
	return key, s, nil
}

// typeset turns apostrophes inside words into typographic ones and keeps French
// punctuation on the line of its word.
func typeset(value string, l Language) string {
	value = apostrophes(value)
	if l != French {
		return value
	}
	const hard = "\u00a0"
	for _, sign := range []string{":", ";", "?", "»"} {
		value = strings.ReplaceAll(value, " "+sign, hard+sign)
	}
	return strings.ReplaceAll(value, "« ", "«"+hard)
}

// apostrophes replaces the typewriter's apostrophe between two letters, or
// between a letter and a placeholder.
func apostrophes(value string) string {
	if !strings.Contains(value, "'") {
		return value
	}
	parts := strings.Split(value, "'")
	var b strings.Builder
	b.WriteString(parts[0])
	for i, part := range parts[1:] {
		before, _ := utf8.DecodeLastRuneInString(parts[i])
		after, _ := utf8.DecodeRuneInString(part)
		if unicode.IsLetter(before) && (unicode.IsLetter(after) || after == '{') {
			b.WriteString("’")
		} else {
			b.WriteByte('\'')
		}
		b.WriteString(part)
	}
	return b.String()
}

func parseSentence(value string) (sentence, error) {
	if !strings.ContainsAny(value, `{}\`) {
		return sentence{texts: []string{value}}, nil
	}
	var s sentence
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch pair := value[i:min(i+2, len(value))]; {
		case pair == `\n`:
			b.WriteByte('\n')
			i++
		case pair == "{{" || pair == "}}":
			b.WriteByte(value[i])
			i++
		case value[i] == '{':
			name, _, closed := strings.Cut(value[i+1:], "}")
			if !closed || !isName(name) {
				return sentence{}, fmt.Errorf("a placeholder that isn't one at %q", value[i:])
			}
			s.texts, s.names = append(s.texts, b.String()), append(s.names, name)
			b.Reset()
			i += len(name) + 1
		case value[i] == '}':
			return sentence{}, errors.New("a closing brace without an opening one")
		default:
			b.WriteByte(value[i])
		}
	}
	s.texts = append(s.texts, b.String())
	return s, nil
}

// isKey reports two or more names parted by dots.
func isKey(key string) bool {
	for part := range strings.SplitSeq(key, ".") {
		if !isName(part) {
			return false
		}
	}
	return strings.Contains(key, ".")
}

func isName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return name != ""
}

package text

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Language is a language of the catalogue, as a BCP 47 tag of two letters.
type Language string

// The languages.
const (
	English Language = "en"
	French  Language = "fr"
)

// Languages lists the languages of the catalogue; the first is the one used
// where another isn't known.
func Languages() []Language { return []Language{English, French} }

//go:embed en/*.txt fr/*.txt
var files embed.FS

// Catalogue holds all sentences. It is safe for concurrent use.
type Catalogue struct {
	sentences map[Language]map[string]sentence
}

// Load reads the sentences built into the program. It fails with file and line
// where one can't be read or a key comes twice, and with the key where a
// language lacks one or has other placeholders.
func Load() (*Catalogue, error) { return load(files) }

func load(from fs.FS) (*Catalogue, error) {
	c := &Catalogue{sentences: map[Language]map[string]sentence{}}
	for _, l := range Languages() {
		sentences, err := readLanguage(from, l)
		if err != nil {
			return nil, err
		}
		c.sentences[l] = sentences
	}
	return c, c.compare()
}

func readLanguage(from fs.FS, l Language) (map[string]sentence, error) {
	names, err := fs.Glob(from, path.Join(string(l), "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list the catalogue's files: %w", err)
	}
	all := make(map[string]sentence, 2048)
	for _, name := range names {
		raw, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("read the catalogue: %w", err)
		}
		area := strings.TrimSuffix(path.Base(name), ".txt")
		if err := parse(string(raw), area, l, all); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

// compare holds every language against the first one.
func (c *Catalogue) compare() error {
	languages := Languages()
	first := c.sentences[languages[0]]
	for _, l := range languages[1:] {
		if err := compare(first, c.sentences[l], l); err != nil {
			return err
		}
		if err := compare(c.sentences[l], first, languages[0]); err != nil {
			return err
		}
	}
	return nil
}

// compare finds the first key of has that the other language l lacks or fills
// with other placeholders.
func compare(has, other map[string]sentence, l Language) error {
	first := ""
	for key, s := range has {
		if twin, ok := other[key]; (!ok || !slices.Equal(s.placeholders(), twin.placeholders())) && (first == "" || key < first) {
			first = key
		}
	}
	twin, ok := other[first]
	switch {
	case first == "":
		return nil
	case !ok:
		return fmt.Errorf("the key %s is missing in %s", first, l)
	default:
		return fmt.Errorf("the key %s has the placeholders %v in %s, elsewhere %v", first, twin.placeholders(), l, has[first].placeholders())
	}
}

// Keys lists all keys in order.
func (c *Catalogue) Keys() []string { return sortedKeys(c.sentences[Languages()[0]]) }

func sortedKeys(m map[string]sentence) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// In gives the printer of a language, that of English where l is unknown.
func (c *Catalogue) In(l Language) Printer {
	sentences, ok := c.sentences[l]
	if !ok {
		l = English
		sentences = c.sentences[l]
	}
	return Printer{catalogue: c, language: l, sentences: sentences}
}

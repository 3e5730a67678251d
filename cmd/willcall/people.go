package main

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// name is a word with the letters it has in an address.
type name struct{ shown, latin string }

// culture is one block of the sample names.
type culture struct {
	language string
	share    int // of a hundred
	country  string
	first    []name
	last     []name
	stem     []string // of rarer surnames, with ending
	ending   []string
	company  []name
	city     []string // postal code, then city
	street   []string
	phone    []string // each # is a digit
}

// parsePeople reads the sample names. Errors name the line.
func parsePeople(raw []byte) ([]culture, error) {
	var all []culture
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			c, err := parseHead(line)
			if err != nil {
				return nil, fmt.Errorf("sample names, line %d: %w", number, err)
			}
			all = append(all, c)
			continue
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("sample names, line %d: names before the first block", number)
		}
		if err := all[len(all)-1].add(line); err != nil {
			return nil, fmt.Errorf("sample names, line %d: %w", number, err)
		}
	}
	return all, lines.Err()
}

// parseHead reads "[fr 24 France]".
func parseHead(line string) (culture, error) {
	parts := strings.SplitN(strings.Trim(line, "[]"), " ", 3)
	if len(parts) != 3 {
		return culture{}, fmt.Errorf("a block needs language, share and country")
	}
	share, err := strconv.Atoi(parts[1])
	if err != nil || share < 1 {
		return culture{}, fmt.Errorf("share %q is not a number above 0", parts[1])
	}
	return culture{language: parts[0], share: share, country: parts[2]}, nil
}

// add reads one "first = …" line of a block.
func (c *culture) add(line string) error {
	key, list, found := strings.Cut(line, " = ")
	if !found {
		return fmt.Errorf("%q is not a list", line)
	}
	values := strings.Split(list, ", ")
	switch key {
	case "first":
		c.first = names(values)
	case "last":
		c.last = names(values)
	case "company":
		c.company = names(values)
	case "city":
		c.city = values
	case "street":
		c.street = values
	case "stem":
		c.stem = values
	case "ending":
		c.ending = values
	case "phone":
		c.phone = values
	default:
		return fmt.Errorf("unknown list %q", key)
	}
	return nil
}

func names(values []string) []name {
	all := make([]name, len(values))
	for i, v := range values {
		shown, latin, found := strings.Cut(v, "/")
		if !found {
			latin = shown
		}
		all[i] = name{shown, latin}
	}
	return all
}

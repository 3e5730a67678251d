package core

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of text fields, in code points.
const (
	MaxName    = 200
	MaxSubject = 200
	MaxNote    = 10000
	maxURL     = 2000
)

// Languages the product speaks, the first being the default.
func Languages() []string { return []string{"en", "fr"} }

// CleanLine brings a one-line field to its stored form: Unicode NFC, spaces
// trimmed. It says nothing of whether the field is acceptable.
func CleanLine(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// CheckLine refuses a one-line field that is empty though required, longer
// than maximum code points, or holds control characters or broken UTF-8.
func CheckLine(s string, maximum int, required bool) error {
	switch {
	case required && strings.TrimSpace(s) == "":
		return Refuse(CodeRequired)
	case utf8.RuneCountInString(s) > maximum:
		return Refuse(CodeTooLong).With("max", strconv.Itoa(maximum))
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return Refuse(CodeControl)
	}
	return nil
}

// CheckText is [CheckLine] for many lines: line ends and tabs are allowed.
func CheckText(s string, maximum int, required bool) error {
	return CheckLine(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(s), maximum, required)
}

// CheckLanguage refuses what is not one of [Languages].
func CheckLanguage(s string) error {
	if !slices.Contains(Languages(), s) {
		return Refuse(CodeLanguage)
	}
	return nil
}

// CheckTimeZone refuses what is not a name of the IANA time zone database.
func CheckTimeZone(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		return Refuse(CodeTimeZone)
	}
	return nil
}

// CheckURL refuses what is not an absolute http or https address with a host
// and without user information (RFC 3986 section 3).
func CheckURL(s string) error {
	if err := CheckLine(s, maxURL, true); err != nil {
		return err
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return Refuse(CodeURL)
	}
	return nil
}

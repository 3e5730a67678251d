package mailer

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"willcall/core"
	"willcall/core/mail"
)

// maxHeaderText is the length in code points of a subject or a display name:
// one word of that length, every letter escaped, still fits the 998 bytes that
// a line may have (RFC 5322, 2.1.1).
const maxHeaderText = 400

var (
	errLineBreak = errors.New("a line break within a header field")
	errMessageID = errors.New("not a Message-ID")
	errNotPlain  = errors.New("not in its canonical form")
)

// Render writes a leased mail as a MIME message (RFC 5322, RFC 2046) with CRLF
// line ends: the body as plain text and the same as HTML. at becomes its Date.
// The same work and time give the same bytes, so that a retry is the same mail
// to whoever compares.
//
// Addresses have to be canonical, the Message-ID well-formed and the language
// one of the product's; a line break in a subject or a name is refused. Errors
// name the field, never its content. Dots at the beginning of a line are left
// to the SMTP client (RFC 5321, 4.5.2).
func Render(w mail.Work, at time.Time) ([]byte, error) {
	h, err := heading(w)
	if err != nil {
		return nil, fmt.Errorf("write the mail's header: %w", err)
	}
	text := printable(w.Body)
	page, err := htmlPage(w.Language, h.subject, text, webLink(w.Values["link"]))
	if err != nil {
		return nil, fmt.Errorf("write the mail's HTML: %w", err)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary(boundary(w.MessageID)))
	m.FromMailAddress(h.from)
	m.ToMailAddress(h.to)
	m.Subject(h.subject)
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(w.MessageID)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	if w.Language != "" {
		m.SetGenHeader(gomail.HeaderContentLang, w.Language)
	}
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, page)
	var message bytes.Buffer
	if _, err := m.WriteTo(&message); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return message.Bytes(), nil
}

// header is what a work's header fields are made of, checked.
type header struct {
	from, to *netmail.Address
	subject  string
}

func heading(w mail.Work) (h header, err error) {
	if h.from, err = address("From", w.FromName, w.From); err != nil {
		return h, err
	}
	if h.to, err = address("To", w.ToName, w.To); err != nil {
		return h, err
	}
	if h.subject, err = headerText(w.Subject); err != nil {
		return h, fmt.Errorf("subject: %w", err)
	}
	if checkAddress(w.MessageID) != nil {
		return h, errMessageID
	}
	if w.Language != "" {
		err = core.CheckLanguage(w.Language)
	}
	return h, err
}

func address(field, name, addr string) (*netmail.Address, error) {
	name, err := headerText(name)
	if err != nil {
		return nil, fmt.Errorf("name of %s: %w", field, err)
	}
	if err := checkAddress(addr); err != nil {
		return nil, fmt.Errorf("address of %s: %w", field, err)
	}
	return &netmail.Address{Name: name, Address: addr}, nil
}

// checkAddress refuses all but canonical addresses: what the core stored has
// passed the one grammar, so anything else got in some other way.
func checkAddress(addr string) error {
	key, err := core.CanonicalAddress(addr)
	if err != nil {
		return err
	}
	if key != addr {
		return errNotPlain
	}
	return nil
}

// headerText readies one line of text for a header field. Blanks become single
// ones: a folded line must not be empty. "=?" is parted, or ASCII text could
// pose as an encoded word (RFC 2047) that a reader decodes into something else.
func headerText(s string) (string, error) {
	if strings.ContainsAny(s, "\r\n") {
		return "", errLineBreak
	}
	s = strings.Join(strings.FieldsFunc(printable(s), func(r rune) bool { return r == ' ' || r == '\t' }), " ")
	s = strings.ReplaceAll(s, "=?", "= ?")
	if utf8.RuneCountInString(s) > maxHeaderText {
		s = string([]rune(s)[:maxHeaderText-1]) + "…"
	}
	return s, nil
}

// printable replaces what has no business in a mail's text: control characters
// but for line feeds and tabs, line separators, characters that turn the order
// of others around (UAX #9), and broken UTF-8. Everything that is merely hard
// to show on a terminal, such as joiners, stays: readers of mail can show it.
func printable(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == 0x2028, r == 0x2029, 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069:
			return '\uFFFD'
		}
		return r
	}, s)
}

// boundary parts the two bodies. It is made from the Message-ID, which is drawn
// after both were written, so that no text can hold it.
func boundary(messageID string) string {
	return fmt.Sprintf("part-%x", sha256.Sum256([]byte(messageID)))[:45]
}

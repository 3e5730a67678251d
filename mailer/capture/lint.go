package capture

import (
	"bytes"
	"strings"
	"time"

	"willcall/core/mail"
)

// The oddities of a message.
const (
	LintBareLF      mail.Lint = "bare-lf"                  // a line feed without carriage return
	LintBareCR      mail.Lint = "bare-cr"                  // a carriage return without line feed
	LintNUL         mail.Lint = "nul"                      // a zero byte
	LintLongLine    mail.Lint = "long-line"                // over 998 bytes, RFC 5322 2.1.1
	LintNoHeaders   mail.Lint = "no-headers"               // no header field at all
	LintBadHeader   mail.Lint = "bad-header"               // a header line that is no field
	LintHeaderLimit mail.Lint = "header-limit"             // more header than is read
	LintEightBit    mail.Lint = "8-bit-header"             // a byte over 127 in the header
	LintNoFrom      mail.Lint = "no-from"                  // no From field
	LintNoDate      mail.Lint = "no-date"                  // no Date field
	LintBadDate     mail.Lint = "bad-date"                 // a Date that is none
	LintNoMessageID mail.Lint = "no-message-id"            // no Message-ID field
	LintRecipient   mail.Lint = "recipient-not-in-headers" // as with a blind copy
	LintBadMIME     mail.Lint = "bad-mime"                 // boundary, encoding or charset wrong
	LintMIMELimit   mail.Lint = "mime-limit"               // deeper or more parts than are read
)

// Lints lists every oddity, in the order in which a summary names them.
func Lints() []mail.Lint {
	return []mail.Lint{
		LintNoHeaders, LintBadHeader, LintHeaderLimit, LintEightBit, LintNoFrom, LintNoDate, LintBadDate,
		LintNoMessageID, LintRecipient, LintBadMIME, LintMIMELimit, LintBareLF, LintBareCR, LintNUL, LintLongLine,
	}
}

// lintSet has a bit for each of [Lints]. Its bits are kept in memory only.
type lintSet uint32

func (s *lintSet) set(lint mail.Lint) {
	for i, l := range Lints() {
		if l == lint {
			*s |= 1 << i
		}
	}
}

func (s *lintSet) setIf(condition bool, lint mail.Lint) {
	if condition {
		s.set(lint)
	}
}

func (s lintSet) list() []mail.Lint {
	var list []mail.Lint
	for i, l := range Lints() {
		if s&(1<<i) != 0 {
			list = append(list, l)
		}
	}
	return list
}

const maxLine = 998

// lintLines looks at the line ends of a whole message.
func lintLines(raw []byte) lintSet {
	var lint lintSet
	lint.setIf(bytes.IndexByte(raw, 0) >= 0, LintNUL)
	feeds, returns := bytes.Count(raw, []byte("\n")), bytes.Count(raw, []byte("\r"))
	pairs := bytes.Count(raw, []byte("\r\n"))
	lint.setIf(feeds > pairs, LintBareLF)
	lint.setIf(returns > pairs, LintBareCR)
	lint.setIf(hasLongLine(raw), LintLongLine)
	return lint
}

func hasLongLine(raw []byte) bool {
	for len(raw) > maxLine {
		end := bytes.IndexByte(raw, '\n')
		if end < 0 {
			end = len(raw)
		}
		if len(bytes.TrimSuffix(raw[:end], []byte("\r"))) > maxLine {
			return true
		}
		raw = raw[min(end+1, len(raw)):]
	}
	return false
}

// lintHeader looks at the fields a message should have.
func lintHeader(h head, date time.Time, recipients []mail.Recipient) lintSet {
	lint := h.lint
	lint.setIf(h.fields.Len() == 0, LintNoHeaders)
	if h.fields.Len() == 0 {
		return lint
	}
	lint.setIf(!h.fields.Has("From"), LintNoFrom)
	lint.setIf(!h.fields.Has("Date"), LintNoDate)
	lint.setIf(h.fields.Has("Date") && date.IsZero(), LintBadDate)
	lint.setIf(!h.fields.Has("Message-Id"), LintNoMessageID)
	lint.setIf(!h.namesAll(recipients), LintRecipient)
	lint.setIf(h.badContentType(), LintBadMIME)
	return lint
}

// namesAll reports whether the header holds each recipient's address.
func (h head) namesAll(recipients []mail.Recipient) bool {
	var named strings.Builder
	for _, field := range []string{"To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"} {
		for _, value := range h.fields.Values(field) {
			named.WriteString(asciiLower(value))
			named.WriteByte('\n')
		}
	}
	for _, r := range recipients {
		if !strings.Contains(named.String(), asciiLower(r.Address)) {
			return false
		}
	}
	return true
}

// asciiLower folds the letters A to Z only: other letters are not equal to
// any other in an address.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

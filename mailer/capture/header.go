package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message"
	// Makes go-message decode every charset that golang.org/x/text knows.
	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-message/textproto"

	port "willcall/core/mail"
)

const (
	maxHeaderBytes  = 256 * kib
	maxHeaderFields = 500
	maxFieldText    = 1000 // bytes of a decoded field in a summary
)

// head is the header of a message or of a part: the fields that are fields,
// and what was odd.
type head struct {
	fields message.Header
	lint   lintSet
}

// summarise reads what the list shows of a message.
func summarise(e port.Envelope, raw []byte) (port.Summary, lintSet) {
	h, _ := splitHead(raw)
	date := h.date()
	lint := lintHeader(h, date, e.Recipients) | lintLines(raw)
	return port.Summary{
		Envelope: e, From: h.text("From"), To: h.text("To"), Subject: h.text("Subject"),
		MessageID: strings.Trim(h.text("Message-Id"), "<> "), Date: date,
		Size: int64(len(raw)), Lint: lint.list(),
	}, lint
}

// splitHead takes the header off a message or part. Where the first line is
// not a field there is no header and all of it is body.
func splitHead(raw []byte) (h head, body []byte) {
	block, body, lint := headerBlock(raw)
	h.lint = lint
	h.lint.setIf(bytes.ContainsFunc(block, func(r rune) bool { return r >= utf8.RuneSelf }), LintEightBit)
	// The block holds well-formed fields only, so reading it can't fail.
	fields, err := textproto.ReadHeader(bufio.NewReaderSize(bytes.NewReader(block), kib))
	h.lint.setIf(err != nil && !errors.Is(err, io.EOF), LintBadHeader)
	h.fields = message.Header{Header: fields}
	return h, body
}

// headerBlock copies the well-formed fields up to the first empty line, within
// the limits, and gives what is behind that line.
func headerBlock(raw []byte) (block, body []byte, lint lintSet) {
	kept, fields, pos := false, 0, 0
	for pos < len(raw) {
		line, next := cutLine(raw, pos)
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return block, raw[next:], lint
		}
		continued := line[0] == ' ' || line[0] == '\t'
		switch {
		case continued && pos > 0:
		case isField(line):
			kept, fields = true, fields+1
		case pos == 0:
			return nil, raw, lint
		default:
			kept = false
			lint.set(LintBadHeader)
		}
		if fields > maxHeaderFields || next > maxHeaderBytes {
			lint.set(LintHeaderLimit)
			return block, behindEmptyLine(raw[pos:]), lint
		}
		if kept {
			block = append(block, line...)
		}
		pos = next
	}
	return block, nil, lint
}

func cutLine(raw []byte, pos int) (line []byte, next int) {
	if i := bytes.IndexByte(raw[pos:], '\n'); i >= 0 {
		return raw[pos : pos+i+1], pos + i + 1
	}
	return raw[pos:], len(raw)
}

// isField reports whether a line begins with a field name and a colon (RFC
// 5322 2.2; blanks before the colon are the obsolete form).
func isField(line []byte) bool {
	name, _, ok := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	outside := func(r rune) bool { return r <= ' ' || r > '~' }
	return ok && len(name) > 0 && !bytes.ContainsFunc(name, outside)
}

func behindEmptyLine(raw []byte) []byte {
	for len(raw) > 0 {
		line, next := cutLine(raw, 0)
		raw = raw[next:]
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return raw
		}
	}
	return nil
}

// text decodes a field as text: valid UTF-8, cut to what a summary keeps,
// otherwise untrusted. A word in an unknown charset stays encoded.
func (h head) text(field string) string {
	text, err := h.fields.Text(field)
	if err != nil {
		text = h.fields.Get(field)
	}
	return cutText(strings.ToValidUTF8(text, "\uFFFD"), maxFieldText)
}

// cutText cuts valid UTF-8 to at most n bytes, between two code points.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// date is the time of the Date field, zero where there is none.
func (h head) date() time.Time {
	t, err := mail.ParseDate(h.fields.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// badContentType reports a content type that can't be read, or a multipart
// without a boundary.
func (h head) badContentType() bool {
	mediaType, params, err := h.fields.ContentType()
	return err != nil || strings.HasPrefix(mediaType, "multipart/") && params["boundary"] == ""
}

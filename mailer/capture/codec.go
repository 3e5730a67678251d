package capture

import (
	"encoding/binary"
	"errors"
	"time"

	"willcall/core"
	"willcall/core/mail"
)

var errFormat = errors.New("not in the format of the mail log")

// The fields of an envelope and of a cached summary are written one after the
// other: numbers as varints, strings behind their length. A new field is a new
// kind of record.

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(dst, 0)
	}
	dst = binary.AppendVarint(append(dst, 1), t.Unix())
	return binary.AppendUvarint(dst, uint64(t.Nanosecond())) //nolint:gosec // below a thousand million
}

func appendEnvelope(dst []byte, e mail.Envelope) []byte {
	dst = binary.AppendUvarint(dst, uint64(e.Institution))
	dst = binary.AppendUvarint(dst, uint64(e.Entry))
	dst = appendTime(dst, e.At)
	dst = append(dst, boolByte(e.TLS))
	for _, s := range []string{e.From, e.Helo, e.User, e.Remote} {
		dst = appendString(dst, s)
	}
	dst = binary.AppendUvarint(dst, uint64(len(e.Recipients)))
	for _, r := range e.Recipients {
		dst = appendString(appendString(dst, r.Address), r.Params)
	}
	return dst
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// fields reads what the append functions wrote. After the first failure all
// further reads give zero values.
type fields struct {
	rest []byte
	err  error
}

func (f *fields) fail() {
	f.rest, f.err = nil, errFormat
}

func (f *fields) number() uint64 {
	n, size := binary.Uvarint(f.rest)
	if size <= 0 {
		f.fail()
		return 0
	}
	f.rest = f.rest[size:]
	return n
}

func (f *fields) octet() byte {
	if len(f.rest) == 0 {
		f.fail()
		return 0
	}
	b := f.rest[0]
	f.rest = f.rest[1:]
	return b
}

func (f *fields) text() string {
	n := f.number()
	if n > uint64(len(f.rest)) {
		f.fail()
		return ""
	}
	s := string(f.rest[:n])
	f.rest = f.rest[n:]
	return s
}

func (f *fields) time() time.Time {
	if f.octet() == 0 {
		return time.Time{}
	}
	seconds, size := binary.Varint(f.rest)
	if size <= 0 {
		f.fail()
		return time.Time{}
	}
	f.rest = f.rest[size:]
	return time.Unix(seconds, int64(f.number())).UTC() //nolint:gosec // any number is a time
}

func (f *fields) envelope() mail.Envelope {
	e := mail.Envelope{Institution: core.ID(f.number()), Entry: core.ID(f.number())}
	e.At = f.time()
	e.TLS = f.octet() != 0
	e.From, e.Helo, e.User, e.Remote = f.text(), f.text(), f.text(), f.text()
	// Each recipient takes at least two bytes: a made-up count can't reserve
	// memory.
	n := f.number()
	if n > uint64(len(f.rest))/2 {
		f.fail()
		return e
	}
	for range n {
		e.Recipients = append(e.Recipients, mail.Recipient{Address: f.text(), Params: f.text()})
	}
	return e
}

func decodeEnvelope(b []byte) (mail.Envelope, error) {
	f := &fields{rest: b}
	e := f.envelope()
	if f.err == nil && len(f.rest) > 0 {
		f.fail()
	}
	return e, f.err
}

// appendSummary encodes what the index keeps in memory of a message: behind
// each other a fifth of the bytes that the struct and its strings take.
func appendSummary(dst []byte, s mail.Summary, lint lintSet) []byte {
	dst = appendEnvelope(dst, s.Envelope)
	for _, text := range []string{s.From, s.To, s.Subject, s.MessageID} {
		dst = appendString(dst, text)
	}
	dst = appendTime(dst, s.Date)
	dst = binary.AppendUvarint(dst, uint64(s.Size)) //nolint:gosec // the length of a slice
	return binary.AppendUvarint(dst, uint64(lint))
}

func decodeSummary(b []byte, seq uint64) (mail.Summary, error) {
	f := &fields{rest: b}
	s := mail.Summary{Seq: seq, Envelope: f.envelope()}
	s.From, s.To, s.Subject, s.MessageID = f.text(), f.text(), f.text(), f.text()
	s.Date = f.time()
	s.Size = int64(f.number())          //nolint:gosec // written from the length of a slice
	s.Lint = lintSet(f.number()).list() //nolint:gosec // written from a lintSet
	return s, f.err
}

package capture

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"willcall/core/mail"
)

func FuzzRecord(f *testing.F) {
	m := marker{1, 2, 3, 4, 5, 6, 7, 8}
	whole := appendRecord(nil, m, record{seq: 5, kind: kindMessage, envelope: appendEnvelope(nil, sampleEnvelope(1)), raw: []byte("x")})
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(append(bytes.Clone(whole), whole...))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decodeRecord(data, m)
		if err != nil {
			if !errors.Is(err, errTorn) && !errors.Is(err, errDamaged) {
				t.Fatalf("an unknown error: %v", err)
			}
			return
		}
		if again := appendRecord(nil, m, r); !bytes.Equal(again, data[:r.size]) {
			t.Fatalf("a record of %x became %x", data[:r.size], again)
		}
	})
}

func FuzzEnvelope(f *testing.F) {
	f.Add(appendEnvelope(nil, sampleEnvelope(1)))
	f.Add(appendEnvelope(nil, mail.Envelope{}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := decodeEnvelope(data)
		if err != nil {
			return
		}
		again, err := decodeEnvelope(appendEnvelope(nil, e))
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Fatalf("%+v became %+v, %v", e, again, err)
		}
	})
}

// FuzzSegment scans damaged segments: what is whole must be found again.
func FuzzSegment(f *testing.F) {
	m := marker{9, 8, 7, 6, 5, 4, 3, 2}
	whole := appendRecord(nil, m, record{seq: 1, kind: kindMessage, raw: []byte("whole")})
	f.Add([]byte("junk"))
	f.Add(whole[:20])
	f.Add(m[:])
	f.Fuzz(func(t *testing.T, junk []byte) {
		if bytes.Contains(junk, m[:]) {
			return
		}
		data := append(encodeHeader(m), junk...)
		data = append(data, whole...)
		data = append(data, junk...)
		found, last := 0, segmentHeader
		end := scan(data, m, func(r record, offset int) {
			if string(r.raw) == "whole" {
				found++
			}
		}, func(offset, size int) {
			if offset < last || size <= 0 {
				t.Fatalf("damage of %d bytes at %d, behind %d", size, offset, last)
			}
			last = offset + size
		})
		if found != 1 || end > len(data) {
			t.Fatalf("found %d times, end %d of %d", found, end, len(data))
		}
	})
}

func FuzzMessage(f *testing.F) {
	f.Add(sampleMail(1))
	f.Add([]byte(manyParts(3)))
	f.Add([]byte(deepMessage(12)))
	f.Add([]byte("Content-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=3Cp>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := readMessage(sampleEnvelope(1), raw)
		if !bytes.Equal(m.Raw, raw) || len(m.Text) > maxText || len(m.Parts) > maxParts || len(m.Links) > maxLinks {
			t.Fatalf("unbounded: %d bytes, %d parts, %d links", len(m.Text), len(m.Parts), len(m.Links))
		}
		for _, s := range []string{m.Text, m.Subject, m.From, m.To, m.MessageID} {
			if !utf8.ValidString(s) {
				t.Fatalf("not UTF-8: %q", s)
			}
		}
		summary, lint := summarise(m.Envelope, raw)
		again, err := decodeSummary(appendSummary(nil, summary, lint), 0)
		if err != nil || !reflect.DeepEqual(again, summary) {
			t.Fatalf("%+v became %+v, %v", summary, again, err)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(`<p>a<a href="https://x.example">b</a><script>c</script><pre> d</pre>`)
	f.Add("<template><template></template>&#27;")
	f.Fuzz(func(t *testing.T, source string) {
		links := newLinkList()
		text := htmlText(source, links)
		if !utf8.ValidString(text) || len(links.urls) > maxLinks {
			t.Fatalf("%q with %d links", text, len(links.urls))
		}
	})
}

func FuzzLinksAndCodes(f *testing.F) {
	f.Add("see https://x.example/(1)), code 418 204.")
	f.Add("code:\n\n W6MN-CHW5-5QWD-SVN7\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, link := range findLinks(text) {
			if !strings.Contains(text, link) || !isLink(link) || strings.ContainsAny(link, " \n\x1b") {
				t.Fatalf("the link %q of %q", link, text)
			}
		}
		for _, code := range findCodes(text) {
			if found, _ := lettersAt(code, 0); found == code {
				continue
			}
			if strings.Trim(code, "0123456789") != "" || len(code) < 4 || len(code) > 8 {
				t.Fatalf("the code %q of %q", code, text)
			}
		}
	})
}

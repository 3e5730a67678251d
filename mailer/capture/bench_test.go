package capture

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"willcall/core/mail"
)

func paddedMail(size int) []byte {
	return append(sampleMail(1), strings.Repeat(strings.Repeat("x", 70)+"\r\n", size/72)...)
}

// BenchmarkSMTP measures messages stored, synced and listed before the 250, by
// sessions that keep their connections.
func BenchmarkSMTP(b *testing.B) {
	for _, c := range []struct{ sessions, bytes int }{{1, 3000}, {10, 3000}, {10, 24_000}} {
		b.Run(fmt.Sprintf("sessions=%d/bytes=%d", c.sessions, c.bytes), func(b *testing.B) {
			s := startServer(b, ServerOptions{}, Options{})
			raw := paddedMail(c.bytes)
			work := make(chan struct{})
			var all sync.WaitGroup
			for range c.sessions {
				client, err := smtp.Dial(s.addr)
				if err != nil {
					b.Fatal(err)
				}
				all.Go(func() {
					defer client.Close() //nolint:errcheck // the end of the benchmark
					for range work {
						if err := client.SendMail("a@example.org", []string{"b@example.org"}, bytes.NewReader(raw)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for b.Loop() {
				work <- struct{}{}
			}
			close(work)
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

// filled is the folder of a log with n mails.
func filled(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	l := openLog(b, dir, Options{})
	var all sync.WaitGroup
	for w := range 32 {
		all.Go(func() {
			for i := w; i < n; i += 32 {
				if _, err := l.Append(b.Context(), sampleEnvelope(i), sampleMail(i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkFiftyThousand measures a full log: opening it, listing the newest
// page and one in the middle, and the memory of an index with every summary
// cached.
func BenchmarkFiftyThousand(b *testing.B) {
	const n = 50_000
	dir := filled(b, n)
	before := heap()
	started := time.Now()
	l := openLog(b, dir, Options{})
	opened := time.Since(started)
	listAll(b, l)
	index := heap() - before
	for name, q := range map[string]mail.Query{
		"newest": {Everything: true}, "middle of one institution": {Institution: 1, Before: n / 2},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				page, err := l.List(b.Context(), q)
				if err != nil || len(page.Messages) != 50 {
					b.Fatalf("%d messages, %v", len(page.Messages), err)
				}
			}
			b.ReportMetric(float64(opened.Milliseconds()), "ms-to-open")
			b.ReportMetric(float64(index)/mib, "MiB-index")
		})
	}
}

func BenchmarkReadMessage(b *testing.B) {
	html := "<table>" + strings.Repeat(`<tr><td>Row <a href="https://x.example/1">link</a></td></tr>`, 160) + "</table>"
	for name, raw := range map[string][]byte{
		"plain": paddedMail(3000),
		"html":  []byte("Content-Type: text/html\r\n\r\n" + html),
		"deep":  []byte(deepMessage(5000)),
		"parts": []byte(manyParts(50_000)),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				readMessage(mail.Envelope{}, raw)
			}
		})
	}
}

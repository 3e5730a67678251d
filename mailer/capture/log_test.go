package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/mail"
)

func openLog(t testing.TB, dir string, o Options) *Log {
	t.Helper()
	l, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatalf("open the log: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func sampleEnvelope(n int) mail.Envelope {
	return mail.Envelope{
		From: "sender@example.org", Helo: "client", User: "robot", Remote: "127.0.0.1:4711",
		Recipients: []mail.Recipient{{Address: fmt.Sprintf("guest%d@example.org", n), Params: "NOTIFY=NEVER"}},
		At:         time.Date(2026, 11, 21, 10, 0, n%60, 0, time.UTC), Institution: core.ID(n % 3), Entry: core.ID(n),
	}
}

func sampleMail(n int) []byte {
	return fmt.Appendf(nil, "From: Box Office <office@example.org>\r\nTo: guest%d@example.org\r\n"+
		"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_%d?=\r\nDate: Sat, 21 Nov 2026 11:00:00 +0100\r\n"+
		"Message-ID: <m%d@example.org>\r\n\r\nHello %d\r\n", n, n, n, n)
}

func appendMail(t testing.TB, l *Log, n int) uint64 {
	t.Helper()
	seq, err := l.Append(t.Context(), sampleEnvelope(n), sampleMail(n))
	if err != nil {
		t.Fatalf("append mail %d: %v", n, err)
	}
	return seq
}

func listAll(t testing.TB, l *Log) []mail.Summary {
	t.Helper()
	page, err := l.List(t.Context(), mail.Query{Everything: true, Limit: 1 << 20})
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	if page.Total != len(page.Messages) {
		t.Fatalf("the total is %d of %d messages", page.Total, len(page.Messages))
	}
	return page.Messages
}

func sequences(messages []mail.Summary) []uint64 {
	var list []uint64
	for _, m := range messages {
		list = append(list, m.Seq)
	}
	slices.Reverse(list)
	return list
}

func TestAppendIsListedAndReadBack(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	if seq := appendMail(t, l, 7); seq != 1 {
		t.Fatalf("the first mail has sequence %d", seq)
	}
	got := listAll(t, l)[0]
	want := mail.Summary{
		Seq: 1, Envelope: sampleEnvelope(7), From: "Box Office <office@example.org>", To: "guest7@example.org",
		Subject: "Grüße 7", MessageID: "m7@example.org", Date: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC),
		Size: int64(len(sampleMail(7))),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("listed\n%+v\nwant\n%+v", got, want)
	}
	m, err := l.Get(t.Context(), 1)
	if err != nil || !bytes.Equal(m.Raw, sampleMail(7)) || m.Text != "Hello 7\n" || !reflect.DeepEqual(m.Summary, want) {
		t.Errorf("read %+v, %v", m, err)
	}
}

func TestListByInstitutionNewestFirst(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	for n := range 10 {
		appendMail(t, l, n)
	}
	for _, c := range []struct {
		q     mail.Query
		seqs  []uint64
		total int
	}{
		{mail.Query{Institution: 1}, []uint64{2, 5, 8}, 3},
		{mail.Query{Institution: 0, Limit: 2}, []uint64{7, 10}, 4},
		{mail.Query{Institution: 0, Limit: 2, Before: 7}, []uint64{1, 4}, 4},
		{mail.Query{Institution: 1, Before: 2}, nil, 3},
		{mail.Query{Institution: 9}, nil, 0},
		{mail.Query{Everything: true, Before: 3}, []uint64{1, 2}, 10},
	} {
		page, err := l.List(t.Context(), c.q)
		if err != nil || !slices.Equal(sequences(page.Messages), c.seqs) || page.Total != c.total {
			t.Errorf("%+v gave %v of %d, %v", c.q, sequences(page.Messages), page.Total, err)
		}
	}
}

func TestGetOfAnUnknownMail(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	appendMail(t, l, 1)
	for _, seq := range []uint64{0, 2, 1 << 63} {
		if _, err := l.Get(t.Context(), seq); core.CodeOf(err) != core.CodeNotFound {
			t.Errorf("mail %d: %v", seq, err)
		}
	}
}

func TestReplayGivesTheSameList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLog(t, dir, Options{SegmentBytes: 2000})
	for n := range 25 {
		appendMail(t, l, n)
	}
	want := listAll(t, l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	again := openLog(t, dir, Options{SegmentBytes: 2000})
	for range 2 { // read from the records, then from the cache
		if got := listAll(t, again); !reflect.DeepEqual(got, want) {
			t.Fatalf("after a replay\n%+v\nwant\n%+v", got, want)
		}
	}
	if seq := appendMail(t, again, 26); seq != 26 {
		t.Errorf("the next sequence is %d", seq)
	}
}

func TestEmptyLastSegmentKeepsTheSequence(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 5, segmentHeader} {
		dir := t.TempDir()
		if err := os.WriteFile(segmentName(dir, 40), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		l := openLog(t, dir, Options{})
		if seq := appendMail(t, l, 1); seq != 40 {
			t.Errorf("%d bytes of header: sequence %d", size, seq)
		}
	}
}

// copyFolder copies the files of a log that is still open, as a crash would
// leave them.
func copyFolder(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAcknowledgedMailSurvivesACrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLog(t, dir, Options{SegmentBytes: 1500})
	for n := range 12 {
		appendMail(t, l, n)
		crashed := openLog(t, copyFolder(t, dir), Options{})
		if got, want := listAll(t, crashed), listAll(t, l); !reflect.DeepEqual(got, want) {
			t.Fatalf("after mail %d the crash left %v, want %v", n, sequences(got), sequences(want))
		}
	}
}

func TestRetentionDeletesWholeOldestSegments(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"by count": {SegmentBytes: 1200, MaxMessages: 10},
		"by bytes": {SegmentBytes: 1200, MaxBytes: 5000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			l := openLog(t, dir, o)
			for n := range 40 {
				appendMail(t, l, n)
			}
			if err := l.Close(); err != nil { // the writer deletes after it has answered
				t.Fatal(err)
			}
			left := listAll(t, l)
			files, err := os.ReadDir(dir)
			if err != nil || len(files) != len(l.segments) {
				t.Fatalf("%d files of %d segments, %v", len(files), len(l.segments), err)
			}
			if len(left) == 0 || len(left) > 14 || left[0].Seq != 40 {
				t.Fatalf("left %v", sequences(left))
			}
			if _, err := l.Get(t.Context(), 1); core.CodeOf(err) != core.CodeNotFound {
				t.Errorf("the oldest mail: %v", err)
			}
			if got := listAll(t, openLog(t, copyFolder(t, dir), o)); !reflect.DeepEqual(got, left) {
				t.Errorf("after a replay %v, want %v", sequences(got), sequences(left))
			}
		})
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mail")
	appendMail(t, openLog(t, dir, Options{}), 1)
	for name, want := range map[string]os.FileMode{dir: 0o700, segmentFile(t, dir): 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
}

func TestAMailDeletedWhileItIsReadIsNotFound(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	appendMail(t, l, 1)
	if err := l.segments[0].file.Close(); err != nil { // as retention does
		t.Fatal(err)
	}
	if _, err := l.Get(t.Context(), 1); core.CodeOf(err) != core.CodeNotFound {
		t.Errorf("gave %v", err)
	}
}

func TestConcurrentAppendsAreAllListed(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{SegmentBytes: 20 * kib})
	var heard []uint64
	stop := l.Watch(func(s mail.Summary) { heard = append(heard, s.Seq) })
	var all sync.WaitGroup
	for session := range 10 {
		all.Go(func() {
			for n := range 30 {
				seq, err := l.Append(t.Context(), sampleEnvelope(session), sampleMail(n))
				if err != nil {
					t.Errorf("append: %v", err)
					return
				}
				// Read your writes.
				if m, err := l.Get(t.Context(), seq); err != nil || m.MessageID != fmt.Sprintf("m%d@example.org", n) {
					t.Errorf("mail %d is %q, %v", seq, m.MessageID, err)
				}
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil { // the writer has told all watchers
		t.Fatal(err)
	}
	stop()
	if got := sequences(listAllClosed(l)); len(got) != 300 || !slices.Equal(heard, got) {
		t.Errorf("%d listed, %d heard", len(got), len(heard))
	}
}

func listAllClosed(l *Log) []mail.Summary {
	page, _ := l.List(context.Background(), mail.Query{Everything: true, Limit: 1000})
	return page.Messages
}

func TestWatchEnds(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	first, second := 0, 0
	stop := l.Watch(func(mail.Summary) { first++ })
	l.Watch(func(mail.Summary) { second++ })
	appendMail(t, l, 1)
	appendMail(t, l, 2) // the writer told of the first before it took this
	stop()
	appendMail(t, l, 3)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if first < 1 || first > 2 || second != 3 {
		t.Errorf("heard %d and %d", first, second)
	}
}

func TestAppendAfterClose(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(t.Context(), sampleEnvelope(1), sampleMail(1)); !errors.Is(err, core.ErrClosed) {
		t.Errorf("gave %v", err)
	}
}

func TestAppendWithACancelledContext(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	seq, err := l.Append(ctx, sampleEnvelope(1), sampleMail(1))
	// The writer may have been faster: then it is stored, else it is not.
	if stored := len(listAll(t, l)) == 1; stored != (err == nil) || stored != (seq == 1) {
		t.Errorf("stored %v, answered %d and %v", stored, seq, err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), blocked, Options{}); err == nil {
		t.Error("a file was taken for a folder")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	appendMail(t, openLog(t, dir, Options{}), 1)
	if _, err := Open(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled start gave %v", err)
	}
}

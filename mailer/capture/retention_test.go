package capture

import (
	"slices"
	"testing"
	"time"
)

func TestASegmentEndsAtAShareOfTheMessages(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{MaxMessages: 2 * segmentShare})
	for n := range 2*segmentShare + 1 {
		appendMail(t, l, n)
	}
	if err := l.Close(); err != nil { // the writer deletes after it has answered
		t.Fatal(err)
	}
	// One mail more than may be kept costs one segment of two, not most of all.
	if mails, bytes := l.Size(); mails != 2*segmentShare-1 || bytes <= 0 {
		t.Errorf("%d mails of %d bytes are left", mails, bytes)
	}
}

func TestMailOfAgeGoesWithItsSegment(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	dir := t.TempDir()
	o := Options{MaxAge: 30 * day, MaxMessages: 2 * segmentShare}
	l := openLog(t, dir, o)
	// Segments of two: days 0 and 20, 40 and 51.
	for _, days := range []time.Duration{0, 20, 40, 51} {
		e := sampleEnvelope(1)
		e.At = e.At.Add(days * day)
		if _, err := l.Append(t.Context(), e, sampleMail(1)); err != nil {
			t.Fatal(err)
		}
		if days == 40 && len(sequences(listAll(t, l))) != 3 {
			t.Error("a segment whose newest mail is young enough was deleted")
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if left := sequences(listAll(t, l)); !slices.Equal(left, []uint64{3, 4}) {
		t.Errorf("left %v", left)
	}
	stricter := openLog(t, copyFolder(t, dir), Options{MaxAge: time.Hour, MaxMessages: 2 * segmentShare})
	if left := sequences(listAll(t, stricter)); !slices.Equal(left, []uint64{3, 4}) {
		t.Errorf("of the last segment %v is left", left)
	}
}

func TestWithoutAnAgeOldMailStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLog(t, dir, Options{SegmentBytes: 1})
	for n := range 3 {
		e := sampleEnvelope(n)
		e.At = e.At.AddDate(10*n, 0, 0)
		if _, err := l.Append(t.Context(), e, sampleMail(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if left := sequences(listAll(t, l)); len(left) != 3 {
		t.Errorf("left %v", left)
	}
	aged := openLog(t, copyFolder(t, dir), Options{MaxAge: time.Hour})
	if left := sequences(listAll(t, aged)); !slices.Equal(left, []uint64{3}) {
		t.Errorf("opened with an age, %v is left", left)
	}
}

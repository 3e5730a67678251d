package capture

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
)

func segmentFile(t testing.TB, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil || len(names) != 1 {
		t.Fatalf("segments: %v, %v", names, err)
	}
	return names[0]
}

// threeMails writes a log of one segment and gives its bytes and the offsets of
// the records.
func threeMails(t testing.TB) (name string, data []byte, offsets []int) {
	t.Helper()
	dir := t.TempDir()
	l := openLog(t, dir, Options{})
	for n := range 3 {
		appendMail(t, l, n)
	}
	for _, e := range l.index.all {
		offsets = append(offsets, int(e.offset))
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	name = segmentFile(t, dir)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Base(name), data, offsets
}

func reopen(t testing.TB, name string, data []byte) (l *Log, damage []error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	l = openLog(t, dir, Options{Report: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		damage = append(damage, err)
	}})
	return l, damage
}

func TestTornTailIsCutAtEveryOffset(t *testing.T) {
	t.Parallel()
	name, data, offsets := threeMails(t)
	for size := offsets[2]; size < len(data); size++ {
		l, damage := reopen(t, name, data[:size])
		if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1, 2}) || len(damage) > 0 {
			t.Fatalf("cut at %d: %v, %v", size, got, damage)
		}
		if info, err := os.Stat(segmentFile(t, l.dir)); err != nil || info.Size() != int64(offsets[2]) {
			t.Fatalf("cut at %d: %d bytes are left, %v", size, info.Size(), err)
		}
		if seq := appendMail(t, l, 4); seq != 3 {
			t.Fatalf("cut at %d: the next mail is %d", size, seq)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestZerosBehindTheLastRecordAreCut(t *testing.T) {
	t.Parallel()
	name, data, _ := threeMails(t)
	l, damage := reopen(t, name, append(bytes.Clone(data), make([]byte, 4096)...))
	if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1, 2, 3}) || len(damage) > 0 {
		t.Fatalf("%v, %v", got, damage)
	}
	if l.segments[0].size != int64(len(data)) {
		t.Errorf("the segment has %d bytes, want %d", l.segments[0].size, len(data))
	}
}

func TestAFlippedBitHidesOneMailOnly(t *testing.T) {
	t.Parallel()
	name, data, offsets := threeMails(t)
	for at := offsets[1]; at < offsets[2]; at++ {
		flipped := bytes.Clone(data)
		flipped[at] ^= 1 << (at % 8)
		l, damage := reopen(t, name, flipped)
		if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1, 3}) {
			t.Fatalf("byte %d flipped: %v", at, got)
		}
		want := &DamageError{File: name, Offset: int64(offsets[1]), Bytes: int64(offsets[2] - offsets[1])}
		if len(damage) != 1 || damage[0].Error() != want.Error() {
			t.Fatalf("byte %d flipped: reported %v", at, damage)
		}
		if seq := appendMail(t, l, 4); seq != 4 {
			t.Fatalf("byte %d flipped: the next mail is %d", at, seq)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADamagedLastRecordIsKeptAndItsSequenceNotUsedAgain(t *testing.T) {
	t.Parallel()
	name, data, _ := threeMails(t)
	data[len(data)-1] ^= 1
	l, damage := reopen(t, name, data)
	if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1, 2}) || len(damage) != 1 {
		t.Fatalf("%v, %v", got, damage)
	}
	if seq := appendMail(t, l, 4); seq <= 3 {
		t.Fatalf("sequence %d was used twice", seq)
	}
	again := openLog(t, copyFolder(t, l.dir), Options{})
	if got := listAll(t, again); !reflect.DeepEqual(got, listAll(t, l)) {
		t.Errorf("behind the damage: %v", sequences(got))
	}
}

func TestADamagedHeaderCostsNoMail(t *testing.T) {
	t.Parallel()
	name, data, _ := threeMails(t)
	for at := range segmentHeader {
		broken := bytes.Clone(data)
		broken[at] ^= 0xff
		l, damage := reopen(t, name, broken)
		if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1, 2, 3}) || len(damage) != 1 {
			t.Fatalf("header byte %d: %v, %v", at, got, damage)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamageWhileOpenIsFoundOnReading(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLog(t, dir, Options{})
	appendMail(t, l, 1)
	name := segmentFile(t, dir)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-3] ^= 4
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Get(t.Context(), 1); !errors.Is(err, errDamaged) {
		t.Errorf("reading a damaged mail gave %v", err)
	}
}

func TestAForgedRecordInsideAMailStaysText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLog(t, dir, Options{})
	forged := appendRecord(nil, marker{1, 2, 3, 4, 5, 6, 7, 8}, record{
		seq: 99, kind: kindMessage, envelope: appendEnvelope(nil, sampleEnvelope(1)), raw: []byte("forged"),
	})
	if _, err := l.Append(t.Context(), sampleEnvelope(1), forged); err != nil {
		t.Fatal(err)
	}
	appendMail(t, l, 2)
	name := segmentFile(t, dir)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[segmentHeader+markerBytes+4] ^= 1 // the checksum of the first record
	again, _ := reopen(t, filepath.Base(name), data)
	if got := sequences(listAll(t, again)); !slices.Equal(got, []uint64{2}) {
		t.Errorf("listed %v", got)
	}
}

// A write that failed and could not be taken back may leave whole records
// behind later ones.
func TestReplayPassesOverWhatAFailedWriteLeft(t *testing.T) {
	t.Parallel()
	m := marker{1, 2, 3, 4, 5, 6, 7, 8}
	data := encodeHeader(m)
	for _, seq := range []uint64{1, 4, 3, 5} {
		data = appendRecord(data, m, record{
			seq: seq, kind: kindMessage, envelope: appendEnvelope(nil, sampleEnvelope(1)), raw: sampleMail(1),
		})
	}
	l, _ := reopen(t, filepath.Base(segmentName("", 1)), data)
	if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1, 4, 5}) {
		t.Errorf("listed %v", got)
	}
}

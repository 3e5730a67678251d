package record_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"reflect"
	"testing"

	"willcall/core"
	"willcall/core/record"
	"willcall/storage/storagetest"
)

// shelf is a view that holds one value under every key of every space.
type shelf []byte

func (s shelf) Get(core.Space, []byte) ([]byte, error) { return s, nil }

func (s shelf) LastID(core.ID, core.Space) (core.ID, error) { return 0, nil }

func (s shelf) Ascend(_ core.Space, from, _ []byte, fn func(key, value []byte) error) error {
	return fn(from, s)
}

func (s shelf) Descend(_ core.Space, from, _ []byte, fn func(key, value []byte) error) error {
	return fn(from, s)
}

// sealed ends raw as the format says: a CRC-32C over space, a zero, key and raw.
func sealed(space core.Space, key, raw []byte) []byte {
	all := append(append(append([]byte(space), 0), key...), raw...)
	return binary.BigEndian.AppendUint32(bytes.Clone(raw), crc32.Checksum(all, crc32.MakeTable(crc32.Castagnoli)))
}

// rawSample is how the sample is stored as contact 1.
func rawSample() []byte {
	value := sample()
	return sealed(spacePeople, core.Key(house, 1), personCodec().Append([]byte{2, 1}, &value))
}

func TestRecordsAreStoredAsTheFormatSays(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	within(t, store, func(tx core.Tx) error {
		if err := table.Put(tx, house, 1, sample()); err != nil {
			return err
		}
		raw, err := tx.Get(spacePeople, core.Key(house, 1))
		if !bytes.Equal(raw, rawSample()) {
			t.Errorf("stored as\n%x, want\n%x", raw, rawSample())
		}
		return err
	})
}

func expectDamaged(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, core.ErrDamaged) || !errors.Is(err, record.ErrMalformed) {
		t.Errorf("%s: %v, want a damaged, malformed record", what, err)
	}
	if code := core.CodeOf(err); code != core.CodeDamaged {
		t.Errorf("%s: code %q, want %q", what, code, core.CodeDamaged)
	}
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	t.Parallel()
	good, table := rawSample(), contacts()
	if _, _, err := table.Get(shelf(good), house, 1); err != nil {
		t.Fatal(err)
	}
	for bit := range len(good) * 8 {
		raw := bytes.Clone(good)
		raw[bit/8] ^= 1 << (bit % 8)
		if _, _, err := table.Get(shelf(raw), house, 1); err == nil {
			t.Fatalf("with bit %d flipped it reads", bit)
		}
	}
	for end := range good {
		_, _, err := table.Get(shelf(good[:end]), house, 1)
		expectDamaged(t, "cut off", err)
	}
}

func TestMisplacedRecordsAreFound(t *testing.T) {
	t.Parallel()
	raw := shelf(rawSample())
	_, _, err := contacts().Get(raw, house, 2)
	expectDamaged(t, "under another id", err)
	_, _, err = contacts().Get(raw, house+1, 1)
	expectDamaged(t, "under another institution", err)
	_, _, err = record.NewTable("elsewhere", core.KindContact, personCodec()).Get(raw, house, 1)
	expectDamaged(t, "in another space", err)
	err = contacts().Ascend(raw, house, 2, func(core.ID, record.Version, person) error { return nil })
	expectDamaged(t, "in a range", err)
}

func TestValues(t *testing.T) {
	t.Parallel()
	store, values := storagetest.New(t), record.NewValues("slips", personCodec())
	key, other, want := []byte("a key"), []byte("a kez"), sample()
	within(t, store, func(tx core.Tx) error {
		if _, found, err := values.Get(tx, key); found || err != nil {
			t.Errorf("a missing value: %t, %v", found, err)
		}
		return values.Put(tx, key, want)
	})
	within(t, store, func(tx core.Tx) error {
		got, found, err := values.Get(tx, key)
		if !found || err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %t, %v; want %+v", got, found, err, want)
		}
		raw, err := tx.Get("slips", key)
		if err != nil {
			return err
		}
		if want := sealed("slips", key, personCodec().Append([]byte{2}, &want)); !bytes.Equal(raw, want) {
			t.Errorf("stored as\n%x, want\n%x", raw, want)
		}
		return tx.Put("slips", other, raw)
	})
	within(t, store, func(tx core.Tx) error {
		_, _, err := values.Get(tx, other)
		expectDamaged(t, "under another key", err)
		return nil
	})
	_, _, err := values.Get(shelf(sealed("slips", key, []byte{2, 1<<3 | 1, 9})), key)
	expectDamaged(t, "a broken field", err)
}

// FuzzRecord reads anything as what is stored, with a right checksum and
// without: it must be an error of damage or come out of Save as it went in.
func FuzzRecord(f *testing.F) {
	f.Add(rawSample(), false)
	f.Add([]byte{2, 1}, true)
	f.Add([]byte{2, 0x80}, true)
	f.Fuzz(func(t *testing.T, raw []byte, seal bool) {
		if seal {
			raw = sealed(spacePeople, core.Key(house, 1), raw)
		}
		value, version, err := contacts().Get(shelf(raw), house, 1)
		if err != nil {
			if raw != nil { // a nil is a missing record
				expectDamaged(t, "a record", err)
			}
			return
		}
		again := binary.AppendUvarint([]byte{2}, uint64(version))
		again = sealed(spacePeople, core.Key(house, 1), personCodec().Append(again, &value))
		got, _, err := contacts().Get(shelf(again), house, 1)
		if err != nil || !reflect.DeepEqual(got, value) {
			t.Errorf("%+v became %+v, %v", value, got, err)
		}
	})
}

func BenchmarkGet(b *testing.B) {
	table, raw := contacts(), shelf(rawSample())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := table.Get(raw, house, 1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(raw)), "B/record")
}

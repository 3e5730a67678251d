package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"willcall/core"
	"willcall/core/record"
)

type status uint8

type address struct {
	Street, Town string
}

type email struct {
	Typed      string
	Generation uint64
	Confirmed  time.Time
}

// person has a field of every type, and is about as large as a contact.
type person struct {
	Surname, First string
	Language       core.Kind
	Status         status
	Guest          bool
	Made           time.Time
	Photo          []byte
	Tags           []core.Kind
	Friends        []core.ID
	Extra          map[string]string
	Email          email
	Addresses      []address
}

func addressCodec() record.Codec[address] {
	return record.New(
		record.Text(1, func(a *address) *string { return &a.Street }),
		record.Text(2, func(a *address) *string { return &a.Town }),
	)
}

func emailCodec() record.Codec[email] {
	return record.New(
		record.Text(1, func(e *email) *string { return &e.Typed }),
		record.Uint(2, func(e *email) *uint64 { return &e.Generation }),
		record.Time(3, func(e *email) *time.Time { return &e.Confirmed }),
	)
}

func personCodec() record.Codec[person] {
	return record.New(
		record.List(12, func(p *person) *[]address { return &p.Addresses }, addressCodec()),
		record.Text(1, func(p *person) *string { return &p.Surname }),
		record.Text(2, func(p *person) *string { return &p.First }),
		record.Text(3, func(p *person) *core.Kind { return &p.Language }),
		record.Uint(4, func(p *person) *status { return &p.Status }),
		record.Bool(5, func(p *person) *bool { return &p.Guest }),
		record.Time(6, func(p *person) *time.Time { return &p.Made }),
		record.Bytes(7, func(p *person) *[]byte { return &p.Photo }),
		record.Texts(8, func(p *person) *[]core.Kind { return &p.Tags }),
		record.Uints(9, func(p *person) *[]core.ID { return &p.Friends }),
		record.Map(10, func(p *person) *map[string]string { return &p.Extra }),
		record.Struct(11, func(p *person) *email { return &p.Email }, emailCodec()),
	)
}

func sample() person {
	return person{
		Surname: "Ånström", First: "Zoë", Language: "en", Status: 2, Guest: true,
		Made:  time.Date(2026, 11, 21, 18, 4, 5, 678, time.UTC),
		Email: email{Typed: "zoe@example.org", Generation: 3},
		Addresses: []address{
			{Street: "12 Harbour Road", Town: "Lyme Regis"},
		},
		Friends: []core.ID{3, 500, 70000},
	}
}

func people() *rapid.Generator[person] {
	return rapid.Custom(func(t *rapid.T) person {
		instant := rapid.Custom(func(t *rapid.T) time.Time {
			if rapid.Bool().Draw(t, "zero") {
				return time.Time{}
			}
			return time.Unix(0, rapid.Int64().Draw(t, "nanoseconds")).UTC()
		})
		p := rapid.MakeCustom[person](rapid.MakeConfig{
			Types: map[reflect.Type]*rapid.Generator[any]{reflect.TypeFor[time.Time](): instant.AsAny()},
		}).Draw(t, "person")
		emptyToNil(&p)
		return p
	})
}

// emptyToNil does to p what the codec says it does to empty lists.
func emptyToNil(p *person) {
	if len(p.Photo) == 0 {
		p.Photo = nil
	}
	if len(p.Tags) == 0 {
		p.Tags = nil
	}
	if len(p.Friends) == 0 {
		p.Friends = nil
	}
	if len(p.Extra) == 0 {
		p.Extra = nil
	}
	if len(p.Addresses) == 0 {
		p.Addresses = nil
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	codec := personCodec()
	rapid.Check(t, func(t *rapid.T) {
		want := people().Draw(t, "value")
		raw := codec.Append([]byte("before"), &want)
		got := sample() // what was there before is overwritten
		if err := codec.Decode(bytes.TrimPrefix(raw, []byte("before")), &got); err != nil {
			t.Fatalf("decode %x: %v", raw, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if again := codec.Append([]byte("before"), &want); !bytes.Equal(again, raw) {
			t.Fatalf("two encodings of one value: %x and %x", raw, again)
		}
	})
}

func TestZeroValueIsEmpty(t *testing.T) {
	t.Parallel()
	if raw := personCodec().Append(nil, &person{Tags: []core.Kind{}, Made: time.Time{}}); len(raw) != 0 {
		t.Errorf("the zero value takes %x", raw)
	}
}

func TestTimesAreReadInUTC(t *testing.T) {
	t.Parallel()
	codec := personCodec()
	made := time.Date(2026, 11, 21, 20, 0, 0, 1, time.FixedZone("", 2*60*60))
	var got person
	if err := codec.Decode(codec.Append(nil, &person{Made: made}), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Made.Equal(made) || got.Made.Location() != time.UTC {
		t.Errorf("got %v, want %v in UTC", got.Made, made)
	}
}

// TestWireFormat pins the format: stored records depend on it.
func TestWireFormat(t *testing.T) {
	t.Parallel()
	value := person{Surname: "Li", Status: 7, Made: time.Unix(0, 258), Extra: map[string]string{"b": "", "a": "1"}}
	want := []byte{
		1<<3 | 1, 2, 'L', 'i',
		4 << 3, 7,
		6<<3 | 2, 0, 0, 0, 0, 0, 0, 1, 2,
		10<<3 | 1, 7, 1, 'a', 1, '1', 1, 'b', 0,
	}
	if got := personCodec().Append(nil, &value); !bytes.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		raw  []byte
		says string
	}{
		{"a cut key", []byte{0x80}, "after tag 0"},
		{"tag zero", []byte{0}, "tag 0"},
		{"tags out of order", []byte{5 << 3, 1, 4 << 3, 1}, "tag 4 after tag 5"},
		{"a tag twice", []byte{5 << 3, 1, 5 << 3, 1}, "tag 5 after tag 5"},
		{"a huge tag", []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0}, "after tag 0"},
		{"an unknown wire type", []byte{1<<3 | 7}, "tag 1"},
		{"a cut length", []byte{1<<3 | 1}, "tag 1"},
		{"a length beyond the end", []byte{1<<3 | 1, 3, 'a', 'b'}, "tag 1: length 3"},
		{"a huge length", []byte{1<<3 | 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, "tag 1: length"},
		{"a cut number", []byte{4 << 3, 0x80}, "tag 4"},
		{"a number too large", []byte{4 << 3, 0x80, 2}, "tag 4: number 256"},
		{"a truth value of two", []byte{5 << 3, 2}, "tag 5"},
		{"a cut time", []byte{6<<3 | 2, 1, 2}, "tag 6"},
		{"another wire type", []byte{1 << 3, 1}, "tag 1: wire type 0"},
		{"a broken list of texts", []byte{8<<3 | 1, 1, 9}, "tag 8"},
		{"a broken list of numbers", []byte{9<<3 | 1, 1, 0x80}, "tag 9"},
		{"a map key without a value", []byte{10<<3 | 1, 2, 1, 'a'}, "tag 10"},
		{"map keys out of order", []byte{10<<3 | 1, 6, 1, 'b', 0, 1, 'a', 0}, `tag 10: map key "a"`},
		{"a broken struct", []byte{11<<3 | 1, 1, 0x80}, "tag 11"},
		{"a broken element", []byte{12<<3 | 1, 3, 0, 1, 0x80}, "tag 12: element 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := personCodec().Decode(c.raw, new(person))
			if !errors.Is(err, record.ErrMalformed) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a malformed record that says %q", err, c.says)
			}
		})
	}
}

func TestDecodedValueKeepsNothingOfItsInput(t *testing.T) {
	t.Parallel()
	codec := personCodec()
	want := person{Surname: "Li", Photo: []byte("photo")}
	raw := codec.Append(nil, &want)
	var got person
	if err := codec.Decode(raw, &got); err != nil {
		t.Fatal(err)
	}
	clear(raw)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("clearing the input changed the value to %+v", got)
	}
}

func TestNewRefusesBadTags(t *testing.T) {
	t.Parallel()
	field := func(tag uint32) record.Field[address] {
		return record.Text(tag, func(a *address) *string { return &a.Town })
	}
	for name, fields := range map[string][]record.Field[address]{
		"zero":  {field(0), field(1)},
		"twice": {field(2), field(1), field(2)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("the tags were accepted")
				}
			}()
			record.New(fields...)
		})
	}
}

func FuzzDecode(f *testing.F) {
	codec := personCodec()
	full := sample()
	f.Add(codec.Append(nil, &full))
	f.Add([]byte{11<<3 | 1, 2, 1, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var value, again person
		if err := codec.Decode(raw, &value); err != nil {
			if !errors.Is(err, record.ErrMalformed) {
				t.Errorf("an error that isn't of malformed data: %v", err)
			}
			return
		}
		if err := codec.Decode(codec.Append(nil, &value), &again); err != nil {
			t.Fatalf("what was decoded doesn't encode: %v", err)
		}
		if !reflect.DeepEqual(value, again) {
			t.Errorf("%+v became %+v", value, again)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	codec, value := personCodec(), sample()
	var raw []byte
	b.ReportAllocs()
	for b.Loop() {
		raw = codec.Append(raw[:0], &value)
	}
	b.ReportMetric(float64(len(raw)), "B/record")
}

func BenchmarkDecode(b *testing.B) {
	codec, value := personCodec(), sample()
	raw := codec.Append(nil, &value)
	b.ReportAllocs()
	for b.Loop() {
		if err := codec.Decode(raw, &value); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeJSON(b *testing.B) {
	value := sample()
	var raw []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(raw)), "B/record")
}

func BenchmarkDecodeJSON(b *testing.B) {
	raw, err := json.Marshal(sample())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var value person
		if err := json.Unmarshal(raw, &value); err != nil {
			b.Fatal(err)
		}
	}
}

package text

import "testing"

func TestBytesAreWrittenInTheLargestUnit(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for _, tt := range []struct {
		n      int64
		en, fr string
	}{
		{-1, "0 B", "0 o"},
		{0, "0 B", "0 o"},
		{1023, "1,023 B", "1\u202f023 o"},
		{1024, "1 KiB", "1 Kio"},
		{1536, "1.5 KiB", "1,5 Kio"},
		{10*1024 - 1, "9.9 KiB", "9,9 Kio"},
		{1<<20 - 1, "1,023 KiB", "1\u202f023 Kio"},
		{312 << 20, "312 MiB", "312 Mio"},
		{8 << 30, "8 GiB", "8 Gio"},
		{3000 << 40, "3,000 TiB", "3\u202f000 Tio"},
		{1<<63 - 1, "8,388,607 TiB", "8\u202f388\u202f607 Tio"},
	} {
		if en, fr := c.In(English).Bytes(tt.n), c.In(French).Bytes(tt.n); en != tt.en || fr != tt.fr {
			t.Errorf("%d bytes are %q and %q, want %q and %q", tt.n, en, fr, tt.en, tt.fr)
		}
	}
}

func TestBytesThatAreNeededAreRoundedUp(t *testing.T) {
	t.Parallel()
	p := loaded(t).In(English)
	for n, want := range map[int64]string{
		-1: "0 B", 0: "0 B", 1023: "1,023 B", 1024: "1 KiB", 1025: "1.1 KiB", 1536: "1.5 KiB", 10*1024 - 1: "10 KiB",
		10*1024 + 1: "11 KiB", 1<<20 - 1: "1 MiB", 312<<20 + 1: "313 MiB", 5<<30 + 1: "5.1 GiB", 1<<50 - 1: "1,024 TiB",
	} {
		if got := p.BytesNeeded(n); got != want {
			t.Errorf("%d bytes that are needed are %q, want %q", n, got, want)
		}
	}
}

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
		{1024, "1 KB", "1 Ko"},
		{1536, "1.5 KB", "1,5 Ko"},
		{10*1024 - 1, "9.9 KB", "9,9 Ko"},
		{1<<20 - 1, "1,023 KB", "1\u202f023 Ko"},
		{312 << 20, "312 MB", "312 Mo"},
		{8 << 30, "8 GB", "8 Go"},
		{3000 << 40, "3,000 TB", "3\u202f000 To"},
		{1<<63 - 1, "8,388,607 TB", "8\u202f388\u202f607 To"},
	} {
		if en, fr := c.In(English).Bytes(tt.n), c.In(French).Bytes(tt.n); en != tt.en || fr != tt.fr {
			t.Errorf("%d bytes are %q and %q, want %q and %q", tt.n, en, fr, tt.en, tt.fr)
		}
	}
}

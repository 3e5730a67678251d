package contacts_test

import (
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
)

func TestPhonesAreTidiedAsE123WritesThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":                       "",
		"call me":                "call me",
		"079 555 14 07":          "079 555 14 07",
		"079/555.14-07":          "079 555 14 07",
		"0795551407":             "0795551407",
		"333":                    "333",
		"+41795551407":           "+41 79 555 14 07",
		"0041795551407":          "+41 79 555 14 07",
		"00 41 79 555 14 07":     "+41 79 555 14 07",
		" +4179 5551407 ":        "+41 79 5551407",
		"+41 (0)22 418 30 07":    "+41 22 418 30 07",
		"+33 (0)1.42.68.53.00":   "+33 1 42 68 53 00",
		"+33142685300":           "+33 1 42 68 53 00",
		"+1 (212) 555-0123":      "+1 212 555 0123",
		"+12125550123":           "+1 212 555 0123",
		"+49 170 1234567":        "+49 170 1234567",
		"+491701234567":          "+49 170 1234567"[:3] + " 1701234567",
		"+39 06 69 88 44 66":     "+39 06 69 88 44 66",
		"+39 (0)6 6988":          "+39 0 6 6988",
		"+352 26 20 12 34":       "+352 26 20 12 34",
		"+":                      "+",
		"+41":                    "+41",
		"000":                    "000",
		"00 0":                   "00 0",
		"+0 41 79 555":           "0 41 79 555",
		strings.Repeat("1", 21):  strings.Repeat("1", 21),
		"\u202e+41 79 555 14 07": "\u202e+41 79 555 14 07",
	} {
		if got := contacts.TidyPhone(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
}

func FuzzTidyPhone(f *testing.F) {
	for _, s := range []string{"", "+41 (0)22 418 30 07", "0041795551407", "+1 (212) 555-0123", "00", "+()", "(0)00 1 2 3", "+ 4 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tidy := contacts.TidyPhone(s)
		if again := contacts.TidyPhone(tidy); again != tidy {
			t.Errorf("%q becomes %q, and that %q", s, tidy, again)
		}
		if core.CheckPhone(s) == nil && core.CheckPhone(tidy) != nil {
			t.Errorf("%q becomes %q, which is no phone number", s, tidy)
		}
	})
}

package core_test

import (
	"errors"
	"testing"
	"time"

	"willcall/core"
)

// why is what a refusal gives as its reason.
func why(err error) string {
	var e *core.Error
	if !errors.As(err, &e) {
		return ""
	}
	return string(e.Code) + " " + e.Args["why"]
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want core.Date
		why  string
	}{
		"":                     {0, ""},
		"  ":                   {0, ""},
		"1984-05-03":           {19840503, ""},
		"1984-5-3":             {19840503, ""},
		"3.5.1984":             {19840503, ""},
		"03.05.1984":           {19840503, ""},
		" 3/5/1984 ":           {19840503, ""},
		"29.2.2024":            {20240229, ""},
		"3. 5. 1984":           {19840503, ""},
		"29.2.2023":            {0, "date day"},
		"31.4.2024":            {0, "date day"},
		"0.4.2024":             {0, "date day"},
		"003.4.2024":           {0, "date form"},
		"+3.4.2024":            {0, "date form"},
		"3.0.2024":             {0, "date form"},
		"0.0.0000":             {0, "date form"},
		"1984":                 {0, "date form"},
		"1984-13-01":           {0, "date form"},
		"3.5.84":               {0, "date form"},
		"1984-05-03T10:00:00Z": {0, "date form"},
		"yesterday":            {0, "date form"},
	}
	for text, tt := range tests {
		got, err := core.ParseDate(text)
		if got != tt.want || why(err) != tt.why {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	}
}

func TestDatesAreWrittenAsISO8601Says(t *testing.T) {
	t.Parallel()
	d := core.DateOf(time.Date(2026, time.November, 22, 23, 59, 0, 0, time.FixedZone("", 3600)))
	if d.String() != "2026-11-22" || d.Year() != 2026 || core.Date(0).String() != "" || core.Date(9990101).String() != "0999-01-01" {
		t.Errorf("%v of %d, none as %q", d, d.Year(), core.Date(0))
	}
}

func TestABirthDateIsADayOfThePast(t *testing.T) {
	t.Parallel()
	const today core.Date = 20261122
	for d, want := range map[core.Date]string{
		0: "", 19840503: "", 18800101: "", today: "",
		18791231: "date early", today + 1: "date future", 20270101: "date future",
		19840230: "date day", 19841301: "date form", 1: "date form", 4294967295: "date form",
	} {
		if got := why(d.CheckBirth(today)); got != want {
			t.Errorf("%d is refused with %q, want %q", d, got, want)
		}
	}
}

func TestDatesStepWithinTheCalendar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from                core.Date
		years, months, days int
		want                core.Date
	}{
		{19840503, 0, 0, 1, 19840504},
		{19840503, 0, 0, -3, 19840430},
		{19841231, 0, 0, 1, 19850101},
		{19840131, 0, 1, 0, 19840229},
		{19850131, 0, 1, 0, 19850228},
		{19840131, 0, -1, 0, 19831231},
		{20240229, 1, 0, 0, 20250228},
		{20240229, -4, 0, 0, 20200229},
		{0, 1, 1, 1, 0},
		{19840230, 0, 0, 1, 19840230},
		{99991231, 0, 0, 1, 99991231},
		{10101, -1, 0, 0, 10101},
	} {
		if got := tt.from.Plus(tt.years, tt.months, tt.days); got != tt.want {
			t.Errorf("%v and %d years, %d months, %d days is %v, want %v", tt.from, tt.years, tt.months, tt.days, got, tt.want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "1984-05-03", "3.5.1984", "0000-1-1", "9999-12-31", "1/2/3", "٣.٥.١٩٨٤", "1984-05-03\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := core.ParseDate(s)
		if err != nil {
			if core.CodeOf(err) != core.CodeDate || d != 0 {
				t.Errorf("%q: %v, %v", s, d, err)
			}
			return
		}
		again, err := core.ParseDate(d.String())
		if err != nil || again != d {
			t.Errorf("%q is %v, written %q, read as %v, %v", s, uint32(d), d, uint32(again), err)
		}
	})
}

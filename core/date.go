package core

import (
	"fmt"
	"time"
)

// Date is a day of the calendar without time or zone, as year*10000 +
// month*100 + day; zero for none.
type Date uint32

// firstYear is the earliest a birth date may be.
const firstYear = 1880

// ParseDate reads a date as "1984-05-03" (ISO 8601) or "3.5.1984"; an empty
// text is the zero date. It fails with [CodeDate].
func ParseDate(s string) (Date, error) {
	s = CleanLine(s)
	if s == "" {
		return 0, nil
	}
	for _, layout := range []string{"2006-1-2", "2.1.2006", "2/1/2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return DateOf(t), nil
		}
	}
	return 0, badDate("form")
}

// DateOf is the day of a time in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d) //nolint:gosec // years of a calendar
}

// Year is the date's year.
func (d Date) Year() int { return int(d / 10000) }

// String is the ISO 8601 form, empty for the zero date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100)
}

// Check refuses a date that the calendar doesn't have or that lies before
// 1880. It fails with [CodeDate].
func (d Date) Check() error {
	if d == 0 {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, d.String()); err != nil {
		return badDate("form")
	}
	if d.Year() < firstYear {
		return badDate("early")
	}
	return nil
}

// CheckBirth is [Date.Check] that also refuses a day after today.
func (d Date) CheckBirth(today Date) error {
	if err := d.Check(); err != nil {
		return err
	}
	if d > today {
		return badDate("future")
	}
	return nil
}

// badDate refuses a date; why is a key below "date." in the catalogue.
func badDate(why string) error { return Refuse(CodeDate).With("why", why) }

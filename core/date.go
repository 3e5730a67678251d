package core

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the calendar without time or zone, as year*10000 +
// month*100 + day; zero for none.
type Date uint32

const (
	firstYear = 1880 // the earliest a birth date may be
	lastYear  = 9999
)

// ParseDate reads a date as "1984-05-03" (ISO 8601) or "3.5.1984"; an empty
// text is the zero date. It fails with [CodeDate], and names a day that its
// month doesn't have.
func ParseDate(s string) (Date, error) {
	s = CleanLine(s)
	if s == "" {
		return 0, nil
	}
	for _, separator := range []string{"-", ".", "/"} {
		if parts := strings.Split(s, separator); len(parts) == 3 {
			if separator == "-" {
				slices.Reverse(parts)
			}
			return parseDay(parts)
		}
	}
	return 0, badDate("form")
}

// parseDay reads day, month and year as digits, the year with four.
func parseDay(parts []string) (Date, error) {
	var numbers [3]int
	for i, part := range parts {
		part = strings.TrimSpace(part)
		n, err := strconv.ParseUint(part, 10, 16)
		if most := [...]int{2, 2, 4}[i]; err != nil || len(part) > most || i == 2 && len(part) < most {
			return 0, badDate("form")
		}
		numbers[i] = int(n)
	}
	d := Date(numbers[2]*10000 + numbers[1]*100 + numbers[0]) //nolint:gosec // of eight digits at most
	if d == 0 {
		return 0, badDate("form")
	}
	if err := d.exists(); err != nil {
		return 0, err
	}
	return d, nil
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
	if err := d.exists(); err != nil {
		return err
	}
	if d.Year() < firstYear {
		return badDate("early")
	}
	return nil
}

// exists refuses a day that the calendar doesn't have.
func (d Date) exists() error {
	month, day := int(d/100%100), int(d%100)
	if month < 1 || month > 12 || d.Year() > lastYear {
		return badDate("form")
	}
	if last := lastDay(d.Year(), month); day < 1 || day > last {
		return badDate("day").With("month", strconv.Itoa(month)).With("year", strconv.Itoa(d.Year())).With("last", strconv.Itoa(last))
	}
	return nil
}

// lastDay is the number of days of a month.
func lastDay(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Plus is the date so many years, months and days later, or earlier where they
// are below zero. Where the month it comes to has no such day, it is the last
// of that month. The zero date, and one that the calendar doesn't have, stay as
// they are; so does one that would leave the years 1 to 9999.
func (d Date) Plus(years, months, days int) Date {
	if d == 0 || d.exists() != nil {
		return d
	}
	first := time.Date(d.Year()+years, time.Month(int(d/100%100)+months), 1, 0, 0, 0, 0, time.UTC)
	day := min(int(d%100), lastDay(first.Year(), int(first.Month())))
	to := first.AddDate(0, 0, day-1+days)
	if to.Year() < 1 || to.Year() > lastYear {
		return d
	}
	return DateOf(to)
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
func badDate(why string) *Error { return Refuse(CodeDate).With("why", why) }

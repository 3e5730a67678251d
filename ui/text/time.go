package text

import (
	"strconv"
	"time"

	"willcall/core"
)

const day = 24 * time.Hour

// Ago says how long ago something was, in its largest unit: "2 d ago". Less
// than five seconds, or a time to come, is "just now".
func (p Printer) Ago(d time.Duration) string {
	if d < 5*time.Second {
		return p.T("words.just-now")
	}
	n, unit := largest(d)
	return p.T("words.ago", "time", p.amount(n, unit))
}

// largest gives d in whole units of the largest that fits in it.
func largest(d time.Duration) (n int, unit string) {
	switch {
	case d < time.Minute:
		return int(d / time.Second), "s"
	case d < time.Hour:
		return int(d / time.Minute), "min"
	case d < day:
		return int(d / time.Hour), "h"
	case d < 365*day:
		return int(d / day), "d"
	}
	return int(d / (365 * day)), "y"
}

func (p Printer) amount(n int, unit string) string {
	return p.T("words.unit."+unit, "n", p.Number(n))
}

// Duration writes a length of time in one unit or two: "24 h", "10 min",
// "1 h 30 min". Two days and more are in days; below a second it is "0 s".
func (p Printer) Duration(d time.Duration) string {
	d = max(0, d)
	big, unit, size, next := 0, "", time.Second, ""
	switch {
	case d >= 2*day:
		big, unit, size, next = int(d/day), "d", time.Hour, "h"
		d %= day
	case d >= time.Hour:
		big, unit, size, next = int(d/time.Hour), "h", time.Minute, "min"
		d %= time.Hour
	case d >= time.Minute:
		big, unit, next = int(d/time.Minute), "min", "s"
		d %= time.Minute
	default:
		return p.amount(int(d/time.Second), "s")
	}
	rest := int(d / size)
	if rest == 0 {
		return p.amount(big, unit)
	}
	return p.amount(big, unit) + " " + p.amount(rest, next)
}

// Time writes a moment in full, in t's location: "3 Nov 2026, 19:42".
func (p Printer) Time(t time.Time) string {
	return p.T("words.date-time", "date", p.fullDate(t), "clock", p.Clock(t))
}

// Clock writes the time of day in t's location: "19:43".
func (p Printer) Clock(t time.Time) string { return t.Format("15:04") }

// Date writes a day in t's location: "3 Nov", with its year where that is not
// the year of now.
func (p Printer) Date(t, now time.Time) string {
	if t.Year() != now.In(t.Location()).Year() {
		return p.fullDate(t)
	}
	return p.T("words.day-month", "day", strconv.Itoa(t.Day()), "month", p.month(t))
}

func (p Printer) fullDate(t time.Time) string {
	return p.T("words.date",
		"day", strconv.Itoa(t.Day()), "month", p.month(t), "year", strconv.Itoa(t.Year()))
}

// Day writes a date of the calendar in full: "3 May 1984". One that the calendar
// doesn't have is written as its digits.
func (p Printer) Day(d core.Date) string {
	at, err := time.Parse(time.DateOnly, d.String())
	if err != nil {
		return d.String()
	}
	return p.fullDate(at)
}

func (p Printer) month(t time.Time) string {
	return p.T("words.month." + strconv.Itoa(int(t.Month())))
}

package storage

import (
	"fmt"
	"os"
	"time"
)

const stampLayout = "2006-01-02-150405"

// Stamp is a moment as part of a file's name: in UTC, and saying so, to the
// second. Names sort as their moments do.
func Stamp(at time.Time) string { return at.UTC().Format(stampLayout) + "-UTC" }

// Stamped reads the moment that a name, or the rest of one, begins with. Names of
// before don't say that they are in UTC.
func Stamped(name string) (at time.Time, ok bool) {
	if len(name) < len(stampLayout) {
		return time.Time{}, false
	}
	at, err := time.Parse(stampLayout, name[:len(stampLayout)])
	return at, err == nil
}

// Unused is path, with a number behind it where something is there already, such
// as what was stamped in the same second.
func Unused(path string) string {
	name := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", path, n)
	}
}

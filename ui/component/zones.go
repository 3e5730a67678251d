package component

import (
	_ "embed" // for the list of time zones
	"strings"
)

// zoneNames lists the time zones to choose from, one a line: those that the
// tz database names for a country (zone.tab), and UTC.
//
//go:embed zones.txt
var zoneNames string

// ZoneOptions lists the time zones for a choice, sorted; the keys are the names
// that the tz database gives them.
func ZoneOptions() []Option {
	names := strings.Fields(zoneNames)
	options := make([]Option, len(names))
	for i, name := range names {
		options[i] = Option{Key: name, Label: strings.ReplaceAll(name, "_", " ")}
	}
	return options
}

package component

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the zones must load without those of the system
)

func TestEveryZoneLoads(t *testing.T) {
	t.Parallel()
	names := make([]string, 0, len(ZoneOptions()))
	for _, o := range ZoneOptions() {
		names = append(names, o.Key)
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) || !slices.Contains(names, "UTC") {
		t.Error("the zones aren't sorted, or one comes twice, or UTC is missing")
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}

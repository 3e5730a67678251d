package archive

import (
	"slices"
	"testing"
)

// TestAMeterNeverPassesTheWhole nor runs backwards, where there was more to do
// than was thought.
func TestAMeterNeverPassesTheWhole(t *testing.T) {
	t.Parallel()
	var told []int64
	m := &meter{of: 4 * chunk, tell: func(done, of int64) {
		if of != 4*chunk {
			t.Errorf("the whole is %d", of)
		}
		told = append(told, done)
	}}
	half := m.step(2 * chunk)
	half(1, 4) // too little to be told
	half(2, 4)
	half(1, 4) // a part that counts anew
	half(4, 4)
	for range 4 {
		m.add(chunk)
	}
	m.end()
	if want := []int64{chunk, 2 * chunk, 3 * chunk, 4 * chunk, 4 * chunk}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

package operators_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// BenchmarkSignIn tells the median time of a password that leads to the code step,
// by what was typed and what stands against it, with the cost of a real password. Whoever measures a difference
// learns who signs in here. 200 samples: -benchtime 200x
func BenchmarkSignIn(b *testing.B) { benchmarkSignIn(b, operators.Floor{}) }

// BenchmarkSignInOverTheFloor is the same with the wait that users have.
func BenchmarkSignInOverTheFloor(b *testing.B) {
	floor := operators.DefaultFloor()
	floor.Guarded = 0
	benchmarkSignIn(b, floor)
}

// lockedFrom is the source that the owner's account is locked from.
const lockedFrom = "locked"

func benchmarkSignIn(b *testing.B, floor operators.Floor) {
	b.Helper()
	for _, tt := range []struct {
		name, address, password string
		prepare                 func(h *coretest.House)
	}{
		{"unknown", "nobody@opera.example", coretest.Password, nil},
		{"wrong", coretest.OwnerAddress, wrong, nil},
		{"locked", coretest.OwnerAddress, coretest.Password, func(h *coretest.House) {
			miss(h, from(lockedFrom), coretest.OwnerAddress, 5)
		}},
		{"disabled", coretest.OwnerAddress, coretest.Password, func(h *coretest.House) {
			h.Act(func(act *core.Act) error { return operators.Disable(act, coretest.OwnerAddress) })
		}},
		{"right with a code to come", coretest.OwnerAddress, coretest.Password, nil},
	} {
		b.Run(tt.name, func(b *testing.B) {
			h := coretest.New(b, storagetest.New(b))
			h.Enrol(h.Owner)
			if tt.prepare != nil {
				tt.prepare(h)
			}
			h.Act(func(act *core.Act) error { return operators.Rehash(h.Ctx, act, h.Made.Owner, coretest.Password) })
			s, err := operators.NewService(operators.Config{
				Desk: h.Desk, Hasher: operators.NewHasher(operators.DefaultCost()), Keys: h.Keys, Random: coretest.Random(201), Floor: floor,
			})
			h.Must(err)
			times := make([]time.Duration, 0, b.N)
			b.ResetTimer()
			for i := range b.N {
				source := strconv.Itoa(i) // each of its own, so that none is shut
				if tt.name == "locked" {
					source = lockedFrom
				}
				start := b.Elapsed()
				begun, err := s.Begin(h.Ctx, from(source), tt.address, tt.password)
				times = append(times, b.Elapsed()-start)
				if h.Must(err); begun.In != nil {
					b.Fatal("no code is asked for")
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms/median")
		})
	}
}

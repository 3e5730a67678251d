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
// by what was typed, with the cost of a real password. Whoever measures a difference
// learns who signs in here. 200 samples: -benchtime 200x
func BenchmarkSignIn(b *testing.B) { benchmarkSignIn(b, operators.Floor{}) }

// BenchmarkSignInOverTheFloor is the same with the wait that users have.
func BenchmarkSignInOverTheFloor(b *testing.B) {
	floor := operators.DefaultFloor()
	floor.Guarded = 0
	benchmarkSignIn(b, floor)
}

func benchmarkSignIn(b *testing.B, floor operators.Floor) {
	b.Helper()
	for _, tt := range []struct{ name, address, password string }{
		{"unknown", "nobody@opera.example", coretest.Password},
		{"wrong", coretest.OwnerAddress, wrong},
		{"right with a code to come", coretest.OwnerAddress, coretest.Password},
	} {
		b.Run(tt.name, func(b *testing.B) {
			h := coretest.New(b, storagetest.New(b))
			h.Enrol(h.Owner)
			h.Act(func(act *core.Act) error { return operators.Rehash(h.Ctx, act, h.Made.Owner, coretest.Password) })
			s, err := operators.NewService(operators.Config{
				Desk: h.Desk, Hasher: operators.NewHasher(operators.DefaultCost()), Keys: h.Keys, Random: coretest.Random(201), Floor: floor,
			})
			h.Must(err)
			times := make([]time.Duration, 0, b.N)
			for i := range b.N {
				start := b.Elapsed()
				_, err := s.Begin(h.Ctx, from(strconv.Itoa(i)), tt.address, tt.password)
				times = append(times, b.Elapsed()-start)
				h.Must(err)
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms/median")
		})
	}
}

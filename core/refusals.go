package core

import (
	"strconv"
	"sync"
	"time"
)

// refusalsSpent is how many refusals of the desk are journalled in an hour while
// space is spent. What was kept for removing is not for everybody who is turned
// away to write on.
const refusalsSpent = 20

// refusals counts those that were journalled while space was spent, and those
// that weren't. It is safe for concurrent use.
type refusals struct {
	mu        sync.Mutex
	since     time.Time // of the hour that is counted
	journaled int       // in it
	left      int       // that weren't journalled
}

// take reports whether one more is journalled, and how many weren't before it,
// for which it then stands too.
func (r *refusals) take(spent bool, at time.Time) (left int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if past := at.Sub(r.since); !spent || past < 0 || past >= time.Hour {
		r.since, r.journaled = at, 0
	}
	if r.journaled >= refusalsSpent {
		r.left++
		return 0, false
	}
	if spent {
		r.journaled++
	}
	left, r.left = r.left, 0
	return left, true
}

// giveBack counts those again that couldn't be journalled.
func (r *refusals) giveBack(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += n
}

// unrecorded is the detail of an entry that stands for others too.
func unrecorded(left int) []Detail {
	if left == 0 {
		return nil
	}
	return []Detail{{Name: "unrecorded", Value: strconv.Itoa(left)}}
}

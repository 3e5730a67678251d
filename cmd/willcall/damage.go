package main

import (
	"log/slog"
	"sync"
	"time"

	"willcall/core"
)

// sameDamage is how long damage that was noted is not noted again: a list is
// read with every key.
const sameDamage = time.Hour

// damageNotes writes damage into the log as it is met, each once in a while. The
// zero value is ready. It is safe for concurrent use.
type damageNotes struct {
	mu    sync.Mutex
	noted map[string]time.Time
}

// mostNoted bounds how much damage is told apart at a time.
const mostNoted = 1000

// in is what hears of damage and notes it in a log.
func (n *damageNotes) in(log *slog.Logger, wall core.Wall) func(error) {
	return func(err error) {
		if n.due(err.Error(), wall()) {
			log.Error("stored data is damaged: run willcall doctor", "error", err)
		}
	}
}

func (n *damageNotes) due(what string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if at, ok := n.noted[what]; ok && now.Sub(at) < sameDamage {
		return false
	}
	if n.noted == nil || len(n.noted) == mostNoted {
		n.noted = map[string]time.Time{}
	}
	n.noted[what] = now
	return true
}

package core

import (
	"encoding/binary"
	"time"
)

// leastJump is the least that counts as a jump.
const leastJump = 10 * time.Minute

// Jump is how far the computer's clock moved while no such time passed: somebody
// or something set it, or the computer slept. It is negative backwards.
type Jump time.Duration

// jumps watches the computer's clock. Times in it are used under the lock of the
// [MarkedClock] that it belongs to.
type jumps struct {
	passed func(now time.Time) time.Duration // since the start, by a count that nobody sets
	before time.Time                         // the computer's clock at the last look
	since  time.Duration                     // what had passed then
	behind time.Duration                     // how far it was behind the time told, then

	ahead time.Duration // how far it jumped forward, which nobody was told yet
	told  time.Duration // how far it was behind when somebody was told, or less since
}

// look compares the computer's clock with what passed, and with the time told.
func (j *jumps) look(now, at time.Time) {
	since := j.passed(now)
	if step := now.Sub(j.before) - max(0, since-j.since); !j.before.IsZero() && step > leastJump {
		j.ahead += step
	}
	j.before, j.since = now.Round(0), since
	j.behind = at.Sub(now)
	j.told = min(j.told, j.behind)
}

// take gives a jump that nobody was told of, and counts it as told.
func (j *jumps) take() (jump Jump) {
	switch back := j.behind - j.told; {
	case j.ahead > 0:
		jump, j.ahead = Jump(j.ahead), 0
	case back > leastJump:
		jump, j.told = Jump(-back), j.behind
	}
	return jump
}

// untake counts a jump as one that nobody was told of after all.
func (j *jumps) untake(jump Jump) {
	if jump > 0 {
		j.ahead += time.Duration(jump)
	} else {
		j.told += time.Duration(jump)
	}
}

// read reads how far behind was told before the start, so that who starts the
// program every day isn't told every day.
func (j *jumps) read(v View) error {
	raw, err := v.Get(spaceClock, []byte(clockToldField))
	if err == nil && len(raw) == timeSize {
		j.told = time.Duration(binary.BigEndian.Uint64(raw)) //nolint:gosec // written by write from a duration
	}
	return err
}

func (j *jumps) write(tx Tx) error {
	if j.told == 0 {
		return tx.Delete(spaceClock, []byte(clockToldField))
	}
	return tx.Put(spaceClock, []byte(clockToldField), binary.BigEndian.AppendUint64(nil, uint64(j.told))) //nolint:gosec // not negative
}

// takeJump gives a jump of the computer's clock that nobody was told of yet, 0 for
// none. Who took it tells of it or gives it back.
func (c *MarkedClock) takeJump() Jump {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.jumps.take()
}

func (c *MarkedClock) giveBack(jump Jump) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jumps.untake(jump)
}

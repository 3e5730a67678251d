package storagetest

import "willcall/core"

// Snapshot is all that a [Memory] held at one moment.
type Snapshot struct{ state *tree }

// Snapshot keeps the present state, at no cost. It waits for the update that
// runs.
func (m *Memory) Snapshot() Snapshot {
	m.writer <- struct{}{}
	defer m.leave()
	return Snapshot{m.state.Copy()}
}

// Restore goes back to a snapshot of this store; watchers and projections stay,
// and nobody is told.
func (m *Memory) Restore(s Snapshot) {
	m.writer <- struct{}{}
	defer m.leave()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state = s.state.Copy()
}

// All is everything in the snapshot by "space/key", also what no [core.View]
// shows: counters of ids and versions of projections.
func (s Snapshot) All() map[string]string {
	all := map[string]string{}
	s.state.Scan(func(e entry) bool {
		all[string(e.space)+"/"+e.key] = e.value
		return true
	})
	return all
}

// Spaces are the names of the spaces that hold something, in order.
func (s Snapshot) Spaces() []core.Space {
	var names []core.Space
	s.state.Scan(func(e entry) bool {
		if e.space[0] != 0 && (len(names) == 0 || names[len(names)-1] != e.space) {
			names = append(names, e.space)
		}
		return true
	})
	return names
}

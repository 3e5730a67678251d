package capture

import "willcall/core"

// Size is how many messages the log lists, and how many bytes their records
// take. It is safe for concurrent use.
func (l *Log) Size() (mails int, bytes int64) { return l.index.size() }

func (x *index) size() (entries int, bytes int64) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, e := range x.all {
		bytes += int64(e.size)
	}
	return len(x.all), bytes
}

// Entries is the latest outbox entry of each institution whose mail the log
// lists. It is safe for concurrent use.
func (l *Log) Entries() map[core.ID]core.ID { return l.index.latest() }

func (x *index) latest() map[core.ID]core.ID {
	x.mu.RLock()
	defer x.mu.RUnlock()
	all := map[core.ID]core.ID{}
	for _, e := range x.all {
		if e.outbox > all[e.institution] {
			all[e.institution] = e.outbox
		}
	}
	return all
}

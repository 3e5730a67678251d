package capture

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

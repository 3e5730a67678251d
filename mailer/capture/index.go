package capture

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"willcall/core"
	"willcall/core/mail"
)

// maxCached is the largest encoded summary kept in memory. A larger one is
// read from its record each time.
const maxCached = 4 * kib

func cacheable(summary []byte) []byte {
	if len(summary) > maxCached {
		return nil
	}
	return summary
}

// entry is where one message lies. Entries are never changed but for the
// cached summary, which is filled on first use after a replay.
type entry struct {
	seq         uint64
	segment     *segment
	offset      int64
	size        int
	institution core.ID
	outbox      core.ID // the mail's entry there; 0 of foreign mail
	cached      atomic.Pointer[[]byte]
}

func newEntry(s *segment, offset int64, o *order) *entry {
	e := &entry{
		seq: o.summary.Seq, segment: s, offset: offset, size: o.bytes(),
		institution: o.summary.Envelope.Institution, outbox: o.summary.Envelope.Entry,
	}
	e.cache(o.cached)
	return e
}

func (e *entry) cache(summary []byte) {
	if summary != nil {
		e.cached.Store(&summary)
	}
}

// index holds the entries by sequence, all and by institution. It is safe for
// concurrent use.
type index struct {
	mu            sync.RWMutex
	all           []*entry
	byInstitution map[core.ID][]*entry
}

func (x *index) init() { x.byInstitution = map[core.ID][]*entry{} }

func (x *index) add(entries []*entry) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.all = append(x.all, entries...)
	for _, e := range entries {
		x.byInstitution[e.institution] = append(x.byInstitution[e.institution], e)
	}
}

// drop forgets the entries of the oldest segment.
func (x *index) drop(oldest *segment) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.all = without(x.all, oldest)
	for institution, entries := range x.byInstitution {
		if rest := without(entries, oldest); len(rest) > 0 {
			x.byInstitution[institution] = rest
		} else {
			delete(x.byInstitution, institution)
		}
	}
}

// without copies entries behind those of the oldest segment, so that the array
// of the old ones is freed.
func without(entries []*entry, oldest *segment) []*entry {
	n := 0
	for n < len(entries) && entries[n].segment == oldest {
		n++
	}
	return slices.Clone(entries[n:])
}

// page selects the entries of a query, newest first.
func (x *index) page(q mail.Query) (entries []*entry, total int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	from := x.all
	if !q.Everything {
		from = x.byInstitution[q.Institution]
	}
	end := len(from)
	if q.Before > 0 {
		end = position(from, q.Before)
	}
	start := max(0, end-limitOf(q))
	entries = slices.Clone(from[start:end])
	slices.Reverse(entries)
	return entries, len(from)
}

func limitOf(q mail.Query) int {
	if q.Limit <= 0 {
		return 50
	}
	return q.Limit
}

func (x *index) find(seq uint64) (*entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	i := position(x.all, seq)
	if i == len(x.all) || x.all[i].seq != seq {
		return nil, false
	}
	return x.all[i], true
}

// position is the index of the first entry at or behind seq.
func position(entries []*entry, seq uint64) int {
	return sort.Search(len(entries), func(i int) bool { return entries[i].seq >= seq })
}

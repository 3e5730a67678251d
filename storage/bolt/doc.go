// Package bolt is the engine of [core.Store] on one bbolt file.
//
// A space is a bucket, made by the first write to it. Two more buckets are the
// engine's own, named with a leading zero byte, which no space may have: the
// mark by which a file is recognised, and the counters behind [core.Tx.NewID].
//
// Updates run one after the other on the writer's goroutine. What waits when it
// gets round to it shares one transaction of bbolt, and so the two syncs of a
// commit; nothing waits for company. Each is answered as if it had run alone: one
// that fails after it wrote has the transaction rolled back and the others run
// again, and where the commit fails for sure each gets one of its own.
//
// Readers neither wait for the writer nor stop it, but for one case: a commit that
// grows the file beyond what is mapped of it waits for all readers to end, and who
// comes then waits for that commit, whatever its context says. So a read is short,
// and ends before its goroutine begins an update.
package bolt

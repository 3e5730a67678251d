// Package bolt is the engine of [core.Store] on one bbolt file.
//
// A space is a bucket, made by the first write to it. Two more buckets are the
// engine's own, named with a leading zero byte, which no space may have: the
// mark by which a file is recognised, and the counters behind [core.Tx.NewID].
//
// There is one writer at a time; readers neither wait for it nor stop it. A read
// must end before its goroutine begins an update, since a commit that grows the
// file's mapping waits for all readers.
package bolt

//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// outliveFileSizeLimit turns a write beyond "ulimit -f" into an error like that
// of a full disk. Without it the system ends the program.
func outliveFileSizeLimit() { signal.Ignore(syscall.SIGXFSZ) }

package storagetest

import (
	"os"
	"strconv"
	"testing"
)

// Rounds is how often a random test repeats all its tries: once, or as often as
// the environment variable WILLCALL_ROUNDS says.
func Rounds(t testing.TB) int {
	t.Helper()
	set := os.Getenv("WILLCALL_ROUNDS")
	if set == "" {
		return 1
	}
	n, err := strconv.Atoi(set)
	if err != nil || n < 1 {
		t.Fatalf("WILLCALL_ROUNDS=%q is not a number of rounds", set)
	}
	return n
}

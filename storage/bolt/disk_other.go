//go:build !linux && !darwin && !freebsd && !windows

package bolt

import (
	"errors"
	"math"
	"os"
)

// freeBytes can't be told here: there is no warning of a full disk, only the
// refusal when it is.
func freeBytes(string) int64 { return math.MaxInt64 }

func allocate(*os.File, int64) error { return errors.ErrUnsupported }

func fileSizeLimit() int64 { return math.MaxInt64 }

//go:build !linux && !darwin

package archive

import "errors"

// exchange is more than this system can do in one step.
func exchange(_, _ string) error { return errors.ErrUnsupported }

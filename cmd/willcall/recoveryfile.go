package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"willcall/ui/page/profile"
)

// mostRecoveryFiles is how many files of recovery codes a folder gets.
const mostRecoveryFiles = 99

// keepIn writes texts such as recovery codes into a folder of whoever sits at
// this computer; without a folder there is no such way.
func keepIn(folder string) profile.Keep {
	if folder == "" {
		return nil
	}
	return func(text string) (string, error) { return writeNew(folder, text) }
}

// writeNew writes a text to a new file that only its owner may read, and gives
// its path. What is there already stays as it is.
func writeNew(folder, text string) (path string, err error) {
	for nth := 1; nth <= mostRecoveryFiles; nth++ {
		path = recoveryPath(folder, nth)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the folder is the user's own
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return path, fmt.Errorf("make a file for recovery codes: %w", err)
		}
		if err := fill(f, text); err != nil {
			return path, errors.Join(fmt.Errorf("write recovery codes: %w", err), os.Remove(path))
		}
		return path, nil
	}
	return path, fmt.Errorf("make a file for recovery codes: %w", fs.ErrExist)
}

func recoveryPath(folder string, nth int) string {
	name := "willcall-recovery-codes"
	if nth > 1 {
		name = fmt.Sprintf("%s-%d", name, nth)
	}
	return filepath.Join(folder, name+".txt")
}

// fill writes a file to the disk and closes it.
func fill(f *os.File, text string) error {
	_, err := f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

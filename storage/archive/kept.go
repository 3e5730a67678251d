package archive

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"willcall/storage"
)

// Former is data as it was once, which is kept until somebody removes it: what
// was deleted since, on whose request whatever, is still in it.
type Former struct {
	Path  string
	Bytes int64
	// At is when it was kept, in UTC, or last written where that isn't known.
	At time.Time
}

// Formers lists what is kept of a data folder, the oldest first: databases from
// before a migration or a repair, folders that a restore replaced, and what a
// restore left that was killed, until the next one removes it. It reads no content
// and changes nothing.
func Formers(data string) ([]Former, error) {
	data, err := realPath(data)
	if err != nil {
		return nil, fmt.Errorf("look for what is kept: %w", err)
	}
	paths := append(beginning(filepath.Dir(data), filepath.Base(data)+formerInfix), leftBeside(data)...)
	entries, err := os.ReadDir(data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for what is kept: %w", err)
	}
	for _, entry := range entries {
		if storage.IsKept(entry.Name()) {
			paths = append(paths, filepath.Join(data, entry.Name()))
		}
	}
	var all []Former
	for _, path := range paths {
		if f, err := formerAt(path); err == nil {
			all = append(all, f)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("look at what is kept: %w", err)
		}
	}
	slices.SortFunc(all, func(a, b Former) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Path, b.Path)) })
	return all, nil
}

// leftBeside are the folders that killed restores of a data folder were building up.
func leftBeside(data string) (paths []string) {
	for _, path := range beginning(filepath.Dir(data), stagedPrefix) {
		if former, found := noted(path); found && strings.HasPrefix(former, filepath.Base(data)+formerInfix) {
			paths = append(paths, path)
		}
	}
	return paths
}

// formerAt measures a file, or a folder with all in it.
func formerAt(path string) (Former, error) {
	f := Former{Path: path}
	err := filepath.WalkDir(path, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if at := info.ModTime().UTC(); at.After(f.At) {
			f.At = at
		}
		if info.Mode().IsRegular() {
			f.Bytes += info.Size()
		}
		return nil
	})
	if at, ok := stampOf(filepath.Base(path)); ok {
		f.At = at
	}
	return f, err
}

// stampOf is the time in a name, behind the word that says what it was kept
// before.
func stampOf(name string) (time.Time, bool) {
	for _, word := range []string{formerInfix, ".before-repair-"} {
		if _, rest, found := strings.Cut(name, word); found {
			return storage.Stamped(rest)
		}
	}
	return time.Time{}, false
}

package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"willcall/storage"
	"willcall/storage/bolt"
)

// A folder that is to take a data folder's place has a note in it until it is
// there: the name that the former data folder gets. Where a restore was killed
// the note tells what each folder holds, whatever it is called by then.

// maxNote is longer than any name.
const maxNote = 4 << 10

// note writes into a folder which name the former one gets, or has; empty where
// there is none.
func note(folder, former string) error {
	if former != "" {
		former = filepath.Base(former)
	}
	return writeFile(filepath.Join(folder, storage.RestoringName), []byte(former))
}

// noted reads the note in a folder.
func noted(folder string) (former string, found bool) {
	file, err := os.Open(filepath.Join(folder, storage.RestoringName)) //nolint:gosec // beside the data folder
	if err != nil {
		return "", false
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, maxNote))
	return string(raw), err == nil
}

// unnote removes the note from a folder, for good.
func unnote(folder string) error {
	err := os.Remove(filepath.Join(folder, storage.RestoringName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = bolt.SyncFolder(folder)
	}
	return err
}

// Interrupted finds the former folder of a restore that was killed after it took
// the data folder away and before it put the new one there. A data folder that
// somebody removed later is none, though former ones lie beside where it was.
func Interrupted(data string) (former string, found bool) {
	data, err := realPath(data)
	if err != nil {
		return "", false
	}
	if _, err := os.Lstat(data); !errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	above := filepath.Dir(data)
	for _, staged := range beginning(above, stagedPrefix) {
		name, marked := noted(staged)
		if marked && isFormer(data, name) && there(above, name) {
			return filepath.Join(above, name), true
		}
	}
	return "", false
}

// Misnamed finds what a restore left that was killed just before the folders
// changed places: the backup, built up, under the name of a former data folder.
// The next restore removes it.
func Misnamed(data string) (path string, found bool) {
	data, err := realPath(data)
	if err != nil {
		return "", false
	}
	for _, path := range beginning(filepath.Dir(data), filepath.Base(data)+formerInfix) {
		if name, marked := noted(path); marked && name == filepath.Base(path) {
			return path, true
		}
	}
	return "", false
}

// isFormer reports whether a name is that of a former folder of data.
func isFormer(data, name string) bool {
	return strings.HasPrefix(name, filepath.Base(data)+formerInfix) && filepath.Base(name) == name
}

// beginning are the folders in a folder whose names begin so.
func beginning(above, prefix string) (paths []string) {
	entries, err := os.ReadDir(above)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		if entry.IsDir() && strings.HasPrefix(entry.Name(), prefix) {
			paths = append(paths, filepath.Join(above, entry.Name()))
		}
	}
	return paths
}

// sweepRestores removes what killed restores left beside a data folder.
func sweepRestores(data string) error {
	if err := sweep(filepath.Dir(data), stagedPrefix); err != nil {
		return err
	}
	for path, found := Misnamed(data); found; path, found = Misnamed(data) {
		removed, err := removeUnclaimed(path)
		if err != nil {
			return fmt.Errorf("remove what was left of a restore: %w", err)
		}
		if !removed {
			break
		}
	}
	return nil
}

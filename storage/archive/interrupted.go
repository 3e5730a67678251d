package archive

import (
	"errors"
	"fmt"
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
	raw, err := readFile(filepath.Join(folder, storage.RestoringName), maxNote)
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
		if of, name := awayFor(staged); of == filepath.Base(data) {
			return filepath.Join(above, name), true
		}
	}
	return "", false
}

// awayFor is the name of the data folder that a folder of a killed restore was to
// take the place of, where that is away, and the name it has now; empty else.
func awayFor(staged string) (data, former string) {
	above := filepath.Dir(staged)
	former, _ = noted(staged)
	at := strings.LastIndex(former, formerInfix)
	if at < 1 || !there(above, former) || there(above, former[:at]) {
		return "", ""
	}
	return former[:at], former
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
		if isMisnamed(path) {
			return path, true
		}
	}
	return "", false
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

// leftovers are the folders that killed restores left beside a data folder, but
// for what tells where data is that is away, this folder's or another's.
func leftovers(data string) (paths []string) {
	above := filepath.Dir(data)
	for _, staged := range beginning(above, stagedPrefix) {
		if away, _ := awayFor(staged); away == "" {
			paths = append(paths, staged)
		}
	}
	for _, path := range beginning(above, filepath.Base(data)+formerInfix) {
		if isMisnamed(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// isMisnamed reports whether a folder called a former one is a backup, built up.
func isMisnamed(path string) bool {
	name, marked := noted(path)
	return marked && name == filepath.Base(path)
}

// sweepRestores removes what killed restores left beside a data folder.
func sweepRestores(data string) error {
	for _, path := range leftovers(data) {
		if err := removeUnclaimed(path); err != nil {
			return fmt.Errorf("remove what was left of a restore: %w", err)
		}
	}
	return nil
}

// sweepable is how many bytes sweepRestores would free.
func sweepable(data string) (bytes int64) {
	for _, path := range leftovers(data) {
		release, _, err := claim(path)
		if err != nil { // somebody's, or gone
			continue
		}
		if f, err := formerAt(path); err == nil {
			bytes += f.Bytes
		}
		_ = release()
	}
	return bytes
}

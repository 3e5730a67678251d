package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"willcall/storage"
)

// Why a backup is not put at a place. They are wrapped; compare with
// [errors.Is].
var (
	// ErrForeign is a folder that holds something, and no data of this program.
	ErrForeign = errors.New("the folder holds other things than data of willcall")
	// ErrNoFolder is a file where the folder should be.
	ErrNoFolder = errors.New("there is a file in the folder's place")
	// ErrNested is a folder inside another data folder.
	ErrNested = errors.New("the folder lies in another data folder")
	// ErrMount is a folder that a disk is mounted at: no other takes its place.
	ErrMount = errors.New("a disk is mounted at the folder")
	// ErrAbove is a folder in which nothing can be made or renamed.
	ErrAbove = errors.New("nothing can be put into the folder")
)

// replaceable refuses places at which no data folder is to be: setting such a
// folder aside would take away what isn't this program's. data is a real path.
func replaceable(data string) error {
	for above := filepath.Dir(data); above != filepath.Dir(above); above = filepath.Dir(above) {
		if there(above, storage.DatabaseName) {
			return fmt.Errorf("%s lies in %s: %w", data, above, ErrNested)
		}
	}
	entries, err := os.ReadDir(data)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := Read(data); err == nil {
		return fmt.Errorf("%s is a backup: %w", data, ErrForeign)
	}
	if there(data, storage.DatabaseName) || there(data, storage.KeyName) {
		return nil
	}
	for _, entry := range entries {
		if name := entry.Name(); name != storage.CapturedName && storage.ShareOf(name) == 0 {
			return fmt.Errorf("%s is in %s: %w", name, data, ErrForeign)
		}
	}
	return nil
}

// exchangeable refuses places where folders can't change their names.
func exchangeable(data string) error {
	above := existing(filepath.Dir(data))
	if err := writable(above); err != nil {
		return fmt.Errorf("%s: %w: %w", above, ErrAbove, err)
	}
	if isMount(data) {
		return fmt.Errorf("%s: %w", data, ErrMount)
	}
	return nil
}

func there(folder, name string) bool {
	_, err := os.Lstat(filepath.Join(folder, name))
	return err == nil
}

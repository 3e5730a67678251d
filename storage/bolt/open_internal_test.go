package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"
)

// TestAFileThatIsReplacedWhileItIsOpenedIsTriedAgain as who holds it may put
// another one in its place between the opening and the locking.
func TestAFileThatIsReplacedWhileItIsOpenedIsTriedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, next := filepath.Join(dir, "store.db"), filepath.Join(dir, "next.db")
	for _, name := range []string{path, next} {
		if err := create(name, Options{NoSync: true}.withDefaults()); err != nil {
			t.Fatal(err)
		}
	}
	opened := 0
	engine := bbolt.Options{Timeout: time.Nanosecond, OpenFile: func(name string, flag int, mode fs.FileMode) (*os.File, error) {
		file, err := os.OpenFile(name, flag, mode)
		if opened++; opened == 1 {
			err = errors.Join(err, os.Rename(next, path))
		}
		return file, err
	}}
	if _, err := openGuarded(path, engine); !errors.Is(err, boltErrors.ErrTimeout) {
		t.Errorf("the file of before was opened: %v", err)
	}
	db, err := openWhenFree(t.Context(), path, time.Minute, engine)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil || opened != 2 {
		t.Errorf("opened %d times, %v", opened, err)
	}
}

package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"willcall/storage"
	"willcall/storage/bolt"
)

const (
	folderMode = 0o700
	fileMode   = 0o600

	partialPrefix = ".willcall-partial-"
	// spareBytes is room that is left beside a backup.
	spareBytes = 16 << 20
)

// ErrInside is a folder of backups inside the data folder, or the reverse of
// what can be: the two would contain each other.
var ErrInside = errors.New("one of the folders lies in the other")

// Copy writes one state of a part of the data to path while it is used.
type Copy func(ctx context.Context, path string, progress func(done, of int64)) error

// Source is the data of which a backup is made.
type Source struct {
	Data string // the data folder
	Key  []byte // the content of the key file
	// Database writes the file path, Captured into the folder path.
	Database, Captured Copy
	// DatabaseBytes and CapturedBytes are about what the copies take.
	DatabaseBytes, CapturedBytes int64
	// Findings counts what doesn't hold together in the data.
	Findings int
}

// Order is where a backup is put, and how.
type Order struct {
	Folder  string // made where it is missing, readable by its owner only
	At      time.Time
	WithKey bool
}

// Written is a backup that was made.
type Written struct {
	Path  string // below the order's folder, named after its time in UTC
	Bytes int64
	Files int
	// Findings are those of the source.
	Findings int
}

// Write makes a backup: under a hidden name, synced, then renamed. It fails
// with [core.ErrFull] where there is or was no room, with [ErrInside], and with
// the system's error where nothing can be put into the folder; then, and where
// ctx ends, nothing of it is left. It removes what killed processes left.
// progress hears how much of the work is done, in bytes.
func Write(ctx context.Context, s Source, o Order, progress func(done, of int64)) (Written, error) {
	w, err := write(ctx, s, o, progress)
	if err != nil {
		return Written{}, fmt.Errorf("write a backup: %w", bolt.MarkFull(err))
	}
	return w, nil
}

func write(ctx context.Context, s Source, o Order, progress func(done, of int64)) (w Written, err error) {
	if o.Folder, err = apart(s.Data, o.Folder); err != nil {
		return w, err
	}
	made, err := makeFolders(o.Folder, bolt.SyncFolder)
	if err == nil {
		w, err = writeInto(ctx, s, o, &meter{tell: progress, of: 3*s.DatabaseBytes + 2*s.CapturedBytes})
	}
	if err != nil {
		unmake(made)
	}
	return w, err
}

func writeInto(ctx context.Context, s Source, o Order, m *meter) (w Written, err error) {
	if err := errors.Join(sweep(o.Folder, partialPrefix), ctx.Err()); err != nil {
		return w, err
	}
	part, release, err := makePartial(o.Folder, partialPrefix)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if w, err = fill(ctx, part, s, o, m); err != nil {
		return Written{}, errors.Join(err, os.RemoveAll(part))
	}
	if w.Path, err = settle(part, o); err != nil {
		return Written{}, errors.Join(err, os.RemoveAll(part))
	}
	if err := bolt.SyncFolder(o.Folder); err != nil {
		return Written{}, errors.Join(err, os.RemoveAll(w.Path))
	}
	return w, nil
}

// fill writes everything into the partial backup.
func fill(ctx context.Context, part string, s Source, o Order, m *meter) (w Written, err error) {
	// The database is there twice until its copy is compacted. Whether anything
	// can be put here was found out before: what isn't a disk has no room either.
	if err := roomFor(part, s.DatabaseBytes+max(s.DatabaseBytes, s.CapturedBytes)); err != nil {
		return w, err
	}
	captured := filepath.Join(part, storage.CapturedName)
	if err := os.Mkdir(captured, folderMode); err != nil {
		return w, err
	}
	// The mail log last: so it is never behind the database.
	if err := s.Database(ctx, filepath.Join(part, storage.DatabaseName), m.step(2*s.DatabaseBytes)); err != nil {
		return w, err
	}
	if err := s.Captured(ctx, captured, m.step(s.CapturedBytes)); err != nil {
		return w, err
	}
	if o.WithKey {
		if err := writeFile(filepath.Join(part, storage.KeyName), s.Key); err != nil {
			return w, err
		}
	}
	files, err := list(ctx, part, m)
	if err != nil {
		return w, err
	}
	manifest := Manifest{Format: format, Schema: storage.SchemaVersion(), Made: o.At.UTC().Truncate(time.Second), Findings: s.Findings, Files: files}
	if manifest.Key, err = storage.Fingerprint(s.Key); err != nil {
		return w, err
	}
	raw, err := manifest.encode()
	if err != nil {
		return w, err
	}
	if err := writeFile(filepath.Join(part, manifestName), raw); err != nil {
		return w, err
	}
	m.end()
	return Written{Bytes: manifest.Bytes(), Files: len(files), Findings: s.Findings}, errors.Join(bolt.SyncFolder(captured), bolt.SyncFolder(part), ctx.Err())
}

// list sums up the files of a partial backup.
func list(ctx context.Context, part string, m *meter) (files []File, err error) {
	err = filepath.WalkDir(part, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(part, path)
		if err != nil {
			return err
		}
		f := File{Path: filepath.ToSlash(name)}
		f.Bytes, f.SHA256, err = sumFile(ctx, path, m.add)
		files = append(files, f)
		return err
	})
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files, err
}

// settle gives the partial backup its name, another one where a backup of the
// same second is there.
func settle(part string, o Order) (path string, err error) {
	name := filepath.Join(o.Folder, "willcall-"+storage.Stamp(o.At))
	path = name
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			if err := os.Rename(part, path); !errors.Is(err, fs.ErrExist) {
				return path, err
			}
		} else if err != nil {
			return "", err
		}
		path = name + "-" + strconv.Itoa(n)
	}
}

// roomFor refuses what wouldn't fit on the disk that holds folder.
func roomFor(folder string, bytes int64) error {
	if free := bolt.FreeBytes(filepath.Join(folder, manifestName)); free < bytes+spareBytes {
		return &bolt.NoRoomError{Need: bytes + spareBytes, Free: free}
	}
	return nil
}

// apart gives both folders' real paths and refuses where inner lies in outer.
func apart(outer, inner string) (string, error) {
	outer, err := realPath(outer)
	if err != nil {
		return "", err
	}
	if inner, err = realPath(inner); err != nil {
		return "", err
	}
	if below(outer, inner) {
		return "", fmt.Errorf("%s in %s: %w", inner, outer, ErrInside)
	}
	return inner, nil
}

// below reports whether a path is a folder's own or leads into it.
func below(folder, path string) bool {
	rest, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rest)
}

// realPath is a path without symbolic links, also where its end isn't there yet.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	whole, err := filepath.EvalSymlinks(path)
	if parent := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) && parent != path {
		if parent, err = realPath(parent); err == nil {
			whole = filepath.Join(parent, filepath.Base(path))
		}
	}
	return whole, err
}

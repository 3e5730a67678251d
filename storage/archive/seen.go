package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"

	"willcall/storage"
)

// ErrUsed is a data folder that somebody changed since the plan looked at it.
var ErrUsed = errors.New("the data folder was used meanwhile")

// sight is what a folder holds, by path below it; nil: there is no folder.
type sight map[string]stamp

type stamp struct {
	mode     fs.FileMode
	size, at int64 // of a file
}

// lookAt looks through a folder. What can't be read counts as there.
func lookAt(folder string) sight {
	var all sight
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if all == nil {
			all = sight{}
		}
		var s stamp
		if entry != nil {
			s.mode = entry.Type()
			if info, err := entry.Info(); err == nil && !entry.IsDir() {
				s.size, s.at = info.Size(), info.ModTime().UnixNano()
			}
		}
		if name, relErr := filepath.Rel(folder, path); relErr == nil && name != storage.RestoringName {
			all[filepath.ToSlash(name)] = s
		}
		if err != nil {
			return fs.SkipDir
		}
		return nil
	})
	return all
}

// unchanged refuses, with [ErrUsed], where folder, which is or was the data
// folder, isn't as the plan saw it.
func (p *Plan) unchanged(folder string) error {
	if maps.Equal(lookAt(folder), p.seen) {
		return nil
	}
	return fmt.Errorf("%s: %w", folder, ErrUsed)
}

// unused is unchanged, but with a [storage.LockedError] where somebody made a
// database there, for want of one that this run could lock, and has it open.
func (p *Plan) unused(ctx context.Context, folder string) error {
	used := p.unchanged(folder)
	if _, held := p.seen[storage.DatabaseName]; held || used == nil {
		return used
	}
	release, err := holdData(ctx, folder)
	if err != nil {
		return err
	}
	return errors.Join(used, release())
}

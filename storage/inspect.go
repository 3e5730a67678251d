package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"willcall/core"
	"willcall/storage/bolt"
)

// Reader is a store that is opened to look at it, with nothing in its folder
// changed.
type Reader = bolt.Reader

// Salvaged is what came of a [Salvage].
type Salvaged = bolt.Salvaged

// ErrBeyond is a database of which too little can be read to go on with.
var ErrBeyond = bolt.ErrBeyond

// Inspect opens the store in the folder dir, where there must be one, to look at
// it: nothing in the folder is changed, and until [Reader.Close] nobody else can
// open it. older tells of a store of an earlier schema, which [Open] would
// migrate. It fails as Open does, but opens to be checked what Open refuses as
// damaged for pages that lead to others.
func Inspect(ctx context.Context, dir string) (r *Reader, older bool, err error) {
	if err := Prepare(dir); err != nil {
		return nil, false, err
	}
	path := filepath.Join(dir, fileName)
	r, err = bolt.OpenReader(ctx, path, Options{Accept: func(v core.View) error {
		version, known, err := look(v)
		if err != nil {
			return err
		}
		older = version != 0 && version < SchemaVersion()
		return checkKey(dir, known)
	}})
	if err != nil {
		return nil, false, Refused(path, err)
	}
	return r, older, nil
}

// Salvage puts what the pages of the damaged store in the folder dir still hold
// in its place, as [bolt.SalvageFile] does, whose errors it has; the store as it
// was stays under the name kept. accept looks at what was saved, of whichever
// schema, and at the names of the spaces of which pages are missing, and refuses
// what is of no use, which is an [ErrBeyond] then; what has no schema is, too.
func Salvage(
	ctx context.Context, dir, kept string, accept func(v core.View, short []core.Space) error, progress func(done, of int64),
) (Salvaged, error) {
	return bolt.SalvageFile(ctx, filepath.Join(dir, fileName), bolt.Salvage{
		Kept: kept, Progress: progress,
		Accept: func(v core.View, short []core.Space) error {
			version, known, err := look(v)
			switch {
			case errors.Is(err, errSchema), err == nil && version == 0:
				return fmt.Errorf("%w: %w", ErrBeyond, errSchema)
			case err != nil:
				return err
			}
			if err := checkKey(dir, known); err != nil {
				return err
			}
			if err := accept(v, short); err != nil {
				return fmt.Errorf("%w: %w", ErrBeyond, err)
			}
			return nil
		},
	})
}

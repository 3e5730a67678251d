package capture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// damagedFolder holds damaged segments as they were, beside the others.
const damagedFolder = "damaged"

// Mend gives every damaged segment in a folder that nobody has open the mails of
// it that can be read, and nothing else, and keeps the segment as it was in the
// folder "damaged" in it. It returns the kept files. A crash leaves each segment
// as it was or mended.
func Mend(ctx context.Context, dir string) (kept []string, err error) {
	broken := map[string]bool{}
	err = Check(ctx, dir, func(err error) {
		var damage *DamageError
		if errors.As(err, &damage) {
			broken[damage.File] = true
		}
	})
	if err != nil {
		return nil, err
	}
	for name := range broken {
		at, err := mendSegment(dir, name)
		if err != nil {
			return kept, fmt.Errorf("mend the captured mail in %s: %w", name, err)
		}
		kept = append(kept, at)
	}
	return kept, nil
}

func mendSegment(dir, name string) (kept string, err error) {
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path) //nolint:gosec // a segment's name in the folder given
	if err != nil {
		return "", err
	}
	if kept, err = keepDamaged(dir, name); err != nil {
		return "", err
	}
	whole := readable(data)
	if whole == nil && !isNewest(dir, name) { // of an older one not even the name is needed
		return kept, errors.Join(os.Remove(path), syncFolder(dir))
	}
	part := path + ".mended"
	if err := writeSynced(part, whole); err != nil {
		return "", errors.Join(err, os.Remove(part))
	}
	return kept, errors.Join(os.Rename(part, path), syncFolder(dir))
}

// readable is a segment with the records of data that can be read, nil where
// there are none.
func readable(data []byte) []byte {
	if len(data) < recordMinimum {
		return nil
	}
	m, _ := readMarker(data)
	whole, records := encodeHeader(m), 0
	scan(data, m, func(r record, offset int) {
		if _, err := decodeEnvelope(r.envelope); err != nil && r.kind == kindMessage {
			return
		}
		whole, records = append(whole, data[offset:offset+r.size]...), records+1
	}, func(int, int) {})
	if records == 0 {
		return nil
	}
	return whole
}

// isNewest reports whether a segment is the last one, whose name says where the
// numbers of mails go on.
func isNewest(dir, name string) bool {
	names, err := segmentsIn(dir)
	return err != nil || len(names) == 0 || filepath.Base(names[len(names)-1]) <= name
}

// keepDamaged gives a segment a second name, under which it stays.
func keepDamaged(dir, name string) (string, error) {
	folder := filepath.Join(dir, damagedFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	kept := filepath.Join(folder, name)
	for n := 2; ; n++ {
		err := os.Link(filepath.Join(dir, name), kept)
		if !errors.Is(err, fs.ErrExist) {
			return kept, errors.Join(err, syncFolder(folder))
		}
		kept = filepath.Join(folder, name+"-"+strconv.Itoa(n))
	}
}

// writeSynced writes a new file that is on disk afterwards.
func writeSynced(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // below the folder given
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

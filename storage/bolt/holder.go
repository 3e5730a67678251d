package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// The note beside the file only serves the message for who finds it locked; the
// lock itself is the operating system's, and ends with the process.

func notePath(path string) string { return path + ".lock" }

// writeNote replaces whatever note a crashed holder left.
func writeNote(path string, holder Holder) error {
	raw, err := json.Marshal(holder)
	if err != nil {
		return fmt.Errorf("write who holds the data: %w", err)
	}
	if err := removeNote(path); err != nil {
		return err
	}
	if err := os.WriteFile(notePath(path), append(raw, '\n'), fileMode); err != nil {
		return errors.Join(fmt.Errorf("write who holds the data: %w", err), removeNote(path))
	}
	return nil
}

func removeNote(path string) error {
	err := os.Remove(notePath(path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the note of who holds the data: %w", err)
	}
	return nil
}

// readNote gives the zero holder where there is no readable note.
func readNote(path string) Holder {
	raw, err := os.ReadFile(notePath(path))
	if err != nil {
		return Holder{}
	}
	return parseNote(raw)
}

func parseNote(raw []byte) Holder {
	var holder Holder
	if err := json.Unmarshal(raw, &holder); err != nil || holder.PID < 1 {
		return Holder{}
	}
	return holder
}

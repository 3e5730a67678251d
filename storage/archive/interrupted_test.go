package archive

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestANoteIsBelieved only where what it tells of is beside it.
func TestANoteIsBelieved(t *testing.T) {
	t.Parallel()
	const data = "data"
	former := data + formerInfix + "1"
	for name, c := range map[string]struct {
		note string
		made []string // beside the folder with the note
		away bool
	}{
		"the data is away":          {former, []string{former}, true},
		"the data is there":         {former, []string{former, data}, false},
		"the former data is gone":   {former, nil, false},
		"nothing was there":         {"", []string{former}, false},
		"it is no former data":      {"other", []string{"other"}, false},
		"it is that of nothing":     {formerInfix + "1", []string{formerInfix + "1"}, false},
		"it is another's":           {"other" + formerInfix + "1", []string{former, "other" + formerInfix + "1"}, false},
		"it lies in another folder": {"in/" + former, []string{"in/" + former}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			staged := filepath.Join(dir, stagedPrefix+"1")
			err := errors.Join(os.Mkdir(staged, folderMode), writeFile(filepath.Join(staged, "willcall.restoring"), []byte(c.note)))
			for _, made := range c.made {
				err = errors.Join(err, os.MkdirAll(filepath.Join(dir, filepath.FromSlash(made)), folderMode))
			}
			if err != nil {
				t.Fatal(err)
			}
			if found, away := Interrupted(filepath.Join(dir, data)); away != c.away || away && found != filepath.Join(dir, former) {
				t.Errorf("away is %q, %t", found, away)
			}
		})
	}
}

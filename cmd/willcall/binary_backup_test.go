package main

import (
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// latest names the newest backup in a folder: "latest FOLDER VARIABLE".
func latest(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "latest FOLDER VARIABLE")
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	need(ts, len(entries) > 0, "latest needs a backup in the folder")
	ts.Setenv(args[1], filepath.Join(ts.MkAbs(args[0]), entries[len(entries)-1].Name()))
}

package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"willcall/core/coretest"
)

// sampleFolder is a data folder with the demo's sample data, which most stories
// begin with: it is made once and written into each one's folder.
type sampleFolder map[string][]byte // what is in each file, by its path

// filled gives the folder, which never changes.
var filled = sync.OnceValues(fillSample)

// filledStory opens a house with sample data, as if it was filled in just now.
func filledStory(t testing.TB) *story {
	t.Helper()
	folder, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := folder.write(dir); err != nil {
		t.Fatal(err)
	}
	return openStory(t, dir, coretest.Random(8)) // not what filling drew
}

// fillSample fills a house in a folder that is read and removed.
func fillSample() (f sampleFolder, err error) {
	ctx := context.Background() // no test's: others go on with what it makes
	dir, err := os.MkdirTemp("", "willcall-filled-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	data, state := filepath.Join(dir, "data"), filepath.Join(dir, "state")
	h, err := openHouse(ctx, storyOptions(data, state, coretest.Random(7), coretest.Start))
	if err != nil {
		return f, err
	}
	err = h.fillDemo(ctx, storyPortal, demoContacts, func(int) {})
	if err := errors.Join(err, h.close()); err != nil {
		return f, err
	}
	return readFolder(data)
}

// readFolder reads all files of a folder, by their paths in it.
func readFolder(dir string) (sampleFolder, error) {
	files := sampleFolder{}
	root := os.DirFS(dir)
	return files, fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(root, path)
		return err
	})
}

// write writes the files into a folder.
func (f sampleFolder) write(dir string) error {
	for path, raw := range f {
		to := filepath.Join(dir, filepath.FromSlash(path))
		err := os.MkdirAll(filepath.Dir(to), 0o700)
		if err := errors.Join(err, os.WriteFile(to, raw, 0o600)); err != nil {
			return err
		}
	}
	return nil
}

package main_test

import (
	"bufio"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// module is the path under which our own packages import each other.
const module = "willcall"

// source is one file of the repository.
type source struct {
	path   string // from the root, with slashes
	text   string // empty where the file isn't text
	bytes  int
	syntax *ast.File
}

// dir is the package's folder: "core/record".
func (s source) dir() string { return path.Dir(s.path) }

// isTest reports whether only `go test` compiles the file.
func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// isGo reports whether the file is a Go file that the program is built from.
func (s source) isGo() bool { return s.syntax != nil && !s.isTest() }

// house is the whole repository as its tests see it.
type house struct {
	files     []source
	top       []string // names in the root folder
	positions *token.FileSet
}

// at puts a finding behind the place it is about.
func (h house) at(pos token.Pos, format string, args ...any) string {
	place := h.positions.Position(pos)
	return fmt.Sprintf("%s:%d: %s", place.Filename, place.Line, fmt.Sprintf(format, args...))
}

// lines is how many lines a piece of code takes.
func (h house) lines(n ast.Node) int {
	return h.positions.Position(n.End()).Line - h.positions.Position(n.Pos()).Line + 1
}

// check looks at the house and says what it found wrong, with the place.
type check func(h house) []string

// thisHouse is this repository, read once for all checks: none changes it.
var thisHouse = sync.OnceValues(func() (house, error) { return readHouse(os.DirFS("../..")) })

// hold fails the test with every finding in this repository.
func hold(t *testing.T, look check) {
	t.Helper()
	h, err := thisHouse()
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range look(h) {
		t.Error(finding)
	}
}

// readHouse reads all files but git's own and those that .gitignore names.
func readHouse(root fs.FS) (house, error) {
	h := house{positions: token.NewFileSet()}
	ignored, err := ignoredNames(root)
	if err != nil {
		return house{}, fmt.Errorf("read what git ignores: %w", err)
	}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case entry.IsDir() && (entry.Name() == ".git" || ignored(name)):
			return fs.SkipDir
		case ignored(name):
			return nil
		}
		if !strings.Contains(name, "/") {
			h.top = append(h.top, name)
		}
		if entry.IsDir() {
			return nil
		}
		return h.read(root, name)
	})
	return h, err
}

// read adds one file.
func (h *house) read(root fs.FS, name string) error {
	raw, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	file := source{path: name, bytes: len(raw)}
	if utf8.Valid(raw) {
		file.text = string(raw)
	}
	if path.Ext(name) == ".go" {
		file.syntax, err = parser.ParseFile(h.positions, name, raw, parser.ParseComments|parser.SkipObjectResolution)
	}
	h.files = append(h.files, file)
	return err
}

// ignoredNames understands as much of .gitignore as ours uses: names and
// patterns of names, from the root where they begin with a slash.
func ignoredNames(root fs.FS) (func(name string) bool, error) {
	raw, err := fs.ReadFile(root, ".gitignore")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var patterns []string
	for lines := bufio.NewScanner(strings.NewReader(string(raw))); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			patterns = append(patterns, strings.TrimSuffix(line, "/"))
		}
	}
	return func(name string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			against := path.Base(name)
			if fromRoot, ok := strings.CutPrefix(pattern, "/"); ok {
				pattern, against = fromRoot, name
			}
			matched, err := path.Match(pattern, against)
			return err == nil && matched
		})
	}, nil
}

func TestTopLevel(t *testing.T) {
	t.Parallel()
	hold(t, topLevel)
}

// largest is more than any text here, and less than any program.
const largest = 1 << 20 // bytes

func TestNoPrograms(t *testing.T) {
	t.Parallel()
	hold(t, programs)
}

// programs finds what was built and left in the tree.
func programs(h house) (findings []string) {
	for _, file := range h.files {
		if file.bytes > largest {
			findings = append(findings, fmt.Sprintf("%s: %d bytes are too many for what people write", file.path, file.bytes))
		}
	}
	return findings
}

// topLevel finds names in the root folder that the house has no place for.
func topLevel(h house) (findings []string) {
	known := []string{
		"cmd", "ui", "core", "storage", "mailer", "testdata",
		"go.mod", "go.sum", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
	}
	for _, name := range h.top {
		if !strings.HasPrefix(name, ".") && !slices.Contains(known, name) {
			findings = append(findings, name+": the top level holds only "+strings.Join(known, ", ")+" and dot-files")
		}
	}
	return findings
}

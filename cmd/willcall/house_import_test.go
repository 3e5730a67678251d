package main_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is one row of the import table: a package and which of ours its
// non-test files may import. A name that ends in "/..." stands for a folder and
// everything below it, "..." for everything.
type room struct {
	name string
	may  []string
	// testing marks what only tests, and other rooms of this kind, may import.
	testing bool
}

// useCases are what pages and portal call: core without its inner machinery.
func useCases(more ...string) []string {
	return append([]string{
		"core", "core/jobs", "core/venue", "core/mail", "core/activity", "core/validation", "core/contacts",
		"core/shop", "core/inquiries", "core/operators", "core/setup", "core/backup", "core/drafts",
	}, more...)
}

// rooms is the import table of ARCHITECTURE.md.
func rooms() []room {
	return slices.Concat(coreRooms(), outerRooms(), screenRooms())
}

func coreRooms() []room {
	return []room{
		{name: "core"},
		{name: "core/safetext"},
		{name: "core/record", may: []string{"core"}},
		{name: "core/bus", may: []string{"core"}},
		{name: "core/secret", may: []string{"core", "core/record"}},
		{name: "core/jobs", may: []string{"core", "core/record"}},
		{name: "core/venue", may: []string{"core", "core/record"}},
		{name: "core/mail", may: []string{"core", "core/record", "core/secret"}},
		{name: "core/activity", may: []string{"core", "core/record", "core/jobs"}},
		{name: "core/validation", may: []string{"core", "core/record", "core/secret", "core/venue"}},
		{name: "core/drafts", may: []string{"core", "core/record", "core/secret"}},
		{name: "core/contacts", may: []string{"core", "core/record", "core/jobs", "core/venue", "core/validation", "core/drafts"}},
		{name: "core/shop", may: []string{"core", "core/record", "core/secret", "core/contacts"}},
		{name: "core/inquiries", may: []string{"core", "core/record", "core/secret", "core/venue", "core/contacts"}},
		{name: "core/operators", may: []string{"core", "core/record", "core/secret", "core/mail", "core/venue"}},
		{name: "core/setup", may: []string{"core", "core/record", "core/operators", "core/venue"}},
		{name: "core/backup", may: []string{"core", "core/record", "core/secret", "core/mail", "core/operators"}},
		{name: "core/doctor", may: []string{
			"core", "core/record", "core/activity", "core/backup", "core/contacts", "core/drafts", "core/mail", "core/operators",
			"core/secret", "core/validation", "core/venue",
		}},
		{name: "core/coretest", may: []string{"core/..."}, testing: true},
	}
}

func outerRooms() []room {
	mail := []string{"core", "core/mail", "core/safetext", "core/jobs"}
	return []room{
		{name: "storage", may: []string{"core", "core/record", "storage/bolt", "storage/search"}},
		{name: "storage/archive", may: []string{"core", "storage", "storage/bolt"}},
		{name: "storage/bolt", may: []string{"core", "core/record"}},
		{name: "storage/search", may: []string{"core", "core/record"}},
		{name: "storage/storagetest", may: []string{"core", "core/record", "storage/..."}, testing: true},
		{name: "mailer", may: mail},
		{name: "mailer/capture", may: mail},
		{name: "testdata"},
		{name: "cmd/willcall", may: []string{"..."}},
	}
}

func screenRooms() []room {
	return []room{
		{name: "ui/text", may: []string{"core"}},
		{name: "ui/theme"},
		{name: "ui/action", may: []string{"core", "ui/text"}},
		{name: "ui/component", may: []string{"core", "core/safetext", "ui/theme", "ui/action", "ui/text"}},
		{name: "ui/session", may: []string{"core", "core/drafts", "ui/action", "ui/theme", "ui/text"}},
		{name: "ui/page/...", may: useCases("core/safetext", "ui/session", "ui/action", "ui/component", "ui/theme", "ui/text")},
		{name: "ui/console", may: []string{
			"core", "core/bus", "core/drafts", "core/safetext", "ui/session", "ui/action", "ui/component", "ui/theme", "ui/text",
		}},
		{name: "ui/sshd", may: []string{"core", "core/operators", "ui/session", "ui/console"}},
		{name: "ui/portal", may: useCases("core/safetext", "core/secret", "ui/text")},
		{name: "ui/uitest", may: []string{"core/...", "storage/...", "mailer/...", "ui/...", "testdata"}, testing: true},
	}
}

// within reports whether dir is what pattern stands for.
func within(dir, pattern string) bool {
	if pattern == "..." {
		return true
	}
	if folder, ok := strings.CutSuffix(pattern, "/..."); ok {
		return dir == folder || strings.HasPrefix(dir, folder+"/")
	}
	return dir == pattern
}

func withinAny(dir string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return within(dir, pattern) })
}

// roomOf is the row of the package in dir.
func roomOf(dir string) (room, bool) {
	table := rooms()
	at := slices.IndexFunc(table, func(r room) bool { return within(dir, r.name) })
	if at < 0 {
		return room{}, false
	}
	return table[at], true
}

func TestImportTable(t *testing.T) {
	t.Parallel()
	hold(t, importTable)
}

// importTable holds every package's imports of ours against its row.
func importTable(h house) (findings []string) {
	for _, file := range h.files {
		if file.syntax == nil {
			continue
		}
		if file.isTest() {
			findings = append(findings, screenTest(h, file)...)
			continue
		}
		row, ok := roomOf(file.dir())
		if !ok {
			findings = append(findings, h.at(file.syntax.Package, "package %s has no row in the import table: add one", file.dir()))
			continue
		}
		findings = append(findings, ownImports(h, file, row)...)
	}
	return findings
}

// ownImports finds imports of ours that the file's row doesn't list.
func ownImports(h house, file source, row room) (findings []string) {
	for _, spec := range file.syntax.Imports {
		dir, ours := strings.CutPrefix(importPath(spec.Path.Value), module+"/")
		if !ours {
			continue
		}
		target, known := roomOf(dir)
		switch {
		case !known:
			findings = append(findings, h.at(spec.Pos(), "%s has no row in the import table: add one", dir))
		case !withinAny(dir, row.may):
			findings = append(findings, h.at(spec.Pos(), "%s must not import %s", row.name, dir))
		case target.testing && !row.testing:
			findings = append(findings, h.at(spec.Pos(), "%s is for tests, and %s is no test", dir, file.path))
		}
	}
	return findings
}

// screenTest finds tests that drive screens from within their package. A
// command can't be imported, so its stories live inside it.
func screenTest(h house, file source) (findings []string) {
	if file.dir() == "cmd/willcall" {
		return nil
	}
	for _, spec := range file.syntax.Imports {
		if importPath(spec.Path.Value) == module+"/ui/uitest" && !strings.HasSuffix(file.syntax.Name.Name, "_test") {
			findings = append(findings, h.at(spec.Pos(), "a test that uses ui/uitest is external: package %s_test", file.syntax.Name.Name))
		}
	}
	return findings
}

// importPath is an import as the compiler reads it. The parser has checked that
// it is a string.
func importPath(quoted string) string {
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return quoted
	}
	return name
}

func TestForeignImports(t *testing.T) {
	t.Parallel()
	hold(t, foreignImports)
}

// keeper says which rooms, or files, alone may import a package of others.
type keeper struct {
	foreign string // and everything below it
	rooms   []string
	why     string
}

func keepers() []keeper {
	return []keeper{
		{"charm.land/bubbles", []string{"ui/component"}, "widgets are wrapped once"},
		{"charm.land/lipgloss", []string{"ui/component/state.go"}, "lists and chrome are filled cell by cell"},
		{"charm.land/huh", []string{"ui/component"}, "widgets are wrapped once"},
		{"go.etcd.io/bbolt", []string{"storage/bolt"}, "the engine stays behind its seam"},
		{"golang.org/x/crypto/ssh", []string{"ui/sshd"}, "the protocol stays in its server"},
		{"rsc.io/qr", []string{"ui/component"}, "codes are drawn in one place"},
		{"github.com/makiuchi-d/gozxing", []string{"ui/uitest"}, "codes are read in tests only"},
	}
}

// outside lists what the domain never touches: it does no I/O and knows no
// screen.
func outside() []string {
	return []string{
		"charm.land", "github.com/charmbracelet/bubbletea", "go.etcd.io/bbolt",
		"net/http", "net/smtp", "github.com/emersion/go-smtp", "os",
	}
}

// foreignImports finds imports of others' packages in the wrong room.
func foreignImports(h house) (findings []string) {
	for _, file := range h.files {
		if !file.isGo() {
			continue
		}
		row, _ := roomOf(file.dir())
		domain := within(file.dir(), "core/...") && !row.testing
		for _, spec := range file.syntax.Imports {
			name := importPath(spec.Path.Value)
			for _, k := range keepers() {
				if within(name, k.foreign+"/...") && !withinAny(file.dir(), k.rooms) && !slices.Contains(k.rooms, file.path) {
					findings = append(findings, h.at(spec.Pos(), "%s belongs to %s alone: %s", name, strings.Join(k.rooms, ", "), k.why))
				}
			}
			if domain && slices.ContainsFunc(outside(), func(o string) bool { return within(name, o+"/...") }) {
				findings = append(findings, h.at(spec.Pos(), "core does no I/O and knows no screen, so it can't import %s", name))
			}
		}
	}
	return findings
}

package main_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// broken is a house with one thing wrong.
type broken struct {
	name  string
	look  check
	path  string
	text  string
	finds string // part of the finding, or empty where all is well
}

// TestHouseFinds breaks every rule of the house once: a check that finds
// nothing anywhere would pass for ever.
func TestHouseFinds(t *testing.T) {
	t.Parallel()
	for _, b := range slices.Concat(brokenPlaces(), brokenCode(), brokenWords(), brokenDangers()) {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			h, err := readHouse(fstest.MapFS{
				".gitignore": {Data: []byte("/willcall\n*.out\n")},
				b.path:       {Data: []byte(b.text)},
			})
			if err != nil {
				t.Fatal(err)
			}
			found := strings.Join(b.look(h), "\n")
			if !strings.Contains(found, b.finds) || b.finds == "" && found != "" {
				t.Errorf("found %q, want %q", found, b.finds)
			}
		})
	}
}

// importing is a Go file with one import.
func importing(name string) string { return "package x\n\nimport _ \"" + name + "\"\n" }

func brokenPlaces() []broken {
	return []broken{
		{"stray folder", topLevel, "internal/x.go", "package x\n", "internal: the top level holds only"},
		{"ignored binary", topLevel, "willcall", "\x7fELF", ""},
		{"built program", programs, "cmd/tool/tool", strings.Repeat("\x7fELF", largest/4+1), "too many for what people write"},
		{"dot-file", topLevel, ".ci/run", "", ""},
		{"package without a word", described, "core/extra/x.go", "package extra\n", "ARCHITECTURE.md says nothing of core/extra"},
		{"words without a package", described, mapped, "\n## The house\n\n| `core/extra` | more |\n", "names core/extra, which isn't there"},
		{"file of a crowd without a word", described, crowded + "/extra.go", "package operators\n", "says nothing of extra"},
		{"words without a file", described, crowded + "/doc.go", "//   - more: extra,\n//     extras\npackage operators\n", "names extras, which isn't there"},
		{"unknown package", importTable, "core/extra/x.go", "package extra\n", "core/extra has no row"},
		{"unknown import", importTable, "cmd/willcall/x.go", importing("willcall/core/extra"), "core/extra has no row"},
		{"core looks out", importTable, "core/x.go", importing("willcall/storage"), "core must not import storage"},
		{"page of a page", importTable, "ui/page/merge/x.go", importing("willcall/ui/page/contacts"), "must not import ui/page/contacts"},
		{"page on storage", importTable, "ui/page/merge/x.go", importing("willcall/storage/bolt"), "must not import storage/bolt"},
		{"page on a use case", importTable, "ui/page/merge/x.go", importing("willcall/core/contacts"), ""},
		{"program on a test's package", importTable, "cmd/willcall/x.go", importing("willcall/ui/uitest"), "is for tests"},
		{"inner test of a screen", importTable, "ui/page/merge/x_test.go", importing("willcall/ui/uitest"), "is external"},
		{"sample data", importTable, "testdata/x.go", importing("willcall/core"), "testdata must not import core"},
		{"files in core", foreignImports, "core/secret/x.go", importing("os"), "core does no I/O"},
		{"network in core", foreignImports, "core/shop/x.go", importing("net/http/httptest"), "core does no I/O"},
		{"screen in core", foreignImports, "core/x.go", importing("charm.land/bubbletea/v2"), "core does no I/O"},
		{"widgets in a page", foreignImports, "ui/page/merge/x.go", importing("charm.land/bubbles/v2/list"), "belongs to ui/component"},
		{"styles in a list", foreignImports, "ui/component/listdraw.go", importing("charm.land/lipgloss/v2"), "filled cell by cell"},
		{"styles in the frame", foreignImports, "ui/console/frame.go", importing("charm.land/lipgloss/v2"), "filled cell by cell"},
		{"forms in a page", foreignImports, "ui/page/merge/x.go", importing("charm.land/huh/v2"), "belongs to ui/component"},
		{"engine above the seam", foreignImports, "storage/x.go", importing("go.etcd.io/bbolt"), "belongs to storage/bolt"},
		{"SSH in the console", foreignImports, "ui/console/x.go", importing("golang.org/x/crypto/ssh"), "belongs to ui/sshd"},
	}
}

func brokenCode() []broken {
	const header = "package x\n\n"
	long := strings.Repeat("\n", mostInBlock)
	return []broken{
		{"write past the desk", updateCallers, "core/venue/x.go", header + "func f() { s.Update(ctx, g) }", "core/venue/x.go:3: a store's Update"},
		{"write handed on", updateCallers, "ui/console/x.go", header + "var u = s.Update", "a store's Update"},
		{"write by another type", updateCallers, "core/x.go", header + "func (l *Lodge) f() { s.Update(ctx, g) }", "a store's Update"},
		{"write by the desk", updateCallers, "core/x.go", header + "func (d *Desk) f() { s.Update(ctx, g) }", ""},
		{"update of a screen", updateCallers, "ui/console/x.go", header + "func f() { m.Update(msg) }", ""},
		{"wall clock", clockOnly, "ui/console/x.go", header + "var f = time.Now", "time.Now reads"},
		{"wall clock in disguise", clockOnly, "mailer/x.go", header + "func f() { time.Since(t) }", "time.Since reads"},
		{"wall clock in core's tests", clockOnly, "core/x_test.go", header + "func f() { time.Now() }", "time.Now reads"},
		{"the clock itself", clockOnly, "core/clock.go", header + "func f() { time.Now() }", ""},
		{"init", packageState, "core/x.go", header + "func init() {}", "an init function"},
		{"map", packageState, "core/x.go", header + "var seen = map[string]bool{}", "seen is state"},
		{"second of two", packageState, "core/x.go", header + "var errA, n = errors.New(``), 1", "n is state"},
		{"text from elsewhere", packageState, "core/x.go", header + "var page string", "page is state"},
		{"embedded bytes", packageState, "core/x.go", header + "//go:embed x.txt\nvar page []byte", "page is state"},
		{"no value", packageState, "core/x.go", header + "var n int", "n is state"},
		{"constant shapes", packageState, "core/x.go", header + `
			var errA, errB, errC = errors.New(""), other.ErrB, &smtp.SMTPError{Code: 421}
			var p = regexp.MustCompile("a")
			var files embed.FS

			//go:embed page.html
			var page string
			var pageLayout = template.Must(template.New("").Parse(page))
			var _ I = T{}`, ""},
		{"long function", sizes, "core/x.go", header + "func f() {" + long + "}", "a function of 61 lines"},
		{"long closure", sizes, "core/x.go", header + "var f = func() {" + long + "}", "a function of 61 lines"},
		{"long switch", sizes, "core/x.go", header + "func f() { switch a {" + long + "} }", "a switch of 61 lines"},
		{"long file", sizes, "core/x.go", header + strings.Repeat("\n", mostInFile), "a file of 502 lines"},
		{"just right", sizes, "core/x.go", header + "func f() {" + long[1:] + "}", ""},
	}
}

func brokenWords() []broken {
	const header = "package x\n\n"
	// The names come with their quotes, so that this file's own don't count.
	rules := func(quoted string) string { return header + "func TestX(t *testing.T) { t.Run(" + quoted + ", f) }" }
	return []broken{
		{"vague file", words, "core/string_util.go", header, "says nothing"},
		{"vague package", words, "core/x.go", "package sessionmanager", "says nothing"},
		{"promise", words, "README.md", "TO" + "DO: write this", "a promise"},
		{"home folder", words, "ui/x.txt", "see /ho" + "me/kim/notes", "somebody's machine"},
		{"registry", words, ".ci/run", "curl https://proxy." + "golang.org", "package registry"},
		{"skip", words, "core/x_test.go", header + "func TestX(t *testing.T) { t.Skip() }", "a skipped test"},
		{"skip of a draw", words, "core/x_test.go", header + "func some(t *rapid.T) { t.Skip() }", ""},
		{"skip of a script", words, "cmd/willcall/testdata/x.txtar", "[!exec:tmux] skip", "a script that doesn't run"},
		{"skip for clients", words, "core/x_test.go", "//go:build clients\n\n" + header + "func TestX(t *testing.T) { t.Skip() }", ""},
		{"skip without clients", words, "core/x_test.go", "//go:build !clients\n\n" + header + "func TestX(t *testing.T) { t.Skip() }", "a skipped test"},
		{"no such rule", ruleNumbers, "core/x_test.go", rules(`"R91 x"`), "there is no rule R91"},
		{"no such rule in a list", ruleNumbers, "core/x_test.go", rules(`"R5, R0 x"`), "there is no rule R0"},
		{"no such rule in a name", ruleNumbers, "core/x_test.go", header + "func TestR5_R99Sends(t *testing.T) {}", "there is no rule R99"},
		{"no such rule in a script", ruleNumbers, "cmd/willcall/testdata/x.txtar", "# R95 x", "there is no rule R95"},
		{"rule without a test", ruleNumbers, "core/x_test.go", rules(`"about R85"`), "rule R85 is carried by no test"},
	}
}

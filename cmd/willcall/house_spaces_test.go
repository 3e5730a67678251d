package main_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestEverySpaceIsExamined holds that the doctor looks at everything core
// stores: each space is named by what its package's Examine calls, and that
// function is called by the doctor.
func TestEverySpaceIsExamined(t *testing.T) {
	t.Parallel()
	hold(t, examinedSpaces)
}

// looking are the functions that examinations begin with: EachAside tells of
// what was set aside by one.
func looking() []string { return []string{"Examine", "EachAside"} }

func examinedSpaces(h house) (findings []string) {
	packages := map[string][]source{}
	for _, file := range h.files {
		if file.isGo() && (file.dir() == "core" || strings.HasPrefix(file.dir(), "core/")) && file.dir() != "core/coretest" {
			packages[file.dir()] = append(packages[file.dir()], file)
		}
	}
	called := callsOf(slices.Concat(packages["core/doctor"], packages["core/validation"]))
	for dir, files := range packages {
		named := namedFrom(files, looking())
		for _, space := range spacesOf(files) {
			if !named[space.Name] {
				findings = append(findings, h.at(space.Pos(), "nothing examines %s", space.Name))
			}
		}
		if len(spacesOf(files)) > 0 && !slices.ContainsFunc(looking(), func(name string) bool {
			return called[dir[strings.LastIndex(dir, "/")+1:]+"."+name]
		}) {
			findings = append(findings, dir+": its spaces are not examined by core/doctor")
		}
	}
	return findings
}

// spacesOf are the constants of type core.Space.
func spacesOf(files []source) (all []*ast.Ident) {
	for _, file := range files {
		for _, decl := range file.syntax.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				value, _ := spec.(*ast.ValueSpec)
				if typeName(value.Type) == "Space" {
					all = append(all, value.Names...)
				}
			}
		}
	}
	return all
}

// namedFrom are the names in functions, and in all functions and methods of the
// package whose names those name. What is handed to ExamineDerived is asked for
// what it derives.
func namedFrom(files []source, roots []string) map[string]bool {
	bodies := map[string][]ast.Node{}
	for _, file := range files {
		for _, decl := range file.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				bodies[fn.Name.Name] = append(bodies[fn.Name.Name], fn.Body)
			}
		}
	}
	named := map[string]bool{}
	for todo := roots; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if name == "ExamineDerived" {
			todo = append(todo, "Derived")
		}
		for _, body := range bodies[name] {
			ast.Inspect(body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && !named[id.Name] {
					named[id.Name] = true
					todo = append(todo, id.Name)
				}
				return true
			})
		}
	}
	return named
}

// callsOf are the calls of other packages' functions, as they are written.
func callsOf(files []source) map[string]bool {
	calls := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if fn, ok := call.Fun.(*ast.SelectorExpr); ok {
				if pkg, ok := fn.X.(*ast.Ident); ok {
					calls[pkg.Name+"."+fn.Sel.Name] = true
				}
			}
			return true
		})
	}
	return calls
}

// TestSpacesThatNothingExaminesAreFound shows the check both faults.
func TestSpacesThatNothingExaminesAreFound(t *testing.T) {
	t.Parallel()
	const own = `package x

const (
	spaceSeen core.Space = "seen"
	spaceLost core.Space = "lost"
)

func Examine() { table() }

func table() string { return string(spaceSeen) }

func other() string { return string(spaceLost) }
`
	for name, c := range map[string]struct {
		doctor string
		want   []string
	}{
		"called":     {"package doctor\n\nfunc all() { x.Examine() }\n", []string{"core/x/x.go:5: nothing examines spaceLost"}},
		"not called": {"package doctor\n", []string{"core/x/x.go:5: nothing examines spaceLost", "core/x: its spaces are not examined by core/doctor"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, err := readHouse(fstest.MapFS{
				"core/x/x.go":           {Data: []byte(own)},
				"core/doctor/doctor.go": {Data: []byte(c.doctor)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := examinedSpaces(h); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

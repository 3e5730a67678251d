package main_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestUpdateCallers(t *testing.T) {
	t.Parallel()
	hold(t, updateCallers)
}

// doors are the only callers of a store's Update: a package, or a function or
// the methods of a type in it. Every other act goes through the desk.
func doors() []string {
	return []string{
		"core.Desk", "core.MarkedClock", "core/jobs", "core/mail.Queue", "core/activity.Sealer", "storage.begin", "storage/bolt.Store",
	}
}

// updateCallers finds what writes to a store past the desk. It goes by shape,
// without types: a store's Update takes two arguments, which no other Update in
// the tree does, and a method that isn't called on the spot could be any.
func updateCallers(h house) (findings []string) {
	for _, file := range h.files {
		if row, _ := roomOf(file.dir()); !file.isGo() || row.testing {
			continue
		}
		for _, decl := range file.syntax.Decls {
			if slices.Contains(doors(), file.dir()) || slices.Contains(doors(), file.dir()+"."+ownerOf(decl)) {
				continue
			}
			for _, pos := range storeUpdates(decl) {
				findings = append(findings, h.at(pos, "a store's Update is called by %s only: use the desk", strings.Join(doors(), ", ")))
			}
		}
	}
	return findings
}

// ownerOf is the type a method belongs to, or a function's own name.
func ownerOf(decl ast.Decl) string {
	function, ok := decl.(*ast.FuncDecl)
	if !ok {
		return ""
	}
	if function.Recv == nil {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// storeUpdates finds calls of an Update with two arguments, and an Update that
// is handed on instead of called.
func storeUpdates(root ast.Node) (found []token.Pos) {
	other := map[ast.Expr]bool{}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			other[n.Fun] = len(n.Args) != 2
		case *ast.SelectorExpr:
			if n.Sel.Name == "Update" && !other[n] {
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

func TestClockOnly(t *testing.T) {
	t.Parallel()
	hold(t, clockOnly)
}

// clockOnly finds readings of the computer's clock outside of core/clock.go.
// Tests of the domain hand in a clock as well; others may wait for a deadline.
func clockOnly(h house) (findings []string) {
	for _, file := range h.files {
		free := file.path == "core/clock.go" || file.isTest() && !within(file.dir(), "core/...")
		if file.syntax == nil || free {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if name := selected(n, "time"); slices.Contains([]string{"Now", "Since", "Until"}, name) {
				findings = append(findings, h.at(n.Pos(), "time.%s reads the wall clock: take a core.Clock or a time", name))
			}
			return true
		})
	}
	return findings
}

// selected is the name that n takes from the package called pkg, or nothing.
func selected(n ast.Node, pkg string) string {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if from, ok := selector.X.(*ast.Ident); !ok || from.Name != pkg {
		return ""
	}
	return selector.Sel.Name
}

func TestPackageState(t *testing.T) {
	t.Parallel()
	hold(t, packageState)
}

// packageState finds init functions, and package variables that two sessions in
// one process could trip over.
func packageState(h house) (findings []string) {
	for _, file := range h.files {
		if file.syntax == nil {
			continue
		}
		for _, decl := range file.syntax.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil && decl.Name.Name == "init" {
					findings = append(findings, h.at(decl.Pos(), "an init function runs unasked: call it from where it is needed"))
				}
			case *ast.GenDecl:
				if decl.Tok == token.VAR && !file.isTest() {
					findings = append(findings, variables(h, decl)...)
				}
			}
		}
	}
	return findings
}

// variables finds those of a declaration that aren't constant by their shape.
func variables(h house, decl *ast.GenDecl) (findings []string) {
	for _, spec := range decl.Specs {
		value, ok := spec.(*ast.ValueSpec)
		if !ok || selected(value.Type, "embed") == "FS" || embedded(decl) && typeName(value.Type) == "string" {
			continue
		}
		for i, name := range value.Names {
			if name.Name == "_" || i < len(value.Values) && constantShape(value.Values[i]) {
				continue
			}
			findings = append(findings, h.at(name.Pos(), "%s is state of the package: make it a constant, a function or a field", name.Name))
		}
	}
	return findings
}

// embedded reports whether the compiler fills a variable from a file.
func embedded(decl *ast.GenDecl) bool {
	return decl.Doc != nil && slices.ContainsFunc(decl.Doc.List, func(line *ast.Comment) bool {
		return strings.HasPrefix(line.Text, "//go:embed ")
	})
}

// constantShape reports whether a package variable of this value is one that
// nobody changes: an error, another package's error, or a compiled pattern or
// template.
func constantShape(value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.CallExpr:
		return selected(value.Fun, "errors") == "New" || selected(value.Fun, "fmt") == "Errorf" ||
			selected(value.Fun, "regexp") == "MustCompile" || selected(value.Fun, "template") == "Must"
	case *ast.SelectorExpr:
		return strings.HasPrefix(value.Sel.Name, "Err")
	case *ast.UnaryExpr:
		literal, ok := value.X.(*ast.CompositeLit)
		return ok && value.Op == token.AND && strings.HasSuffix(typeName(literal.Type), "Error")
	default:
		return false
	}
}

// typeName is a type's name without its package.
func typeName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.SelectorExpr:
		return expr.Sel.Name
	case *ast.Ident:
		return expr.Name
	default:
		return ""
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	hold(t, sizes)
}

// Most lines that a reader is asked to hold in mind at once.
const (
	mostInFile   = 500
	mostInBlock  = 60
	functionKind = "function"
	switchKind   = "switch"
)

// sizes finds files, functions and switches that have grown too long.
func sizes(h house) (findings []string) {
	for _, file := range h.files {
		if file.syntax == nil {
			continue
		}
		if lines := strings.Count(file.text, "\n"); lines > mostInFile {
			findings = append(findings, h.at(file.syntax.Package, "a file of %d lines: split it by meaning at %d", lines, mostInFile))
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if kind := blockKind(n); kind != "" && h.lines(n) > mostInBlock {
				findings = append(findings, h.at(n.Pos(), "a %s of %d lines: at most %d", kind, h.lines(n), mostInBlock))
			}
			return true
		})
	}
	return findings
}

func blockKind(n ast.Node) string {
	switch n.(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		return functionKind
	case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return switchKind
	default:
		return ""
	}
}

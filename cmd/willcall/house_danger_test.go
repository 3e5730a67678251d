package main_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"testing"
)

func TestAddressesAreNotFolded(t *testing.T) {
	t.Parallel()
	hold(t, foldedAddresses)
}

// mayFold lists the files of address-handling packages that change letters'
// case, none of them an address's.
func mayFold() []string {
	return []string{
		"core/fold.go",               // words of a search
		"core/contacts/words.go",     // words of a search
		"core/operators/password.go", // words that a password must not hold
		"ui/portal/guard.go",         // the scheme of a URL
	}
}

// foldedAddresses finds foldings of case where addresses are compared: those of
// Unicode take the Kelvin sign for k and the long s for s, so that somebody
// else's address would be the same. core.CanonicalAddress folds ASCII only.
func foldedAddresses(h house) (findings []string) {
	rooms := []string{"core/...", "mailer/...", "ui/portal"}
	folds := regexp.MustCompile(`^(EqualFold|SimpleFold|To(Lower|Upper|Title)(Special)?|Title)$`)
	for _, file := range h.files {
		in := slices.ContainsFunc(rooms, func(room string) bool { return within(file.dir(), room) })
		if !file.isGo() || !in || within(file.dir(), "core/safetext") || slices.Contains(mayFold(), file.path) {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			for _, pkg := range []string{"strings", "bytes", "unicode"} {
				if name := selected(n, pkg); name != "" && folds.MatchString(name) {
					findings = append(findings, h.at(n.Pos(), "%s.%s folds more than ASCII: compare canonical addresses", pkg, name))
				}
			}
			return true
		})
	}
	return findings
}

func TestWindowTitles(t *testing.T) {
	t.Parallel()
	hold(t, windowTitles)
}

// windowTitles finds titles of the window that aren't constants: a terminal
// obeys what is in them.
func windowTitles(h house) (findings []string) {
	constants := constantsByFolder(h)
	for _, file := range h.files {
		if file.syntax == nil {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			for _, title := range titles(n) {
				if !isConstant(title, constants[file.dir()]) {
					findings = append(findings, h.at(title.Pos(), "a window title from data: make it a constant"))
				}
			}
			return true
		})
	}
	return findings
}

// titles are the values that n gives a window's title.
func titles(n ast.Node) (values []ast.Expr) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if field, ok := left.(*ast.SelectorExpr); ok && field.Sel.Name == "WindowTitle" && i < len(n.Rhs) {
				values = append(values, n.Rhs[i])
			}
		}
	case *ast.KeyValueExpr:
		if typeName(n.Key) == "WindowTitle" {
			values = append(values, n.Value)
		}
	case *ast.CallExpr:
		if name := typeName(n.Fun); name == "SetWindowTitle" {
			values = append(values, n.Args...)
		}
	}
	return values
}

// constantsByFolder are the names of each package's constants.
func constantsByFolder(h house) map[string][]string {
	found := map[string][]string{}
	for _, file := range h.files {
		if file.syntax == nil {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if decl, ok := n.(*ast.GenDecl); ok && decl.Tok == token.CONST {
				for _, spec := range decl.Specs {
					if value, ok := spec.(*ast.ValueSpec); ok {
						for _, name := range value.Names {
							found[file.dir()] = append(found[file.dir()], name.Name)
						}
					}
				}
			}
			return true
		})
	}
	return found
}

func isConstant(expr ast.Expr, constants []string) bool {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return slices.Contains(constants, expr.Name)
	default:
		return false
	}
}

func TestSecretsAreComparedInConstantTime(t *testing.T) {
	t.Parallel()
	hold(t, hastyComparisons)
}

// hastyComparisons finds comparisons of what an attacker could guess byte by
// byte, by its name: they end at the first byte that differs. Comparing with a
// literal, a constant, nil or a length tells nothing.
func hastyComparisons(h house) (findings []string) {
	secrets := regexp.MustCompile(`(?i)(mac|hmac|digest|signature|token|password|secret)$`)
	constants := map[string]bool{}
	for _, names := range constantsByFolder(h) {
		for _, name := range names {
			constants[name] = true
		}
	}
	open := func(expr ast.Expr) bool { return tellsNothing(expr) || constants[typeName(expr)] }
	for _, file := range h.files {
		if !file.isGo() {
			continue
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if a, b := compared(n); a != nil && (secrets.MatchString(called(a)) || secrets.MatchString(called(b))) && !open(a) && !open(b) {
				findings = append(findings, h.at(n.Pos(), "a secret compared byte by byte: use hmac.Equal or crypto/subtle"))
			}
			return true
		})
	}
	return findings
}

// compared are the two sides of a comparison that ends early.
func compared(n ast.Node) (a, b ast.Expr) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return n.X, n.Y
		}
	case *ast.CallExpr:
		pkg := slices.ContainsFunc([]string{"bytes", "slices", "strings", "reflect"}, func(pkg string) bool {
			return slices.Contains([]string{"Equal", "Compare", "DeepEqual"}, selected(n.Fun, pkg))
		})
		if pkg && len(n.Args) == 2 {
			return n.Args[0], n.Args[1]
		}
	}
	return nil, nil
}

// called is the name of a variable, field or function, also behind a part of it.
func called(expr ast.Expr) string {
	if call, ok := expr.(*ast.CallExpr); ok {
		expr = call.Fun
	}
	if slice, ok := expr.(*ast.SliceExpr); ok {
		expr = slice.X
	}
	return typeName(expr)
}

// tellsNothing reports a literal, nil or a length.
func tellsNothing(expr ast.Expr) bool {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return expr.Name == "nil"
	case *ast.CallExpr:
		return typeName(expr.Fun) == "len"
	default:
		return false
	}
}

func brokenDangers() []broken {
	const header = "package x\n\n"
	return []broken{
		{"folded address", foldedAddresses, "core/venue/x.go", header + "func f() { strings.ToLower(a) }", "strings.ToLower folds"},
		{"folded comparison", foldedAddresses, "ui/portal/x.go", header + "var same = strings.EqualFold", "strings.EqualFold folds"},
		{"folded rune", foldedAddresses, "core/x.go", header + "func f() { unicode.ToUpper(r) }", "unicode.ToUpper folds"},
		{"folded search", foldedAddresses, "core/fold.go", header + "func f() { strings.ToLower(a) }", ""},
		{"folded on a screen", foldedAddresses, "ui/page/captured/x.go", header + "func f() { strings.ToLower(a) }", ""},
		{"title from a name", windowTitles, "ui/console/x.go", header + "func f() { v.WindowTitle = contact.Name }", "a window title from data"},
		{"title from a sum", windowTitles, "ui/console/x.go", header + "var v = tea.View{WindowTitle: title + name}", "a window title from data"},
		{"title from a call", windowTitles, "ui/console/x.go", header + "func f() { tea.SetWindowTitle(name) }", "a window title from data"},
		{"constant title", windowTitles, "ui/console/x.go", header + "const title = `a`\n\nfunc f() { v.WindowTitle = title; w.WindowTitle = `b` }", ""},
		{"hasty MAC", hastyComparisons, "core/secret/x.go", header + "func f() bool { return mac == given }", "a secret compared"},
		{"hasty bytes", hastyComparisons, "core/secret/x.go", header + "func f() bool { return bytes.Equal(given, s.token) }", "a secret compared"},
		{"hasty sum", hastyComparisons, "mailer/capture/x.go", header + "func f() bool { return s.ownPassword(user) != password }", "a secret compared"},
		{"hasty part", hastyComparisons, "core/secret/x.go", header + "func f() bool { return mac[:8] == given }", "a secret compared"},
		{"whether there is one", hastyComparisons, "core/secret/x.go", header + "func f() bool { return token == `` || mac != nil || len(mac) == 3 }", ""},
		{"kind of field", hastyComparisons, "ui/component/x.go", header + "const FieldPassword = 3\n\nfunc f() bool { return kind == FieldPassword }", ""},
		{"in constant time", hastyComparisons, "core/secret/x.go", header + "func f() bool { return hmac.Equal(mac, given) }", ""},
	}
}

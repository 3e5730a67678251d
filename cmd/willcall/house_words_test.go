package main_test

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	t.Parallel()
	hold(t, words)
}

// words finds names that say nothing, traces of the machine a file was written
// on, promises instead of code, and tests that don't run.
func words(h house) (findings []string) {
	for _, file := range h.files {
		findings = append(findings, vagueNames(file)...)
		findings = append(findings, strayLines(file)...)
		if file.syntax != nil && file.isTest() && !forClients(file) {
			findings = append(findings, skips(h, file)...)
		}
	}
	return findings
}

// vagueNames finds files, folders and packages called after no task.
func vagueNames(file source) (findings []string) {
	names := []string{file.path}
	if file.syntax != nil {
		names = append(names, file.syntax.Name.Name)
	}
	vague := regexp.MustCompile(`(?i)util|helper|manager|common`)
	for _, name := range names {
		if word := vague.FindString(name); word != "" {
			findings = append(findings, fmt.Sprintf("%s: %q says nothing: name it after what it does", file.path, word))
		}
	}
	return findings
}

// stray is a pattern that no line of the repository matches.
type stray struct {
	pattern *regexp.Regexp
	why     string
}

// strays are written with brackets so that this file isn't found by them.
func strays() []stray {
	return []stray{
		{regexp.MustCompile(`\b(TO[D]O|FIX[M]E|X[X]X)\b`), "a promise: do it now or leave it out"},
		{
			regexp.MustCompile("(^|[\\s\"'`=(:])/(home|root|Users|work)/[\\w.]|[A-Za-z]:[\\\\]Users\\b"),
			"a path of somebody's machine",
		},
		{
			regexp.MustCompile(`\b(proxy[.]golang|sum[.]golang|registry[.]npmjs|pypi|pythonhosted|deb[.]debian|` +
				`archive[.]ubuntu|rubygems|goproxy|ghcr|quay|gcr|docker)[.](org|io|com|cn)\b|` +
				`\b(artifactory|nexus|goproxy|jfrog)[.][a-z]`),
			"the host of a package registry",
		},
	}
}

func strayLines(file source) (findings []string) {
	table := strays()
	for i, line := range strings.Split(file.text, "\n") {
		for _, s := range table {
			if found := s.pattern.FindString(line); found != "" {
				findings = append(findings, fmt.Sprintf("%s:%d: %q is %s", file.path, i+1, strings.TrimSpace(found), s.why))
			}
		}
		if path.Ext(file.path) == ".txtar" && regexp.MustCompile(`^(\[[^\]]*\]\s*)*skip\b`).MatchString(line) {
			findings = append(findings, fmt.Sprintf("%s:%d: a script that doesn't run tests nothing", file.path, i+1))
		}
	}
	return findings
}

// skips finds tests that give up without failing. A property test that passes
// over a draw, which its library calls by the same name, draws again.
func skips(h house, file source) (findings []string) {
	var draws []token.Pos // where the parameters of property tests are in use
	ast.Inspect(file.syntax, func(n ast.Node) bool {
		if function, ok := n.(*ast.FuncDecl); ok {
			draws = append(draws, passedOver(function)...)
		}
		selector, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, selector.Sel.Name) {
			return true
		}
		if _, ok := selector.X.(*ast.Ident); ok && !slices.Contains(draws, n.Pos()) {
			findings = append(findings, h.at(n.Pos(), "a skipped test tests nothing: give it the build tag clients or what it needs"))
		}
		return true
	})
	return findings
}

// passedOver finds where a function uses its parameter of type *rapid.T.
func passedOver(function *ast.FuncDecl) (uses []token.Pos) {
	for _, field := range function.Type.Params.List {
		star, ok := field.Type.(*ast.StarExpr)
		if !ok || selected(star.X, "rapid") != "T" {
			continue
		}
		ast.Inspect(function, func(n ast.Node) bool {
			if used, ok := n.(*ast.Ident); ok && len(field.Names) == 1 && used.Name == field.Names[0].Name {
				uses = append(uses, used.Pos())
			}
			return true
		})
	}
	return uses
}

// forClients reports whether a test only runs where other programs are
// installed. Whoever asks for the tag makes a missing one a failure.
func forClients(file source) bool {
	for _, group := range file.syntax.Comments {
		for _, comment := range group.List {
			expr, err := constraint.Parse(comment.Text)
			if err == nil && comment.Pos() < file.syntax.Package && !expr.Eval(func(tag string) bool { return tag != "clients" }) {
				return true
			}
		}
	}
	return false
}

func TestRuleNumbers(t *testing.T) {
	t.Parallel()
	hold(t, ruleNumbers)
}

// lastRule is the highest number in the rules of the domain, which begin at R1
// and have no gaps.
const lastRule = 90

// promised are the rules of the domain that this version keeps.
func promised() []int {
	return []int{1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 85, 86, 87, 89, 90}
}

// ruleNumbers finds tests that carry a rule there isn't, and kept rules that no
// test carries.
func ruleNumbers(h house) (findings []string) {
	carried := map[int]bool{}
	for _, file := range h.files {
		for _, name := range testNames(file) {
			for _, rule := range rulesIn(name) {
				carried[rule] = true
				if rule < 1 || rule > lastRule {
					findings = append(findings, fmt.Sprintf("%s: %q: there is no rule R%d", file.path, name, rule))
				}
			}
		}
	}
	for _, rule := range promised() {
		if !carried[rule] {
			findings = append(findings, fmt.Sprintf("rule R%d is carried by no test, subtest or script line", rule))
		}
	}
	return findings
}

// rulesIn are the rules that a test's name carries: "R5, R6 …" at its start, or
// R5 as a part of its own in TestR5_R6… A number elsewhere is talk about a rule.
func rulesIn(name string) (rules []int) {
	part := regexp.MustCompile(`R(\d+)(?:_|$|[A-Z])`)
	if !strings.HasPrefix(name, "Test") && !strings.HasPrefix(name, "Fuzz") {
		name = regexp.MustCompile(`^(R\d+\b[\s,:–-]*)*`).FindString(name)
		part = regexp.MustCompile(`R(\d+)\b`)
	}
	for len(name) > 0 {
		at := part.FindStringSubmatchIndex(name)
		if at == nil {
			break
		}
		if rule, err := strconv.Atoi(name[at[2]:at[3]]); err == nil {
			rules = append(rules, rule)
		}
		name = name[at[3]:]
	}
	return rules
}

// testNames are the names of a file's tests and fuzz targets, its strings,
// which name subtests, and the comments of a test script.
func testNames(file source) (names []string) {
	if path.Ext(file.path) == ".txtar" {
		return scriptComments(file.text)
	}
	if file.syntax == nil || !file.isTest() {
		return nil
	}
	ast.Inspect(file.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if strings.HasPrefix(n.Name.Name, "Test") || strings.HasPrefix(n.Name.Name, "Fuzz") {
				names = append(names, n.Name.Name)
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil {
				names = append(names, text)
			}
		}
		return true
	})
	return names
}

func scriptComments(script string) (names []string) {
	for _, line := range strings.Split(script, "\n") {
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			names = append(names, strings.TrimSpace(comment))
		}
	}
	return names
}

package text

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"willcall/core"
)

// elsewhere lists the prefixes of keys whose rest no literal spells out. Tests
// below hold the reasons against those that exist; months are numbers.
func elsewhere() []string {
	return []string{"address.", "password.", "phone.", "date.", "not-mistake.", "folder.", "no-delivery.", "words.month."}
}

// tree is what the program's Go files hold.
type tree struct {
	literals map[string]bool
	// prefixes are the literals, ending in a dot, to which something is added.
	prefixes map[string]bool
	// used are the literal first arguments of calls of a method T or N.
	used map[string][]string
}

func goTree(t *testing.T) tree {
	t.Helper()
	found := tree{literals: map[string]bool{}, prefixes: map[string]bool{}, used: map[string][]string{}}
	files := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2:
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool { return found.note(files, n) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (f tree) note(files *token.FileSet, n ast.Node) bool {
	if s, ok := literal(n); ok {
		f.literals[s] = true
	}
	if sum, ok := n.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		if s, ok := literal(sum.X); ok && strings.HasSuffix(s, ".") {
			f.prefixes[s] = true
		}
	}
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return true
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "T" && method.Sel.Name != "N" {
		return true
	}
	if key, ok := literal(call.Args[0]); ok {
		where := files.Position(call.Pos()).String()
		f.used[method.Sel.Name+" "+key] = append(f.used[method.Sel.Name+" "+key], where)
	}
	return true
}

func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestEveryKeyThatIsAskedForExists(t *testing.T) {
	t.Parallel()
	p := loaded(t).In(English)
	for asked, where := range goTree(t).used {
		method, key, _ := strings.Cut(asked, " ")
		switch {
		case method == "N" && p.Has(key+".one") && p.Has(key+".other"):
		case method == "T" && p.Has(key):
		default:
			t.Errorf("%v: no sentence for %s(%q)", where, method, key)
		}
	}
}

// uses reports whether the tree spells out a key, or puts it together from a
// prefix and names that it spells out.
func (f tree) uses(key string) bool {
	stem := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
	if f.literals[key] || f.literals[stem] {
		return true
	}
	for prefix := range f.prefixes {
		for _, name := range []string{stem, key} {
			rest, ok := strings.CutPrefix(name, prefix)
			if ok && f.spells(rest) {
				return true
			}
		}
	}
	return slices.ContainsFunc(elsewhere(), func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// spells reports whether the tree spells out a name, whole or in parts between
// its dots.
func (f tree) spells(name string) bool {
	if f.literals[name] || f.literals["."+name] || f.literals[name+"."] {
		return true
	}
	for i := range name {
		if name[i] == '.' && f.spells(name[:i]) && f.spells(name[i+1:]) {
			return true
		}
	}
	return false
}

func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	found := goTree(t)
	for _, key := range loaded(t).Keys() {
		if !found.uses(key) {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// constants gives the values of the string constants of a type in a file.
func constants(t *testing.T, path, typeName string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName {
			if s, ok := literal(spec.Values[0]); ok {
				values = append(values, s)
			}
		}
		return true
	})
	if len(values) == 0 {
		t.Fatalf("no constants of %s in %s", typeName, path)
	}
	return values
}

// below gives the rests of the keys of an area.
func below(c *Catalogue, area string) []string {
	var rests []string
	for _, key := range c.Keys() {
		if rest, ok := strings.CutPrefix(key, area+"."); ok {
			rests = append(rests, rest)
		}
	}
	return rests
}

func TestCodesAndActionsHaveSentences(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for area, want := range map[string][]string{
		"error":  constants(t, "../../core/error.go", "Code"),
		"action": constants(t, "../../core/action.go", "ActionID"),
	} {
		slices.Sort(want)
		if got := below(c, area); !slices.Equal(got, want) {
			t.Errorf("%s: the catalogue has\n%v, core has\n%v", area, got, want)
		}
	}
}

func TestEveryReasonAgainstAnAddressHasASentence(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{}
	for _, address := range []string{
		strings.Repeat("a", 2000) + "@b.example", "marie", "@b.example", ".a@b.example", "a b@b.example", "a@",
		"a@b_\u0000.example", "a@" + strings.Repeat("b.", 130) + "example", "a@127.0.0.1", "a@b",
	} {
		_, err := core.CanonicalAddress(address)
		var refusal *core.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%q is not refused: %v", address, err)
		}
		reached[refusal.Args["why"]] = true
	}
	for _, why := range below(loaded(t), "address") {
		if !reached[why] {
			t.Errorf("no address is refused for address.%s", why)
		}
		delete(reached, why)
	}
	if len(reached) > 0 {
		t.Errorf("no sentence below address. for %v", reached)
	}
}

func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ area, glob, refuse string }{
		{"password", "../../core/operators/*.go", "badPassword"},
		{"phone", "../../core/*.go", "badPhone"},
		{"date", "../../core/*.go", "badDate"},
		{"not-mistake", "../../core/contacts/*.go", "notMistake"},
		{"folder", "../../cmd/willcall/*.go", "badFolder"},
		{"no-delivery", "../../core/operators/*.go", "noDelivery"},
	} {
		given := reasons(t, c.glob, c.refuse)
		if got := below(loaded(t), c.area); !slices.Equal(got, given) {
			t.Errorf("the catalogue has %v below %s, the core has %v", got, c.area, given)
		}
	}
}

// reasons gives the literal arguments of the calls of a function, sorted.
func reasons(t *testing.T, glob, name string) []string {
	t.Helper()
	paths, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	var given []string
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == name {
				if s, ok := literal(call.Args[0]); ok {
					given = append(given, s)
				}
			}
			return true
		})
	}
	slices.Sort(given)
	return slices.Compact(given)
}

func TestValuesHaveWords(t *testing.T) {
	t.Parallel()
	p := loaded(t).In(English)
	var keys []string
	for _, kind := range core.ContactKinds() {
		keys = append(keys, "words.kind."+kind.String())
	}
	for _, l := range core.Languages() {
		keys = append(keys, "words.language."+l)
	}
	for role := core.RoleDeveloper; role <= core.RoleOwner; role++ {
		keys = append(keys, "words.role."+role.String())
	}
	for status := core.EmailNone; status <= core.EmailValidated; status++ {
		keys = append(keys, "words.status."+status.String())
	}
	for how := core.ProofLink; how <= core.ProofImport; how++ {
		keys = append(keys, "words.proof."+how.String())
	}
	for _, key := range keys {
		if !p.Has(key) {
			t.Errorf("no word %s", key)
		}
	}
}

func TestCatalogueSpeaksTheProductsLanguages(t *testing.T) {
	t.Parallel()
	var own []string
	for _, l := range Languages() {
		own = append(own, string(l))
	}
	if !slices.Equal(own, core.Languages()) {
		t.Errorf("the catalogue speaks %v, the product %v", own, core.Languages())
	}
}

func TestStyle(t *testing.T) {
	t.Parallel()
	columns := regexp.MustCompile(`  `)
	faults := map[string]*regexp.Regexp{
		"an exclamation mark":                 regexp.MustCompile(`!`),
		"three dots instead of an ellipsis":   regexp.MustCompile(`\.\.\.`),
		"two spaces in a row":                 columns,
		"a space before a comma or full stop": regexp.MustCompile(` [,.](\s|$)`),
		"an end in the middle of a sentence":  regexp.MustCompile(`[,;(\s]$`),
		"a doubled full stop":                 regexp.MustCompile(`\.\.$`),
	}
	c := loaded(t)
	for _, l := range Languages() {
		for key, s := range c.sentences[l] {
			line := s.fill(nil)
			for fault, pattern := range faults {
				// The overview of a command is set in columns.
				if pattern == columns && strings.HasPrefix(key, "command.") {
					continue
				}
				if pattern.MatchString(line) {
					t.Errorf("%s in %s has %s: %q", key, l, fault, line)
				}
			}
		}
	}
}

func TestErrorsEndAsSentencesAndActionsAsLabels(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	for _, l := range Languages() {
		for key, s := range c.sentences[l] {
			area, _, _ := strings.Cut(key, ".")
			line := s.fill(nil)
			switch area {
			case "error", "address", "password":
				if !strings.HasSuffix(line, ".") && line != "{why}" {
					t.Errorf("%s in %s doesn't end as a sentence: %q", key, l, line)
				}
			case "action":
				if strings.HasSuffix(line, ".") || len([]rune(line)) > 32 || line[:1] != strings.ToLower(line[:1]) {
					t.Errorf("%s in %s is no short label: %q", key, l, line)
				}
			}
		}
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/console"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// keyed is a console whose keys are checked after every message: no story comes
// to a state in which a key means two things or a letter acts in a field.
type keyed struct {
	t     testing.TB
	root  *console.Root
	table *keyTable // nil where nothing is noted
}

func (k keyed) Init() tea.Cmd  { return k.root.Init() }
func (k keyed) View() tea.View { return k.root.View() }

func (k keyed) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := k.root.Update(msg)
	if err := k.root.CheckKeys(); err != nil {
		k.t.Errorf("after %v: %v", msg, err)
	}
	if k.table != nil {
		k.table.note(k.root.KeyGroups())
	}
	return k, cmd
}

// keyTable gathers what keys do, by group, in the order they come.
type keyTable struct{ groups []*keyGroup }

type keyGroup struct {
	title string
	keys  []*keyMeaning
}

// keyMeaning is all that a key does in one group, as catalogue keys.
type keyMeaning struct {
	key    string
	labels []string
}

// note adds what isn't known yet. What only moves about, the answers to
// questions, which stand below these, and what works before somebody is signed
// in are left out.
func (k *keyTable) note(groups []action.Group) {
	if !signedIn(groups) {
		return
	}
	for _, g := range groups {
		if g.Title == console.KeysAsked {
			continue
		}
		group := k.group(g.Title)
		for _, a := range g.Actions {
			for _, key := range a.Keys {
				if a.ID != "" || !slices.Contains(motions(), key) {
					group.add(key, a.LabelKey())
				}
			}
		}
	}
}

// signedIn tells by the keys whether somebody is signed in: only then there is
// something to lock.
func signedIn(groups []action.Group) bool {
	return slices.ContainsFunc(groups, func(g action.Group) bool {
		return slices.ContainsFunc(g.Actions, func(a action.Action) bool { return a.Label == "console.lock" })
	})
}

// works fails the test unless every key of a group works now.
func (g *keyGroup) works(t *testing.T, now ...action.Group) {
	t.Helper()
	for _, m := range g.keys {
		if !slices.ContainsFunc(now, func(n action.Group) bool {
			return n.Title == g.title && slices.ContainsFunc(n.Actions, func(a action.Action) bool { return slices.Contains(a.Keys, m.key) })
		}) {
			t.Errorf("%s doesn't work, and stands below %s", m.key, g.title)
		}
	}
}

func motions() []string {
	return []string{"up", "down", "left", "right", "j", "k", "tab", "shift+tab", "pgup", "pgdown", "home", "end"}
}

func (k *keyTable) group(title string) *keyGroup {
	for _, g := range k.groups {
		if g.title == title {
			return g
		}
	}
	k.groups = append(k.groups, &keyGroup{title: title})
	return k.groups[len(k.groups)-1]
}

func (g *keyGroup) add(key, label string) {
	at := slices.IndexFunc(g.keys, func(m *keyMeaning) bool { return m.key == key })
	if at < 0 {
		at = len(g.keys)
		g.keys = append(g.keys, &keyMeaning{key: key})
	}
	if m := g.keys[at]; !slices.Contains(m.labels, label) {
		m.labels = append(m.labels, label)
	}
}

// markdown is the table, with keys that do the same on one line.
func (k *keyTable) markdown(p text.Printer) string {
	var b strings.Builder
	for _, title := range []string{
		console.KeysEverywhere, console.KeysTabs, console.KeysTyping,
		"console.tab.contacts", "console.tab.outbox", "console.tab.captured", "console.tab.settings",
		"console.tab.notices", "console.tab.profile",
	} {
		fmt.Fprintf(&b, "| **%s** | |\n", p.T(title))
		for _, line := range k.group(title).lines(p) {
			b.WriteString(line)
		}
	}
	return "| key | does |\n| --- | --- |\n" + b.String()
}

func (g *keyGroup) lines(p text.Printer) []string {
	keys := map[string][]string{}
	var order []string
	for _, m := range g.keys {
		var labels []string
		for _, label := range m.labels {
			if words := p.T(label); !slices.Contains(labels, words) {
				labels = append(labels, words)
			}
		}
		does := strings.Join(labels, ", ")
		if keys[does] == nil {
			order = append(order, does)
		}
		keys[does] = append(keys[does], "`"+m.key+"`")
	}
	lines := make([]string, len(order))
	for i, does := range order {
		lines[i] = fmt.Sprintf("| %s | %s |\n", strings.Join(keys[does], " "), does)
	}
	return lines
}

const (
	keyTableBegin = "<!-- The table is made by a test: WILLCALL_UPDATE=1 go test ./cmd/willcall -run TestKeyTable -->\n\n"
	keyTableEnd   = "\n<!-- Here it ends. -->\n"
)

// TestKeyTable holds the README's keys against those of all screens and of the
// ways there.
func TestKeyTable(t *testing.T) {
	t.Parallel()
	table := &keyTable{}
	for _, sc := range screens() {
		sc.with(t, 120, 40, table)
	}
	list := screenOf(t, "settings").with(t, 120, 40, &keyTable{})
	letters := list.root.KeyGroups()
	list.Press("g", "c", "/")
	table.group(console.KeysEverywhere).works(t, append(letters, list.root.KeyGroups()...)...)
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "README.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(raw), keyTableBegin)
	_, after, ended := strings.Cut(rest, keyTableEnd)
	if !begun || !ended {
		t.Fatalf("%s has no place for the table of keys", path)
	}
	want := before + keyTableBegin + table.markdown(words.In(text.English)) + keyTableEnd + after
	if os.Getenv(uitest.UpdateVariable) == "1" {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(raw) {
		t.Errorf("the table of keys in %s is stale; %s=1 makes it anew:\n%s", path, uitest.UpdateVariable, table.markdown(words.In(text.English)))
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"willcall/core"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

const (
	roleTableBegin = "<!-- The table is made by a test: WILLCALL_UPDATE=1 go test ./cmd/willcall -run TestR86_TheTableOfRoles -->\n\n"
	roleTableEnd   = "\n<!-- Here the table of roles ends. -->\n"
)

// roleTable is the table of actions as markdown: which role does what, who else,
// and what an action takes.
func roleTable(p text.Printer) string {
	roles := []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin, core.RoleOwner}
	var b strings.Builder
	b.WriteString("| action | |")
	for _, role := range roles {
		fmt.Fprintf(&b, " %s |", role)
	}
	b.WriteString(" others | takes |\n| --- | --- |" + strings.Repeat(" :-: |", len(roles)) + " --- | --- |\n")
	for _, a := range core.Actions() {
		fmt.Fprintf(&b, "| `%s` | %s |", a.ID, p.T("action."+string(a.ID)))
		for _, role := range roles {
			b.WriteString(" " + roleMark(a, role) + " |")
		}
		fmt.Fprintf(&b, " %s | %s |\n", strings.Join(otherActors(a), ", "), strings.Join(takes(a), ", "))
	}
	return b.String()
}

func roleMark(a core.Action, role core.Role) string {
	switch {
	case a.Roles.Has(role):
		return "●"
	case a.WhileCaptured.Has(role):
		return "○"
	}
	return ""
}

// otherActors are those who may do an action and aren't operators.
func otherActors(a core.Action) (names []string) {
	for kind := core.ActorAnonymous; kind <= core.ActorSetup; kind++ {
		if a.Actors.Has(kind) {
			names = append(names, kind.String())
		}
	}
	return names
}

// takes is what an operator needs for an action beside the role.
func takes(a core.Action) (needs []string) {
	if a.StepUp {
		needs = append(needs, "a fresh proof")
	}
	if a.Walled {
		needs = append(needs, "open before enrolling")
	}
	return needs
}

// TestR86_TheTableOfRoles holds the documented table against the one that
// decides.
func TestR86_TheTableOfRoles(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "ARCHITECTURE.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(raw), roleTableBegin)
	_, after, ended := strings.Cut(rest, roleTableEnd)
	if !begun || !ended {
		t.Fatalf("%s has no place for the table of roles", path)
	}
	want := before + roleTableBegin + roleTable(words.In(text.English)) + roleTableEnd + after
	if os.Getenv(uitest.UpdateVariable) == "1" {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(raw) {
		t.Errorf("the table of roles in %s is stale; %s=1 makes it anew", path, uitest.UpdateVariable)
	}
}

package component

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/theme"
)

// samplePrompt asks for a language and an address; what is under way is what
// busy points to.
func samplePrompt(text string) (p *Prompt, busy *string) {
	busy = new(string)
	fields := func() []Field {
		return []Field{
			{Name: "language", Label: "Language", Kind: FieldChoice, Options: []Option{{Key: "en", Label: "English"}, {Key: "fr", Label: "French"}}},
			{Name: "to", Label: "Address", Required: true},
		}
	}
	p = NewPrompt(func() string { return text }, fields, func() string { return *busy })
	p.Fill(map[string]string{"language": "en", "to": "leo@opera.example"})
	return p, busy
}

// emptyPage draws nothing.
func emptyPage(k Look) func(width, height int) []string {
	return func(width, height int) []string { return fill(nil, width, height) }
}

// promptActs are what a prompt offers, first doing it and last leaving.
func promptActs(p *Prompt, reason string) []action.Action {
	nothing := func() tea.Cmd { return nil }
	do := action.Action{Label: "do", Disabled: reason, Run: nothing}
	more := action.Action{Label: "more", Keys: []string{"ctrl+t"}, Typing: true, Run: nothing}
	return p.Actions(do, action.Action{Label: "leave", Run: nothing}, more)
}

func promptStates(k Look, width int) (all []string) {
	add := func(name string, p *Prompt, height int) {
		all = append(all, titled(k, width, name, p.Below(emptyPage(k), k, width, height))...)
	}
	p, busy := samplePrompt("Where should a sample of Welcome be sent?")
	add("first field", p, 5)
	keys(p, "enter")
	add("open list", p, 9)
	keys(p, "esc")
	p.Fail(core.RefuseField(core.CodeRequired, "to"))
	add("refused", p, 7)
	*busy = "Sending…"
	add("under way", p, 5)
	p, _ = samplePrompt(strings.Repeat("a very long question ", 20))
	add("long", p, 9)
	add("low", p, 4)
	add("lowest", p, 2)
	return all
}

func TestAPromptIsDoneInItsLastField(t *testing.T) {
	t.Parallel()
	p, _ := samplePrompt("")
	for _, c := range []struct {
		field string
		keys  []string
	}{{"language", []string{"ctrl+s"}}, {"to", []string{"enter", "ctrl+s"}}} {
		p.Focus(c.field)
		all := promptActs(p, "")
		if err := action.Check(all); err != nil {
			t.Error(err)
		}
		if got := all[0].Keys; !slices.Equal(got, c.keys) {
			t.Errorf("in %s it is done by %v, want %v", c.field, got, c.keys)
		}
		if leave, ok := action.Find(all, "esc", true); !ok || leave.Label != "leave" {
			t.Errorf("in %s nothing leaves it: %v", c.field, leave)
		}
		if _, ok := action.Find(all, "ctrl+t", true); !ok {
			t.Errorf("in %s what else can be done is missing", c.field)
		}
	}
}

func TestAnOpenListOfAPromptHasItsKeysAlone(t *testing.T) {
	t.Parallel()
	p, _ := samplePrompt("")
	p.Focus("language")
	keys(p, "enter")
	all := promptActs(p, "")
	if closes, ok := action.Find(all, "esc", true); !ok || closes.Label == "leave" {
		t.Errorf("while a list is open esc means %q", closes.Label)
	}
	if do, ok := action.Find(all, "ctrl+s", true); ok {
		t.Errorf("while a list is open ctrl+s means %q", do.Label)
	}
}

// TestAPromptUnderWayTakesNothing: what is typed, pasted or clicked meanwhile
// would belong to nothing.
func TestAPromptUnderWayTakesNothing(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	p, busy := samplePrompt("Where to?")
	p.Focus("to")
	*busy = "Sending…"
	lines := p.Below(emptyPage(k), k, 60, 10)
	if got := flat(lines); !strings.Contains(got, "Sending…") || strings.Contains(got, "Where to?") {
		t.Errorf("it doesn't say what is under way:\n%s", got)
	}
	if _, _, shown := p.Cursor(); shown {
		t.Error("a cursor blinks in what takes nothing")
	}
	typed(p, "x")
	if p.Click(20, 9); p.Value("to") != "leo@opera.example" || p.Focused() != "to" {
		t.Errorf("it took %q in %s", p.Value("to"), p.Focused())
	}
	for _, c := range []struct{ reason, want string }{{"", "Sending…"}, {"Not your role.", "Not your role."}} {
		all := promptActs(p, c.reason)
		if len(all) != 1 || all[0].Disabled != c.want {
			t.Errorf("it offers %v, want nothing because of %q", all, c.want)
		}
	}
}

// TestAPromptIsInTheFootOfThePage: cursor and clicks are counted on the page.
func TestAPromptIsInTheFootOfThePage(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	p, _ := samplePrompt("Where to?")
	p.Focus("to")
	lines := p.Below(func(width, height int) []string {
		return fill([]string{k.Line(width).Text(theme.Text, "the page").String()}, width, height)
	}, k, 60, 12)
	exact(t, "a prompt", lines, 60, 12)
	if !strings.HasPrefix(flat(lines[:1]), "the page") {
		t.Errorf("above it stands %q", flat(lines[:1]))
	}
	_, y, shown := p.Cursor()
	if !shown || !strings.Contains(flat(lines[y:y+1]), "leo@opera.example") {
		t.Errorf("the cursor stands in line %d, shown %t:\n%s", y, shown, flat(lines))
	}
	if !p.Click(20, y-1) || p.Focused() != "language" {
		t.Errorf("a click above the address gives the keyboard to %s", p.Focused())
	}
}

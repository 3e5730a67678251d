package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/text"
)

// TestEveryLocalActionHasACommand holds commands and table against each other:
// what the local user may do has a command with a line of help, and no command
// does anything else.
func TestEveryLocalActionHasACommand(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	has := map[core.ActionID]bool{}
	for _, command := range twins() {
		has[command.action] = true
		for _, language := range text.Languages() {
			if p := words.In(language); !p.Has("command.of." + string(command.action)) {
				t.Errorf("%s has no help in %s", command.name(), language)
			}
		}
	}
	for _, action := range core.Actions() {
		if local := action.Actors.Has(core.ActorLocal); local != has[action.ID] {
			t.Errorf("%s: the local user may do it: %t, there is a command: %t", action.ID, local, has[action.ID])
		}
		delete(has, action.ID)
	}
	for id := range has {
		t.Errorf("the command for %s does no action of the table", id)
	}
}

// TestTheHelpNamesEveryCommand, by its first word.
func TestTheHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range text.Languages() {
		help := words.In(language).T("command.help")
		for _, command := range twins() {
			if first, _, _ := strings.Cut(command.name(), " "); !strings.Contains(help, "\n  willcall "+first+" ") {
				t.Errorf("the help in %s says nothing of %s", language, first)
			}
		}
	}
}

// TestEveryFlagIsExplained asks for the sentence of every flag of every command.
func TestEveryFlagIsExplained(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range twins() {
		for _, name := range command.allFlags() {
			if line := flagText(words.In(text.French), command, name); strings.Contains(line, "‹") || strings.Contains(line, "{") {
				t.Errorf("%s --%s: %q", command.name(), name, line)
			}
		}
	}
}

// hostileName would move the cursor, change the title and turn the line round.
const hostileName = "\x1b[2J\x1b]0;title\a\u009b31m\u202eevil\u2066\U000e0041\x00end"

// TestAnswersAreHarmless holds that nothing a terminal would obey leaves a
// command, as text or as JSON, and that JSON keeps the value.
func TestAnswersAreHarmless(t *testing.T) {
	t.Parallel()
	list := contactList{Contacts: []contactRow{{Number: "C-000001", Name: hostileName, City: hostileName}}}
	for _, asJSON := range []bool{false, true} {
		var b strings.Builder
		if err := printAnswer(&b, list, asJSON); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.String() {
			if r != '\n' && (r < ' ' || r >= 0x7F && r < 0xA0 || r == 0x202e || r == 0x2066 || r == 0xe0041) {
				t.Errorf("JSON %t: the answer holds %U\n%q", asJSON, r, b.String())
			}
		}
		var back contactList
		if !asJSON {
			continue
		}
		if err := json.Unmarshal([]byte(b.String()), &back); err != nil || back.Contacts[0].Name != hostileName {
			t.Errorf("back from JSON: %v, %v", back.Contacts, err)
		}
	}
}

func TestColumnsAlign(t *testing.T) {
	t.Parallel()
	got := columns([][]string{{"a", "x"}, {"渡邉", "y\nz"}, {}, {"bcdef", ""}})
	want := "a      x\n渡邉   y\n       z\n\nbcdef\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if safetext.Width("渡邉") != 4 {
		t.Error("a wide letter takes two cells")
	}
}

func TestMomentsAreUTC(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 2*60*60)
	raw, err := json.Marshal(struct {
		A moment `json:"a"`
		B moment `json:"b,omitzero"`
	}{A: moment(time.Date(2026, 11, 21, 20, 42, 1, 5, zone))})
	if want := `{"a":"2026-11-21T18:42:01Z"}`; err != nil || string(raw) != want {
		t.Errorf("got %s, %v, want %s", raw, err, want)
	}
}

func TestFlagsOfFields(t *testing.T) {
	t.Parallel()
	set := flags("test")
	for _, name := range []string{"phone", "subject-en", "password-file", "time-zone"} {
		set.String(name, "", "")
	}
	for field, want := range map[string]string{
		"phone.1": "--phone", "phone.2": "--phone (2)", "subject.en": "--subject-en", "password": "--password-file",
		"time-zone": "--time-zone", "phone-use.1": "phone-use.1",
	} {
		if got := flagOf(set, field); got != want {
			t.Errorf("%s: got %s, want %s", field, got, want)
		}
	}
}

package session

import (
	"context"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/drafts"
)

// shelf keeps drafts in the order in which it is asked to.
type shelf struct{ kept []string }

func (s *shelf) Keep(_ context.Context, _ core.Request, d drafts.Draft) (time.Time, error) {
	s.kept = append(s.kept, d.Form+" "+d.Typed["name"])
	return time.Time{}, nil
}

func (s *shelf) All(context.Context, core.Request, string) ([]drafts.Draft, error) { return nil, nil }

func (s *shelf) Discard(_ context.Context, _ core.Request, form string) error {
	s.kept = append(s.kept, form+" discarded")
	return nil
}

func typist(t *testing.T) (*Session, *shelf) {
	t.Helper()
	kept := &shelf{}
	return &Session{Ctx: t.Context(), Drafts: NewDrafts(kept)}, kept
}

func draft(form, name string) drafts.Draft {
	return drafts.Draft{Form: form, Typed: map[string]string{"name": name}}
}

func TestADraftThatIsKeptLateChangesNothing(t *testing.T) {
	t.Parallel()
	s, kept := typist(t)
	var k Keeping
	early := k.Keep(s, PageContacts, draft("contacts.new", "Zo"))
	late := k.Keep(s, PageContacts, draft("contacts.new", "Zoé"))
	other := s.KeepDrafts([]drafts.Draft{draft("contacts.edit/1", "Ana"), draft("contacts.edit/2", "Léo")})
	gone := s.DiscardDraft(PageContacts, "contacts.new")
	for _, cmd := range []tea.Cmd{late, gone, early} {
		if r, ok := cmd().(Result); !ok || r.Err != nil {
			t.Fatalf("answered %+v", r)
		}
	}
	if err := other(); err != nil {
		t.Fatal(err)
	}
	want := []string{"contacts.new Zoé", "contacts.new discarded", "contacts.edit/1 Ana", "contacts.edit/2 Léo"}
	if !slices.Equal(kept.kept, want) {
		t.Errorf("kept %q, want %q", kept.kept, want)
	}
}

// TestNothingIsRememberedOfDraftsThatAreKept: forms come and go for as long as
// the program runs.
func TestNothingIsRememberedOfDraftsThatAreKept(t *testing.T) {
	t.Parallel()
	s, _ := typist(t)
	var k Keeping
	first := k.Keep(s, PageContacts, draft("contacts.edit/1", "Ana"))
	second := k.Keep(s, PageContacts, draft("contacts.edit/1", "Anaïs"))
	second()
	if len(s.Drafts.turns) != 1 {
		t.Fatalf("%d forms are remembered while one waits", len(s.Drafts.turns))
	}
	first()
	if len(s.Drafts.turns) != 0 {
		t.Errorf("%d forms are remembered", len(s.Drafts.turns))
	}
}

// sheet is a form in which a name was typed, or none.
type sheet struct{ drafts.Draft }

func (f *sheet) Unkept() drafts.Draft { return f.Draft }
func (f *sheet) Keeping() *Keeping    { return nil }

// TestWhatIsTypedNowIsNotTakenFromADraft: the draft of before is only of forms
// that nothing was typed into since.
func TestWhatIsTypedNowIsNotTakenFromADraft(t *testing.T) {
	t.Parallel()
	before := DraftsRead{draft("contacts.new", "Zoé"), draft("contacts.edit/1", "Ana"), draft("contacts.edit/2", "Léo")}
	now := []*sheet{{draft("contacts.new", "Zo")}, {drafts.Draft{Form: "contacts.edit/1"}}}
	left := Earlier(before, now)
	if len(left) != 2 || left["contacts.edit/1"].Typed["name"] != "Ana" || left["contacts.edit/2"].Typed["name"] != "Léo" {
		t.Errorf("left are %v", left)
	}
}

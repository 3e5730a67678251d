package main

import (
	"slices"
	"testing"

	"willcall/core/contacts"
)

// TestThePaletteOpensAContactByNumber goes from a field on another page to one
// contact among five hundred.
func TestThePaletteOpensAContactByNumber(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"C-000007", "7", "c-7"} {
		s := demo(t, 80, 24)
		s.signIn(operator)
		s.Press("down")
		s.toMail()
		s.Press("ctrl+p")
		s.Type(typed)
		s.Want("●✓", "C-000007")
		s.Press("enter")
		s.Want("C-000007", "validated")
		s.Without("What to do", "Captured mail is empty")
		s.Press("esc", "/")
	}
}

func TestThePaletteFindsTheNumberFirst(t *testing.T) {
	t.Parallel()
	s := demo(t, 80, 24)
	req := s.owner()
	for typed, want := range map[string]string{"1": "C-000001", "c-000100": "C-000100", " 12 ": "C-000012"} {
		found, err := s.h.find(t.Context(), req, typed, 5)
		s.must(err)
		if len(found) == 0 || len(found) > 5 || found[0].Number != want {
			t.Errorf("%q finds %v", typed, found)
		}
		for i, c := range found {
			if slices.Contains(found[:i], c) {
				t.Errorf("%q finds %s twice", typed, c.Number)
			}
		}
	}
	found, err := s.h.find(t.Context(), req, "dupont mar", 3)
	s.must(err)
	same, err := s.h.contacts.Find(t.Context(), req, contacts.Query{Text: "dupont mar", Limit: 3})
	s.must(err)
	for i, r := range same.Rows {
		if found[i].ID != r.ID || found[i].Name != r.Name {
			t.Errorf("%v is not what the search finds: %v", found[i], r)
		}
	}
}

// TestThePaletteSaysWhyNot meets an action that can't be done, one that asks,
// and one that a capital letter stands for.
func TestThePaletteSaysWhyNot(t *testing.T) {
	t.Parallel()
	s := demo(t, 80, 24)
	s.signIn(operator)
	before := len(s.captured())
	s.Type("C-000007")
	s.Press("ctrl+p")
	s.Type("valid")
	s.Want("validation", "validated already")
	s.Press("enter", "esc")
	if s.post(); len(s.captured()) != before {
		t.Error("a mail went to who is validated")
	}
	s.Press("esc")
	s.Type("C-000001")
	s.Press("ctrl+p")
	s.Type("valid")
	s.Press("enter")
	s.Want("Send [Welcome] from Web shop")
	s.Press("ctrl+p")
	s.Without("What to do")
	s.Press("esc")
	s.mistake()
	s.Press("ctrl+p")
	s.Type("remove")
	s.Press("enter")
	s.Want("D remove")
	s.Press("esc")
}

package component

import (
	"slices"
	"strings"
	"testing"
)

func TestMergeTakesTheirsWhereNothingWasTouched(t *testing.T) {
	t.Parallel()
	before := map[string]string{"kind": "individual", "last": "Dupont", "email": "a@mail.example", "note": "Old"}
	long := "Two\nlines" + strings.Repeat("!", 2*mostShown)
	for name, c := range map[string]struct {
		field, mine, theirs string
		want                string // the field's value afterwards
		told                []Difference
	}{
		"untouched text takes theirs": {"last", "Dupont", "Roux", "Roux", []Difference{
			{Name: "last", Label: "Last name", Theirs: "Roux", Mine: "Dupont", Taken: true},
		}},
		"changed on both sides keeps mine": {"last", "Durand", "Roux", "Durand", []Difference{
			{Name: "last", Label: "Last name", Theirs: "Roux", Mine: "Durand"},
		}},
		"changed here alone":     {"last", "Durand", "Dupont", "Durand", nil},
		"the same on both sides": {"last", "Roux", "Roux", "Roux", nil},
		"a choice is told by its labels": {"kind", "structure", "relay", "structure", []Difference{
			{Name: "kind", Label: "Kind", Theirs: "relais de vente", Mine: "structure"},
		}},
		"a switch is told by its words": {"guest", "", "true", "true", []Difference{
			{Name: "guest", Label: "Guest", Theirs: "on", Mine: "off", Taken: true},
		}},
		"a switch switched twice is untouched": {"guest", "false", "true", "true", []Difference{
			{Name: "guest", Label: "Guest", Theirs: "on", Mine: "off", Taken: true},
		}},
		"a long text is told in a line": {"note", "Mine", long, "Mine", []Difference{
			{Name: "note", Label: "Note", Theirs: "Two lines" + strings.Repeat("!", mostShown-9) + "…", Mine: "Mine"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, theirs := contactForm(), map[string]string{}
			f.Fill(before)
			for key, value := range before {
				theirs[key] = value
			}
			theirs[c.field] = c.theirs
			f.Set(c.field, c.mine)
			for i := range c.told {
				c.told[i].Heading = "New contact"
			}
			if told := f.Merge(darkLook(t), before, theirs); !slices.Equal(told, c.told) {
				t.Errorf("told %+v, want %+v", told, c.told)
			}
			if got := f.Value(c.field); got != c.want {
				t.Errorf("the field holds %q, want %q", got, c.want)
			}
			if dirty := c.want != c.theirs; f.Dirty() != dirty {
				t.Errorf("dirty %v against theirs, want %v", f.Dirty(), dirty)
			}
		})
	}
}

func TestMergeShowsNoPassword(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "password", Kind: FieldPassword})
	if told := f.Merge(darkLook(t), nil, map[string]string{"password": "secret"}); told != nil || f.Value("password") != "" {
		t.Errorf("told %+v, the field holds %q", told, f.Value("password"))
	}
}

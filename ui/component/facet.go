package component

import (
	"slices"
	"strings"
)

// Origin is where a value was changed that differs between a form and the
// record it was filled from.
type Origin uint8

// The origins.
const (
	ChangedThere Origin = iota + 1 // in the record, and not in the form
	ChangedHere                    // in the form, and not in the record
	ChangedTwice                   // in both, to different values
)

// Facet is one thing that a record and a form about it say differently, in
// words a person reads: labels of options and switches, texts and lists in
// lines.
type Facet struct {
	Name   string // of the field, or of the group
	Label  string
	Theirs string // what is stored
	Mine   string // what stands in the form
	Origin Origin
	// By is who stored it and when; empty where that isn't known or nobody did.
	By string

	values string // what is compared, to know the same difference again
}

// Group is several fields that make one value, such as the rows of a list.
type Group struct {
	Name   string
	Label  string
	Fields []string
	// Read is the value as a person reads it, in lines; empty where there is none.
	Read func(values map[string]string) string
}

// normal is the value of a group in the one form it is compared in. Each field
// counts: what is shared among them in another way may read alike.
func (f *Form) normal(g Group, values map[string]string) string {
	if g.Read(values) == "" {
		return ""
	}
	parts := make([]string, len(g.Fields))
	for i, name := range g.Fields {
		if e := f.entry(name); e != nil {
			parts[i] = strings.TrimSpace(e.normal(values[name]))
		}
	}
	return strings.Join(parts, "\x00")
}

// Facets compares what the form was filled from, what is stored now, and what
// was typed, all as for [Form.Fill]. It lists what differs between the last two,
// in the order of the fields; those of a group are one, in the place of its
// first. What theirs doesn't name isn't part of the record and left out, and so
// are passwords and what can't be changed in the form.
func (f *Form) Facets(k Look, was, theirs, mine map[string]string, groups ...Group) []Facet {
	var all []Facet
	heading, twice, seen := "", f.ambiguous(), map[string]bool{}
	for _, e := range f.entries {
		if e.Kind == FieldHeading {
			heading = e.Label
		}
		if _, stored := theirs[e.Name]; !stored || !e.merges() || e.Kind == FieldShown {
			continue
		}
		if g, grouped := groupOf(groups, e.Name); grouped {
			if !seen[g.Name] {
				one := compared(f.normal(g, was), f.normal(g, theirs), f.normal(g, mine))
				one.Name, one.Label, one.Theirs, one.Mine = g.Name, g.Label, g.Read(theirs), g.Read(mine)
				all = one.addedTo(all)
			}
			seen[g.Name] = true
			continue
		}
		label := e.Label
		if twice[label] && heading != "" {
			label += " (" + heading + ")"
		}
		one := compared(e.normal(was[e.Name]), e.normal(theirs[e.Name]), e.normal(mine[e.Name]))
		one.Name, one.Label = e.Name, label
		one.Theirs, one.Mine = e.readable(k, theirs[e.Name]), e.readable(k, mine[e.Name])
		all = one.addedTo(all)
	}
	return all
}

// compared tells of three values who changed them.
func compared(was, theirs, mine string) Facet {
	one := Facet{values: theirs + "\x00" + mine}
	switch {
	case theirs == mine:
	case mine == was:
		one.Origin = ChangedThere
	case theirs == was:
		one.Origin = ChangedHere
	default:
		one.Origin = ChangedTwice
	}
	return one
}

// addedTo leaves out what is the same on both sides.
func (one Facet) addedTo(all []Facet) []Facet {
	if one.Origin == 0 {
		return all
	}
	return append(all, one)
}

func groupOf(groups []Group, field string) (Group, bool) {
	at := slices.IndexFunc(groups, func(g Group) bool { return slices.Contains(g.Fields, field) })
	if at < 0 {
		return Group{}, false
	}
	return groups[at], true
}

// ambiguous are the labels that several fields have: their headings tell them
// apart.
func (f *Form) ambiguous() map[string]bool {
	seen, twice := map[string]bool{}, map[string]bool{}
	for _, e := range f.entries {
		if e.merges() {
			twice[e.Label] = seen[e.Label]
			seen[e.Label] = true
		}
	}
	return twice
}

// Adopt makes a form that was filled with what is stored now into what is to be
// saved: it takes from another of the same fields what c took from there, and
// all that isn't part of the record, such as a password.
func (f *Form) Adopt(from *Form, c *Conflict, theirs map[string]string, groups ...Group) {
	for _, e := range f.entries {
		name := e.Name
		g, grouped := groupOf(groups, name)
		if grouped {
			name = g.Name
		}
		_, stored := theirs[e.Name]
		if e.Kind == FieldShown || (stored || grouped) && e.merges() && !c.Mine(name) {
			continue
		}
		if other := from.entry(e.Name); other != nil {
			e.set(other.get())
		}
	}
}

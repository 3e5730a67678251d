package main

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"willcall/core"
	"willcall/core/doctor"
	"willcall/storage"
	"willcall/ui/text"
)

// How much of long lists is printed.
const (
	namedKeys   = 3
	namedFaults = 10
	longestKey  = 24 // bytes
	idBytes     = 8
)

// doctorAnswer is the answer of "doctor".
type doctorAnswer struct {
	Data string `json:"data"`
	// Header are the copies of the database's header, 1 and 2, that are broken.
	Header       []int    `json:"damaged_header"`
	HeaderMended bool     `json:"header_mended,omitempty"`
	Pages        []string `json:"damaged_pages"`
	// Saved is what came of saving what damaged pages still hold; Beyond tells
	// that it was too little.
	Saved    *storage.Salvaged `json:"saved,omitempty"`
	Beyond   bool              `json:"beyond_repair,omitempty"`
	Captured []string          `json:"damaged_mail"`
	Groups   []faultGroup      `json:"findings"`
	// KeptMail are the damaged files of captured mail, as they were.
	KeptMail []string `json:"kept_mail"`
	// More tells that there was more to find than is held at a time.
	More        bool                    `json:"more,omitempty"`
	Quarantined map[core.Space]int      `json:"quarantined"`
	Aside       map[core.Space][]string `json:"quarantined_entries"` // the first of them
	Mended      int                     `json:"mended"`
	Kept        string                  `json:"kept,omitempty"`

	p text.Printer
}

// faultGroup are the findings of one kind.
type faultGroup struct {
	Fault    string     `json:"fault"`
	Space    core.Space `json:"space"`
	Detail   string     `json:"detail,omitempty"`
	Count    int        `json:"count"`
	Mendable bool       `json:"mendable"`
	Keys     []string   `json:"keys"` // the first of them
	Cause    string     `json:"cause,omitempty"`
}

// newDoctorAnswer is that of a folder in which nothing was found yet.
func newDoctorAnswer(p text.Printer, data string) *doctorAnswer {
	return &doctorAnswer{
		Data: data, p: p, Header: []int{}, Pages: []string{}, Captured: []string{}, Groups: []faultGroup{}, KeptMail: []string{},
		Quarantined: map[core.Space]int{}, Aside: map[core.Space][]string{},
	}
}

// take groups what was found, in the order of spaces.
func (a *doctorAnswer) take(found doctor.Found) {
	type kind struct {
		fault  core.Fault
		space  core.Space
		detail string
	}
	groups := map[kind]*faultGroup{}
	named := namer{a.p, found.Institutions}
	for _, f := range found.Findings {
		of := kind{f.Fault, f.Space, f.Detail}
		g := groups[of]
		if g == nil {
			g = &faultGroup{Fault: f.Fault.String(), Space: f.Space, Detail: f.Detail}
			groups[of] = g
		}
		g.Count++
		g.Mendable = g.Mendable || f.Mend != nil
		if len(g.Keys) < namedKeys {
			g.Keys = append(g.Keys, named.entry(f.Space, f.Key))
		}
		if f.Cause != nil && g.Cause == "" {
			g.Cause = f.Cause.Error()
		}
	}
	for _, g := range groups {
		a.Groups = append(a.Groups, *g)
	}
	slices.SortFunc(a.Groups, func(x, y faultGroup) int {
		return cmp.Or(cmp.Compare(x.Space, y.Space), cmp.Compare(x.Fault, y.Fault), cmp.Compare(x.Detail, y.Detail))
	})
	a.More, a.Quarantined = found.More, found.Quarantined
	for space, keys := range found.Aside {
		for _, key := range keys {
			a.Aside[space] = append(a.Aside[space], named.entry(space, key))
		}
	}
}

// verdict is nil where all is well, else says what to do next.
func (a *doctorAnswer) verdict() error {
	key := a.advice()
	switch {
	case key == "":
		return nil
	case a.Mended > 0 || a.Saved != nil || a.HeaderMended:
		return &hint{key: key, err: errInPart}
	}
	return &hint{key: key, err: errors.New(a.Data)}
}

// advice is the key of what to do next, empty for nothing.
func (a *doctorAnswer) advice() string {
	canMend := slices.ContainsFunc(a.Groups, func(g faultGroup) bool { return g.Mendable })
	switch {
	case a.Saved != nil:
		return "command.doctor.saved"
	case a.Beyond:
		return "command.doctor.beyond"
	case len(a.Pages) > 0:
		return "command.doctor.damaged"
	case canMend || a.More:
		return "command.doctor.mendable"
	case len(a.Header) > 0 && !a.HeaderMended:
		return "command.doctor.header"
	case len(a.Groups) > 0:
		return "command.doctor.told"
	case len(a.Captured) > 0:
		return "command.doctor.mail"
	}
	return ""
}

// rows implements [answer]: a line a finding, then what was done.
func (a *doctorAnswer) rows() [][]string {
	lines := a.fileRows()
	for _, g := range a.Groups {
		lines = append(lines, g.line(a.p))
	}
	lines = append(lines, a.first("command.doctor.segment", a.Captured)...)
	for _, space := range slices.Sorted(maps.Keys(a.Quarantined)) {
		entries := strings.Join(a.Aside[space], ", ")
		if a.Quarantined[space] > len(a.Aside[space]) {
			entries += " …"
		}
		lines = append(lines, a.p.N("command.doctor.quarantined", a.Quarantined[space], "space", spaceText(a.p, space), "entries", entries))
	}
	for _, kept := range a.KeptMail {
		lines = append(lines, a.p.T("command.doctor.mail-mended", "path", kept))
	}
	if a.Mended > 0 {
		lines = append(lines, a.p.N("command.doctor.mended", a.Mended, "path", a.Kept))
	}
	if len(a.Quarantined) > 0 {
		lines = append(lines, a.p.T("command.doctor.quarantine"))
	}
	if a.verdict() == nil {
		lines = append(lines, a.p.T("command.doctor.well"))
	}
	all := make([][]string, len(lines))
	for i, line := range lines {
		all[i] = []string{line}
	}
	return all
}

// fileRows are the lines about the file itself.
func (a *doctorAnswer) fileRows() (lines []string) {
	for _, n := range a.Header {
		key := "command.doctor.header-copy"
		if a.HeaderMended {
			key = "command.doctor.header-mended"
		}
		lines = append(lines, a.p.T(key, "copy", a.p.Number(n)))
	}
	lines = append(lines, a.first("command.doctor.page", a.Pages)...)
	if a.Saved != nil {
		lines = append(lines, a.p.N("command.doctor.saved-pages", a.Saved.Pages, "path", a.Kept))
		lines = append(lines, a.p.N("command.doctor.saved-entries", a.Saved.Entries))
		for _, space := range a.Saved.Short {
			lines = append(lines, a.p.T("command.doctor.saved-short", "space", spaceText(a.p, space)))
		}
	}
	return lines
}

// first are the first faults of a list, and how many there are beside.
func (a *doctorAnswer) first(key string, faults []string) (lines []string) {
	for _, fault := range faults[:min(len(faults), namedFaults)] {
		lines = append(lines, a.p.T(key, "error", fault))
	}
	if more := len(faults) - namedFaults; more > 0 {
		lines = append(lines, a.p.N("command.doctor.more", more))
	}
	return lines
}

func (g faultGroup) line(p text.Printer) string {
	line := p.N("doctor.fault."+g.Fault, g.Count, "space", spaceText(p, g.Space))
	if g.Detail != "" {
		line += " (" + p.T("doctor.detail."+g.Detail) + ")"
	}
	line += ": " + strings.Join(g.Keys, ", ")
	if g.Count > len(g.Keys) {
		line += " …"
	}
	return line
}

// spaceText is what people call what a space holds. A space of a newer program
// is called by its name.
func spaceText(p text.Printer, space core.Space) string {
	if key := "doctor.space." + string(space); p.Has(key) {
		return p.T(key)
	}
	return string(space)
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/text"
)

// answer is what a command prints: itself as JSON, or rows of cells.
type answer interface{ rows() [][]string }

// printAnswer writes an answer, harmless to any terminal.
func printAnswer(w io.Writer, a answer, asJSON bool) error {
	if !asJSON {
		_, err := io.WriteString(w, columns(a.rows()))
		return err
	}
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(a); err != nil {
		return fmt.Errorf("write the answer as JSON: %w", err)
	}
	_, err := io.WriteString(w, safetext.JSON(raw.String()))
	return err
}

// columns sets rows in columns as wide as their widest cell. Lines of a row's
// last cell stand below each other.
func columns(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i := range len(row) - 1 {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], safetext.Width(safetext.Line(row[i])))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		if len(row) == 0 {
			b.WriteByte('\n')
			continue
		}
		for i, line := range strings.Split(safetext.Block(row[len(row)-1]), "\n") {
			var cells strings.Builder
			for k, cell := range row[:len(row)-1] {
				if i > 0 {
					cell = ""
				}
				cells.WriteString(safetext.Fit(cell, widths[k]) + "  ")
			}
			b.WriteString(strings.TrimRight(cells.String()+line, " ") + "\n")
		}
	}
	return b.String()
}

// moment is a time in an answer: RFC 3339 in UTC.
type moment time.Time

// MarshalJSON implements [json.Marshaler].
func (m moment) MarshalJSON() ([]byte, error) { return json.Marshal(m.String()) }

// IsZero leaves unknown times out.
func (m moment) IsZero() bool { return time.Time(m).IsZero() }

// String is the time as it is printed, empty for none.
func (m moment) String() string {
	if m.IsZero() {
		return ""
	}
	return time.Time(m).UTC().Format(time.RFC3339)
}

// facts are rows of a name and a value; those without a value are left out.
type facts [][]string

func (f *facts) add(name, value string) {
	if value != "" {
		*f = append(*f, []string{name, value})
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// flagError is a refusal whose fields are flags of a command.
type flagError struct {
	set *flag.FlagSet
	err error
}

// Error implements error.
func (e *flagError) Error() string { return e.err.Error() }

// Unwrap gives the refusal.
func (e *flagError) Unwrap() error { return e.err }

// placed is an error whose times are those of an institution.
type placed struct {
	zone *time.Location
	err  error
}

// Error implements error.
func (e *placed) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *placed) Unwrap() error { return e.err }

func placedIn(zone *time.Location, err error) error {
	if err == nil || zone == nil {
		return err
	}
	return &placed{zone, err}
}

// inFlags marks a refusal of fields as one of flags.
func inFlags(set *flag.FlagSet, err error) error {
	if len(fieldsOf(err)) == 0 {
		return err
	}
	return &flagError{set: set, err: err}
}

// fieldsOf are the refusals of fields in err.
func fieldsOf(err error) core.Fields {
	var all core.Fields
	var one *core.Error
	switch {
	case errors.As(err, &all):
	case errors.As(err, &one) && one.Field != "":
		all = core.Fields{one}
	}
	return all
}

// lines says for each flag what is wrong with it.
func (e *flagError) lines(p text.Printer) (lines []string) {
	for _, f := range fieldsOf(e.err) {
		lines = append(lines, p.T("command.field", "flag", flagOf(e.set, f.Field), "error", p.Error(f)))
	}
	return lines
}

// flagOf is the flag of a field: "phone.2" is the second --phone, "subject.en"
// is --subject-en, "password" is --password-file. A field that has no flag,
// such as one of a JSON draft, keeps its name.
func flagOf(set *flag.FlagSet, field string) string {
	stem, last, _ := strings.Cut(field, ".")
	nth := ""
	if n, err := strconv.Atoi(last); err == nil {
		last = ""
		if n > 1 {
			nth = " (" + strconv.Itoa(n) + ")"
		}
	}
	for _, name := range []string{stem + "-" + last, stem, stem + "-file"} {
		if set.Lookup(name) != nil {
			return "--" + name + nth
		}
	}
	return field
}

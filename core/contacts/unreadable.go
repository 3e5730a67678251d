package contacts

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/record"
)

// rowAt reads a contact that something in the same state leads to. One that
// can't be read, or isn't there, becomes a row with its Damage: one broken
// record must not hide the others.
func rowAt(v core.View, institution, id core.ID) (Row, bool, error) {
	c, _, err := find(v, institution, id)
	switch {
	case err == nil:
		return rowOf(id, c), c.Primary, nil
	case errors.Is(err, core.ErrDamaged):
	case core.CodeOf(err) == core.CodeNotFound:
		err = fmt.Errorf("%w: %w", core.ErrDamaged, err)
	default:
		return Row{}, false, err
	}
	row := Row{ID: id, Damage: err}
	return row, false, row.remember(v, institution)
}

// remember fills in what the search knows of a contact that can't be read. The
// name is folded there.
func (r *Row) remember(v core.View, institution core.ID) error {
	place, err := filedAt(v, institution, r.ID)
	if err != nil || place.none() {
		return err
	}
	words, err := v.Get(spaceLines, place.line())
	if err != nil {
		return fmt.Errorf("read the search line of contact %d: %w", r.ID, err)
	}
	r.Kind, r.Name, r.Number = core.ContactKind(place.entry[0]), string(place.entry[1:]), numberIn(words)
	return nil
}

// numberIn is the contact's number among the words of its search line, 0 where
// none is there.
func numberIn(line []byte) uint64 {
	for word := range bytes.SplitSeq(line, []byte("\n")) {
		digits, is := strings.CutPrefix(string(word), "c-")
		number, err := strconv.ParseUint(digits, 10, 64)
		if is && err == nil && string(word) == numberWords(number)[0] {
			return number
		}
	}
	return 0
}

// unfound says more of a contact that is not found: that its record is damaged, or
// was set aside because it was.
func unfound(v core.View, institution, id core.ID, err error) error {
	place, readErr := filedAt(v, institution, id)
	if readErr != nil {
		return readErr
	}
	if !place.none() {
		return fmt.Errorf("contact %d is known and its record isn't there: %w", id, core.ErrDamaged)
	}
	aside, readErr := record.IsAside(v, spaceContacts, core.Key(institution, id))
	if readErr != nil {
		return readErr
	}
	if aside {
		refusal := core.Refuse(core.CodeDamaged).With("sentence", "doctor.set-aside")
		refusal.Err = fmt.Errorf("contact %d is in quarantine: %w", id, core.ErrDamaged)
		return refusal
	}
	return err
}

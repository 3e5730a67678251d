package main

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/validation"
	"willcall/ui/text"
)

// namer names stored entries as people know them.
type namer struct {
	p            text.Printer
	institutions map[core.ID]string // the names
}

// entry names what lies under a key of a space: what it belongs to, and the
// institution. Index entries and search lines end with the id of theirs.
func (n namer) entry(space core.Space, key []byte) string {
	if institution, id, ok := core.SplitKey(key); ok {
		return n.of(institution, n.number(space, id))
	}
	if len(key) == idBytes {
		return n.of(core.ID(binary.BigEndian.Uint64(key)), "")
	}
	if len(key) > 2*idBytes && strings.Contains(string(space), ".") {
		id := core.ID(binary.BigEndian.Uint64(key[len(key)-idBytes:]))
		return n.of(core.ID(binary.BigEndian.Uint64(key)), n.number(space, id))
	}
	if len(key) > longestKey {
		return hex.EncodeToString(key[:longestKey]) + "…"
	}
	return hex.EncodeToString(key)
}

// number names an entry of an institution. A contact's number is its id: they
// are handed out together.
func (n namer) number(space core.Space, id core.ID) string {
	number := strconv.FormatUint(uint64(id), 10)
	kind, _, _ := strings.Cut(string(space), ".")
	if space == validation.SpaceLast() {
		kind = "contacts"
	}
	switch kind {
	case "contacts":
		return n.p.T("doctor.entry.contact", "number", contacts.NumberText(uint64(id)))
	case "outbox":
		return n.p.T("doctor.entry.mail", "number", number)
	case "operators":
		return n.p.T("doctor.entry.operator", "number", number)
	}
	return n.p.T("doctor.entry.other", "number", number)
}

// of adds the institution where it is one.
func (n namer) of(institution core.ID, entry string) string {
	name := n.institutions[institution]
	switch {
	case institution == core.Installation:
		return entry
	case name == "":
		name = strconv.FormatUint(uint64(institution), 10)
	}
	if entry == "" {
		return name
	}
	return n.p.T("doctor.entry.of", "entry", entry, "institution", name)
}

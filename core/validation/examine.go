package validation

import (
	"encoding/binary"
	"fmt"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
	"willcall/core/venue"
)

// Examine looks through what is remembered of validation mails: each contact's
// newest, each operator's habit and how often was sent. What they name may be
// gone; then nothing is suggested.
func Examine(v core.View, report func(record.Finding) error) error {
	known := venue.Known(v)
	if err := (record.Examination[Last]{Table: lasts(), Shared: true, Known: known}).Run(v, report); err != nil {
		return err
	}
	if err := (record.Examination[Context]{Table: habits(), Shared: true, Known: known}).Run(v, report); err != nil {
		return err
	}
	err := v.Ascend(spaceRates, nil, nil, func(key, raw []byte) error {
		if rateKey(key) && len(raw) > 0 && len(raw)%rateSize == 0 && ordered(raw) {
			return nil
		}
		return report(record.Broken(spaceRates, key, "", nil))
	})
	if err != nil {
		return fmt.Errorf("examine how often was sent: %w", err)
	}
	return secret.Examine(v, known, report)
}

// rateSize is how many bytes a counted time takes.
const rateSize = 8

// rateKey reports whether a key is one of an address or of an actor.
func rateKey(key []byte) bool {
	address, actor := len(addressKey(0, "")), len(actorKey(core.Request{}))
	kind := len(core.Prefix(0))
	return len(key) == address && key[kind] == 'a' || len(key) == actor && key[kind] == 'o'
}

// ordered reports whether the counted times rise, as they are counted.
func ordered(raw []byte) bool {
	var before uint64
	for at := rateSize; at < len(raw); at += rateSize {
		now := binary.BigEndian.Uint64(raw[at:])
		if now < before {
			return false
		}
		before = now
	}
	return true
}

// EachLast calls fn for every contact whose newest mail is remembered.
func EachLast(v core.View, fn func(institution, contact core.ID) error) error {
	look := func(institution, contact core.ID, _ Last) error { return fn(institution, contact) }
	unheard := func(record.Finding) error { return nil }
	return record.Examination[Last]{Table: lasts(), Shared: true, Look: look}.Run(v, unheard)
}

// SpaceLast is where the newest mail of a contact is remembered.
func SpaceLast() core.Space { return spaceLast }

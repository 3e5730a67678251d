package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
)

// staff are the operators who entered and changed sample contacts since the
// venue was set up; what is older came with a trusted import.
type staff []core.Actor

// writePast writes a contact's past into the journal.
func writePast(act *core.Act, id core.ID, past []core.Entry) error {
	for _, e := range past {
		e.Institution, e.Subject = act.Req.Institution, core.Ref{Kind: core.KindContact, ID: id}
		if err := (activity.Journal{}).Record(act, e, act.Random); err != nil {
			return fmt.Errorf("write the past of contact %d: %w", id, err)
		}
	}
	return nil
}

// past makes up how a contact came to say what it says, from its making to its
// last change, and notes on it by whom and how often. The same contact always
// gets the same past.
func (s staff) past(c *contacts.Contact, since, now time.Time) []core.Entry {
	seed := fnv.New64a()
	_, _ = fmt.Fprint(seed, c.Listed(), c.Email.Typed, c.Birth) // a hash takes everything
	dice := rand.New(rand.NewPCG(seed.Sum64(), sampleSeed))     //nolint:gosec // sample data, no secret
	made := core.Entry{At: c.Created, Actor: core.Actor{Kind: core.ActorImport, Name: sampleName}, Action: core.ActContactsImport}
	if len(s) > 0 && !c.Created.Before(since) {
		made.Actor, made.Action = s[dice.IntN(len(s))], core.ActContactsCreate
	}
	c.CreatedBy = made.Actor.Name
	states := s.states(dice, *c)
	if made.Action == core.ActContactsCreate {
		made.Details = contacts.Differences(contacts.Contact{}, states[0])
	}
	entries := []core.Entry{made}
	from := c.Created
	if from.Before(since) {
		from = since
	}
	step := now.Sub(from) / time.Duration(len(states))
	for i, after := range states[1:] {
		e := core.Entry{
			At: from.Add(step * time.Duration(i+1)).Truncate(time.Minute), Actor: s[dice.IntN(len(s))],
			Action: core.ActContactsEdit, Details: contacts.Differences(states[i], after),
		}
		entries, c.Changed = append(entries, e), e.At
	}
	c.Changes = uint32(len(states) - 1) //nolint:gosec // a few
	return entries
}

// states are what a contact was from its making on; the last one is what it is.
// Most were never changed.
func (s staff) states(dice *rand.Rand, c contacts.Contact) []contacts.Contact {
	states := []contacts.Contact{c}
	if len(s) == 0 || dice.IntN(100) < 65 {
		return states
	}
	for _, i := range dice.Perm(len(formers())) {
		before := states[0]
		formers()[i](&before)
		if len(contacts.Differences(before, states[0])) > 0 {
			states = slices.Insert(states, 0, before)
		}
		if dice.IntN(3) == 0 {
			break
		}
	}
	return states
}

// formers take back what people often learn of a contact only later.
func formers() []func(*contacts.Contact) {
	return []func(*contacts.Contact){
		func(c *contacts.Contact) { c.Notes = "" },
		func(c *contacts.Contact) { c.Birth = 0 },
		func(c *contacts.Contact) { c.OptOuts = 0 },
		func(c *contacts.Contact) { c.FirstName = plainLetters(c.FirstName) },
		func(c *contacts.Contact) { c.Phones = c.Phones[:max(0, len(c.Phones)-1)] },
		func(c *contacts.Contact) {
			c.Postals = slices.Clone(c.Postals)
			for i := range c.Postals {
				c.Postals[i].City = plainLetters(c.Postals[i].City)
			}
		},
	}
}

package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
	"willcall/core/operators"
	"willcall/core/setup"
)

const (
	// opened is how long ago the sample venue was set up.
	opened = 90 * 24 * time.Hour
	// batch is how many contacts one act brings in, about: few enough that it
	// ends soon after ctrl+c.
	batch = 2000
)

// fillDemo makes the sample venue, its operators and n contacts. tell hears how
// many contacts are in.
func (h *house) fillDemo(ctx context.Context, portalURL string, n int, tell func(done int)) error {
	hash, err := h.hasher.Hash(ctx, h.random, demoPassword)
	if err != nil {
		return err
	}
	opera, crew, err := h.fillVenue(ctx, portalURL, hash)
	if err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	if err := h.fillContacts(ctx, opera.Institution, crew, n-storiedMails, tell); err != nil {
		return fmt.Errorf("fill in contacts: %w", err)
	}
	if err := h.tellMails(ctx, opera); err != nil {
		return fmt.Errorf("write the story's mails: %w", err)
	}
	tell(n)
	return nil
}

// fillVenue makes both institutions and the operators as of three months ago.
// It gives the first with those who work there on contacts; the owner and the
// admin belong to the second as well.
func (h *house) fillVenue(ctx context.Context, portalURL, hash string) (opera setup.Made, crew staff, err error) {
	founded := h.ago(opened, setup.Made{})
	service := setup.NewService(founded.desk, h.store, h.hasher, h.random, h.names)
	s, err := newSampler(h.clock.Effective())
	if err != nil {
		return opera, nil, err
	}
	req := core.Request{Actor: core.Actor{Kind: core.ActorSetup, Name: "demo"}}
	_, err = founded.desk.Do(ctx, req, core.ActDemoFill, func(act *core.Act) error {
		if opera, err = service.Fill(act, operaDraft(portalURL), hash); err != nil {
			return err
		}
		if err := sampleVenue(act, opera, portalURL+"/", h.firstTexts("verification")); err != nil {
			return err
		}
		port, err := service.Fill(act, portDraft(portalURL), hash)
		if err != nil {
			return err
		}
		if _, err := operators.Join(act, opera.Owner); err != nil {
			return err
		}
		imported := func(c *contacts.Contact) []core.Entry { return staff(nil).past(c, act.At, act.At) }
		if err := insert(act, s.portContacts(), imported); err != nil {
			return err
		}
		act.Req.Institution = opera.Institution
		crew = nil
		for _, o := range sampleOperators(opera.Institution, port.Institution, hash, act.At) {
			id, err := operators.Insert(act, o)
			if err != nil {
				return err
			}
			if o.Role != core.RoleDeveloper { // who only reads
				crew = append(crew, core.Actor{Kind: core.ActorOperator, ID: id, Name: o.Name})
			}
		}
		act.Log(core.Ref{Kind: core.KindInstitution, ID: opera.Institution})
		return tellOwner(act, opera.Owner, s.now)
	})
	return opera, crew, err
}

// tellOwner puts into the owner's notices what befell their account.
func tellOwner(act *core.Act, owner core.ID, now time.Time) error {
	changed := core.Notice{
		Kind: core.NoticeSecurity, Args: map[string]string{"change": string(operators.ChangePassword), "by": operaDraft("").OwnerName},
	}
	return activity.Inbox{}.Notify(act.Tx, now.AddDate(0, 0, -12), owner, changed)
}

// fillContacts brings in n contacts, the story's first, in acts of a batch.
func (h *house) fillContacts(ctx context.Context, institution core.ID, crew staff, n int, tell func(done int)) error {
	s, err := newSampler(h.clock.Effective())
	if err != nil {
		return err
	}
	next := s.storied()
	desk := h.ago(opened, setup.Made{}).desk
	past := func(c *contacts.Contact) []core.Entry { return crew.past(c, s.now.Add(-opened), s.now) }
	for done := 0; done < n; tell(done) {
		for count(next) < min(batch, n-done) {
			next = append(next, s.group())
		}
		next = firstOf(next, n-done)
		if err := bringIn(ctx, desk, institution, next, past); err != nil {
			return err
		}
		done += count(next)
		next = nil
	}
	return nil
}

// bringIn saves groups in one act, as a trusted import does.
func bringIn(ctx context.Context, desk *core.Desk, institution core.ID, groups []group, past teller) error {
	req := core.Request{Actor: core.Actor{Kind: core.ActorImport, Name: sampleName}, Institution: institution}
	_, err := desk.Do(ctx, req, core.ActContactsImport, func(act *core.Act) error {
		if err := insert(act, groups, past); err != nil {
			return err
		}
		act.Log(core.Ref{Kind: core.KindInstitution, ID: institution},
			core.Detail{Name: "contacts", Value: strconv.Itoa(count(groups))})
		return nil
	})
	return err
}

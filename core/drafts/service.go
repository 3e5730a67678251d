package drafts

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// Service keeps and hands out the drafts of whoever asks. It is safe for
// concurrent use.
type Service struct {
	desk *core.Desk
	keys *secret.Keys
}

// NewService makes a service that seals with the installation's keys.
func NewService(desk *core.Desk, keys *secret.Keys) *Service {
	return &Service{desk: desk, keys: keys}
}

// Keep keeps a draft in place of the one of the same form, and says when. It
// fails with [core.CodeTooLong] where the draft is larger than [MaxSize].
func (s *Service) Keep(ctx context.Context, req core.Request, d Draft) (time.Time, error) {
	plain := contents().Append(nil, &d)
	if len(plain) > MaxSize || len(d.Form) > maxForm {
		return time.Time{}, core.Refuse(core.CodeTooLong).With("max", strconv.Itoa(MaxSize))
	}
	receipt, err := s.desk.Do(ctx, req, core.ActDraftsKeep, func(act *core.Act) error {
		if err := sweepExpired(act); err != nil {
			return fmt.Errorf("sweep old drafts: %w", err)
		}
		return s.put(act, d, plain)
	})
	return receipt.At, err
}

// put writes a draft over the one of its form, or as a new one.
func (s *Service) put(act *core.Act, d Draft, plain []byte) error {
	now := stored{Operator: act.Req.Actor.ID, Form: d.Form, Subject: d.Subject, Version: d.Version, Kept: act.At}
	id, err := find(act, act.Req, d.Form)
	if err == nil && id == 0 {
		if err = makeRoom(act); err == nil {
			id, err = table().Insert(act, act.Req.Institution, now)
		}
	}
	if err != nil {
		return err
	}
	now.Sealed, err = s.keys.Seal(act.Random, sealPurpose, core.Key(act.Req.Institution, id), plain)
	if err != nil {
		return err
	}
	return table().Put(act, act.Req.Institution, id, now)
}

// find gives the draft of a form of whoever asks, 0 for none.
func find(v core.View, req core.Request, form string) (id core.ID, err error) {
	err = table().Lookup(v, req.Institution, spaceForms, append(formsOf(req.Actor.ID, form), 0), func(found core.ID) error {
		id = found
		return core.Stop
	})
	return id, err
}

// makeRoom deletes the operator's oldest drafts until there is room for one.
func makeRoom(act *core.Act) error {
	type aged struct {
		id   core.ID
		kept time.Time
	}
	var all []aged
	err := each(act, act.Req, "", func(id core.ID, d stored) error {
		all = append(all, aged{id, d.Kept})
		return nil
	})
	for err == nil && len(all) >= Most {
		oldest := 0
		for i, d := range all {
			if d.kept.Before(all[oldest].kept) {
				oldest = i
			}
		}
		err = remove(act, act.Req.Institution, all[oldest].id)
		all = append(all[:oldest], all[oldest+1:]...)
	}
	return err
}

// each calls fn for the drafts, of whoever asks, of forms whose names begin
// with forms.
func each(v core.View, req core.Request, forms string, fn func(id core.ID, d stored) error) error {
	return table().Lookup(v, req.Institution, spaceForms, formsOf(req.Actor.ID, forms), func(id core.ID) error {
		d, _, err := table().Get(v, req.Institution, id)
		if err != nil {
			return err
		}
		return fn(id, d)
	})
}

func remove(tx core.Tx, institution, id core.ID) error {
	_, version, err := table().Get(tx, institution, id)
	if err != nil {
		return err
	}
	return table().Delete(tx, institution, id, version)
}

// sweepExpired deletes a few drafts of the institution whose time is over.
func sweepExpired(act *core.Act) error {
	institution := act.Req.Institution
	to := append(core.Prefix(institution), timeKey(act.At.Add(1-Life))...)
	var over []core.ID
	err := act.Ascend(spaceKept, core.Prefix(institution), to, func(key, _ []byte) error {
		over = append(over, core.ID(binary.BigEndian.Uint64(key[len(key)-8:])))
		if len(over) == sweep {
			return core.Stop
		}
		return nil
	})
	for _, id := range over {
		if err == nil {
			err = remove(act, institution, id)
		}
	}
	return err
}

// All reads the drafts, of whoever asks, of forms whose names begin with forms.
// One that doesn't open is left out: the doctor tells of it.
func (s *Service) All(ctx context.Context, req core.Request, forms string) (all []Draft, err error) {
	now := s.desk.Effective()
	err = s.desk.See(ctx, req, core.ActDraftsShow, func(v core.View) error {
		all = nil
		return each(v, req, forms, func(id core.ID, d stored) error {
			if now.Sub(d.Kept) >= Life {
				return nil
			}
			if draft, err := s.open(req.Institution, id, d); err == nil {
				all = append(all, draft)
			}
			return nil
		})
	})
	return all, err
}

func (s *Service) open(institution, id core.ID, d stored) (Draft, error) {
	plain, err := s.keys.Open(sealPurpose, core.Key(institution, id), d.Sealed)
	if err != nil {
		return Draft{}, err
	}
	var draft Draft
	err = contents().Decode(plain, &draft)
	draft.Form, draft.Subject, draft.Version, draft.Kept = d.Form, d.Subject, d.Version, d.Kept
	return draft, err
}

// Discard forgets the draft of a form. That there is none is no error.
func (s *Service) Discard(ctx context.Context, req core.Request, form string) error {
	_, err := s.desk.Do(ctx, req, core.ActDraftsDiscard, func(act *core.Act) error {
		id, err := find(act, req, form)
		if err != nil || id == 0 {
			return err
		}
		return remove(act, req.Institution, id)
	})
	return err
}

// Forget deletes everybody's drafts about a subject that is gone for good.
func Forget(tx core.Tx, institution core.ID, subject core.Ref) error {
	var ids []core.ID
	err := table().Lookup(tx, institution, spaceSubjects, subjectKey(subject), func(id core.ID) error {
		ids = append(ids, id)
		return nil
	})
	for _, id := range ids {
		if err == nil {
			err = remove(tx, institution, id)
		}
	}
	if err != nil {
		return fmt.Errorf("forget the drafts about %s: %w", subject, err)
	}
	return nil
}

// Examine looks through the drafts; known tells which institutions there are.
// Whom a draft is about may be gone: its own time ends it.
func Examine(v core.View, known func(institution core.ID) (bool, error), report func(record.Finding) error) error {
	return record.Examination[stored]{Table: table(), Known: known, Look: func(institution, id core.ID, d stored) error {
		if d.Operator != 0 && d.Form != "" {
			return nil
		}
		return report(record.Finding{
			Fault: record.FaultDangling, Space: spaceDrafts, Key: core.Key(institution, id), Detail: "operator",
			Mend: table().SetAside(institution, id),
		})
	}}.Run(v, report)
}

// ExamineSeals tries the key on every draft. With the wrong key nothing opens;
// then the right one has to be put back, so that is only told.
func ExamineSeals(v core.View, keys *secret.Keys, report func(record.Finding) error) error {
	return record.Examination[stored]{Table: table(), Look: func(institution, id core.ID, d stored) error {
		key := core.Key(institution, id)
		_, err := keys.Open(sealPurpose, key, d.Sealed)
		if err == nil {
			return nil
		}
		return report(record.Finding{Fault: record.FaultBroken, Space: spaceDrafts, Key: key, Detail: "sealed", Cause: err})
	}}.Run(v, func(record.Finding) error { return nil }) // [Examine] reports the rest
}

package venue

import (
	"context"
	"encoding/binary"
	"fmt"

	"willcall/core"
)

func editionKey(institution, document core.ID, edition uint32) []byte {
	return binary.BigEndian.AppendUint32(core.Key(institution, document), edition)
}

// EditionOf reads one edition of a document. It fails with
// [core.CodeNotFound].
func EditionOf(v core.View, institution, document core.ID, edition uint32) (Edition, error) {
	e, found, err := editions().Get(v, editionKey(institution, document, edition))
	if err != nil {
		return Edition{}, fmt.Errorf("read edition %d of document %d: %w", edition, document, err)
	}
	if !found {
		return Edition{}, core.Refuse(core.CodeNotFound)
	}
	return e, nil
}

func putEdition(act *core.Act, document core.ID, edition uint32, texts []Text) error {
	e := Edition{Texts: texts, At: act.At, By: act.Req.Actor.Name}
	key := editionKey(act.Req.Institution, document, edition)
	if err := editions().Put(act, key, e); err != nil {
		return fmt.Errorf("save edition %d of document %d: %w", edition, document, err)
	}
	return nil
}

// EditionEntry is one edition with its number, from 1.
type EditionEntry struct {
	Number uint32
	Edition
}

// Editions lists a document's editions, newest first, without those that were
// lost to damage. It fails with [core.CodeNotFound].
func (s *Service) Editions(ctx context.Context, req core.Request, document core.ID) ([]EditionEntry, error) {
	var all []EditionEntry
	err := s.desk.See(ctx, req, core.ActSettingsShow, func(v core.View) error {
		doc, _, err := Documents().Get(v, req.Institution, document)
		all = nil
		for n := doc.Edition; err == nil && n > 0; n-- {
			e, found, readErr := editions().Get(v, editionKey(req.Institution, document, n))
			if found {
				all = append(all, EditionEntry{n, e})
			}
			err = readErr
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

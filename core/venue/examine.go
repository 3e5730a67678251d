package venue

import (
	"encoding/binary"
	"errors"
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

// Examine looks through all that is stored of institutions: every record, and
// what points of sale and documents refer to. What a point of sale refers to is
// an operator's to choose, so that is only told.
func Examine(v core.View, report func(record.Finding) error) error {
	houses := record.Examination[Institution]{Table: Institutions(), Told: true, Known: installation}
	if err := houses.Run(v, report); err != nil {
		return err
	}
	for _, examine := range []func(core.View, func(record.Finding) error) error{
		plain(Organisations()), plain(SalesChannels()), examinePointsOfSale, examineDocuments, examineEditions,
	} {
		if err := examine(v, report); err != nil {
			return err
		}
	}
	return nil
}

// Known tells of a view which institutions there are, for examinations.
func Known(v core.View) func(institution core.ID) (bool, error) {
	return func(institution core.ID) (bool, error) {
		return Institutions().Has(v, core.Installation, institution)
	}
}

// installation is where institutions themselves are kept.
func installation(institution core.ID) (bool, error) { return institution == core.Installation, nil }

func plain[T any](table record.Table[T]) func(core.View, func(record.Finding) error) error {
	return func(v core.View, report func(record.Finding) error) error {
		return record.Examination[T]{Table: table, Known: Known(v)}.Run(v, report)
	}
}

func examinePointsOfSale(v core.View, report func(record.Finding) error) error {
	look := func(institution, id core.ID, p PointOfSale) error {
		in, err := Organisations().Readable(v, institution, p.Organisation)
		if err != nil {
			return err
		}
		on, err := SalesChannels().Readable(v, institution, p.Channel)
		if err != nil {
			return err
		}
		return errors.Join(dangling(in, institution, id, "organisation", report), dangling(on, institution, id, "channel", report))
	}
	return record.Examination[PointOfSale]{Table: PointsOfSale(), Known: Known(v), Look: look}.Run(v, report)
}

// dangling reports a point of sale where what it refers to isn't there.
func dangling(there bool, institution, id core.ID, detail string, report func(record.Finding) error) error {
	if there {
		return nil
	}
	return report(record.Finding{
		Fault: record.FaultDangling, Space: spacePointsOfSale, Key: core.Key(institution, id), Detail: detail,
	})
}

// examineDocuments looks for the newest edition of each, which mails are
// written from. An earlier one may be missing: it was broken once.
func examineDocuments(v core.View, report func(record.Finding) error) error {
	look := func(institution, id core.ID, d Document) error {
		there, err := editions().Readable(v, editionKey(institution, id, d.Edition))
		if err != nil || there {
			return err
		}
		return report(record.Finding{
			Fault: record.FaultDangling, Space: spaceDocuments, Key: core.Key(institution, id), Detail: "edition",
			Mend: reissue(institution, id),
		})
	}
	return record.Examination[Document]{Table: Documents(), Known: Known(v), Look: look}.Run(v, report)
}

// reissue makes the newest edition that can be read the document's next one.
// The number of the lost one isn't used again, since mails may name it. A
// document that has no edition left is set aside.
func reissue(institution, id core.ID) func(core.Tx) error {
	return func(tx core.Tx) error {
		d, _, err := Documents().Get(tx, institution, id)
		if core.CodeOf(err) == core.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if there, err := editions().Readable(tx, editionKey(institution, id, d.Edition)); err != nil || there {
			return err
		}
		newest, left, err := newestEdition(tx, institution, id)
		if err != nil {
			return err
		}
		if !left {
			return Documents().SetAside(institution, id)(tx)
		}
		d.Edition = max(d.Edition, newest.Number) + 1
		if err := editions().Put(tx, editionKey(institution, id, d.Edition), newest.Edition); err != nil {
			return err
		}
		return Documents().Put(tx, institution, id, d)
	}
}

func newestEdition(v core.View, institution, id core.ID) (newest EditionEntry, left bool, err error) {
	from := core.Key(institution, id)
	err = v.Descend(spaceEditions, from, core.PrefixEnd(from), func(key, _ []byte) error {
		readable, err := editions().Readable(v, key)
		if err != nil || !readable || len(key) != editionKeySize {
			return err
		}
		newest.Number = binary.BigEndian.Uint32(key[len(key)-4:])
		newest.Edition, left, err = editions().Get(v, key)
		if err != nil {
			return err
		}
		return core.Stop
	})
	if err != nil {
		return newest, false, fmt.Errorf("find the newest edition of document %d: %w", id, err)
	}
	return newest, left, nil
}

// editionKeySize is the length of an editionKey.
const editionKeySize = 20

// examineEditions looks for editions behind the newest of their document, which
// its next one would overwrite. Those of a document that is gone stay: mails
// name them.
func examineEditions(v core.View, report func(record.Finding) error) error {
	return editions().Examine(v, editionKeySize, report, func(key []byte, _ Edition) error {
		institution, id, _ := core.SplitKey(key[:editionKeySize-4])
		readable, err := Documents().Readable(v, institution, id)
		if err != nil || !readable {
			return err
		}
		d, _, err := Documents().Get(v, institution, id)
		if err != nil {
			return err
		}
		if number := binary.BigEndian.Uint32(key[editionKeySize-4:]); number >= 1 && number <= d.Edition {
			return nil
		}
		f := record.Broken(spaceEditions, key, "document", nil)
		f.Fault = record.FaultWrong
		return report(f)
	})
}

// InstitutionNames are the names of the institutions that can be read.
func InstitutionNames(v core.View) (map[core.ID]string, error) {
	var ids []core.ID
	err := v.Ascend(spaceInstitutions, nil, nil, func(key, _ []byte) error {
		if _, id, ok := core.SplitKey(key); ok {
			ids = append(ids, id)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the institutions: %w", err)
	}
	names := map[core.ID]string{}
	for _, id := range ids {
		if i, _, err := Institutions().Get(v, core.Installation, id); err == nil {
			names[id] = i.Name
		}
	}
	return names, nil
}

// SpaceInstitutions is where the institutions are.
func SpaceInstitutions() core.Space { return spaceInstitutions }

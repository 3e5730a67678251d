package venue

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"willcall/core"
	"willcall/core/record"
)

// SampleToken stands in a sample mail's link where a real one has its token.
const SampleToken = "sample"

// LinkPath is the portal's path in front of a link's token.
const LinkPath = "/v/"

// Samples are values that a document's variables can be filled with, for a
// preview or a sample mail. The point of sale bears the institution's name.
func Samples(kind DocumentKind, i Institution) map[string]string {
	all := map[string]string{
		"name": "Camille Martin", "address": "camille.martin@mail.example", "institution": i.Name,
		"point-of-sale": i.Name, linkVariable: i.PortalURL + LinkPath + SampleToken, "hours": hours(i),
	}
	maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(Variables(kind), name) })
	return all
}

// SendSample sends the newest edition of a document, filled with [Samples], in
// the name of the first point of sale. It goes through the outbox as every
// mail does and counts in no cap: its link leads to a page that says what it
// is. Fields are "language" and "to". It fails with [core.CodeNoContext] where
// there is no point of sale.
func (s *Service) SendSample(ctx context.Context, req core.Request, document core.ID, language, to string) (core.Receipt, error) {
	return s.desk.Do(ctx, req, core.ActDocumentsSample, func(act *core.Act) error {
		m, err := sample(act, document, language, to)
		if err != nil {
			return err
		}
		id, err := act.Mail(m)
		if err != nil {
			return fmt.Errorf("put the sample into the outbox: %w", err)
		}
		act.Log(core.Ref{Kind: core.KindDocument, ID: document},
			core.Detail{Name: "mail", Value: fmt.Sprint(id)}, core.Detail{Name: "to", Value: m.To, Personal: true})
		return nil
	})
}

// sample writes the mail of a sample.
func sample(act *core.Act, document core.ID, language, to string) (core.Mail, error) {
	doc, _, err := Documents().Get(act, act.Req.Institution, document)
	if err != nil {
		return core.Mail{}, err
	}
	var fields core.Fields
	fields.Add("language", core.CheckLanguage(language))
	address, err := core.CanonicalAddress(to)
	if err == nil && !act.Captured && core.ReservedAddress(address) {
		err = core.Refuse(core.CodeReserved)
	}
	fields.Add("to", err)
	if err := fields.Err(); err != nil {
		return core.Mail{}, err
	}
	house, _, err := Institutions().Get(act, core.Installation, act.Req.Institution)
	if err != nil {
		return core.Mail{}, err
	}
	edition, err := EditionOf(act, act.Req.Institution, document, doc.Edition)
	if err != nil {
		return core.Mail{}, err
	}
	from, err := firstPointOfSale(act, act.Req.Institution)
	if err != nil {
		return core.Mail{}, err
	}
	text, _ := edition.In(language, house.Language)
	values := Samples(doc.Kind, house)
	if _, named := values["point-of-sale"]; named {
		values["point-of-sale"] = from.Name
	}
	return core.Mail{
		To: address, From: from.Sender, FromName: from.SenderName,
		Document: document, Edition: doc.Edition, Language: text.Language,
		Subject:   core.Ref{Kind: core.KindOperator, ID: act.Req.Actor.ID},
		Variables: values, Expires: act.At.Add(house.LinkLife()),
	}, nil
}

// firstPointOfSale is the oldest one. It fails with [core.CodeNoContext].
func firstPointOfSale(v core.View, institution core.ID) (first PointOfSale, err error) {
	found := false
	err = PointsOfSale().Ascend(v, institution, 0, func(_ core.ID, _ record.Version, p PointOfSale) error {
		first, found = p, true
		return core.Stop
	})
	if err == nil && !found {
		err = core.Refuse(core.CodeNoContext)
	}
	return first, err
}

package validation

import (
	"fmt"

	"willcall/core"
	"willcall/core/venue"
)

// noticeText names the product's own mail of R8, for an institution without an
// active document of the kind.
const noticeText = "address-changed"

// notice tells a former address that it was replaced. None of its variables
// names the new one (R8).
func notice(act *core.Act, to Addressee, former core.Email, from core.ID) error {
	house, _, err := venue.Institutions().Get(act, core.Installation, act.Req.Institution)
	if err != nil {
		return err
	}
	pos, _, err := venue.PointsOfSale().Get(act, act.Req.Institution, from)
	if err != nil {
		return err
	}
	m := core.Mail{
		To: former.Key, ToName: to.Name, From: pos.Sender, FromName: pos.SenderName,
		Subject:   contactRef(to.Contact),
		Variables: map[string]string{"name": to.Name, "address": former.Typed, "institution": house.Name},
		Expires:   act.At.Add(house.LinkLife()),
	}
	if err := noticeFrom(act, &m, to.Language, house.Language); err != nil {
		return err
	}
	if _, err := act.Mail(m); err != nil {
		return fmt.Errorf("put the notice into the outbox: %w", err)
	}
	return nil
}

// noticeFrom gives a notice its text: the institution's first active document
// of the kind, else the product's own.
func noticeFrom(act *core.Act, m *core.Mail, language, fallback string) error {
	documents, err := venue.ActiveDocuments(act, act.Req.Institution, venue.DocumentNotice)
	if err != nil {
		return fmt.Errorf("list the notices: %w", err)
	}
	if len(documents) == 0 {
		if core.CheckLanguage(language) != nil {
			language = fallback
		}
		m.System, m.Language = noticeText, language
		return nil
	}
	doc, _, err := venue.Documents().Get(act, act.Req.Institution, documents[0].ID)
	if err != nil {
		return err
	}
	edition, err := venue.EditionOf(act, act.Req.Institution, documents[0].ID, doc.Edition)
	if err != nil {
		return err
	}
	text, _ := edition.In(language, fallback)
	m.Document, m.Edition, m.Language = documents[0].ID, doc.Edition, text.Language
	return nil
}

package venue

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"willcall/core"
	"willcall/core/record"
)

// MaxBody is the length of a document's body in code points.
const MaxBody = 20000

// linkVariable is the variable without which a verification document is
// useless.
const linkVariable = "link"

// Variables lists what a document of a kind may name in braces. A notice goes to
// the former address: it has no link, and no variable for the new one (R8).
func Variables(kind DocumentKind) []string {
	switch kind {
	case DocumentVerification:
		return []string{"name", "address", "institution", "point-of-sale", linkVariable, "hours"}
	case DocumentNotice:
		return []string{"name", "address", "institution"}
	}
	return nil
}

// variablePattern finds {name} and {point-of-sale}; a doubled brace is a brace.
var variablePattern = regexp.MustCompile(`\{\{|\}\}|\{([^{}\n]*)\}`)

// Fill puts values in the place of {name}-like variables. "{{" and "}}" stand
// for single braces. Unknown variables stay as they are: saving refuses them.
func Fill(text string, values map[string]string) string {
	return variablePattern.ReplaceAllStringFunc(text, func(found string) string {
		switch found {
		case "{{":
			return "{"
		case "}}":
			return "}"
		}
		if value, ok := values[found[1:len(found)-1]]; ok {
			return value
		}
		return found
	})
}

// CheckVariables refuses the first variable that a kind of document doesn't have,
// with [core.CodeVariable].
func CheckVariables(text string, kind DocumentKind) error {
	known := Variables(kind)
	for _, found := range variablePattern.FindAllStringSubmatch(text, -1) {
		if found[0] == "{{" || found[0] == "}}" || slices.Contains(known, found[1]) {
			continue
		}
		return core.Refuse(core.CodeVariable).With("name", found[1])
	}
	return nil
}

// DocumentDraft is what a form says of a document.
type DocumentDraft struct {
	Name string
	// Kind is that of a new document, 0 for a verification document. A saved one
	// keeps its own.
	Kind   DocumentKind
	Active bool
	Texts  []Text
}

// check refuses a draft that couldn't be sent, naming fields "kind", "name",
// "subject.en", "body.fr".
func (d DocumentDraft) check(kind DocumentKind) error {
	var fields core.Fields
	if !slices.Contains(DocumentKinds(), kind) {
		fields.Add("kind", core.Refuse(core.CodeChoice))
	}
	fields.Add("name", core.CheckLine(d.Name, core.MaxName, true))
	if len(d.Texts) == 0 {
		fields.Add("body."+core.Languages()[0], core.Refuse(core.CodeRequired))
	}
	for _, t := range d.Texts {
		fields.Add("language", core.CheckLanguage(t.Language))
		fields.Add("subject."+t.Language, checkSubject(t.Subject, kind))
		fields.Add("body."+t.Language, checkBody(t.Body, kind))
	}
	return fields.Err()
}

func checkSubject(subject string, kind DocumentKind) error {
	if err := core.CheckLine(subject, core.MaxSubject, true); err != nil {
		return err
	}
	return CheckVariables(subject, kind)
}

func checkBody(body string, kind DocumentKind) error {
	if err := core.CheckText(body, MaxBody, true); err != nil {
		return err
	}
	if err := CheckVariables(body, kind); err != nil {
		return err
	}
	if kind == DocumentVerification && !names(body, linkVariable) {
		return core.Refuse(core.CodeLinkMissing)
	}
	return nil
}

// names reports whether a text holds a variable; between doubled braces it is
// plain text.
func names(text, variable string) bool {
	return slices.ContainsFunc(variablePattern.FindAllString(text, -1), func(found string) bool {
		return found == "{"+variable+"}"
	})
}

// texts drops languages left wholly empty, so that a document may be in one.
func (d DocumentDraft) texts() []Text {
	var kept []Text
	for _, t := range d.Texts {
		t.Subject = core.CleanLine(t.Subject)
		t.Body = strings.ReplaceAll(t.Body, "\r\n", "\n")
		if t.Subject != "" || strings.TrimSpace(t.Body) != "" {
			kept = append(kept, t)
		}
	}
	return kept
}

// CreateDocument saves a new document with its first edition, in the caller's
// act.
func CreateDocument(act *core.Act, kind DocumentKind, draft DocumentDraft) (core.ID, error) {
	draft.Texts = draft.texts()
	if err := draft.check(kind); err != nil {
		return 0, err
	}
	doc := Document{Name: core.CleanLine(draft.Name), Kind: kind, Active: draft.Active, Edition: 1}
	id, err := Documents().Insert(act, act.Req.Institution, doc)
	if err != nil {
		return 0, err
	}
	return id, putEdition(act, id, 1, draft.Texts)
}

// SaveDocument saves a document: a new one of the draft's kind where id is 0,
// else a new edition of the one the caller saw in version expected.
func (s *Service) SaveDocument(ctx context.Context, req core.Request, id core.ID, expected record.Version, d DocumentDraft) (core.Receipt, error) {
	action := core.ActDocumentsEdit
	if id == 0 {
		action = core.ActDocumentsCreate
	}
	return s.desk.Do(ctx, req, action, func(act *core.Act) (err error) {
		saved := id
		if id == 0 {
			saved, err = CreateDocument(act, cmp.Or(d.Kind, DocumentVerification), d)
		} else {
			err = editDocument(act, id, expected, d)
		}
		if err != nil {
			return err
		}
		return done(act, core.Ref{Kind: core.KindDocument, ID: saved}, named(d.Name))
	})
}

// editDocument adds an edition; mails already written keep the one they name.
func editDocument(act *core.Act, id core.ID, expected record.Version, d DocumentDraft) error {
	doc, _, err := Documents().Get(act, act.Req.Institution, id)
	if err != nil {
		return err
	}
	d.Texts = d.texts()
	if err := d.check(doc.Kind); err != nil {
		return err
	}
	doc.Name, doc.Active, doc.Edition = core.CleanLine(d.Name), d.Active, doc.Edition+1
	if _, err := Documents().Save(act, act.Req.Institution, id, expected, doc); err != nil {
		return err
	}
	return putEdition(act, id, doc.Edition, d.Texts)
}

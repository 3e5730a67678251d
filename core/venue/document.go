package venue

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"willcall/core"
)

// MaxBody is the length of a document's body in code points.
const MaxBody = 20000

// linkVariable is the variable without which a verification document is
// useless.
const linkVariable = "link"

// Variables lists what a document of a kind may name in braces.
func Variables(kind DocumentKind) []string {
	if kind == DocumentVerification {
		return []string{"name", "address", "institution", "point-of-sale", linkVariable, "hours"}
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

// checkVariables refuses the first variable that a kind doesn't have.
func checkVariables(text string, kind DocumentKind) error {
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
	Name   string
	Active bool
	Texts  []Text
}

// check refuses a draft that couldn't be sent, naming fields "name",
// "subject.en", "body.fr".
func (d DocumentDraft) check(kind DocumentKind) error {
	var fields core.Fields
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
	return checkVariables(subject, kind)
}

func checkBody(body string, kind DocumentKind) error {
	if err := core.CheckText(body, MaxBody, true); err != nil {
		return err
	}
	if err := checkVariables(body, kind); err != nil {
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

func editionKey(institution, document core.ID, edition uint32) []byte {
	return binary.BigEndian.AppendUint32(core.Key(institution, document), edition)
}

// EditionOf reads one edition of a document. It fails with
// [core.CodeNotFound].
func EditionOf(v core.View, institution, document core.ID, edition uint32) (Edition, error) {
	raw, err := v.Get(spaceEditions, editionKey(institution, document, edition))
	if err != nil {
		return Edition{}, fmt.Errorf("read edition %d of document %d: %w", edition, document, err)
	}
	if raw == nil {
		return Edition{}, core.Refuse(core.CodeNotFound)
	}
	var e Edition
	if err := editionCodec().Decode(raw, &e); err != nil {
		return Edition{}, fmt.Errorf("read edition %d of document %d: %w", edition, document, err)
	}
	return e, nil
}

func putEdition(act *core.Act, document core.ID, edition uint32, texts []Text) error {
	e := Edition{Texts: texts, At: act.At, By: act.Req.Actor.Name}
	key := editionKey(act.Req.Institution, document, edition)
	if err := act.Put(spaceEditions, key, editionCodec().Append(nil, &e)); err != nil {
		return fmt.Errorf("save edition %d of document %d: %w", edition, document, err)
	}
	return nil
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

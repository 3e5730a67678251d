package operators

import (
	"context"

	"willcall/core"
)

// Speak keeps the language of the request's operator: one of [core.Languages],
// that the console is in from the next sign-in on. The field is "language".
func (s *Service) Speak(ctx context.Context, req core.Request, language string) error {
	_, err := s.desk.Do(ctx, req, core.ActSessionLanguage, func(act *core.Act) error {
		var fields core.Fields
		fields.Add("language", core.CheckLanguage(language))
		if err := fields.Err(); err != nil {
			return err
		}
		o, version, err := table().Get(act, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		act.Log(core.Ref{Kind: core.KindOperator, ID: req.Actor.ID}, core.Detail{Name: "language", Value: language})
		o.Language = language
		_, err = table().Save(act, core.Installation, req.Actor.ID, version, o)
		return err
	})
	return err
}

package operators

import "willcall/core"

// walled reports whether an operator has to enrol before anything else (R66,
// R67): a second factor is required, there is none, and no mailed code stands for
// it (R72).
func (s Standings) walled(v core.View, id core.ID, o Operator) (bool, error) {
	house, err := company(v)
	if err != nil || !house.Required {
		return false, err
	}
	f, err := optional(v, factors(), id)
	if err != nil || f.on() {
		return false, err
	}
	if !house.MailMeets || !house.mails(o) || o.Validated.IsZero() {
		return true, nil
	}
	captured, err := s.Captured(v)
	return captured, err
}

// mails reports whether mailed codes are on for an operator, by the company
// (R52) or their own choice (R53).
func (c Company) mails(o Operator) bool { return c.MailedCodes || o.Mailed }

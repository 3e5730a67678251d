package operators

import (
	"willcall/core"
	"willcall/core/record"
)

// Company is what holds for everybody who signs in to the installation.
type Company struct {
	Version core.Version // 0 before the first change
	// Required is whether everybody needs a second factor (R66).
	Required bool
	// MailedCodes is whether everybody without an authenticator app signs in with
	// a mailed code (R52).
	MailedCodes bool
	// MailMeets is whether a mailed code is factor enough for Required (R72).
	MailMeets bool
}

const (
	spaceCompany core.Space = "company"
	// companyID is the only record's.
	companyID core.ID = 1
)

func companies() record.Table[Company] {
	return record.NewTable(spaceCompany, core.KindCompany, record.New(
		record.Bool(1, func(c *Company) *bool { return &c.Required }),
		record.Bool(2, func(c *Company) *bool { return &c.MailedCodes }),
		record.Bool(3, func(c *Company) *bool { return &c.MailMeets }),
	))
}

// company reads what holds for everybody.
func company(v core.View) (Company, error) {
	c, version, err := companies().Get(v, core.Installation, companyID)
	if core.CodeOf(err) == core.CodeNotFound {
		return Company{}, nil
	}
	c.Version = version
	return c, err
}

func companyRef() core.Ref { return core.Ref{Kind: core.KindCompany, ID: companyID} }

// walls reports whether an operator has to enrol a second factor before anything
// else (R67): it is required, they have no app, and no mailed code stands for it
// (R72). captured tells that there is no mail server, so that no code comes.
func (c Company) walls(o Operator, enrolled, captured bool) bool {
	byMail := c.MailMeets && c.mails(o) && !o.Validated.IsZero() && !captured
	return c.Required && !enrolled && !byMail
}

package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
)

func operatorTwins() []twin {
	draft := []string{"name", "role", "institution"}
	return []twin{
		{action: core.ActOperatorList, scope: inWhole, run: listOperators},
		{
			action: core.ActOperatorInvite, args: []string{"ADDRESS"}, flags: append([]string{"language"}, draft...),
			scope: inWhole, run: inviteOperator,
		},
		onOperator(core.ActOperatorInviteAgain, inviteAgain),
		onOperator(core.ActOperatorEdit, editOperator, append([]string{"address"}, draft...)...),
		onOperator(core.ActOperatorDisable, disableOperator),
		onOperator(core.ActOperatorEnable, enableOperator),
		onOperator(core.ActOperatorReset, resetPassword),
		onOperator(core.ActOperatorResetFactor, resetFactor),
		onOperator(core.ActOperatorEndSessions, endSessions),
		onOperator(core.ActOperatorBreakGlass, breakGlass, "password-stdin", "yes"),
	}
}

// operatorList is the answer of "operator list".
type operatorList struct {
	Operators []operatorAnswer `json:"operators"`
}

type operatorAnswer struct {
	ID           core.ID       `json:"id"`
	Name         string        `json:"name"`
	Address      string        `json:"address"`
	Validated    moment        `json:"validated,omitzero"`
	Role         string        `json:"role"`
	Institutions []namedAnswer `json:"institutions"`
	State        string        `json:"state"` // "enabled", "disabled" or "invited"
	Invited      moment        `json:"invited_until,omitzero"`
	// Factor is "app", "mail" or "none".
	Factor       string `json:"factor"`
	RecoveryLeft int    `json:"recovery_codes_left"`
	LastSignIn   moment `json:"last_sign_in,omitzero"`
	Sessions     int    `json:"sessions"`
}

func operatorOf(m operators.Member, houses []venue.Named) operatorAnswer {
	a := operatorAnswer{
		ID: m.ID, Name: m.Name, Address: m.Address, Validated: moment(m.Validated), Role: m.Role.String(),
		Institutions: []namedAnswer{}, State: "enabled", Invited: moment(m.Invited), Factor: "none",
		LastSignIn: moment(m.LastSignIn), Sessions: m.Sessions,
	}
	for _, h := range houses {
		if slices.Contains(m.Institutions, h.ID) {
			a.Institutions = append(a.Institutions, namedAnswer{h.ID, h.Name})
		}
	}
	switch {
	case m.Disabled:
		a.State = "disabled"
	case m.Pending:
		a.State = "invited"
	}
	switch {
	case m.Factor.On:
		a.Factor, a.RecoveryLeft = "app", m.Factor.RecoveryLeft
	case m.MailedOwn:
		a.Factor = "mail"
	}
	return a
}

// rows implements [answer].
func (l operatorList) rows() [][]string {
	all := make([][]string, 0, len(l.Operators))
	for _, o := range l.Operators {
		names := make([]string, len(o.Institutions))
		for i, h := range o.Institutions {
			names[i] = h.Name
		}
		all = append(all, []string{
			strconv.FormatUint(uint64(o.ID), 10), o.Name, o.Address, o.Role, o.State, "factor " + o.Factor, strings.Join(names, ", "),
		})
	}
	return all
}

func listOperators(ctx context.Context, at *bench) (answer, error) {
	staff, err := at.operators.Staff(ctx, at.req)
	if err != nil {
		return nil, err
	}
	houses, err := at.houses(ctx)
	if err != nil {
		return nil, err
	}
	list := operatorList{Operators: make([]operatorAnswer, 0, len(staff.Members))}
	for _, m := range staff.Members {
		list.Operators = append(list.Operators, operatorOf(m, houses))
	}
	return list, nil
}

// houses are all institutions, by name.
func (at *bench) houses(ctx context.Context) ([]venue.Named, error) {
	places, err := at.places(ctx)
	return listOf(places, func(p venue.Place) venue.Named { return venue.Named{ID: p.ID, Name: p.Name} }), err
}

// operatorDone is the answer of commands that do something about an operator.
type operatorDone struct {
	ID      core.ID `json:"operator"`
	Address string  `json:"address"`
	Done    string  `json:"done"` // the action's last word
	// Sessions is how many ended, of "operator end-sessions".
	Sessions *int         `json:"sessions_ended,omitempty"`
	Mails    []handedMail `json:"mails"`
}

// handedMail is what became of a mail that a command caused.
type handedMail struct {
	To string `json:"to"`
	// Mail is "captured", "sent", "waiting", "failed", "expired" or "cancelled".
	Mail   string `json:"mail"`
	Next   moment `json:"next_try,omitzero"`
	Answer string `json:"answer,omitempty"`
	Why    string `json:"why,omitempty"`
}

// rows implements [answer].
func (d operatorDone) rows() [][]string {
	var all facts
	all.add("operator", strconv.FormatUint(uint64(d.ID), 10)+" "+d.Address)
	all.add("done", d.Done)
	if d.Sessions != nil {
		all.add("sessions ended", strconv.Itoa(*d.Sessions))
	}
	return append(all, mailRows(d.Mails)...)
}

func mailRows(mails []handedMail) (all facts) {
	for _, m := range mails {
		line := m.Mail + " to " + m.To
		if next := m.Next.String(); next != "" {
			line += ", next try " + next
		}
		all.add("mail", line)
		all.add("answer", m.Answer)
	}
	return all
}

// mails hands over the mails that a command caused, and says what became of
// them. What the command did stays done whatever becomes of its mails.
func (at *bench) mails(ctx context.Context, mails []queued) ([]handedMail, error) {
	all := []handedMail{}
	if len(mails) == 0 {
		return all, nil
	}
	entries, err := at.handOver(ctx, mails...)
	for _, e := range entries {
		m := handedMail{To: e.To, Mail: e.State.String(), Answer: e.Answer, Why: string(e.Why)}
		if !e.State.Final() {
			m.Mail, m.Next = waiting, moment(e.Next)
		}
		all = append(all, m)
	}
	return all, err
}

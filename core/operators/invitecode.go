package operators

import (
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// The life of one-time codes.
const (
	invitationLife = 72 * time.Hour
	resetLife      = time.Hour
)

const spaceOneTimes core.Space = "operators.one-time"

// oneTime is what is known of the one-time code that was mailed to an operator
// last, under the operator's id. Only that one is good.
type oneTime struct {
	// Number rises with every code; a code of another number is void.
	Number uint64
	// Until is when it is over; zero: it was used, or is void.
	Until time.Time
	// Sent are those that operators had sent, Asked those that somebody who wasn't
	// signed in asked for: a stranger uses up nothing of the others.
	Sent  posted
	Asked posted
}

func oneTimes() record.Table[oneTime] {
	return record.NewTable(spaceOneTimes, core.KindOperator, record.New(
		record.Uint(1, func(c *oneTime) *uint64 { return &c.Number }),
		record.Time(2, func(c *oneTime) *time.Time { return &c.Until }),
		record.Uints(3, func(c *oneTime) *[]uint64 { return (*[]uint64)(&c.Sent) }),
		record.Uints(4, func(c *oneTime) *[]uint64 { return (*[]uint64)(&c.Asked) }),
	))
}

// mailCode mails a fresh one-time code to an operator; the former one is void.
// It fails with what [posted.another] and [writeTo] say.
func mailCode(act *core.Act, id core.ID, o Operator, purpose secret.Purpose) error {
	last, err := optional(act, oneTimes(), id)
	if err != nil {
		return err
	}
	sent := &last.Sent
	if act.Req.Actor.Kind == core.ActorAnonymous {
		sent = &last.Asked
	}
	if *sent, err = sent.another(act.At); err != nil {
		return err
	}
	l := letter{text: letterReset, life: resetLife, values: map[string]string{"minutes": minutes(resetLife)}}
	if purpose == secret.PurposeInvitation {
		l = letter{text: letterInvitation, life: invitationLife, values: map[string]string{"hours": hours(invitationLife)}}
	}
	last.Number++
	last.Until = act.At.Add(l.life)
	from, err := senderTo(act, o)
	if err != nil {
		return err
	}
	code, err := secret.IssueCode(act, secret.Grant{
		Purpose: purpose, Institution: from.institution, Subject: operatorRef(id), Address: o.Address,
		Generation: last.Number, Language: o.Language, Asked: act.At, Expires: last.Until,
	})
	if err != nil {
		return err
	}
	if err := oneTimes().Put(act, core.Installation, id, last); err != nil {
		return err
	}
	l.secret = map[string]string{"code": code}
	return writeTo(act, id, o, l)
}

// voidCode ends the one-time code of an operator, used or not.
func voidCode(act *core.Act, id core.ID) error {
	last, version, err := oneTimes().Get(act, core.Installation, id)
	if core.CodeOf(err) == core.CodeNotFound {
		return nil
	}
	if err != nil || last.Until.IsZero() {
		return err
	}
	last.Until = time.Time{}
	_, err = oneTimes().Save(act, core.Installation, id, version, last)
	return err
}

// How often codes go to one operator.
const (
	codeCoolDown = time.Minute
	codesAnHour  = 5
	codesADay    = 15
)

// posted are when codes were mailed within a day, in seconds since 1970, oldest
// first.
type posted []uint64

// another counts one more code at a time. It is refused with
// [core.CodeCoolDown] within a minute of the last, and with [core.CodeTooMany]
// where an hour or a day had enough.
func (p posted) another(at time.Time) (posted, error) {
	var day posted
	hour := 0
	for _, sent := range p {
		past := at.Sub(time.Unix(int64(sent), 0)) //nolint:gosec // written from an int64
		if past < codeCoolDown {
			return nil, core.Refuse(core.CodeCoolDown).With("ago", past.Round(time.Second).String()).
				With("from", at.Add(codeCoolDown-past).Format(time.RFC3339))
		}
		if past < time.Hour {
			hour++
		}
		if past < 24*time.Hour {
			day = append(day, sent)
		}
	}
	if hour >= codesAnHour || len(day) >= codesADay {
		return nil, core.Refuse(core.CodeTooMany).With("sentence", "operator.too-many-codes")
	}
	return append(day, uint64(at.Unix())), nil //nolint:gosec // after 1970
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }

func hours(d time.Duration) string { return strconv.Itoa(int(d / time.Hour)) }

package operators

import (
	"fmt"
	"maps"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/venue"
)

// Change is what befell an operator's way in, of which they are told by mail
// and in their notices. Its mail has a text of its name.
type Change string

// The changes.
const (
	ChangePassword      Change = "password"       // by the operator
	ChangeReset         Change = "reset"          // set anew with a mailed code
	ChangeFactorOn      Change = "factor-on"      // an authenticator app was linked
	ChangeFactorOff     Change = "factor-off"     // by the operator
	ChangeFactorReset   Change = "factor-reset"   // by somebody else (R83)
	ChangeRecoveryCodes Change = "recovery-codes" // a new set
	ChangeRecoveryUsed  Change = "recovery-used"  // one was signed in with
	ChangeMailedOn      Change = "mailed-on"      // codes by mail (R53)
	ChangeMailedOff     Change = "mailed-off"
	ChangeDevice        Change = "device"  // a device needs no mailed codes (R54)
	ChangeAddress       Change = "address" // what they sign in with
	ChangeRole          Change = "role"
	ChangeDisabled      Change = "disabled"
	ChangeEnabled       Change = "enabled"
	ChangeBreakGlass    Change = "break-glass" // let in again from the computer itself
)

// tellLife is how long a mail about a change is worth sending.
const tellLife = 48 * time.Hour

// tell writes to an operator about a change of their way in, and puts it into
// their notices. o is the operator whose address the mail goes to: after a change
// of address the former one, so that who was pushed out hears of it. A house that
// no mail can be sent from leaves it at the notice.
func tell(act *core.Act, id core.ID, o Operator, what Change) error {
	args := map[string]string{"change": string(what), "by": act.Req.Actor.Name}
	err := act.Notify(id, core.Notice{Kind: core.NoticeSecurity, Args: args})
	if err != nil {
		return err
	}
	err = writeTo(act, id, o, letter{text: "security." + string(what), life: tellLife})
	if core.CodeOf(err) == core.CodeNoContext {
		return nil
	}
	return err
}

// letter is one of the product's own mails to an operator.
type letter struct {
	text   string // its name in the catalogue, below "mail."
	values map[string]string
	secret map[string]string
	life   time.Duration
}

// writeTo puts a letter into the outbox of the institution that it comes from, in
// the operator's language. It fails as [senderTo] does.
func writeTo(act *core.Act, id core.ID, o Operator, l letter) error {
	from, err := senderTo(act, o)
	if err != nil {
		return err
	}
	values := map[string]string{
		"name": o.Name, "address": o.Address, "institution": from.house.Name, "by": act.Req.Actor.Name,
		"when": act.At.In(from.house.Location()).Format("2006-01-02 15:04"),
	}
	maps.Copy(values, l.values)
	err = within(act, from.institution, func() error {
		_, err := act.Mail(core.Mail{
			To: o.Address, ToName: o.Name, From: from.Sender, FromName: from.SenderName,
			System: l.text, Language: o.Language, Subject: operatorRef(id),
			Variables: values, Secret: l.secret, Expires: act.At.Add(l.life),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("put a mail to operator %d into the outbox: %w", id, err)
	}
	return nil
}

// sender is the point of sale in whose name an operator is written to.
type sender struct {
	institution core.ID
	house       venue.Institution
	venue.PointOfSale
}

// senderTo finds the first running point of sale of the operator's institutions,
// in their order, else the first that isn't running. It fails with
// [core.CodeNoContext] where there is none, and where mail is delivered but never
// reaches the operator's address.
func senderTo(act *core.Act, o Operator) (from sender, err error) {
	if !act.Captured && core.ReservedAddress(o.Address) {
		return sender{}, core.Refuse(core.CodeNoContext).With("sentence", "operator.unreachable")
	}
	for _, institution := range o.Institutions {
		err := venue.PointsOfSale().Ascend(act, institution, 0, func(_ core.ID, _ record.Version, p venue.PointOfSale) error {
			if from.institution == 0 || from.State != venue.StateRunning && p.State == venue.StateRunning {
				from.institution, from.PointOfSale = institution, p
			}
			return nil
		})
		if err != nil {
			return sender{}, fmt.Errorf("find whom a mail is from: %w", err)
		}
		if from.State == venue.StateRunning {
			break
		}
	}
	if from.institution == 0 {
		return sender{}, core.Refuse(core.CodeNoContext)
	}
	from.house, _, err = venue.Institutions().Get(act, core.Installation, from.institution)
	return from, err
}

func operatorRef(id core.ID) core.Ref { return core.Ref{Kind: core.KindOperator, ID: id} }

// announce tells every console that an operator is another now; theirs asks
// whether its session still holds.
func announce(act *core.Act, id core.ID) {
	act.Emit(core.Event{Institution: core.Installation, Subject: operatorRef(id), Action: act.Action})
}

// The product's own mails that carry a code, in the variable "code".
const (
	letterInvitation  = "invitation"   // {hours}
	letterReset       = "reset"        // {minutes}
	letterSignInCode  = "sign-in-code" // {minutes}
	letterAddressCode = "address-code" // {minutes}
)

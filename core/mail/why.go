package mail

import "willcall/core"

// Why is what an answer of a mail server means, or why a mail was cancelled: a
// key below "why." in the catalogue; empty where there is nothing to explain.
type Why string

// The meanings.
const (
	WhyMailbox     Why = "mailbox"     // no such mailbox, or it is switched off
	WhyFull        Why = "full"        // the mailbox is full
	WhyPolicy      Why = "policy"      // refused by a rule: spam, reputation, content
	WhySender      Why = "sender"      // the sender's address was refused
	WhySignIn      Why = "sign-in"     // user or password was refused, or none was given
	WhySize        Why = "size"        // the mail is too large
	WhyBusy        Why = "busy"        // the server asks to come back later
	WhyConnect     Why = "connect"     // nobody answers at the host and port
	WhyName        Why = "name"        // the host's name doesn't lead anywhere
	WhyTimeout     Why = "timeout"     // the server went silent
	WhyNoTLS       Why = "no-tls"      // the server offers no encryption
	WhyCertificate Why = "certificate" // the server can't prove that it is the one named
	WhyCut         Why = "cut"         // the connection was cut before the mail was handed over
	WhyDropped     Why = "dropped"     // no answer to the mail's end: it may have arrived
	WhyReserved    Why = "reserved"    // the address ends in a name that never gets mail
	WhyOther       Why = "other"       // none of these: the answer itself says more
	WhyCancelled   Why = "cancelled"   // by the operator that [Entry.CancelledBy] names

	WhyAddress = Why(core.WithdrawnAddress)
	WhyGuest   = Why(core.WithdrawnGuest)
	WhyRemoved = Why(core.WithdrawnRemoved)
	WhySwitch  = Why(core.WithdrawnSwitch)
	WhyProven  = Why(core.WithdrawnProven)

	WhyRestored = Why(core.WithdrawnRestored)
)

// Whys lists all meanings.
func Whys() []Why {
	return []Why{
		WhyMailbox, WhyFull, WhyPolicy, WhySender, WhySignIn, WhySize, WhyBusy, WhyConnect, WhyName, WhyTimeout,
		WhyNoTLS, WhyCertificate, WhyCut, WhyDropped, WhyReserved, WhyOther,
		WhyCancelled, WhyAddress, WhyGuest, WhyRemoved, WhySwitch, WhyProven, WhyRestored,
	}
}

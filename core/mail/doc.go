// Package mail is the outbox: entries written in the transaction of the act
// that causes a mail, a due queue with leases and attempts, and the ports to
// the mailbox of captured mail and to the mail server.
package mail

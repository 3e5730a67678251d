// Package mailer writes the outbox's mails as MIME messages and hands them over:
// [Render] makes the message, a [Door] takes it, [Worker] does both for
// whatever is due.
package mailer

// Package core is the kernel everything else stands on: identities, the clock,
// actors and roles, the table of actions, the desk through which every act
// passes, and the interfaces ("ports") that storage, journal, outbox and
// sign-in implement.
//
// The kernel does no I/O. Nothing in it knows a database, a socket or a screen.
package core

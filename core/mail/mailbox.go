package mail

import (
	"context"
	"time"

	"willcall/core"
)

// Recipient is one RCPT TO of an envelope, as received.
type Recipient struct {
	Address string
	Params  string // the parameters behind the address, as received
}

// Envelope is what an SMTP session said about a message, apart from the message
// itself. All of it is untrusted text.
type Envelope struct {
	From       string
	Recipients []Recipient
	Helo       string
	TLS        bool
	User       string // AUTH user, empty without
	Remote     string // address and port of the sender
	At         time.Time
	// Institution and Entry are set for our own mail only. Foreign mail belongs
	// to institution 0.
	Institution core.ID
	Entry       core.ID
}

// Lint is one oddity of a captured message, a key below "lint." in the
// catalogue, such as "bare-lf" or "no-date".
type Lint string

// Summary is one captured message in a list. The header fields are decoded but
// untrusted.
type Summary struct {
	Seq       uint64 // position in the mailbox, from 1, never reused
	Envelope  Envelope
	From      string
	To        string
	Subject   string
	MessageID string
	Date      time.Time // of the Date field; zero where there is none
	Size      int64     // bytes of the message
	Lint      []Lint
}

// Part is one leaf of a message's MIME tree.
type Part struct {
	Path        string // "1.2"
	ContentType string
	FileName    string
	Size        int64
}

// Message is one captured message, read in full.
type Message struct {
	Summary
	Raw   []byte // byte exact
	Text  string // the text to read: text/plain, else HTML as text; bounded
	Parts []Part
	Links []string // http and https links found, in order, each once
	Codes []string // one-time codes found, in order
	// Masked tells that codes and links are hidden and Raw is withheld: the
	// mail is another's (R89).
	Masked bool
}

// Query selects captured messages, newest first.
type Query struct {
	// Institution limits to one institution's mail; Everything lifts that.
	Institution core.ID
	Everything  bool
	Before      uint64 // only older than this Seq; 0 for the newest
	Limit       int    // 50 where 0
}

// Page is one answer to a [Query].
type Page struct {
	Messages []Summary
	Total    int // of the query without Before and Limit
}

// Mailbox keeps captured mail. It is safe for concurrent use.
type Mailbox interface {
	List(ctx context.Context, q Query) (Page, error)
	// Get reads one message. It fails with [core.CodeNotFound].
	Get(ctx context.Context, seq uint64) (Message, error)
	// Watch calls fn after each message is durable and listed. fn must return
	// quickly and not call the mailbox. stop ends it.
	Watch(fn func(Summary)) (stop func())
}

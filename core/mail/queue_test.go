package mail_test

import (
	"testing"

	"willcall/core"
	"willcall/core/mail"
)

func TestQueued(t *testing.T) {
	t.Parallel()
	if mail.Queued(core.Commit{Touched: []core.Touch{{Space: "contacts"}, {Space: "outbox"}}}) {
		t.Error("a commit beside the queue wakes the worker")
	}
	if !mail.Queued(core.Commit{Touched: []core.Touch{{Space: "contacts"}, {Space: "outbox.due"}}}) {
		t.Error("a commit to the queue wakes nobody")
	}
}

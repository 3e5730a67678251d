package mail_test

import (
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

// warning is a mail to an operator about a change of their way in.
func warning(h *coretest.House) core.Mail {
	m := plain()
	m.Subject, m.System = core.Ref{Kind: core.KindOperator, ID: h.Owner.Actor.ID}, "security.factor-off"
	return m
}

// TestNobodyCancelsAMailAboutAWayIn: whoever sits in somebody's session could else
// take away the warning that they do. Mails of contacts beside it go.
func TestNobodyCancelsAMailAboutAWayIn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	told, code, other := post(h, warning(h)), post(h, coded(warning(h).Subject)), post(h, order())
	for _, who := range []core.Request{h.Owner, h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator)} {
		for _, id := range []core.ID{told, code} {
			h.Refused(h.Office.Cancel(h.Ctx, who, id), core.CodeWayIn)
			h.Refused(opened(h, id).Cancel, core.CodeWayIn)
		}
		_, err := h.Office.CancelAll(h.Ctx, who, []core.ID{told, code})
		h.Refused(err, core.CodeWayIn)
	}
	n, err := h.Office.CancelAll(h.Ctx, h.Owner, []core.ID{told, other, code})
	h.Must(err)
	if n != 1 || entryOf(h, other).State != mail.StateCancelled {
		t.Errorf("%d were cancelled", n)
	}
	var out []core.ID
	for _, w := range h.Mails() {
		out = append(out, w.ID)
	}
	if !slices.Equal(out, []core.ID{told, code}) {
		t.Errorf("%v went out", out)
	}
	h.Refused(h.Office.Cancel(h.Ctx, h.Owner, told), core.CodeSettled)
}

// TestNoCodeOfAnOperatorGoesOutTwice: a warning that failed can be sent again, what
// held a code can't.
func TestNoCodeOfAnOperatorGoesOutTwice(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	told, code := post(h, warning(h)), post(h, coded(warning(h).Subject))
	h.Mails()
	if m := opened(h, told); m.Again != nil {
		t.Errorf("a warning isn't sent again: %v", m.Again)
	}
	h.Refused(opened(h, code).Again, core.CodeWayIn)
	_, err := h.Office.SendAgain(h.Ctx, h.Owner, code)
	h.Refused(err, core.CodeWayIn)
}

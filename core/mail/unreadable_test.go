package mail_test

import (
	"errors"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

func TestAMailThatCannotBeReadHidesNoOther(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	broken, gone, whole := post(h, order()), post(h, order()), post(h, order())
	h.Spoil("outbox", core.Key(h.Made.Institution, broken))
	h.Lose("outbox", core.Key(h.Made.Institution, gone))
	page, err := h.Reading.Outbox(h.Ctx, h.Owner, mail.OutboxQuery{})
	h.Must(err)
	damaged := map[core.ID]bool{}
	for _, row := range page.Rows {
		damaged[row.ID] = errors.Is(row.Damage, core.ErrDamaged)
	}
	if len(page.Rows) != 3 || !damaged[broken] || !damaged[gone] || damaged[whole] {
		t.Errorf("the outbox has %+v", page.Rows)
	}
	_, err = h.Reading.OutboxMail(h.Ctx, h.Owner, broken)
	h.Refused(err, core.CodeDamaged)
}

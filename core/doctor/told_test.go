package doctor_test

import (
	"bytes"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
)

// captured reports whether the house captures its mail (R89).
func (p *patient) captured() (only bool) {
	p.T.Helper()
	p.Must(p.Store.View(p.Ctx, func(v core.View) (err error) {
		only, err = mail.CapturedOnly(v)
		return err
	}))
	return only
}

// TestR89_NoRepairTurnsALiveHouseIntoARehearsal spoils the mail server's settings
// in every way: what can't be read still says that mail is delivered.
func TestR89_NoRepairTurnsALiveHouseIntoARehearsal(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(tx core.Tx, key, raw []byte) error{
		"a flipped bit": func(tx core.Tx, key, raw []byte) error {
			raw = bytes.Clone(raw)
			raw[len(raw)/2] ^= 0x10
			return tx.Put("mail.relay", key, raw)
		},
		"no key of a record": func(tx core.Tx, key, raw []byte) error {
			if err := tx.Delete("mail.relay", key); err != nil {
				return err
			}
			return tx.Put("mail.relay", []byte("x"), raw)
		},
		"another's key": func(tx core.Tx, key, raw []byte) error {
			if err := tx.Delete("mail.relay", key); err != nil {
				return err
			}
			other := core.Key(core.Installation, 7)
			return tx.Put("mail.relay", other, coretest.Sealed("mail.relay", other, raw[:len(raw)-coretest.SumSize]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.Damaged()
			key, raw := p.last("mail.relay")
			p.plant(func(tx core.Tx) error { return spoil(tx, key, raw) })
			_, left, err := p.doctor.Repair(p.Ctx, local(), func(int) {})
			p.Must(err)
			if len(left.Findings) == 0 || left.Mendable() {
				t.Errorf("left are %v", faults(left.Findings))
			}
			if p.captured() {
				t.Error("the house is a rehearsal now")
			}
		})
	}
}

// TestWhatLiesBesideTheMailServerIsSetAside: with the real one there it is of no
// use.
func TestWhatLiesBesideTheMailServerIsSetAside(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.moved("mail.relay", core.Key(core.Installation, 7))
	p.finds(core.FaultBroken, "mail.relay", "key")
	p.repair(0)
	if p.captured() {
		t.Error("the house is a rehearsal now")
	}
}

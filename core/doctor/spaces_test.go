package doctor_test

import (
	"errors"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/validation"
	"willcall/storage/storagetest"
)

// planted is a damage, and what the doctor calls it.
type planted struct {
	name   string
	plant  func(p *patient, tx core.Tx) error
	fault  core.Fault
	space  core.Space
	detail string
}

func brokenSmall() []planted {
	return []planted{
		{"the orders' mark is gone", func(p *patient, tx core.Tx) error {
			return tx.Delete("contacts.orders", core.Prefix(p.Made.Institution))
		}, core.FaultMissing, "contacts.orders", "orders"},
		{"an odd orders' mark", func(_ *patient, tx core.Tx) error {
			return tx.Put("contacts.orders", []byte("x"), []byte{1})
		}, core.FaultBroken, "contacts.orders", "key"},
		{"something among the numbers", func(_ *patient, tx core.Tx) error {
			return tx.Put("contacts.numbers", []byte("x"), []byte{1})
		}, core.FaultBroken, "contacts.numbers", "key"},
		{"a cut epoch", func(_ *patient, tx core.Tx) error {
			return tx.Put("secrets.epoch", []byte("epoch"), []byte{1})
		}, core.FaultBroken, "secrets.epoch", "epoch"},
		{"a flipped epoch", func(_ *patient, tx core.Tx) error {
			raw := epoch(1)
			raw[2] ^= 1
			return tx.Put("secrets.epoch", []byte("epoch"), raw)
		}, core.FaultBroken, "secrets.epoch", "epoch"},
		{"no epoch", func(_ *patient, tx core.Tx) error {
			return tx.Delete("secrets.epoch", []byte("epoch"))
		}, core.FaultMissing, "secrets.epoch", "epoch"},
		{"an odd epoch", func(_ *patient, tx core.Tx) error {
			return tx.Put("secrets.epoch", []byte("x"), epoch(1))
		}, core.FaultBroken, "secrets.epoch", "key"},
		{"a cut rate", func(p *patient, tx core.Tx) error {
			return tx.Put("validation.rates", append(core.Prefix(p.Made.Institution), "o123456789"...), []byte{1, 2})
		}, core.FaultBroken, "validation.rates", ""},
		{"a cut receipt", func(_ *patient, tx core.Tx) error {
			return tx.Put("receipts", make([]byte, 32), []byte{1})
		}, core.FaultBroken, "receipts", ""},
		{"a cut clock mark", func(_ *patient, tx core.Tx) error {
			return tx.Put("clock", []byte("mark"), []byte{1})
		}, core.FaultBroken, "clock", ""},
	}
}

func ownerless() []planted {
	return []planted{
		{"a last mail of nobody", func(p *patient, tx core.Tx) error {
			key := core.Key(p.Made.Institution, 4711)
			return tx.Put("validation.last", key, coretest.Sealed("validation.last", key, []byte{2, 1}))
		}, core.FaultOrphan, "validation.last", "contact"},
		{"a place of nobody", func(_ *patient, tx core.Tx) error {
			key := core.Key(0, 4711)
			return tx.Put("operators.places", key, coretest.Sealed("operators.places", key, []byte{2, 1}))
		}, core.FaultOrphan, "operators.places", "operator"},
		{"personal details of no entry", func(_ *patient, tx core.Tx) error {
			key := core.Key(0, 4711)
			return tx.Put("activity.personal", key, coretest.Sealed("activity.personal", key, []byte{2}))
		}, core.FaultOrphan, "activity.personal", "entry"},
		{"a grant of no institution", func(_ *patient, tx core.Tx) error {
			key := make([]byte, 32)
			return tx.Put("secrets", key, coretest.Sealed("secrets", key, []byte{2}))
		}, core.FaultOrphan, "secrets", "institution"},
		{"a notice to nobody", func(p *patient, tx core.Tx) error {
			return activity.Inbox{}.Notify(tx, p.Clock.Effective(), 4711, core.Notice{Kind: core.NoticeSpray})
		}, core.FaultDangling, "notices", "operator"},
		{"a test of another server", func(_ *patient, tx core.Tx) error {
			key := core.Key(0, 2)
			return tx.Put("mail.tested", key, coretest.Sealed("mail.tested", key, []byte{2, 1}))
		}, core.FaultOrphan, "mail.tested", "server"},
	}
}

// TestSmallSpaces damages what is kept without records, or without an owner.
func TestSmallSpaces(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(brokenSmall(), ownerless(), ofNobody(), miscounted()) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, c.space)
			p.plant(func(tx core.Tx) error { return c.plant(p, tx) })
			p.finds(c.fault, c.space, c.detail)
			p.repair(0)
		})
	}
}

// epoch is a stored epoch.
func epoch(n byte) []byte {
	return coretest.Sealed("secrets.epoch", []byte("epoch"), []byte{2, 1 << 3, n})
}

// TestAVoidedLinkStaysVoid spoils the epoch after it was raised: no link opens
// then, and none of before when it was mended.
func TestAVoidedLinkStaysVoid(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(tx core.Tx) error{
		"lost":    func(tx core.Tx) error { return tx.Delete("secrets.epoch", []byte("epoch")) },
		"flipped": func(tx core.Tx) error { return tx.Put("secrets.epoch", []byte("epoch"), make([]byte, 8)) },
		"behind":  func(tx core.Tx) error { return tx.Put("secrets.epoch", []byte("epoch"), epoch(2)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.Damaged()
			p.Create(coretest.Person("Voided", "Link", "void@operamail.ch"))
			voided := coretest.Token(p.Mails()[0])
			p.plant(func(tx core.Tx) error { return tx.Put("secrets.epoch", []byte("epoch"), epoch(3)) })
			p.Create(coretest.Person("Late", "Comer", "late@operamail.ch"))
			p.plant(spoil)
			if landing, err := p.Links.Look(p.Ctx, voided); err == nil && landing.State != validation.LinkUnknown {
				t.Errorf("before a repair the link leads to %v", landing.State)
			}
			p.repair(0)
			if landing, err := p.Links.Look(p.Ctx, voided); err != nil || landing.State != validation.LinkUnknown {
				t.Errorf("after it to %v, %v", landing.State, err)
			}
			if now := p.Dump()["secrets.epoch/epoch"]; now != string(epoch(4)) {
				t.Errorf("the epoch is %x, want 4", now)
			}
		})
	}
}

func TestWhatOneRecordBrokeIsUsableAfterQuarantine(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	key := core.Key(p.Made.Institution, p.person)
	p.plant(func(tx core.Tx) error { return tx.Put("contacts", key, []byte("junk")) })
	p.repair(0)
	page, err := p.Contacts.Find(p.Ctx, p.Owner, contacts.Query{Limit: 50})
	if err != nil || page.Total == 0 || page.Matches != page.Total || len(page.Rows) != page.Total {
		t.Errorf("the list after a repair: %+v, %v", page, err)
	}
	_, err = p.Contacts.Show(p.Ctx, p.Owner, p.person)
	p.Refused(err, core.CodeDamaged)
	if p.Create(coretest.Person("Ada", "Moser", "ada2@operamail.ch")).ID <= p.person {
		t.Error("the id of the broken record was used again")
	}
	found, err := p.doctor.Examine(p.Ctx, func(int) {})
	if p.Must(err); found.Quarantined["contacts"] != 1 {
		t.Errorf("in quarantine are %v", found.Quarantined)
	}
}

func TestMendingIsJournalled(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.plant(func(tx core.Tx) error { return tx.Put("outbox.state", []byte("x"), nil) })
	p.repair(0)
	all := p.Journal()
	last := all[len(all)-1]
	if last.Action != core.ActDoctor || last.Subject.Kind != core.KindStorage || last.Actor.Name != "local:tess" ||
		len(last.Details) != 1 || last.Details[0] != (core.Detail{Name: "stray", Value: "1"}) {
		t.Errorf("the journal says %+v", last)
	}
}

func TestOnlyTheLocalMachineMends(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.Damaged()
	p.plant(func(tx core.Tx) error { return tx.Put("outbox.state", []byte("x"), nil) })
	_, _, err := p.doctor.Repair(p.Ctx, p.Owner, func(int) {})
	var refusal *core.Error
	if !errors.As(err, &refusal) || refusal.Code != core.CodeForbidden {
		t.Errorf("an owner mends: %v", err)
	}
}

// FuzzMending puts bytes under keys of every sort and holds that looking at
// them never panics and that mending ends with nothing left to mend.
func FuzzMending(f *testing.F) {
	f.Add(uint8(0), []byte("abc"), []byte{2, 1, 8, 1})
	f.Add(uint8(6), []byte(core.Key(1, 3)), []byte{})
	store := storagetest.NewMemory(f)
	p := newPatientOn(f, store, true)
	p.Damaged()
	before, spaces := store.Snapshot(), fuzzedSpaces()
	f.Fuzz(func(t *testing.T, which uint8, key, value []byte) {
		if len(key) == 0 || len(key) > 200 {
			return
		}
		store.Restore(before)
		p := *p
		house := *p.House
		house.T, p.House = t, &house
		space := spaces[int(which)%len(spaces)]
		p.plant(func(tx core.Tx) error {
			for _, at := range [][]byte{core.Key(1, 2), append(core.Key(1, 2), key...)} {
				if err := tx.Put(space, at, coretest.Sealed(space, at, value)); err != nil {
					return err
				}
			}
			return tx.Put(space, key, value)
		})
		p.repairAny()
	})
}

func fuzzedSpaces() (all []core.Space) {
	for space := range recordSpaces() {
		all = append(all, space)
	}
	for space := range indexSpaces() {
		all = append(all, space)
	}
	all = append(all, toldSpaces()...)
	slices.Sort(all)
	return append(all, "receipts", "clock", "secrets.epoch", "validation.rates", "contacts.orders", "contacts.numbers", "signin.tally", "quarantine")
}

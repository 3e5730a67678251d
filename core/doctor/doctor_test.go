package doctor_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/doctor"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

// patient is a house with something in every space, in those of signing in only
// where that is asked for.
type patient struct {
	*coretest.House
	doctor *doctor.Service
	relay  core.ID // the primary one of two
	second core.ID // the other one
	person core.ID
}

func newPatient(t testing.TB) *patient {
	t.Helper()
	return newPatientOn(t, storagetest.New(t), false)
}

func newPatientOn(t testing.TB, store core.Store, signIns bool) *patient {
	t.Helper()
	p := &patient{House: coretest.New(t, store)}
	p.doctor = doctor.NewService(p.Desk, p.Store, p.Keys)
	p.person = p.Create(coretest.Person("Ada", "Moser", "ada@example.org")).ID
	if signIns {
		p.signIns()
	}
	p.Mails()
	choir := p.Create(contacts.Draft{Kind: core.ContactStructure, Company: "Choir"}).ID
	for i, id := range []*core.ID{&p.relay, &p.second} {
		d := coretest.Person("Relay", "Number", "")
		d.Kind, d.Structure, d.Primary = core.ContactRelay, choir, i == 0
		*id = p.Create(d).ID
	}
	keyed := p.Owner
	keyed.Key = "once"
	_, err := p.Contacts.Create(p.Ctx, keyed, coretest.Person("Bo", "Lind", "bo@example.org"), p.Context())
	p.Must(err)
	gone := p.Show(p.Create(coretest.Person("Gone", "By", "")).ID)
	_, err = p.Contacts.Remove(p.Ctx, p.Owner, gone.ID, gone.Version)
	p.Must(err)
	p.Must(p.Operators.Switch(p.Ctx, p.Owner, p.Made.Institution, p.Made.Organisation))
	_, err = p.Drafts.Keep(p.Ctx, p.Owner, drafts.Draft{
		Form: "contacts.edit/1", Subject: core.Ref{Kind: core.KindContact, ID: p.person}, Typed: map[string]string{"notes": "typed"},
	})
	p.Must(err)
	p.Notify(p.Owner.Actor.ID, core.Notice{Kind: core.NoticeSpray})
	p.Notify(p.Owner.Actor.ID, core.Notice{Kind: core.NoticeMailFailed, Institution: p.Made.Institution})
	p.AddInstitution("Port theatre")
	p.GoLive()
	_, err = p.Servers.Test(p.Ctx, p.Owner, coretest.MailServer(), "box@opera.example", "olga@operamail.ch")
	p.Must(err)
	p.Act(func(act *core.Act) error {
		_, err := contacts.Insert(act, contacts.Contact{LastName: "Known", SSO: "sso-1", HasOrders: true})
		return err
	})
	return p
}

// plant writes into the store past all rules.
func (p *patient) plant(fn func(tx core.Tx) error) {
	p.T.Helper()
	p.Must(p.Store.Update(p.Ctx, fn))
}

// last is the last key of a space.
func (p *patient) last(space core.Space) (key, value []byte) {
	p.T.Helper()
	p.Must(p.Store.View(p.Ctx, func(v core.View) (err error) {
		key, value, err = lastIn(v, space)
		return err
	}))
	return key, value
}

func lastIn(v core.View, space core.Space) (key, value []byte, err error) {
	err = v.Descend(space, nil, nil, func(k, raw []byte) error {
		key, value = bytes.Clone(k), bytes.Clone(raw)
		return core.Stop
	})
	if err == nil && key == nil {
		err = fmt.Errorf("nothing is stored in %s", space)
	}
	return key, value, err
}

// finds ends the test unless the doctor finds a fault of a detail in a space.
func (p *patient) finds(fault core.Fault, space core.Space, detail string) core.Finding {
	p.T.Helper()
	all := coretest.Findings(p.T, p.Store, p.Keys)
	at := slices.IndexFunc(all, func(f core.Finding) bool {
		return f.Fault == fault && f.Space == space && f.Detail == detail
	})
	if at < 0 {
		p.T.Fatalf("the doctor doesn't name %s %q in %s, but %v", fault, detail, space, faults(all))
	}
	return all[at]
}

func faults(all []core.Finding) (texts []string) {
	for _, f := range all {
		texts = append(texts, f.Fault.String()+" "+f.Detail+" in "+string(f.Space))
	}
	return texts
}

// repair mends, and fails unless only what nobody can mend is left.
func (p *patient) repair(left int) {
	p.T.Helper()
	mended, found, err := p.doctor.Repair(p.Ctx, local(), func(int) {})
	p.Must(err)
	if mended == 0 || len(found.Findings) != left {
		p.T.Fatalf("%d were mended, left are %v", mended, faults(found.Findings))
	}
	if left > 0 {
		p.Damaged()
	}
}

func local() core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
}

func TestAHouseInOrderGivesNoFinding(t *testing.T) {
	t.Parallel()
	p := newPatientOn(t, storagetest.New(t), true)
	if all := coretest.Findings(t, p.Store, p.Keys); len(all) > 0 {
		t.Errorf("found %v", faults(all))
	}
}

// recordSpaces are the spaces of records, with how many findings about what
// else depends on the last one nobody but a person can mend.
func recordSpaces() map[core.Space]int {
	return map[core.Space]int{
		"organisations": 1, "sales-channels": 1, "points-of-sale": 0, "documents": 0,
		"documents.editions": 0, "contacts": 0, "outbox": 0, "mail.tested": 0,
		"operators.places": 0, "sessions": 0, "validation.last": 0, "validation.habit": 0,
		"activity": 0, "activity.personal": 0, "secrets": 0, "drafts": 0, "notices": 0,
		"operators.tries": 0, "operators.seats": 0, "operators.devices": 0, "operators.one-time": 0, "operators.proofs": 0,
		"signin.attempts": 0, "signin.buckets": 0,
	}
}

func TestABrokenRecordIsSetAsideAndItsNeighboursStay(t *testing.T) {
	t.Parallel()
	for space, left := range recordSpaces() {
		t.Run(string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, space)
			key, raw := p.last(space)
			raw[len(raw)/2] ^= 0x10
			p.plant(func(tx core.Tx) error { return tx.Put(space, key, raw) })
			before := p.Dump()
			f := p.finds(core.FaultBroken, space, "")
			if !bytes.Equal(f.Key, key) || f.Cause == nil {
				t.Errorf("found %x (%v), want %x", f.Key, f.Cause, key)
			}
			p.repair(left)
			after := p.Dump()
			if _, there := after[string(space)+"/"+string(key)]; there {
				t.Error("the broken record is still there")
			}
			if kept := after["quarantine/"+string(space)+"\x00"+string(key)]; kept != string(raw) {
				t.Errorf("in quarantine is %x, want %x", kept, raw)
			}
			for at, was := range before {
				inSpace := len(at) > len(space) && at[:len(space)+1] == string(space)+"/"
				if inSpace && at != string(space)+"/"+string(key) && after[at] != was && space != "documents.editions" {
					t.Errorf("its neighbour %q was changed", at)
				}
			}
		})
	}
}

// toldSpaces are those of records without which a house would be another one.
func toldSpaces() []core.Space {
	return []core.Space{"institutions", "operators", "mail.relay", "operators.factors", "company"}
}

// TestWhatAHouseIsStaysForPeopleToDecide spoils what a house without would be
// another one: it is told, and stays as it is with all that depends on it.
func TestWhatAHouseIsStaysForPeopleToDecide(t *testing.T) {
	t.Parallel()
	for _, space := range toldSpaces() {
		t.Run(string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, space)
			p.Damaged()
			key, raw := p.last(space)
			raw[len(raw)/2] ^= 0x10
			p.plant(func(tx core.Tx) error { return tx.Put(space, key, raw) })
			before := p.Dump()
			if f := p.finds(core.FaultBroken, space, ""); f.Mend != nil {
				t.Error("it would be set aside")
			}
			mended, left, err := p.doctor.Repair(p.Ctx, local(), func(int) {})
			p.Must(err)
			if mended > 0 || len(left.Findings) != 1 || !maps.Equal(before, p.Dump()) {
				t.Errorf("%d were mended, left are %v", mended, faults(left.Findings))
			}
		})
	}
}

// indexSpaces are what is derived from records, with the detail of findings.
func indexSpaces() map[core.Space]string {
	return map[core.Space]string{
		"contacts.relays": "index", "contacts.identities": "index", "contacts.removed": "index",
		"outbox.subject": "index", "outbox.holding": "index", "outbox.state": "index", "outbox.due": "due",
		"operators.addresses": "index", "activity.subjects": "index", "receipts.due": "due",
		"notices.operator": "index", "notices.unread": "index", "operators.devices.keys": "index",
		"signin.attempts.tokens": "index", "signin.attempts.due": "index",
		"signin.buckets.keys": "index", "signin.buckets.ages": "index", "signin.buckets.sizes": "index",
		"drafts.forms": "index", "drafts.kept": "index", "drafts.subjects": "index",
		"contacts.lines": "derived", "contacts.filed": "derived", "contacts.counts": "derived",
	}
}

func TestIndexEntriesAreHeldAgainstTheirRecords(t *testing.T) {
	t.Parallel()
	for space, detail := range indexSpaces() {
		t.Run("missing in "+string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, space)
			want := p.Dump()
			key, _ := p.last(space)
			p.plant(func(tx core.Tx) error { return tx.Delete(space, key) })
			p.finds(core.FaultMissing, space, detail)
			p.repair(0)
			p.sameIn(space, want)
		})
		t.Run("stray in "+string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, space)
			want := p.Dump()
			key, value := p.last(space)
			key[len(key)-1] ^= 0x40
			p.plant(func(tx core.Tx) error {
				short := tx.Put(space, []byte("short"), nil)
				return joined(short, tx.Put(space, key, value))
			})
			p.finds(core.FaultStray, space, detail)
			p.repair(0)
			p.sameIn(space, want)
		})
		if detail == "due" {
			continue
		}
		t.Run("wrong in "+string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatientFor(t, space)
			want := p.Dump()
			key, _ := p.last(space)
			p.plant(func(tx core.Tx) error { return tx.Put(space, key, []byte("something")) })
			p.finds(core.FaultWrong, space, detail)
			p.repair(0)
			p.sameIn(space, want)
		})
	}
}

func joined(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// sameIn fails where a space isn't what it was; the journal may have got longer.
func (p *patient) sameIn(space core.Space, want map[string]string) {
	p.T.Helper()
	prefix := string(space) + "/"
	for at, now := range p.Dump() {
		was, there := want[at]
		if len(at) > len(prefix) && at[:len(prefix)] == prefix && (!there || was != now) && space != "activity.subjects" {
			p.T.Errorf("%q is %q, was %q", at, now, was)
		}
	}
	for at := range want {
		if _, there := p.Dump()[at]; !there && len(at) > len(prefix) && at[:len(prefix)] == prefix {
			p.T.Errorf("%q is gone", at)
		}
	}
}

// moved puts the last record of a space under another key, so that it reads
// there.
func (p *patient) moved(space core.Space, to []byte) {
	p.T.Helper()
	_, raw := p.last(space)
	raw = raw[:len(raw)-coretest.SumSize]
	p.plant(func(tx core.Tx) error { return tx.Put(space, to, coretest.Sealed(space, to, raw)) })
}

func TestACounterThatIsBehindIsRaised(t *testing.T) {
	t.Parallel()
	for _, space := range []core.Space{"organisations", "activity", "outbox"} {
		t.Run(string(space), func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			key, _ := p.last(space)
			institution, id, _ := core.SplitKey(key)
			p.moved(space, core.Key(institution, id+7))
			before := p.Dump()[string(space)+"/"+string(core.Key(institution, id+7))]
			p.finds(core.FaultWrong, space, "counter")
			p.repairAny()
			p.plant(func(tx core.Tx) error {
				next, err := tx.NewID(institution, space)
				if next <= id+7 {
					t.Errorf("the next id is %d, want one after %d", next, id+7)
				}
				return err
			})
			if after := p.Dump()[string(space)+"/"+string(core.Key(institution, id+7))]; after != before {
				t.Error("the record with the high id was overwritten")
			}
		})
	}
}

// repairAny mends what can be mended and fails unless that converges.
func (p *patient) repairAny() {
	p.T.Helper()
	_, found, err := p.doctor.Repair(p.Ctx, local(), func(int) {})
	p.Must(err)
	for _, f := range found.Findings {
		if f.Mend != nil {
			p.T.Errorf("could be mended and wasn't: %v", faults([]core.Finding{f}))
		}
	}
	if len(found.Findings) > 0 {
		p.Damaged()
	}
}

func TestKeysThatAreNoneOfARecord(t *testing.T) {
	t.Parallel()
	for _, space := range []core.Space{"contacts", "outbox", "activity", "sessions", "documents.editions", "secrets"} {
		for name, key := range map[string][]byte{"short": []byte("abc"), "far beyond": core.Key(1, 1<<60), "zero": core.Key(1, 0)} {
			t.Run(name+" in "+string(space), func(t *testing.T) {
				t.Parallel()
				p := newPatient(t)
				p.moved(space, key)
				p.finds(core.FaultBroken, space, "key")
				p.repair(0)
			})
		}
	}
}

func TestMailsAreHeldAgainstTheirState(t *testing.T) {
	t.Parallel()
	t.Run("a done mail with a secret", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		p.state(t, mail.StateQueued, mail.StateSent)
		p.finds(core.FaultWrong, "outbox", "secret")
		p.repair(0)
	})
	t.Run("a state that isn't one", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		p.state(t, mail.StateQueued, 99)
		p.finds(core.FaultBroken, "outbox", "state")
		p.repair(0)
	})
	t.Run("a key that opens nothing", func(t *testing.T) {
		t.Parallel()
		p := newPatient(t)
		p.Damaged()
		all := coretest.Findings(t, p.Store, otherKeys(t))
		if len(all) == 0 || all[0].Detail != "sealed" || all[0].Mend != nil {
			t.Errorf("with another key the doctor finds %v", faults(all))
		}
	})
}

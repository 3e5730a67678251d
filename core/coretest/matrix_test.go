package coretest_test

import (
	"context"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// roles are all there are.
func roles() []core.Role {
	return []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin, core.RoleOwner}
}

// TestR86_EveryRoleAndEveryAction does every action at the core, reads too, as an
// operator of every role. The table says who does it; all others are refused, and
// that is recorded (R57). Then everybody lacks a factor that is required: only what
// leads to one is left (R67). Last, nobody has proven lately who they are: what
// takes a fresh proof is refused.
func TestR86_EveryRoleAndEveryAction(t *testing.T) {
	t.Parallel()
	deeds, own := rows(), ownDeeds()
	for id, r := range readRows() {
		deeds[id] = r
	}
	for _, a := range core.Actions() {
		t.Run(string(a.ID), func(t *testing.T) {
			t.Parallel()
			if prepare, ok := own[a.ID]; ok {
				for _, role := range roles() {
					newRoleTrial(t, a).as(role, prepare)
				}
				return
			}
			newRoleTrial(t, a).all(deeds[a.ID])
		})
	}
}

// TestR89_WithAMailServerCapturedMailIsForDevelopers is the part of the table that
// depends on the mail server.
func TestR89_WithAMailServerCapturedMailIsForDevelopers(t *testing.T) {
	t.Parallel()
	for _, a := range core.Actions() {
		if a.WhileCaptured != 0 {
			trial := newRoleTrial(t, a)
			trial.house.GoLive()
			trial.all(readRows()[a.ID])
		}
	}
}

// roleTrial tries one action in a house that is brought back after each try.
type roleTrial struct {
	*testing.T
	action core.Action
	memory *storagetest.Memory
	house  *coretest.House
}

func newRoleTrial(t *testing.T, a core.Action) *roleTrial {
	t.Helper()
	memory := storagetest.NewMemory(t)
	return &roleTrial{T: t, action: a, memory: memory, house: coretest.New(t, memory)}
}

// all tries an action as every role.
func (s *roleTrial) all(r row) {
	s.Helper()
	do := s.bare
	if r.prepare != nil && s.action.Roles != 0 {
		do = r.prepare(s.house)
	}
	hired := map[core.Role]core.Request{}
	for _, role := range roles() {
		hired[role] = s.house.HireAt(role, role.String()+"@opera.tests")
	}
	s.try(do, hired)
}

// as tries, as one role, an action about whoever does it.
func (s *roleTrial) as(role core.Role, prepare ownDeed) {
	s.Helper()
	address := role.String() + "@opera.tests"
	req := s.house.HireAt(role, address)
	s.try(prepare(s.house, req, address), map[core.Role]core.Request{role: req})
}

// bare is an action that no operator has a use case for.
func (s *roleTrial) bare(req core.Request) (any, error) {
	if s.action.Reads {
		return nil, s.house.Desk.See(s.house.Ctx, req, s.action.ID, func(core.View) error { return nil })
	}
	_, err := s.house.Desk.Do(s.house.Ctx, req, s.action.ID, func(act *core.Act) error {
		act.Log(core.Ref{})
		return nil
	})
	return nil, err
}

func (s *roleTrial) try(do deed, hired map[core.Role]core.Request) {
	s.Helper()
	plain := s.memory.Snapshot()
	for role, req := range hired {
		s.memory.Restore(plain)
		s.expect(role, req, do, "", true)
	}
	s.memory.Restore(plain)
	s.require()
	walled := s.memory.Snapshot()
	for role, req := range hired {
		s.memory.Restore(walled)
		if !s.enrolled(req) {
			s.expect(role, req, do, core.CodeEnrol, !s.action.Walled)
		}
	}
	s.house.Clock.Advance(5 * time.Minute)
	for role, req := range hired {
		s.memory.Restore(plain)
		s.expect(role, req, do, core.CodeStepUp, s.action.StepUp)
	}
}

// enrolled reports whether the operator of a request has a second factor: nothing
// stands before them.
func (s *roleTrial) enrolled(req core.Request) (on bool) {
	s.Helper()
	s.house.Must(s.house.Store.View(s.house.Ctx, func(v core.View) error {
		app, err := operators.FactorOf(v, req.Actor.ID)
		on = app.On
		return err
	}))
	return on
}

// require asks everybody for a second factor, as an owner who has one.
func (s *roleTrial) require() {
	s.Helper()
	h := s.house
	boss := h.HireAt(core.RoleOwner, "boss@opera.tests")
	h.Enrol(boss)
	c, err := h.Operators.Company(h.Ctx, boss)
	h.Must(err)
	c.Required = true
	p, err := h.Operators.PlanCompany(h.Ctx, boss, c)
	h.Must(err)
	h.Must(h.Operators.ApplyCompany(h.Ctx, boss, p))
}

// expect does the action as a role. Who may not is refused as forbidden; who may
// is refused with a code, or, where code is empty, does it. Without want they are
// not refused with that code.
func (s *roleTrial) expect(role core.Role, req core.Request, do deed, code core.Code, want bool) {
	s.Helper()
	captured := false
	s.house.Must(s.house.Store.View(s.house.Ctx, func(v core.View) (err error) {
		captured, err = mail.CapturedOnly(v)
		return err
	}))
	allowed := s.action.Allows(core.ActorOperator, role, captured)
	if !allowed {
		code, want = core.CodeForbidden, true
	}
	_, err := do(req)
	got := core.CodeOf(err)
	if (got == code) != want {
		s.Errorf("%s, allowed %v: answered %v, want %q: %v", role, allowed, err, code, want)
	}
	if want && code != "" {
		s.recorded(role, req, code)
	}
}

// recorded holds that the refusal is what the journal ends with.
func (s *roleTrial) recorded(role core.Role, req core.Request, code core.Code) {
	s.Helper()
	all := s.house.Journal()
	last := all[len(all)-1]
	if last.Action != s.action.ID || last.Refused != code || last.Actor != req.Actor || last.Session != req.Session {
		s.Errorf("%s: the journal ends with %+v", role, last)
	}
}

// readRows has a line for every action that changes nothing.
func readRows() map[core.ActionID]row {
	all := map[core.ActionID]row{}
	for _, reads := range []map[core.ActionID]reading{houseReads(), contactReads()} {
		for id, prepare := range reads {
			all[id] = row{prepare: func(h *coretest.House) deed {
				read := prepare(h)
				return func(req core.Request) (any, error) { return nil, read(req) }
			}}
		}
	}
	return all
}

// reading prepares a look at something.
type reading func(h *coretest.House) func(req core.Request) error

// houseReads are about the house and whoever looks.
func houseReads() map[core.ActionID]reading {
	return map[core.ActionID]reading{
		core.ActSessionCheck: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Desk.May(h.Ctx, req, core.ActSessionCheck); return err }
		},
		core.ActDraftsShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Drafts.All(h.Ctx, req, ""); return err }
		},
		core.ActNoticesList: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Notices.Unread(h.Ctx, req); return err }
		},
		core.ActProfileShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Operators.Profile(h.Ctx, req); return err }
		},
		core.ActSettingsShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Venue.Overview(h.Ctx, req); return err }
		},
		core.ActMailServerShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Servers.Show(h.Ctx, req); return err }
		},
		core.ActStorageShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error {
				_, err := backup.NewService(h.Desk, instant{}).Status(h.Ctx, req)
				return err
			}
		},
		core.ActOperatorList: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Operators.Staff(h.Ctx, req); return err }
		},
		core.ActCompanyShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Operators.Company(h.Ctx, req); return err }
		},
	}
}

// contactReads are about contacts and their mail.
func contactReads() map[core.ActionID]reading {
	return map[core.ActionID]reading{
		core.ActContactsList: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Contacts.Find(h.Ctx, req, contacts.Query{}); return err }
		},
		core.ActContactsShow: func(h *coretest.House) func(core.Request) error {
			id := created(h).ID
			return func(req core.Request) error { _, err := h.Contacts.Show(h.Ctx, req, id); return err }
		},
		core.ActContactsHistory: func(h *coretest.House) func(core.Request) error {
			id := created(h).ID
			return func(req core.Request) error { _, err := h.Contacts.History(h.Ctx, req, id, 0, 0); return err }
		},
		core.ActOutboxList: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.Reading.Outbox(h.Ctx, req, mail.OutboxQuery{}); return err }
		},
		core.ActOutboxShow: func(h *coretest.House) func(core.Request) error {
			created(h)
			return func(req core.Request) error { _, err := h.Reading.OutboxMail(h.Ctx, req, 1); return err }
		},
		core.ActCapturedList: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.ReadingOf(oneMail{}).List(h.Ctx, req, 0, 0); return err }
		},
		core.ActCapturedShow: func(h *coretest.House) func(core.Request) error {
			return func(req core.Request) error { _, err := h.ReadingOf(oneMail{}).Get(h.Ctx, req, 1); return err }
		},
	}
}

// oneMail is a mailbox with one mail of the first institution.
type oneMail struct{ mail.Mailbox }

func (oneMail) List(context.Context, mail.Query) (mail.Page, error) { return mail.Page{}, nil }

func (oneMail) Get(context.Context, uint64) (mail.Message, error) {
	return mail.Message{Summary: mail.Summary{Seq: 1, Envelope: mail.Envelope{Institution: 1, Entry: 9}}}, nil
}

// instant copies nothing, at once.
type instant struct{}

// Place implements [backup.Copier].
func (instant) Place() backup.Place { return backup.Place{Folder: "/data-backups"} }

// Copy implements [backup.Copier].
func (instant) Copy(context.Context, backup.Order, func(step backup.Step, done, all int64)) (backup.Copied, error) {
	return backup.Copied{Path: "/data-backups/one"}, nil
}

// ownDeed prepares an action about whoever does it, who signs in with an address.
type ownDeed func(h *coretest.House, req core.Request, address string) deed

// ownDeeds are the actions for which something of one's own has to be there, and
// those whose rows tell of a whole use case elsewhere.
func ownDeeds() map[core.ActionID]ownDeed {
	all := factorDeeds()
	for id, d := range placeDeeds() {
		all[id] = d
	}
	return all
}

// plain is an action that needs no request but the one it was prepared with.
func plain(do func(h *coretest.House, req core.Request, address string) func() error) ownDeed {
	return func(h *coretest.House, req core.Request, address string) deed {
		done := do(h, req, address)
		return func(core.Request) (any, error) { return nil, done() }
	}
}

// factorDeeds are about what one signs in with.
func factorDeeds() map[core.ActionID]ownDeed {
	return map[core.ActionID]ownDeed{
		core.ActProfileConfirm: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			e, err := h.Operators.BeginEnrolment(h.Ctx, req)
			h.Must(err)
			app := coretest.App{Secret: e.Secret}
			return func() error {
				_, err := h.Operators.ConfirmEnrolment(h.Ctx, req, app.Code(h.Clock.Effective()))
				return err
			}
		}),
		core.ActProfileDisable: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			h.Enrol(req)
			return func() error { return h.Operators.DisableFactor(h.Ctx, req) }
		}),
		core.ActProfileRecovery: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			h.Enrol(req)
			return func() error { _, err := h.Operators.RenewRecovery(h.Ctx, req); return err }
		}),
		core.ActSessionStepUp: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			return func() error { return h.Operators.StepUp(h.Ctx, req, coretest.Local(), coretest.Password) }
		}),
		core.ActProfileMailed: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			h.GoLive()
			h.Validate(req)
			return func() error { return h.Operators.SwitchMailed(h.Ctx, req, true) }
		}),
		core.ActProfileDevice: plain(func(h *coretest.House, req core.Request, address string) func() error {
			_, err := h.Operators.Begin(h.Ctx, h.Terminal(1), address, coretest.Password)
			h.Must(err)
			return func() error { return h.Operators.RevokeDevice(h.Ctx, req, 1) }
		}),
		core.ActProfileSession: plain(func(h *coretest.House, req core.Request, address string) func() error {
			other := h.SignIn(address)
			return func() error { return h.Operators.EndSession(h.Ctx, req, other.Session) }
		}),
		core.ActProfileConfirmAddress: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			h.Must(h.Operators.MailAddressCode(h.Ctx, req, ""))
			code := h.Code()
			return func() error { return h.Operators.ConfirmAddress(h.Ctx, req, code) }
		}),
	}
}

// placeDeeds are about what one keeps, and where one works.
func placeDeeds() map[core.ActionID]ownDeed {
	draft := drafts.Draft{Form: "contacts.edit/1", Typed: map[string]string{"notes": "typed"}}
	return map[core.ActionID]ownDeed{
		core.ActDraftsDiscard: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			_, err := h.Drafts.Keep(h.Ctx, req, draft)
			h.Must(err)
			return func() error { return h.Drafts.Discard(h.Ctx, req, draft.Form) }
		}),
		core.ActSessionSwitch: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			port := h.AddInstitution("Théâtre du Port").Made
			h.Act(func(act *core.Act) error {
				act.Req.Institution = port.Institution
				_, err := operators.Join(act, req.Actor.ID)
				return err
			})
			return func() error { return h.Operators.Switch(h.Ctx, req, port.Institution, port.Organisation) }
		}),
		core.ActProfileName: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			return func() error { return h.Operators.Rename(h.Ctx, req, "Another") }
		}),
		core.ActBackup: plain(func(h *coretest.House, req core.Request, _ string) func() error {
			return func() error {
				_, err := backup.NewService(h.Desk, instant{}).Make(h.Ctx, req, backup.Wish{}, nil)
				return err
			}
		}),
	}
}

package core_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// entries reads the whole journal.
func entries(h *coretest.House) []core.Entry {
	var all []core.Entry
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		return activity.Journal{}.Ascend(v, 0, func(_ core.ID, e core.Entry) error {
			all = append(all, e)
			return nil
		})
	}))
	return all
}

func TestAnActWithoutALogIsNotCommitted(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Desk.Do(h.Ctx, h.Owner, core.ActContactsEdit, func(act *core.Act) error {
		return act.Put("test", []byte("k"), []byte("v"))
	})
	h.Refused(err, core.CodeInternal)
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		if raw, err := v.Get("test", []byte("k")); raw != nil || err != nil {
			t.Errorf("%q, %v stayed", raw, err)
		}
		return nil
	}))
}

func TestARepeatedKeyGetsTheFirstReceipt(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	done := 0
	req := h.Owner
	req.Key = "once"
	do := func(req core.Request) core.Receipt {
		r, err := h.Desk.Do(h.Ctx, req, core.ActContactsEdit, func(act *core.Act) error {
			act.Log(core.Ref{Kind: core.KindContact, ID: core.ID(done + 1)})
			return nil
		})
		h.Must(err)
		if !r.Repeated {
			done++
		}
		return r
	}
	first := do(req)
	h.Clock.Advance(time.Hour)
	first.Repeated = true
	if again := do(req); again != first || done != 1 {
		t.Errorf("first %v, again %v, done %d times", first, again, done)
	}
	other := h.Hire(core.RoleAdmin)
	other.Key = "once"
	if do(other); done != 2 {
		t.Error("another actor's key was taken for the same")
	}
	h.Clock.Advance(24 * time.Hour)
	req = h.SignIn(coretest.OwnerAddress)
	req.Key = "once"
	if do(req); done != 3 {
		t.Error("a key is remembered for longer than a day")
	}
}

func TestRefusalsOfTheDeskAreRecordedAndFormErrorsAreNot(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	developer := h.Hire(core.RoleDeveloper)
	before := len(entries(h))
	_, err := h.Contacts.Create(h.Ctx, developer, coretest.Person("A", "B", ""), h.Context())
	h.Refused(err, core.CodeForbidden)
	_, err = h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("A", "", ""), h.Context())
	h.Refused(err, core.CodeRequired)
	all := entries(h)[before:]
	if len(all) != 1 || all[0].Refused != core.CodeForbidden || all[0].Actor.ID != developer.Actor.ID || all[0].Action != core.ActContactsCreate {
		t.Errorf("journal %+v", all)
	}
}

// failing is a journal that can't write.
type failing struct{}

func (failing) Record(core.Tx, core.Entry, io.Reader) error { return errors.New("disk full") }

// allowing lets everybody do as an owner.
type allowing struct{}

func (allowing) Standing(core.View, core.Request) (core.Standing, error) {
	return core.Standing{Role: core.RoleOwner}, nil
}

func TestNoEntryNoAct(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	desk := core.NewDesk(core.DeskConfig{
		Store: store, Clock: coretest.NewClock(), Random: coretest.Random(1), Actions: core.Actions(),
		Standings: allowing{}, Journal: failing{}, Captured: func(core.View) (bool, error) { return true, nil },
	})
	req := core.Request{Actor: core.Actor{Kind: core.ActorOperator}}
	_, err := desk.Do(t.Context(), req, core.ActContactsEdit, func(act *core.Act) error {
		act.Log(core.Ref{})
		return act.Put("test", []byte("k"), []byte("v"))
	})
	if err == nil {
		t.Fatal("an act without its entry was done")
	}
	err = store.View(t.Context(), func(v core.View) error {
		raw, err := v.Get("test", []byte("k"))
		if raw != nil {
			t.Error("the act stayed")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSessionsEndAndRolesCountAtTheNextAction(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	find := func(req core.Request) error {
		_, err := h.Venue.Overview(h.Ctx, req)
		return err
	}
	h.Must(find(h.Owner))
	elsewhere := h.Owner
	elsewhere.Institution++
	h.Refused(find(elsewhere), core.CodeNotFound)
	forged := h.Owner
	forged.Actor.ID++
	h.Refused(find(forged), core.CodeSignedOut)
	h.Must(h.Operators.SignOut(h.Ctx, h.Owner))
	h.Refused(find(h.Owner), core.CodeSignedOut)
	later := h.SignIn(coretest.OwnerAddress)
	h.Clock.Advance(12 * time.Hour)
	h.Refused(find(later), core.CodeSignedOut)
}

func TestWrongSignInsAreToldAlike(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, in := range [][2]string{
		{coretest.OwnerAddress, "wrong"}, {"nobody@opera.example", coretest.Password}, {"nonsense", coretest.Password}, {"", ""},
	} {
		_, err := coretest.SignIn(h.Ctx, h.Operators, in[0], in[1])
		if core.CodeOf(err) != core.CodeSignIn || err.Error() != core.Refuse(core.CodeSignIn).Error() {
			t.Errorf("%v: %v", in, err)
		}
	}
}

func TestTheSetUpIsOpenOnlyOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Setup.Do(h.Ctx, coretest.Draft())
	h.Refused(err, core.CodeSetUp)
}

func TestTheTableOfActions(t *testing.T) {
	t.Parallel()
	seen := map[core.ActionID]bool{}
	for _, a := range core.Actions() {
		if seen[a.ID] {
			t.Errorf("%s stands twice", a.ID)
		}
		seen[a.ID] = true
		if a.Roles == 0 && a.Actors == 0 {
			t.Errorf("nobody can do %s", a.ID)
		}
		if a.WhileCaptured != 0 && !a.Reads {
			t.Errorf("%s is given for reading only", a.ID)
		}
	}
}

// TestOnlyWhatIsPrivateLeavesNoLineInTheJournal holds what is private to an
// operator: drafts, and having read notices.
func TestOnlyWhatIsPrivateLeavesNoLineInTheJournal(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, a := range core.Actions() {
		want := a.ID == core.ActDraftsKeep || a.ID == core.ActDraftsDiscard || a.ID == core.ActNoticesRead
		if a.Private != want {
			t.Errorf("%s is private: %t", a.ID, a.Private)
		}
		if !a.Private {
			continue
		}
		if a.Reads || a.Actors != 0 {
			t.Errorf("%s is an operator's own, and a change", a.ID)
		}
		before := len(h.Journal())
		_, err := h.Desk.Do(h.Ctx, h.Owner, a.ID, func(act *core.Act) error {
			act.Log(core.Ref{Kind: core.KindContact, ID: 1})
			return nil
		})
		h.Must(err)
		if after := len(h.Journal()); after != before {
			t.Errorf("%s left %d entries", a.ID, after-before)
		}
	}
}

func TestR86_WhoMayDoWhat(t *testing.T) {
	t.Parallel()
	table := core.NewActionTable(core.Actions())
	const d, o, a, w = core.RoleDeveloper, core.RoleOperator, core.RoleAdmin, core.RoleOwner
	matrix := map[core.ActionID][]core.Role{
		core.ActSetUp: nil, core.ActSignIn: nil, core.ActSessionTry: nil, core.ActSessionAnswer: nil, core.ActSessionMailCode: nil,
		core.ActDemoFill:       nil,
		core.ActValidationLook: nil, core.ActValidationFollow: nil,
		core.ActCustomerRegister: nil, core.ActCustomerAddress: nil, core.ActSSOSignIn: nil,
		core.ActSignOut: {d, o, a, w}, core.ActSessionCheck: {d, o, a, w}, core.ActSessionSwitch: {d, o, a, w}, core.ActSessionLanguage: {d, o, a, w},
		core.ActSessionStepUp: {d, o, a, w}, core.ActProfileShow: {d, o, a, w}, core.ActProfileEnrol: {d, o, a, w},
		core.ActProfileConfirm: {d, o, a, w}, core.ActProfileDisable: {d, o, a, w}, core.ActProfileRecovery: {d, o, a, w},
		core.ActProfileMailed: {d, o, a, w}, core.ActProfileDevice: {d, o, a, w}, core.ActProfileSession: {d, o, a, w},
		core.ActDraftsKeep: {d, o, a, w}, core.ActDraftsShow: {d, o, a, w}, core.ActDraftsDiscard: {d, o, a, w},
		core.ActNoticesList: {d, o, a, w}, core.ActNoticesRead: {d, o, a, w},
		core.ActLookAtCode: nil, core.ActTakeUp: nil, core.ActForgot: nil,
		core.ActProfilePassword: {d, o, a, w}, core.ActProfileName: {d, o, a, w},
		core.ActProfileAddress: {d, o, a, w}, core.ActProfileConfirmAddress: {d, o, a, w},
		core.ActOperatorList: {a, w}, core.ActOperatorInvite: {a, w}, core.ActOperatorInviteAgain: {a, w}, core.ActOperatorEdit: {a, w},
		core.ActOperatorDisable: {a, w}, core.ActOperatorEnable: {a, w}, core.ActOperatorReset: {a, w},
		core.ActOperatorResetFactor: {a, w}, core.ActOperatorEndSessions: {a, w}, core.ActCompanyShow: {a, w}, core.ActCompanySave: {a, w},
		core.ActSettingsShow: {d, o, a, w},
		core.ActContactsList: {o, a, w}, core.ActContactsShow: {o, a, w}, core.ActContactsHistory: {o, a, w},
		core.ActContactsCreate: {o, a, w}, core.ActContactsEdit: {o, a, w}, core.ActContactsSend: {o, a, w},
		core.ActContactsRemove: {o, a, w}, core.ActContactsRestore: {o, a, w}, core.ActContactsImport: {a, w},
		core.ActOutboxList: {o, a, w}, core.ActOutboxShow: {o, a, w}, core.ActOutboxSendAgain: {o, a, w}, core.ActOutboxCancel: {o, a, w},
		core.ActInstitutionsCreate: {w}, core.ActInstitutionsEdit: {a, w}, core.ActValidationSwitch: {a, w},
		core.ActOrganisationCreate: {a, w}, core.ActOrganisationEdit: {a, w},
		core.ActChannelsCreate: {a, w}, core.ActChannelsEdit: {a, w},
		core.ActPointsOfSaleCreate: {a, w}, core.ActPointsOfSaleEdit: {a, w},
		core.ActDocumentsCreate: {a, w}, core.ActDocumentsEdit: {a, w}, core.ActDocumentsSample: {a, w},
		core.ActMailServerShow: {a, w}, core.ActMailServerSave: {a, w}, core.ActMailServerTest: {a, w}, core.ActMailServerRemove: {a, w},
		core.ActCapturedList: {d}, core.ActCapturedShow: {d},
		core.ActStorageShow: {a, w}, core.ActBackup: {w}, core.ActBackupCancel: {w}, core.ActBackupSettle: nil, core.ActRestore: nil, core.ActDoctor: nil,
		core.ActOperatorBreakGlass: nil,
	}
	for _, action := range core.Actions() {
		want, known := matrix[action.ID]
		if !known {
			t.Errorf("%s is not in the matrix", action.ID)
		}
		for _, role := range []core.Role{core.RoleNone, d, o, a, w} {
			allowed := false
			for _, r := range want {
				allowed = allowed || r == role
			}
			found, _ := table.Find(action.ID)
			if got := found.Allows(core.ActorOperator, role, false); got != allowed {
				t.Errorf("%s for %v: %v", action.ID, role, got)
			}
		}
	}
	captured, _ := table.Find(core.ActCapturedList)
	for _, role := range []core.Role{o, a, w} {
		if !captured.Allows(core.ActorOperator, role, true) {
			t.Errorf("%v can't see captured mail without a mail server", role)
		}
	}
}

func TestR86_WhatOthersThanOperatorsMayDo(t *testing.T) {
	t.Parallel()
	const local = core.ActorLocal
	matrix := map[core.ActionID]core.ActorKind{
		core.ActSetUp: core.ActorSetup, core.ActDemoFill: core.ActorSetup,
		core.ActSignIn: core.ActorAnonymous, core.ActSessionTry: core.ActorAnonymous,
		core.ActSessionAnswer: core.ActorAnonymous, core.ActSessionMailCode: core.ActorAnonymous,
		core.ActLookAtCode: core.ActorAnonymous, core.ActTakeUp: core.ActorAnonymous, core.ActForgot: core.ActorAnonymous,
		core.ActValidationLook: core.ActorLink, core.ActValidationFollow: core.ActorLink,
		core.ActCustomerRegister: core.ActorCustomer, core.ActCustomerAddress: core.ActorCustomer,
		core.ActSSOSignIn: core.ActorSSO, core.ActContactsImport: core.ActorImport,
		core.ActContactsList: local, core.ActContactsShow: local, core.ActContactsCreate: local, core.ActContactsSend: local,
		core.ActSettingsShow: local, core.ActInstitutionsEdit: local, core.ActValidationSwitch: local,
		core.ActOrganisationCreate: local, core.ActOrganisationEdit: local, core.ActChannelsCreate: local, core.ActChannelsEdit: local,
		core.ActPointsOfSaleCreate: local, core.ActPointsOfSaleEdit: local, core.ActDocumentsCreate: local, core.ActDocumentsEdit: local,
		core.ActMailServerShow: local, core.ActMailServerSave: local, core.ActMailServerTest: local, core.ActMailServerRemove: local,
		core.ActStorageShow: local, core.ActBackup: local, core.ActRestore: local, core.ActDoctor: local,
		core.ActOperatorList: local, core.ActOperatorInvite: local, core.ActOperatorInviteAgain: local, core.ActOperatorEdit: local,
		core.ActOperatorDisable: local, core.ActOperatorEnable: local, core.ActOperatorReset: local, core.ActOperatorResetFactor: local,
		core.ActOperatorEndSessions: local, core.ActOperatorBreakGlass: local, core.ActCompanyShow: local, core.ActCompanySave: local,
		core.ActBackupSettle: core.ActorJob,
	}
	for _, action := range core.Actions() {
		for kind := core.ActorAnonymous; kind <= core.ActorSetup; kind++ {
			only, known := matrix[action.ID]
			if want := known && kind == only; kind != core.ActorOperator && action.Allows(kind, core.RoleNone, true) != want {
				t.Errorf("%s for %v: %v", action.ID, kind, !want)
			}
		}
	}
}

func TestTheRandomStreamIsNeverRewound(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	seen := map[[16]byte]bool{}
	for range 50 {
		_, err := h.Desk.Do(h.Ctx, h.Owner, core.ActContactsEdit, func(act *core.Act) error {
			act.Log(core.Ref{})
			var b [16]byte
			_, err := io.ReadFull(act.Random, b[:])
			if seen[b] {
				t.Error("the same bytes twice")
			}
			seen[b] = true
			return err
		})
		h.Must(err)
	}
}

func TestR87_AnOperatorOfAnotherHouseIsNobodyHere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	elsewhere := h.Owner
	h.Act(func(act *core.Act) (err error) {
		elsewhere.Institution, err = venue.Institutions().Insert(act, core.Installation, venue.Institution{Name: "Second"})
		return err
	})
	_, err := h.Venue.Overview(h.Ctx, elsewhere)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Contacts.Create(h.Ctx, elsewhere, coretest.Person("A", "B", ""), h.Context())
	h.Refused(err, core.CodeNotFound)
}

func TestTheClockStandsWhenTheComputersGoesBack(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	now := coretest.Start()
	clock, err := core.OpenClock(t.Context(), store, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Hour)
	ahead := clock.Effective()
	now = now.Add(-2 * time.Hour)
	if got := clock.Effective(); got.Before(ahead) {
		t.Errorf("the time went from %v to %v", ahead, got)
	}
	now = now.Add(time.Minute)
	if got := clock.Effective(); !got.Equal(ahead.Add(time.Minute)) {
		t.Errorf("a minute later it is %v", got)
	}
	if err := clock.Save(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	again, err := core.OpenClock(t.Context(), store, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Effective(); got.Before(ahead) {
		t.Errorf("after a restart it is %v", got)
	}
}

func TestTheClockNeverGoesBack(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	now := coretest.Start()
	wall := func() time.Time { return now }
	clock, err := core.OpenClock(t.Context(), store, wall)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if err := clock.Save(context.WithoutCancel(t.Context()), store); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(-1, 0, 0) // the computer's clock is set back, and the program restarts
	again, err := core.OpenClock(t.Context(), store, wall)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Effective(); got.Before(coretest.Start().Add(time.Hour)) {
		t.Errorf("after a restart the time is %v", got)
	}
	now = now.Add(time.Minute)
	if got := again.Effective(); !got.Equal(coretest.Start().Add(time.Hour + time.Minute)) {
		t.Errorf("a minute later it is %v", got)
	}
	now = coretest.Start().AddDate(1, 0, 0)
	ahead, err := core.OpenClock(t.Context(), store, wall)
	if err != nil {
		t.Fatal(err)
	}
	if got := ahead.Effective(); !got.Equal(now) {
		t.Errorf("the wall clock went on, the time is %v", got)
	}
}

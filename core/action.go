package core

import "slices"

// ActionID names an action. It is its permission, its verb in the journal, its
// subcommand (dots read as spaces) and the key of its label in the catalogue.
type ActionID string

// Action is one line of the table of everything that can be done.
type Action struct {
	ID ActionID
	// Roles of operators that may do it.
	Roles Roles
	// Actors other than operators that may do it.
	Actors ActorKinds
	// Reads marks an action that changes nothing: it goes through [Desk.See]
	// or [Desk.May], never [Desk.Do].
	Reads bool
	// Frees marks an action that is taken even where space is spent: it makes
	// room, needs next to none for what can't wait, or looks after the space it
	// needs itself.
	Frees bool
	// Private marks what an operator keeps for themself alone, such as the draft
	// of a form or having read a notice: nobody else ever sees it and nothing follows from it, so it is no
	// act and leaves no line in the journal.
	Private bool
	// Whole marks an action on all of the data, which the local user does
	// without naming an institution.
	Whole bool
	// WhileCaptured lists roles that have it only while there is no mail
	// server and every mail is captured (R86, R89).
	WhileCaptured Roles
	// Walled marks what operators may do before they enrolled the second factor
	// that is required of them (R67).
	Walled bool
	// StepUp marks what takes a fresh proof of who sits there, see
	// [Standing.Fresh].
	StepUp bool
}

// The actions.
const (
	ActSetUp                 ActionID = "set-up"
	ActSignIn                ActionID = "session.sign-in"
	ActSessionTry            ActionID = "session.try"
	ActSessionAnswer         ActionID = "session.answer"
	ActSessionMailCode       ActionID = "session.mail-code"
	ActSessionStepUp         ActionID = "session.step-up"
	ActProfileShow           ActionID = "profile.show"
	ActProfileEnrol          ActionID = "profile.enrol"
	ActProfileConfirm        ActionID = "profile.confirm-factor"
	ActProfileDisable        ActionID = "profile.disable-factor"
	ActProfileRecovery       ActionID = "profile.recovery-codes"
	ActProfileMailed         ActionID = "profile.mailed-codes"
	ActProfileDevice         ActionID = "profile.revoke-device"
	ActProfileSession        ActionID = "profile.end-session"
	ActLookAtCode            ActionID = "session.look-at-code"
	ActTakeUp                ActionID = "session.take-up"
	ActForgot                ActionID = "session.forgot"
	ActProfilePassword       ActionID = "profile.password"
	ActProfileName           ActionID = "profile.name"
	ActProfileAddress        ActionID = "profile.address"
	ActProfileConfirmAddress ActionID = "profile.confirm-address"
	ActOperatorList          ActionID = "operator.list"
	ActOperatorInvite        ActionID = "operator.invite"
	ActOperatorInviteAgain   ActionID = "operator.invite-again"
	ActOperatorEdit          ActionID = "operator.edit"
	ActOperatorDisable       ActionID = "operator.disable"
	ActOperatorEnable        ActionID = "operator.enable"
	ActOperatorReset         ActionID = "operator.reset-password"
	ActOperatorResetFactor   ActionID = "operator.reset-factor"
	ActOperatorEndSessions   ActionID = "operator.end-sessions"
	ActOperatorBreakGlass    ActionID = "operator.break-glass"
	ActCompanyShow           ActionID = "settings.company.show"
	ActCompanySave           ActionID = "settings.company.save"
	ActSignOut               ActionID = "session.sign-out"
	ActSessionCheck          ActionID = "session.check"
	ActSessionSwitch         ActionID = "session.switch"
	ActSessionLanguage       ActionID = "session.language"
	ActDraftsKeep            ActionID = "drafts.keep"
	ActDraftsShow            ActionID = "drafts.show"
	ActDraftsDiscard         ActionID = "drafts.discard"
	ActNoticesList           ActionID = "notices.list"
	ActNoticesRead           ActionID = "notices.read"
	ActContactsList          ActionID = "contacts.list"
	ActContactsShow          ActionID = "contacts.show"
	ActContactsHistory       ActionID = "contacts.history"
	ActContactsCreate        ActionID = "contacts.create"
	ActContactsEdit          ActionID = "contacts.edit"
	ActContactsSend          ActionID = "contacts.send-validation"
	ActContactsRemove        ActionID = "contacts.remove"
	ActContactsRestore       ActionID = "contacts.restore"
	ActContactsImport        ActionID = "contacts.import"
	ActCustomerRegister      ActionID = "customer.register"
	ActCustomerAddress       ActionID = "customer.change-address"
	ActSSOSignIn             ActionID = "sso.sign-in"
	ActValidationLook        ActionID = "validation.look"
	ActValidationFollow      ActionID = "validation.follow"
	ActOutboxList            ActionID = "outbox.list"
	ActOutboxShow            ActionID = "outbox.show"
	ActOutboxSendAgain       ActionID = "outbox.send-again"
	ActOutboxCancel          ActionID = "outbox.cancel"
	ActSettingsShow          ActionID = "settings.show"
	ActInstitutionsCreate    ActionID = "settings.institutions.create"
	ActInstitutionsEdit      ActionID = "settings.institutions.edit"
	ActValidationSwitch      ActionID = "settings.validation.switch"
	ActOrganisationCreate    ActionID = "settings.organisations.create"
	ActOrganisationEdit      ActionID = "settings.organisations.edit"
	ActChannelsCreate        ActionID = "settings.sales-channels.create"
	ActChannelsEdit          ActionID = "settings.sales-channels.edit"
	ActPointsOfSaleCreate    ActionID = "settings.points-of-sale.create"
	ActPointsOfSaleEdit      ActionID = "settings.points-of-sale.edit"
	ActDocumentsCreate       ActionID = "settings.documents.create"
	ActDocumentsEdit         ActionID = "settings.documents.edit"
	ActDocumentsSample       ActionID = "settings.documents.sample"
	ActMailServerShow        ActionID = "settings.mail-server.show"
	ActMailServerSave        ActionID = "settings.mail-server.save"
	ActMailServerTest        ActionID = "settings.mail-server.test"
	ActMailServerRemove      ActionID = "settings.mail-server.remove"
	ActCapturedList          ActionID = "captured.list"
	ActCapturedShow          ActionID = "captured.show"
	ActStorageShow           ActionID = "settings.storage.show"
	ActBackup                ActionID = "backup"
	ActBackupCancel          ActionID = "backup.cancel"
	ActBackupSettle          ActionID = "backup.settle"
	ActRestore               ActionID = "restore"
	ActDoctor                ActionID = "doctor"
	ActDemoFill              ActionID = "demo.fill"
)

// Actions is the table: who may do what (R86). Screens, help, commands and the
// journal read it; nothing else decides.
func Actions() []Action {
	return slices.Concat(sessionActions(), profileActions(), contactActions(), mailActions(), settingActions(), storageActions(), staffActions())
}

func everyone() Roles { return RoleSet(RoleDeveloper, RoleOperator, RoleAdmin, RoleOwner) }

func office() Roles { return RoleSet(RoleOperator, RoleAdmin, RoleOwner) }

func admins() Roles { return RoleSet(RoleAdmin, RoleOwner) }

func sessionActions() []Action {
	return []Action{
		{ID: ActSetUp, Actors: Actors(ActorSetup)},
		{ID: ActDemoFill, Actors: Actors(ActorSetup)},
		{ID: ActSignIn, Actors: Actors(ActorAnonymous), Frees: true},
		{ID: ActSessionTry, Actors: Actors(ActorAnonymous), Frees: true},
		{ID: ActSessionAnswer, Actors: Actors(ActorAnonymous), Frees: true},
		{ID: ActSessionMailCode, Actors: Actors(ActorAnonymous), Frees: true},
		{ID: ActSignOut, Roles: everyone(), Frees: true, Walled: true},
		{ID: ActSessionCheck, Roles: everyone(), Reads: true, Walled: true},
		{ID: ActSessionStepUp, Roles: everyone(), Frees: true, Walled: true},
		{ID: ActSessionSwitch, Roles: everyone(), Frees: true},
		{ID: ActDraftsKeep, Roles: everyone(), Private: true, Walled: true},
		{ID: ActDraftsShow, Roles: everyone(), Reads: true, Walled: true},
		{ID: ActDraftsDiscard, Roles: everyone(), Private: true, Frees: true, Walled: true},
		{ID: ActSessionLanguage, Roles: everyone(), Walled: true},
		{ID: ActNoticesList, Roles: everyone(), Reads: true, Walled: true},
		{ID: ActNoticesRead, Roles: everyone(), Private: true, Walled: true},
	}
}

// profileActions are about whoever does them.
func profileActions() []Action {
	return []Action{
		{ID: ActProfileShow, Roles: everyone(), Reads: true, Walled: true},
		{ID: ActProfileEnrol, Roles: everyone(), Walled: true, StepUp: true},
		{ID: ActProfileConfirm, Roles: everyone(), Walled: true, StepUp: true},
		{ID: ActProfileDisable, Roles: everyone(), StepUp: true},
		{ID: ActProfileRecovery, Roles: everyone(), StepUp: true},
		{ID: ActProfileMailed, Roles: everyone(), Walled: true, StepUp: true},
		{ID: ActProfileDevice, Roles: everyone(), Frees: true},
		{ID: ActProfileSession, Roles: everyone(), Frees: true},
	}
}

func contactActions() []Action {
	local := Actors(ActorLocal)
	return []Action{
		{ID: ActContactsList, Roles: office(), Actors: local, Reads: true},
		{ID: ActContactsShow, Roles: office(), Actors: local, Reads: true},
		{ID: ActContactsHistory, Roles: office(), Reads: true},
		{ID: ActContactsCreate, Roles: office(), Actors: local},
		{ID: ActContactsEdit, Roles: office()},
		{ID: ActContactsSend, Roles: office(), Actors: local},
		{ID: ActContactsRemove, Roles: office(), Frees: true},
		{ID: ActContactsRestore, Roles: office()},
		{ID: ActContactsImport, Roles: admins(), Actors: Actors(ActorImport)},
		{ID: ActCustomerRegister, Actors: Actors(ActorCustomer)},
		{ID: ActCustomerAddress, Actors: Actors(ActorCustomer)},
		{ID: ActSSOSignIn, Actors: Actors(ActorSSO)},
	}
}

func mailActions() []Action {
	captured := RoleSet(RoleDeveloper)
	return []Action{
		{ID: ActValidationLook, Actors: Actors(ActorLink), Reads: true},
		{ID: ActValidationFollow, Actors: Actors(ActorLink), Frees: true},
		{ID: ActOutboxList, Roles: office(), Reads: true},
		{ID: ActOutboxShow, Roles: office(), Reads: true},
		{ID: ActOutboxSendAgain, Roles: office()},
		{ID: ActOutboxCancel, Roles: office(), Frees: true},
		{ID: ActCapturedList, Roles: captured, WhileCaptured: office(), Reads: true},
		{ID: ActCapturedShow, Roles: captured, WhileCaptured: office(), Reads: true},
	}
}

func settingActions() []Action {
	local := Actors(ActorLocal)
	all := []Action{
		{ID: ActSettingsShow, Roles: everyone(), Actors: local, Reads: true},
		{ID: ActMailServerShow, Roles: admins(), Actors: local, Reads: true},
		{ID: ActInstitutionsCreate, Roles: RoleSet(RoleOwner)},
		{ID: ActDocumentsSample, Roles: admins()},
		{ID: ActMailServerSave, Roles: admins(), Actors: local, StepUp: true},
		{ID: ActMailServerRemove, Roles: admins(), Actors: local, StepUp: true},
	}
	for _, id := range []ActionID{
		ActInstitutionsEdit, ActValidationSwitch, ActOrganisationCreate, ActOrganisationEdit,
		ActChannelsCreate, ActChannelsEdit, ActPointsOfSaleCreate, ActPointsOfSaleEdit,
		ActDocumentsCreate, ActDocumentsEdit, ActMailServerTest,
	} {
		all = append(all, Action{ID: id, Roles: admins(), Actors: local})
	}
	return all
}

// storageActions are about the data as a whole: restoring and examining need a
// folder that is not in use, so only the local machine does them. How a backup
// ended is recorded by the program itself: who began it may have signed out.
func storageActions() []Action {
	local := Actors(ActorLocal)
	return []Action{
		{ID: ActStorageShow, Roles: admins(), Actors: local, Whole: true, Reads: true},
		{ID: ActBackup, Roles: RoleSet(RoleOwner), Actors: local, Whole: true, Frees: true},
		{ID: ActBackupCancel, Roles: RoleSet(RoleOwner), Whole: true, Frees: true},
		{ID: ActBackupSettle, Actors: Actors(ActorJob), Whole: true, Frees: true},
		{ID: ActRestore, Actors: local, Whole: true, Frees: true},
		{ID: ActDoctor, Actors: local, Whole: true, Frees: true},
	}
}

// ActionTable looks actions up by id. It is safe for concurrent use.
type ActionTable struct{ byID map[ActionID]Action }

// NewActionTable indexes actions; later ones replace earlier ones of the same id.
func NewActionTable(actions []Action) ActionTable {
	t := ActionTable{byID: make(map[ActionID]Action, len(actions))}
	for _, a := range actions {
		t.byID[a.ID] = a
	}
	return t
}

// Find gives the action of an id.
func (t ActionTable) Find(id ActionID) (Action, bool) {
	a, ok := t.byID[id]
	return a, ok
}

// Allows reports whether an actor of this kind and role may do a. captured says
// that there is no mail server.
func (a Action) Allows(kind ActorKind, role Role, captured bool) bool {
	if kind != ActorOperator {
		return a.Actors.Has(kind)
	}
	return a.Roles.Has(role) || captured && a.WhileCaptured.Has(role)
}

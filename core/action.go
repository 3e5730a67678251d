package core

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
	// WhileCaptured lists roles that have it only while there is no mail
	// server and every mail is captured (R86, R89).
	WhileCaptured Roles
}

// The actions.
const (
	ActSetUp              ActionID = "set-up"
	ActSignIn             ActionID = "session.sign-in"
	ActSignInLook         ActionID = "session.look-up"
	ActSignOut            ActionID = "session.sign-out"
	ActSessionCheck       ActionID = "session.check"
	ActContactsList       ActionID = "contacts.list"
	ActContactsShow       ActionID = "contacts.show"
	ActContactsCreate     ActionID = "contacts.create"
	ActContactsEdit       ActionID = "contacts.edit"
	ActContactsSend       ActionID = "contacts.send-validation"
	ActValidationLook     ActionID = "validation.look"
	ActValidationFollow   ActionID = "validation.follow"
	ActSettingsShow       ActionID = "settings.show"
	ActValidationSwitch   ActionID = "settings.validation.switch"
	ActPointsOfSaleCreate ActionID = "settings.points-of-sale.create"
	ActPointsOfSaleEdit   ActionID = "settings.points-of-sale.edit"
	ActDocumentsCreate    ActionID = "settings.documents.create"
	ActDocumentsEdit      ActionID = "settings.documents.edit"
	ActCapturedList       ActionID = "captured.list"
	ActCapturedShow       ActionID = "captured.show"
	ActDemoFill           ActionID = "demo.fill"
)

// Actions is the table: who may do what (R86). Screens, help, commands and the
// journal read it; nothing else decides.
func Actions() []Action {
	everyone := RoleSet(RoleDeveloper, RoleOperator, RoleAdmin, RoleOwner)
	office := RoleSet(RoleOperator, RoleAdmin, RoleOwner)
	admins := RoleSet(RoleAdmin, RoleOwner)
	return []Action{
		{ID: ActSetUp, Actors: Actors(ActorSetup)},
		{ID: ActSignIn, Actors: Actors(ActorAnonymous)},
		{ID: ActSignInLook, Actors: Actors(ActorAnonymous), Reads: true},
		{ID: ActSignOut, Roles: everyone},
		{ID: ActSessionCheck, Roles: everyone, Reads: true},
		{ID: ActContactsList, Roles: office, Reads: true},
		{ID: ActContactsShow, Roles: office, Reads: true},
		{ID: ActContactsCreate, Roles: office},
		{ID: ActContactsEdit, Roles: office},
		{ID: ActContactsSend, Roles: office},
		{ID: ActValidationLook, Actors: Actors(ActorLink), Reads: true},
		{ID: ActValidationFollow, Actors: Actors(ActorLink)},
		{ID: ActSettingsShow, Roles: everyone, Reads: true},
		{ID: ActValidationSwitch, Roles: admins},
		{ID: ActPointsOfSaleCreate, Roles: admins},
		{ID: ActPointsOfSaleEdit, Roles: admins},
		{ID: ActDocumentsCreate, Roles: admins},
		{ID: ActDocumentsEdit, Roles: admins},
		{ID: ActCapturedList, Roles: RoleSet(RoleDeveloper), WhileCaptured: office, Reads: true},
		{ID: ActCapturedShow, Roles: RoleSet(RoleDeveloper), WhileCaptured: office, Reads: true},
		{ID: ActDemoFill, Actors: Actors(ActorSetup)},
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

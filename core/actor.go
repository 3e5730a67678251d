package core

// ActorKind says in what capacity somebody acts.
type ActorKind uint8

// The kinds of actors. A set of them is an [ActorKinds].
const (
	ActorAnonymous ActorKind = iota // a visitor of a public page, or the sign-in page
	ActorOperator                   // a signed-in operator
	ActorCustomer                   // a signed-in customer
	ActorLink                       // who holds a mailed link
	ActorJob                        // work that runs by itself
	ActorImport                     // a trusted import
	ActorSSO                        // an identity provider
	ActorLocal                      // the operating-system user with the installation's token
	ActorSetup                      // the set-up, only while there is no owner
)

// String is the kind's name in the journal.
func (k ActorKind) String() string {
	return nameOf(int(k), "anonymous", "operator", "customer", "link", "job", "import", "sso", "local", "set-up")
}

// nameOf is the i-th name, or "unknown".
func nameOf(i int, names ...string) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}

// ActorKinds is a set of actor kinds.
type ActorKinds uint16

// Actors makes a set.
func Actors(kinds ...ActorKind) ActorKinds {
	var set ActorKinds
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// Has reports whether k is in the set.
func (s ActorKinds) Has(k ActorKind) bool { return s&(1<<k) != 0 }

// Actor is who acts. Name is what the journal shows: an operator's name, a
// job's name, an operating-system user.
type Actor struct {
	Kind ActorKind
	ID   ID
	Name string
}

// Role is what an operator may do (R86). Each operator has one.
type Role uint8

// The roles. They are not a ladder: a developer sees less than an operator.
const (
	RoleNone Role = iota
	RoleDeveloper
	RoleOperator
	RoleAdmin
	RoleOwner
)

// String is the role's word, also its key in the catalogue.
func (r Role) String() string {
	return nameOf(int(r), "none", "developer", "operator", "admin", "owner")
}

// Roles is a set of roles.
type Roles uint8

// RoleSet makes a set.
func RoleSet(roles ...Role) Roles {
	var set Roles
	for _, r := range roles {
		set |= 1 << r
	}
	return set
}

// Has reports whether r is in the set; [RoleNone] never is.
func (s Roles) Has(r Role) bool { return r != RoleNone && s&(1<<r) != 0 }

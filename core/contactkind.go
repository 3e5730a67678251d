package core

// ContactKind is what sort of contact it is.
type ContactKind uint8

// The kinds of contacts.
const (
	ContactIndividual ContactKind = iota + 1 // a person
	ContactStructure                         // a company, school or association
	ContactRelay                             // a person who acts for a structure
)

// ContactKinds lists all kinds, in the order forms offer them.
func ContactKinds() []ContactKind {
	return []ContactKind{ContactIndividual, ContactStructure, ContactRelay}
}

// String is the kind's key in the catalogue.
func (k ContactKind) String() string {
	switch k {
	case ContactIndividual:
		return "individual"
	case ContactStructure:
		return "structure"
	case ContactRelay:
		return "relay"
	}
	return "unknown"
}

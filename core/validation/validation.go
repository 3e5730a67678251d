// Package validation sends validation mails in the right context and turns
// addresses green when their link is followed. It sees contacts only through
// [Book].
package validation

import "willcall/core"

// Addressee is what validation knows of a contact.
type Addressee struct {
	Contact  core.ID
	Kind     core.ContactKind
	Name     string
	Language string
	Guest    bool
	SSO      bool
	Email    core.Email
}

// Book is the contacts as validation sees them.
type Book interface {
	Addressee(v core.View, institution, contact core.ID) (Addressee, error)
	// Validated records a proof for the contact's address of a generation.
	Validated(act *core.Act, institution, contact core.ID, generation uint64, proof core.Proof) error
}

package contacts

import (
	"willcall/core"
	"willcall/core/validation"
)

func addressee(id core.ID, c Contact) validation.Addressee {
	return validation.Addressee{
		Contact: id, Kind: c.Kind, Name: c.Name(), Language: c.Language,
		Guest: c.Guest, SSO: c.SSO != "", Email: c.Email,
	}
}

// Book shows contacts to validation. It is safe for concurrent use.
type Book struct{}

// Addressee implements [validation.Book].
func (Book) Addressee(v core.View, institution, contact core.ID) (validation.Addressee, error) {
	c, _, err := find(v, institution, contact)
	return addressee(contact, c), err
}

// Validated implements [validation.Book]: the one place where a link turns a
// contact green. Another generation of the address is a conflict.
func (Book) Validated(act *core.Act, institution, contact core.ID, generation uint64, proof core.Proof) error {
	c, version, err := find(act, institution, contact)
	if err != nil {
		return err
	}
	if c.Email.Generation != generation {
		return core.Refuse(core.CodeConflict)
	}
	c.Email = c.Email.Validate(proof)
	if err := save(act, institution, contact, version, c); err != nil {
		return err
	}
	act.EmitFor(ref(contact))
	return nil
}

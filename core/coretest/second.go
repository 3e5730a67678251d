package coretest

import (
	"willcall/core"
	"willcall/core/setup"
	"willcall/core/venue"
)

// SecondURL is the portal address of institutions that [House.AddInstitution]
// makes.
const SecondURL = "https://port.example"

// Second is another institution of a house, with the owner's request in it.
type Second struct {
	Made  setup.Made
	Owner core.Request
}

// AddDraft is another institution that is accepted.
func AddDraft(name string) setup.AddDraft {
	return setup.AddDraft{
		Institution: venue.InstitutionDraft{Name: name, Language: "en", TimeZone: "Europe/Paris", PortalURL: SecondURL},
		Sender:      "office@port.example", SignInURL: "https://shop.port.example/sign-in",
	}
}

// AddInstitution makes another institution of the owner's.
func (h *House) AddInstitution(name string) Second {
	h.T.Helper()
	made, err := h.Setup.AddInstitution(h.Ctx, h.Owner, AddDraft(name))
	h.Must(err)
	owner := h.Owner
	owner.Institution, owner.Organisation = made.Institution, made.Organisation
	return Second{Made: made, Owner: owner}
}

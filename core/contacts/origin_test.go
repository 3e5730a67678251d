package contacts_test

import (
	"willcall/core"
	"willcall/core/coretest"
)

// sso is the request of an identity provider.
func sso(h *coretest.House) core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorSSO, Name: "venue-id"}, Institution: h.Made.Institution, Organisation: h.Made.Organisation}
}

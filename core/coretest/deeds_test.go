package coretest_test

import (
	"context"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/doctor"
	"willcall/core/drafts"
	"willcall/core/venue"
)

// deed does one act, as the request of whom it is handed; what it answers is
// the same each time from the same state.
type deed func(req core.Request) (any, error)

// row is an action with a house in which it can be done.
type row struct {
	// prepare does what comes before and gives the act.
	prepare func(h *coretest.House) deed
	// as is who does it; nil is the owner.
	as func(h *coretest.House) core.Request
	// unmarked is an act that can't be repeated by a request's key.
	unmarked bool
	// empty is a house before its set-up.
	empty bool
	// elsewhere names the test that holds an act outside core.
	elsewhere string
}

// rows has a line for every action that changes something.
func rows() map[core.ActionID]row {
	all := staffRows()
	for _, part := range []map[core.ActionID]row{
		sessionRows(), profileRows(), draftRows(), noticeRows(), contactRows(), originRows(), mailRows(), institutionRows(), placeRows(), documentRows(), wholeRows(),
	} {
		for id, r := range part {
			all[id] = r
		}
	}
	return all
}

// at is a request's place with another actor.
func at(h *coretest.House, actor core.Actor) core.Request {
	return core.Request{Actor: actor, Institution: h.Made.Institution, Organisation: h.Made.Organisation}
}

func wholeRows() map[core.ActionID]row {
	local := func(h *coretest.House) core.Request {
		return at(h, core.Actor{Kind: core.ActorLocal, Name: "local:tess"})
	}
	return map[core.ActionID]row{
		core.ActDemoFill: {elsewhere: "TestDemoFillingIsCancelled"},
		core.ActBackup:   {elsewhere: "TestFullDisk"},
		core.ActBackupCancel: {prepare: func(h *coretest.House) deed {
			s := backingUp(h)
			return func(req core.Request) (any, error) { return nil, s.Cancel(h.Ctx, req) }
		}},
		core.ActBackupSettle: {elsewhere: "TestTheEndOfABackupSurvivesEveryFault"},
		core.ActRestore: {as: local, prepare: func(h *coretest.House) deed {
			created(h) // its mail waits, and is cancelled
			return func(req core.Request) (any, error) {
				return backup.NewService(h.Desk, nil).Restored(h.Ctx, req, backup.Made{At: coretest.Start()}, nil)
			}
		}},
		core.ActDoctor: {as: local, unmarked: true, prepare: func(h *coretest.House) deed {
			h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error { return tx.Put("outbox.state", []byte("stray"), nil) }))
			return func(req core.Request) (any, error) {
				mended, _, err := doctor.NewService(h.Desk, h.Store, h.Keys).Repair(h.Ctx, req, func(int) {})
				return mended, err
			}
		}},
	}
}

// endless copies until it is told to end.
type endless struct{ begun, end chan struct{} }

// Place implements [backup.Copier].
func (endless) Place() backup.Place { return backup.Place{Folder: "/data-backups"} }

// Copy implements [backup.Copier].
func (e endless) Copy(context.Context, backup.Order, func(step backup.Step, done, all int64)) (backup.Copied, error) {
	close(e.begun)
	<-e.end
	return backup.Copied{}, context.Canceled
}

// backingUp gives a service that makes a backup until the test is over.
func backingUp(h *coretest.House) *backup.Service {
	copies := endless{make(chan struct{}), make(chan struct{})}
	s := backup.NewService(h.Desk, copies)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.Make(h.Ctx, h.Owner, backup.Wish{}, nil)
	}()
	h.T.Cleanup(func() {
		close(copies.end)
		<-done
	})
	<-copies.begun
	return s
}

func sessionRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActSetUp: {unmarked: true, empty: true, prepare: func(h *coretest.House) deed {
			return func(core.Request) (any, error) { return h.Setup.Do(h.Ctx, coretest.Draft()) }
		}},
		// A sign-in is two acts: the count before the password is verified stands
		// whatever happens to the other one.
		core.ActSignIn:        {elsewhere: "TestASignInSurvivesEveryFault"},
		core.ActSessionTry:    {elsewhere: "TestASignInSurvivesEveryFault"},
		core.ActSessionAnswer: {elsewhere: "TestASignInSurvivesEveryFault"},
		core.ActSessionMailCode: {unmarked: true, prepare: func(h *coretest.House) deed {
			attempt := mailedAttempt(h)
			return func(core.Request) (any, error) {
				return h.Operators.MailCode(h.Ctx, coretest.Local(), attempt)
			}
		}},
		core.ActSessionStepUp: {unmarked: true, prepare: func(h *coretest.House) deed {
			app := h.Enrol(h.Owner)
			return func(req core.Request) (any, error) {
				return nil, h.Operators.StepUp(h.Ctx, req, coretest.Local(), app.Code(h.Clock.Effective()))
			}
		}},
		core.ActSignOut: {unmarked: true, prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return nil, h.Operators.SignOut(h.Ctx, req) }
		}},
		core.ActSessionSwitch: {prepare: func(h *coretest.House) deed {
			other := h.AddInstitution("Théâtre du Port")
			return func(req core.Request) (any, error) {
				return nil, h.Operators.Switch(h.Ctx, req, other.Made.Institution, other.Made.Organisation)
			}
		}},
		core.ActSessionLanguage: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return nil, h.Operators.Speak(h.Ctx, req, "fr") }
		}},
	}
}

func draftRows() map[core.ActionID]row {
	draft := drafts.Draft{Form: "contacts.edit/1", Subject: core.Ref{Kind: core.KindContact, ID: 1}, Typed: map[string]string{"notes": "typed"}}
	return map[core.ActionID]row{
		core.ActDraftsKeep: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return h.Drafts.Keep(h.Ctx, req, draft) }
		}},
		core.ActDraftsDiscard: {prepare: func(h *coretest.House) deed {
			_, err := h.Drafts.Keep(h.Ctx, h.Owner, draft)
			h.Must(err)
			return func(req core.Request) (any, error) { return nil, h.Drafts.Discard(h.Ctx, req, draft.Form) }
		}},
	}
}

func noticeRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActNoticesRead: {prepare: func(h *coretest.House) deed {
			h.Notify(h.Owner.Actor.ID, core.Notice{Kind: core.NoticeSpray})
			return func(req core.Request) (any, error) { return nil, h.Notices.Read(h.Ctx, req) }
		}},
	}
}

const marie = "marie@mail.example"

// created makes a contact whose validation mail is an hour old.
func created(h *coretest.House) contacts.Detail {
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Clock.Advance(time.Hour)
	return h.Show(id)
}

func contactRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActContactsCreate: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				return h.Contacts.Create(h.Ctx, req, coretest.Person("Marie", "Dupont", marie), h.Context())
			}
		}},
		core.ActContactsEdit: {prepare: func(h *coretest.House) deed {
			now := created(h)
			d := contacts.DraftOf(now.Contact)
			d.LastName, d.Address = "Rochat", "rochat@mail.example"
			return func(req core.Request) (any, error) {
				return h.Contacts.Edit(h.Ctx, req, now.ID, now.Version, d, h.Context(), false)
			}
		}},
		core.ActContactsSend: {prepare: func(h *coretest.House) deed {
			now := created(h)
			return func(req core.Request) (any, error) {
				return h.Contacts.SendValidation(h.Ctx, req, now.ID, now.Email.Generation, h.Context())
			}
		}},
		core.ActContactsRemove: {prepare: func(h *coretest.House) deed {
			now := created(h)
			return func(req core.Request) (any, error) { return h.Contacts.Remove(h.Ctx, req, now.ID, now.Version) }
		}},
		core.ActContactsRestore: {prepare: func(h *coretest.House) deed {
			now := created(h)
			_, err := h.Contacts.Remove(h.Ctx, h.Owner, now.ID, now.Version)
			h.Must(err)
			return func(req core.Request) (any, error) { return h.Contacts.Restore(h.Ctx, req, now.ID) }
		}},
	}
}

func originRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActContactsImport: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				return h.Contacts.Import(h.Ctx, req, contacts.Imported{
					Draft: coretest.Person("Marie", "Dupont", marie), SSO: "venue:1", Validated: true, HasOrders: true,
				})
			}
		}},
		core.ActCustomerRegister: {
			as: func(h *coretest.House) core.Request {
				return at(h, core.Actor{Kind: core.ActorCustomer, Name: "Marie"})
			},
			prepare: func(h *coretest.House) deed {
				return func(req core.Request) (any, error) {
					return h.Contacts.Register(h.Ctx, req, coretest.Person("Marie", "Dupont", marie), h.Context())
				}
			},
		},
		core.ActCustomerAddress: {
			as: func(h *coretest.House) core.Request {
				return at(h, core.Actor{Kind: core.ActorCustomer, ID: 1, Name: "Marie"})
			},
			prepare: func(h *coretest.House) deed {
				now := created(h)
				return func(req core.Request) (any, error) {
					return h.Contacts.ChangeAddress(h.Ctx, req, now.ID, "rochat@mail.example", h.Context())
				}
			},
		},
		core.ActSSOSignIn: {
			as: func(h *coretest.House) core.Request { return at(h, core.Actor{Kind: core.ActorSSO, Name: "venue-id"}) },
			prepare: func(h *coretest.House) deed {
				return func(req core.Request) (any, error) {
					return h.Contacts.SignInBySSO(h.Ctx, req, contacts.Assertion{
						Identity: "venue:1", Address: marie, FirstName: "Marie", LastName: "Dupont", Language: "fr",
					})
				}
			},
		},
		core.ActValidationFollow: {unmarked: true, prepare: func(h *coretest.House) deed {
			h.Create(coretest.Person("Marie", "Dupont", marie))
			token := coretest.Token(h.Mails()[0])
			seen, err := h.Links.Look(h.Ctx, token)
			h.Must(err)
			return func(core.Request) (any, error) { return h.Links.Follow(h.Ctx, token, seen.FormToken) }
		}},
	}
}

func mailRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActOutboxSendAgain: {prepare: func(h *coretest.House) deed {
			created(h)
			h.Mails() // what is done is made anew, with a fresh link
			return func(req core.Request) (any, error) { return h.Office.SendAgain(h.Ctx, req, 1) }
		}},
		core.ActOutboxCancel: {prepare: func(h *coretest.House) deed {
			created(h)
			return func(req core.Request) (any, error) { return nil, h.Office.Cancel(h.Ctx, req, 1) }
		}},
		core.ActMailServerSave: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return h.Servers.Save(h.Ctx, req, 0, coretest.MailServer()) }
		}},
		core.ActMailServerTest: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				return h.Servers.Test(h.Ctx, req, coretest.MailServer(), "tickets@opera.tests", "olga@opera.tests")
			}
		}, unmarked: true},
		core.ActMailServerRemove: {prepare: func(h *coretest.House) deed {
			h.GoLive()
			return func(req core.Request) (any, error) { return h.Servers.Remove(h.Ctx, req, 1) }
		}},
		core.ActDocumentsSample: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				return h.Venue.SendSample(h.Ctx, req, h.Made.Document, "en", "olga@mail.tests")
			}
		}},
	}
}

// settings are those of the owner's institution.
func settings(h *coretest.House) venue.Overview {
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	return o
}

func institutionRows() map[core.ActionID]row {
	return map[core.ActionID]row{
		core.ActInstitutionsCreate: {prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				return h.Setup.AddInstitution(h.Ctx, req, coretest.AddDraft("Théâtre du Port"))
			}
		}},
		core.ActInstitutionsEdit: {prepare: func(h *coretest.House) deed {
			d := coretest.Draft().Institution
			d.Name, d.LinkHours = "Opéra du Port", 48
			version := settings(h).InstitutionVersion
			return func(req core.Request) (any, error) { return h.Venue.SaveInstitution(h.Ctx, req, version, d) }
		}},
		core.ActValidationSwitch: {prepare: func(h *coretest.House) deed {
			created(h) // its mail waits, and is cancelled
			version := settings(h).InstitutionVersion
			return func(req core.Request) (any, error) { return h.Venue.SwitchValidation(h.Ctx, req, version, false) }
		}},
	}
}

func placeRows() map[core.ActionID]row {
	save := func(id core.ID, save func(h *coretest.House, req core.Request, id core.ID, v core.Version) (core.Receipt, error)) row {
		return row{prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) { return save(h, req, id, core.Version(id)) }
		}}
	}
	organisation := func(h *coretest.House, req core.Request, id core.ID, v core.Version) (core.Receipt, error) {
		return h.Venue.SaveOrganisation(h.Ctx, req, id, v, "Studio")
	}
	channel := func(h *coretest.House, req core.Request, id core.ID, v core.Version) (core.Receipt, error) {
		return h.Venue.SaveChannel(h.Ctx, req, id, v, venue.SalesChannel{Name: "Counter", Kind: venue.ChannelCounter})
	}
	pointOfSale := func(h *coretest.House, req core.Request, id core.ID, v core.Version) (core.Receipt, error) {
		return h.Venue.SavePointOfSale(h.Ctx, req, id, v, venue.PointOfSaleDraft{
			Name: "Counter", Organisation: h.Made.Organisation, Channel: 1, State: venue.StateRunning,
			SenderName: "Counter", Sender: "counter@opera.tests", SignInURL: coretest.SignInURL,
		})
	}
	return map[core.ActionID]row{
		core.ActOrganisationCreate: save(0, organisation),
		core.ActOrganisationEdit:   save(1, organisation),
		core.ActChannelsCreate:     save(0, channel),
		core.ActChannelsEdit:       save(1, channel),
		core.ActPointsOfSaleCreate: save(0, pointOfSale),
		core.ActPointsOfSaleEdit:   save(1, pointOfSale),
	}
}

func documentRows() map[core.ActionID]row {
	save := func(id core.ID) row {
		return row{prepare: func(h *coretest.House) deed {
			return func(req core.Request) (any, error) {
				return h.Venue.SaveDocument(h.Ctx, req, id, core.Version(id), venue.DocumentDraft{
					Name: "Spring", Active: true,
					Texts: []venue.Text{{Language: "en", Subject: "Confirm", Body: "Follow {link}"}},
				})
			}
		}}
	}
	return map[core.ActionID]row{core.ActDocumentsCreate: save(0), core.ActDocumentsEdit: save(1)}
}

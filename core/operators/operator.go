// Package operators is who may sign in to the console: operators, their roles
// and passwords, and their sessions.
package operators

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/venue"
)

// Operator is a person who signs in to the console.
type Operator struct {
	Name    string
	Address string // canonical; what they sign in with
	Role    core.Role
	// Password is the Argon2id hash in PHC form, empty until the invitation is
	// taken up: nobody signs in with it then.
	Password string
	// Epoch rises with every change of role, password or factor; sessions of
	// an earlier one are over.
	Epoch        uint64
	Institutions []core.ID
	Language     string
	Created      time.Time
	// Validated is when the address was proven to be the operator's own, by a
	// code that was mailed there (R73); zero until then.
	Validated time.Time
	// Disabled operators can't sign in; their sessions are over.
	Disabled bool
}

// Session is one sign-in.
type Session struct {
	Operator core.ID
	Epoch    uint64
	Started  time.Time
	Ended    time.Time
}

// longestSession is the absolute life of a session.
const longestSession = 12 * time.Hour

const (
	spaceOperators core.Space = "operators"
	spaceAddresses core.Space = "operators.addresses"
	spaceSessions  core.Space = "sessions"
)

func table() record.Table[Operator] {
	return record.NewTable(spaceOperators, core.KindOperator, record.New(
		record.Text(1, func(o *Operator) *string { return &o.Name }),
		record.Text(2, func(o *Operator) *string { return &o.Address }),
		record.Uint(3, func(o *Operator) *core.Role { return &o.Role }),
		record.Text(4, func(o *Operator) *string { return &o.Password }),
		record.Uint(5, func(o *Operator) *uint64 { return &o.Epoch }),
		record.Uints(6, func(o *Operator) *[]core.ID { return &o.Institutions }),
		record.Text(7, func(o *Operator) *string { return &o.Language }),
		record.Time(8, func(o *Operator) *time.Time { return &o.Created }),
		record.Time(9, func(o *Operator) *time.Time { return &o.Validated }),
		record.Bool(10, func(o *Operator) *bool { return &o.Disabled }),
	), record.NewIndex(spaceAddresses, func(o *Operator) [][]byte {
		return [][]byte{append([]byte(o.Address), 0)}
	}))
}

func sessions() record.Table[Session] {
	return record.NewTable(spaceSessions, core.KindSession, record.New(
		record.Uint(1, func(s *Session) *core.ID { return &s.Operator }),
		record.Uint(2, func(s *Session) *uint64 { return &s.Epoch }),
		record.Time(3, func(s *Session) *time.Time { return &s.Started }),
		record.Time(4, func(s *Session) *time.Time { return &s.Ended }),
	))
}

// Any reports whether there is any operator: without one the set-up is open.
func Any(v core.View) (bool, error) {
	found := false
	err := table().Ascend(v, core.Installation, 0, func(core.ID, record.Version, Operator) error {
		found = true
		return core.Stop
	})
	return found, err
}

func byAddress(v core.View, key string) (id core.ID, o Operator, err error) {
	err = table().Lookup(v, core.Installation, spaceAddresses, append([]byte(key), 0), func(found core.ID) error {
		id = found
		return core.Stop
	})
	if err != nil || id == 0 {
		return 0, Operator{}, err
	}
	o, _, err = table().Get(v, core.Installation, id)
	return id, o, err
}

// Standings answers the desk for operators' sessions. It is safe for
// concurrent use.
type Standings struct{ Clock core.Clock }

// Standing implements [core.Standings].
func (s Standings) Standing(v core.View, req core.Request) (core.Standing, error) {
	switch req.Actor.Kind {
	case core.ActorOperator:
		return s.ofOperator(v, req)
	case core.ActorSetup:
		any, err := Any(v)
		if err == nil && any {
			err = core.Refuse(core.CodeSetUp)
		}
		return core.Standing{}, err
	case core.ActorLocal:
		// The user of this computer has no role: the table of actions decides,
		// also about what concerns no single institution.
		if req.Institution == core.Installation {
			return core.Standing{}, nil
		}
		found, err := venue.Institutions().Has(v, core.Installation, req.Institution)
		if err == nil && !found {
			err = core.Refuse(core.CodeNotFound)
		}
		return core.Standing{}, err
	case core.ActorAnonymous, core.ActorCustomer, core.ActorLink, core.ActorJob, core.ActorImport, core.ActorSSO:
		return core.Standing{}, nil
	}
	return core.Standing{}, core.Refuse(core.CodeForbidden)
}

func (s Standings) ofOperator(v core.View, req core.Request) (core.Standing, error) {
	session, _, err := sessions().Get(v, core.Installation, req.Session)
	if err != nil {
		return core.Standing{}, missingAs(core.CodeSignedOut, err)
	}
	o, _, err := table().Get(v, core.Installation, session.Operator)
	if err != nil {
		return core.Standing{}, missingAs(core.CodeSignedOut, err)
	}
	over := !session.Ended.IsZero() || session.Operator != req.Actor.ID || session.Epoch != o.Epoch ||
		s.Clock.Effective().Sub(session.Started) >= longestSession
	if over {
		return core.Standing{}, core.Refuse(core.CodeSignedOut)
	}
	if !slices.Contains(o.Institutions, req.Institution) {
		return core.Standing{}, core.Refuse(core.CodeNotFound)
	}
	return core.Standing{Role: o.Role}, nil
}

// missingAs turns "not found" into another refusal.
func missingAs(code core.Code, err error) error {
	if core.CodeOf(err) == core.CodeNotFound {
		return core.Refuse(code)
	}
	return err
}

// OwnerDraft is what the set-up says of the first owner.
type OwnerDraft struct {
	Name     string
	Address  string
	Language string
	// Password is already hashed: hashing has no place in a transaction.
	Password string
}

// CreateOwner saves the first owner of an institution in the caller's act.
// Fields are "owner-name", "owner-address".
func CreateOwner(act *core.Act, d OwnerDraft) (core.ID, error) {
	return Insert(act, Operator{
		Name: core.CleanLine(d.Name), Address: d.Address, Role: core.RoleOwner, Password: d.Password,
		Epoch: 1, Institutions: []core.ID{act.Req.Institution}, Language: d.Language, Created: act.At,
	})
}

// Insert saves a new operator in the caller's act.
func Insert(act *core.Act, o Operator) (core.ID, error) {
	var fields core.Fields
	fields.Add("owner-name", core.CheckLine(o.Name, core.MaxName, true))
	key, err := core.CanonicalAddress(o.Address)
	fields.Add("owner-address", err)
	if err := fields.Err(); err != nil {
		return 0, err
	}
	o.Address = key
	taken, _, err := byAddress(act, key)
	if err != nil {
		return 0, err
	}
	if taken != 0 {
		return 0, core.RefuseField(core.CodeTaken, "owner-address")
	}
	return table().Insert(act, core.Installation, o)
}

// Service signs operators in and out. It is safe for concurrent use.
type Service struct {
	desk   *core.Desk
	hasher *Hasher
	decoy  string
}

// NewService makes a service. It hashes one random password, which is verified
// where there is no such operator, so that both take as long.
func NewService(ctx context.Context, desk *core.Desk, hasher *Hasher, random io.Reader) (*Service, error) {
	decoy, err := hasher.decoy(ctx, random)
	if err != nil {
		return nil, fmt.Errorf("prepare the sign-in: %w", err)
	}
	return &Service{desk: desk, hasher: hasher, decoy: decoy}, nil
}

// SignedIn is a new session.
type SignedIn struct {
	Actor        core.Actor
	Session      core.ID
	Role         core.Role
	Address      string // canonical
	Language     string
	Institutions []core.ID
	// Institution and Organisation are where the operator worked last, else the
	// first; 0 where there is none.
	Institution  core.ID
	Organisation core.ID
}

// candidate is whose password is being tried.
type candidate struct {
	id core.ID
	Operator
}

// SignIn opens a session for an address and a password. Whatever is wrong
// with them, the refusal is [core.CodeSignIn] after the same work;
// [core.CodeBusy] says that too many sign in at once.
func (s *Service) SignIn(ctx context.Context, address, password string) (SignedIn, error) {
	who, err := s.lookUp(ctx, address)
	if err != nil {
		return SignedIn{}, err
	}
	stored := who.Password
	if who.id == 0 {
		stored = s.decoy
	}
	right, err := s.hasher.Verify(ctx, stored, password)
	if err != nil {
		return SignedIn{}, err
	}
	if !right || who.id == 0 {
		return SignedIn{}, core.Refuse(core.CodeSignIn)
	}
	return s.open(ctx, who)
}

// lookUp finds the operator of an address; an unknown or unreadable one is the
// zero candidate.
func (s *Service) lookUp(ctx context.Context, address string) (candidate, error) {
	key, err := core.CanonicalAddress(address)
	if err != nil {
		return candidate{}, nil //nolint:nilerr // answered as any wrong address is
	}
	var who candidate
	err = s.desk.See(ctx, anonymous(), core.ActSignInLook, func(v core.View) (err error) {
		who.id, who.Operator, err = byAddress(v, key)
		return err
	})
	return who, err
}

// open writes the session, unless the password or role changed meanwhile.
func (s *Service) open(ctx context.Context, who candidate) (SignedIn, error) {
	var id core.ID
	var at place
	actor := core.Actor{Kind: core.ActorOperator, ID: who.id, Name: who.Name}
	_, err := s.desk.Do(ctx, anonymous(), core.ActSignIn, func(act *core.Act) error {
		now, _, err := table().Get(act, core.Installation, who.id)
		if err != nil {
			return err
		}
		if now.Epoch != who.Epoch {
			return core.Refuse(core.CodeSignIn)
		}
		id, err = sessions().Insert(act, core.Installation, Session{Operator: who.id, Epoch: now.Epoch, Started: act.At})
		if err != nil {
			return err
		}
		at, err = placeOf(act, who.id, now.Institutions)
		act.Log(core.Ref{Kind: core.KindOperator, ID: who.id})
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{
		Actor: actor, Session: id, Role: who.Role, Address: who.Address, Language: who.Language,
		Institutions: who.Institutions,
		Institution:  at.Institution, Organisation: at.Organisation,
	}, nil
}

// Confirm checks the password of the request's operator again, as before a
// locked screen opens. It refuses as [Service.SignIn] does, and with
// [core.CodeSignedOut] where the session is over.
func (s *Service) Confirm(ctx context.Context, req core.Request, password string) error {
	var stored string
	err := s.desk.See(ctx, req, core.ActSessionCheck, func(v core.View) error {
		o, _, err := table().Get(v, core.Installation, req.Actor.ID)
		stored = o.Password
		return err
	})
	if err != nil {
		return err
	}
	right, err := s.hasher.Verify(ctx, stored, password)
	if err == nil && !right {
		err = core.Refuse(core.CodeSignIn)
	}
	return err
}

// SignOut ends the request's session.
func (s *Service) SignOut(ctx context.Context, req core.Request) error {
	_, err := s.desk.Do(ctx, req, core.ActSignOut, func(act *core.Act) error {
		session, version, err := sessions().Get(act, core.Installation, req.Session)
		if err != nil {
			return err
		}
		session.Ended = act.At
		ref := core.Ref{Kind: core.KindSession, ID: req.Session}
		act.Log(ref)
		act.EmitFor(ref)
		_, err = sessions().Save(act, core.Installation, req.Session, version, session)
		return err
	})
	return err
}

func anonymous() core.Request {
	return core.Request{Actor: core.Actor{Kind: core.ActorAnonymous}}
}

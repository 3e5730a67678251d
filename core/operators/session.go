package operators

import (
	"context"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// longestSession is the absolute life of a session.
	longestSession = 12 * time.Hour
	// mostSessions is how many an operator has at a time: of more the oldest ends.
	mostSessions = 5
)

const (
	spaceSessions core.Space = "sessions"
	spaceSeats    core.Space = "operators.seats"
)

// Session is one sign-in.
type Session struct {
	Operator core.ID
	Epoch    uint64
	Started  time.Time
	Ended    time.Time
	// Proved is when password or app code were proven last.
	Proved time.Time
	// Where names the device or source it was opened from. It is untrusted.
	Where string
	// Device is the one it was opened from, 0 for none.
	Device core.ID
}

// open reports whether the session is that of an operator, at a time.
func (s Session) open(o Operator, at time.Time) bool {
	return s.Ended.IsZero() && !o.Disabled && s.Epoch == o.Epoch && at.Sub(s.Started) < longestSession
}

// seats are an operator's newest sessions, oldest first, and their last sign-in.
type seats struct {
	Sessions []core.ID
	Last     time.Time
}

func sessions() record.Table[Session] {
	return record.NewTable(spaceSessions, core.KindSession, record.New(
		record.Uint(1, func(s *Session) *core.ID { return &s.Operator }),
		record.Uint(2, func(s *Session) *uint64 { return &s.Epoch }),
		record.Time(3, func(s *Session) *time.Time { return &s.Started }),
		record.Time(4, func(s *Session) *time.Time { return &s.Ended }),
		record.Time(5, func(s *Session) *time.Time { return &s.Proved }),
		record.Text(6, func(s *Session) *string { return &s.Where }),
		record.Uint(7, func(s *Session) *core.ID { return &s.Device }),
	))
}

func seating() record.Table[seats] {
	return record.NewTable(spaceSeats, core.KindOperator, record.New(
		record.Uints(1, func(s *seats) *[]core.ID { return &s.Sessions }),
		record.Time(2, func(s *seats) *time.Time { return &s.Last }),
	))
}

// optional reads the record that shares an operator's id; the zero value stands
// for none.
func optional[T any](v core.View, t record.Table[T], operator core.ID) (value T, err error) {
	value, _, err = t.Get(v, core.Installation, operator)
	if core.CodeOf(err) == core.CodeNotFound {
		err = nil
	}
	return value, err
}

// seat opens a session for an operator in the caller's act, and ends the oldest
// one of too many.
func seat(act *core.Act, operator core.ID, s Session) (core.ID, error) {
	id, err := sessions().Insert(act, core.Installation, s)
	if err != nil {
		return 0, err
	}
	own, err := optional(act, seating(), operator)
	if err != nil {
		return 0, err
	}
	own.Sessions, own.Last = append(own.Sessions, id), act.At
	for len(own.Sessions) > mostSessions {
		if err := end(act, own.Sessions[0]); err != nil {
			return 0, err
		}
		own.Sessions = own.Sessions[1:]
	}
	return id, seating().Put(act, core.Installation, operator, own)
}

// end ends a session in the caller's act; one that ended, or isn't there, stays
// as it is.
func end(act *core.Act, id core.ID) error {
	s, version, err := sessions().Get(act, core.Installation, id)
	if core.CodeOf(err) == core.CodeNotFound || err == nil && !s.Ended.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	s.Ended = act.At
	_, err = sessions().Save(act, core.Installation, id, version, s)
	act.EmitFor(core.Ref{Kind: core.KindSession, ID: id})
	return err
}

// OpenSession is a session of one's own, as the profile lists it. LastUsed is
// when password or app code were proven in it last.
type OpenSession struct {
	ID       core.ID
	Started  time.Time
	LastUsed time.Time
	Where    string
	Here     bool // the request's own
}

// openSessions lists an operator's open sessions at a time, newest first.
func openSessions(v core.View, operator core.ID, o Operator, at time.Time) (open []OpenSession, err error) {
	own, err := optional(v, seating(), operator)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Backward(own.Sessions) {
		s, _, err := sessions().Get(v, core.Installation, id)
		if core.CodeOf(err) == core.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if s.open(o, at) {
			open = append(open, OpenSession{ID: id, Started: s.Started, LastUsed: s.Proved, Where: s.Where})
		}
	}
	return open, nil
}

// SignOut ends the request's session.
func (s *Service) SignOut(ctx context.Context, req core.Request) error {
	_, err := s.desk.Do(ctx, req, core.ActSignOut, func(act *core.Act) error {
		act.Log(core.Ref{Kind: core.KindSession, ID: req.Session})
		return end(act, req.Session)
	})
	return err
}

// EndSession ends a session of the request's operator. Somebody else's is
// refused with [core.CodeNotFound].
func (s *Service) EndSession(ctx context.Context, req core.Request, id core.ID) error {
	_, err := s.desk.Do(ctx, req, core.ActProfileSession, func(act *core.Act) error {
		session, _, err := sessions().Get(act, core.Installation, id)
		if err == nil && session.Operator != req.Actor.ID {
			err = core.Refuse(core.CodeNotFound)
		}
		if err != nil {
			return err
		}
		act.Log(core.Ref{Kind: core.KindSession, ID: id})
		return end(act, id)
	})
	return err
}

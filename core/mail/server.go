package mail

import (
	"context"
	"errors"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/secret"
)

// maxCredential is the length of a user or a password, in code points.
const maxCredential = 255

// Prober sends one mail at once and says what came of it. It is safe for
// concurrent use.
type Prober interface {
	Probe(ctx context.Context, r Route, m TestMail) Answer
}

// TestMail is a mail that tries a mail server out.
type TestMail struct {
	From      string // canonical address
	To        string // canonical address
	Subject   string
	Body      string
	MessageID string
	At        time.Time
}

// ServerDraft is what a form says of the mail server.
type ServerDraft struct {
	Host     string
	Port     uint16
	Security Security
	User     string // empty: without sign-in
	Password string
	// KeepPassword stands for the stored password. It goes with the stored host
	// and user only, so that nobody has it sent elsewhere without knowing it.
	KeepPassword bool
}

// ServerView is the mail server as it is shown: never with its password.
type ServerView struct {
	Set         bool         // with nothing else where the settings can't be read
	Version     core.Version // 0 while none is set; rises with each save
	Host        string
	Port        uint16
	Security    Security
	User        string
	HasPassword bool
	Changed     time.Time
	By          string    // who saved it
	Tested      time.Time // of the last test mail that it took
	TestedTo    string
}

// Servers is the setting of the mail server: one for the whole installation,
// or none (R89). It is safe for concurrent use.
type Servers struct {
	desk   *core.Desk
	keys   *secret.Keys
	prober Prober
	texts  Texts
}

// NewServers makes the setting. keys seal the password; texts has the test
// mail's text as the product's own "test", without a language.
func NewServers(desk *core.Desk, keys *secret.Keys, prober Prober, texts Texts) *Servers {
	return &Servers{desk: desk, keys: keys, prober: prober, texts: texts}
}

// Show reads the setting, for who may change it (R86).
func (s *Servers) Show(ctx context.Context, req core.Request) (ServerView, error) {
	var view ServerView
	err := s.desk.See(ctx, req, core.ActMailServerShow, func(v core.View) error {
		stored, version, err := knownServer(v)
		if err != nil || version == 0 {
			return err
		}
		last, _, err := found(tests().Get(v, core.Installation, serverID))
		view = ServerView{
			Set: true, Version: version, Host: stored.Host, Port: stored.Port, Security: stored.Security,
			User: stored.User, HasPassword: stored.Password != nil, Changed: stored.Changed, By: stored.By,
			Tested: last.At, TestedTo: last.To,
		}
		return err
	})
	return view, err
}

// Save sets the mail server: from now on mail is delivered (R89). expected is
// the version the caller saw, 0 for none. Fields are "host", "port",
// "security", "user" and "password".
func (s *Servers) Save(ctx context.Context, req core.Request, expected core.Version, d ServerDraft) (core.Receipt, error) {
	return s.desk.Do(ctx, req, core.ActMailServerSave, func(act *core.Act) error {
		before, version, err := knownServer(act)
		if err != nil {
			return err
		}
		if version != expected {
			return core.Refuse(core.CodeConflict)
		}
		route, err := s.resolve(before, d)
		if err != nil {
			return err
		}
		next := server{
			Host: route.Host, Port: route.Port, Security: route.Security, User: route.User,
			Changed: act.At, By: act.Req.Actor.Name,
		}
		if next.Serial, err = act.NewID(core.Installation, spaceRelay); err != nil {
			return err
		}
		if route.Password != "" {
			next.Password, err = s.keys.Seal(act.Random, sealPurposeServer, route.owner(), []byte(route.Password))
		}
		if err != nil {
			return err
		}
		if err := makeWay(act); err != nil {
			return err
		}
		if err := servers().Put(act, core.Installation, serverID, next); err != nil {
			return err
		}
		return s.changed(act, route)
	})
}

// changed logs what was saved, without its secret, and announces it to every
// console. What an earlier test showed holds no more.
func (s *Servers) changed(act *core.Act, r Route) error {
	if err := act.Delete(spaceTested, core.Key(core.Installation, serverID)); err != nil {
		return err
	}
	act.Log(serverRef(), r.details()...)
	announceServer(act)
	return nil
}

// Remove takes the mail server away: mail is captured again (R89). It is
// refused with [core.CodeNoServer] where there is none.
func (s *Servers) Remove(ctx context.Context, req core.Request, expected core.Version) (core.Receipt, error) {
	return s.desk.Do(ctx, req, core.ActMailServerRemove, func(act *core.Act) error {
		before, version, err := knownServer(act)
		if err != nil {
			return err
		}
		switch version {
		case 0:
			return core.Refuse(core.CodeNoServer)
		case expected:
		default:
			return core.Refuse(core.CodeConflict)
		}
		if err := makeWay(act); err != nil {
			return err
		}
		if err := act.Delete(spaceRelay, core.Key(core.Installation, serverID)); err != nil {
			return err
		}
		return s.changed(act, Route{Host: before.Host, Port: before.Port, Security: before.Security, User: before.User})
	})
}

// errAsked ends an act that was begun only to learn whether it may be done.
var errAsked = errors.New("asked only")

// Test sends a real mail at once through the server that a draft describes,
// saved or not, and logs what came of it. Fields are those of [Servers.Save],
// "from" and "to".
func (s *Servers) Test(ctx context.Context, req core.Request, d ServerDraft, from, to string) (Answer, error) {
	var route Route
	var m TestMail
	_, err := s.desk.Do(ctx, req, core.ActMailServerTest, func(act *core.Act) (err error) {
		if route, m, err = s.plan(act, d, from, to); err != nil {
			return err
		}
		return errAsked
	})
	if !errors.Is(err, errAsked) {
		return Answer{}, err
	}
	answer := s.prober.Probe(ctx, route, m)
	// The mail may be out: what came of it is kept though the caller left.
	_, err = s.desk.Do(context.WithoutCancel(ctx), req, core.ActMailServerTest, func(act *core.Act) error {
		return s.noteTest(act, route, m, answer)
	})
	return answer, err
}

// plan checks a test and writes its mail.
func (s *Servers) plan(act *core.Act, d ServerDraft, from, to string) (route Route, m TestMail, err error) {
	stored, _, err := knownServer(act)
	if err != nil {
		return route, m, err
	}
	var fields core.Fields
	if route, err = s.resolve(stored, d); err != nil {
		return route, m, err
	}
	m.From, err = core.CanonicalAddress(from)
	fields.Add("from", err)
	m.To, err = core.CanonicalAddress(to)
	if err == nil && core.ReservedAddress(m.To) {
		err = core.Refuse(core.CodeReserved)
	}
	fields.Add("to", err)
	if err := fields.Err(); err != nil {
		return route, m, err
	}
	m.At = act.At
	if m.MessageID, err = messageID(act.Random, m.From); err != nil {
		return route, m, err
	}
	m.Subject, m.Body, err = s.texts.Text(act, act.Req.Institution, core.Mail{System: "test"})
	return route, m, err
}

// noteTest logs a test; one of the saved server that succeeded is kept.
func (s *Servers) noteTest(act *core.Act, r Route, m TestMail, a Answer) error {
	stored, err := routeOf(act, s.keys)
	if err != nil {
		return err
	}
	if a.Verdict == Delivered && stored != nil && *stored == r {
		if err := tests().Put(act, core.Installation, serverID, tested{At: act.At, To: m.To}); err != nil {
			return err
		}
		announceServer(act)
	}
	details := append(r.details(), core.Detail{Name: "outcome", Value: a.Verdict.String()})
	if a.Why != "" {
		details = append(details, core.Detail{Name: "why", Value: string(a.Why)})
	}
	act.Log(serverRef(), append(details, core.Detail{Name: "to", Value: m.To, Personal: true})...)
	return nil
}

// resolve checks a draft and puts the stored password in where it is kept.
func (s *Servers) resolve(stored server, d ServerDraft) (Route, error) {
	var fields core.Fields
	host, err := core.CanonicalHost(d.Host)
	fields.Add("host", err)
	if d.Port == 0 {
		fields.Add("port", core.Refuse(core.CodePort))
	}
	if d.Security != SecuritySTARTTLS && d.Security != SecurityTLS {
		fields.Add("security", core.Refuse(core.CodeChoice))
	}
	r := Route{Host: host, Port: d.Port, Security: d.Security, User: core.CleanLine(d.User), Password: d.Password}
	fields.Add("user", core.CheckLine(r.User, maxCredential, r.Password != ""))
	if d.KeepPassword && r.Password == "" && r.User != "" && stored.Host == r.Host && stored.User == r.User {
		kept, err := stored.route(s.keys)
		if err != nil {
			return Route{}, err
		}
		r.Password = kept.Password
	}
	fields.Add("password", core.CheckLine(r.Password, maxCredential, r.User != ""))
	return r, fields.Err()
}

// details are what the journal keeps of a route.
func (r Route) details() []core.Detail {
	return []core.Detail{
		{Name: "host", Value: r.Host},
		{Name: "port", Value: strconv.Itoa(int(r.Port))},
		{Name: "security", Value: r.Security.String()},
		{Name: "user", Value: r.User},
	}
}

func serverRef() core.Ref { return core.Ref{Kind: core.KindMailServer, ID: serverID} }

// announceServer tells the consoles of every institution.
func announceServer(act *core.Act) {
	act.Emit(core.Event{Institution: core.Installation, Subject: serverRef(), Action: act.Action})
}

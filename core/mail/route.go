package mail

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// Security is how the connection to a mail server is encrypted. There is no
// value for "not": nothing is sent in clear (RFC 8314).
type Security uint8

// The ways.
const (
	SecuritySTARTTLS Security = iota + 1 // STARTTLS, required (RFC 3207)
	SecurityTLS                          // TLS from the first byte (RFC 8314, 3.3)
)

// Securities lists the ways, in the order forms offer them.
func Securities() []Security { return []Security{SecuritySTARTTLS, SecurityTLS} }

// String is the way's key in the catalogue.
func (s Security) String() string {
	switch s {
	case SecuritySTARTTLS:
		return "starttls"
	case SecurityTLS:
		return "tls"
	}
	return "unknown"
}

// Route is the way to a mail server, with the password in clear: it is never
// shown, logged or stored.
type Route struct {
	Host     string // canonical DNS name, or an IP address
	Port     uint16
	Security Security
	User     string // empty: without sign-in
	Password string
}

const (
	// spaceRelay holds the mail server's settings: one record, or none.
	spaceRelay core.Space = "mail.relay"
	// spaceTested holds the last delivered test mail of the same server.
	spaceTested core.Space = "mail.tested"
	// serverID is the only record's.
	serverID          core.ID = 1
	sealPurposeServer         = "mail server"
)

// server is the stored form of the mail server's settings.
type server struct {
	Host     string
	Port     uint16
	Security Security
	User     string
	Password []byte // sealed
	Changed  time.Time
	By       string
	// Serial counts all saves, also across removals: it is what a caller saw.
	Serial core.ID
}

func servers() record.Table[server] {
	return record.NewTable(spaceRelay, core.KindMailServer, record.New(
		record.Text(1, func(s *server) *string { return &s.Host }),
		record.Uint(2, func(s *server) *uint16 { return &s.Port }),
		record.Uint(3, func(s *server) *Security { return &s.Security }),
		record.Text(4, func(s *server) *string { return &s.User }),
		record.Bytes(5, func(s *server) *[]byte { return &s.Password }),
		record.Time(6, func(s *server) *time.Time { return &s.Changed }),
		record.Text(7, func(s *server) *string { return &s.By }),
		record.Uint(8, func(s *server) *core.ID { return &s.Serial }),
	))
}

// tested is the last test mail that the present server took.
type tested struct {
	At time.Time
	To string
}

func tests() record.Table[tested] {
	return record.NewTable(spaceTested, core.KindMailServer, record.New(
		record.Time(1, func(t *tested) *time.Time { return &t.At }),
		record.Text(2, func(t *tested) *string { return &t.To }),
	))
}

// found reads a record of this table, or zero values where there is none.
func found[T any](value T, version core.Version, err error) (T, core.Version, error) {
	if core.CodeOf(err) == core.CodeNotFound {
		err = nil
	}
	return value, version, err
}

// storedServer reads the settings; version 0 is none. A record's own version
// would begin anew after a removal.
func storedServer(v core.View) (server, core.Version, error) {
	s, version, err := found(servers().Get(v, core.Installation, serverID))
	return s, cmp.Or(core.Version(s.Serial), version), err
}

// knownServer is storedServer for who looks at the settings, or sets others: of
// what can't be read only that it is there is known.
func knownServer(v core.View) (server, core.Version, error) {
	s, version, err := storedServer(v)
	if !errors.Is(err, record.ErrMalformed) {
		return s, version, err
	}
	last, err := v.LastID(core.Installation, spaceRelay)
	return server{}, core.Version(max(last, 1)), err
}

// makeWay sets settings aside that can't be read, for those that follow.
func makeWay(tx core.Tx) error {
	if _, _, err := storedServer(tx); !errors.Is(err, record.ErrMalformed) {
		return err
	}
	return record.SetAside(spaceRelay, core.Key(core.Installation, serverID))(tx)
}

// CapturedOnly tells whether there is no mail server, so that every mail is
// captured (R89). It is the desk's [core.CapturedOnly].
func CapturedOnly(v core.View) (bool, error) {
	found := false
	err := v.Ascend(spaceRelay, nil, nil, func(_, _ []byte) error {
		found = true
		return core.Stop
	})
	if err != nil {
		return false, fmt.Errorf("look for a mail server: %w", err)
	}
	return !found, nil
}

// routeOf is the way that mail takes at present; nil while it is captured.
func routeOf(v core.View, keys *secret.Keys) (*Route, error) {
	s, version, err := storedServer(v)
	if err != nil || version == 0 {
		return nil, err
	}
	r, err := s.route(keys)
	return &r, err
}

// route unseals the password.
func (s server) route(keys *secret.Keys) (Route, error) {
	r := Route{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User}
	if s.Password == nil {
		return r, nil
	}
	plain, err := keys.Open(sealPurposeServer, r.owner(), s.Password)
	if err != nil {
		return Route{}, fmt.Errorf("open the mail server's password: %w", err)
	}
	r.Password = string(plain)
	return r, nil
}

// owner is what a sealed password belongs to: where it is sent and for whom.
// With any of it changed in the database, the password doesn't open.
func (r Route) owner() []byte {
	owner := core.Key(core.Installation, serverID)
	return append(owner, strconv.Quote(r.Host)+strconv.Quote(r.User)...)
}

// TestedTo is where the last test mail went that the present mail server took,
// "" where it took none.
func TestedTo(v core.View) (string, error) {
	last, _, err := found(tests().Get(v, core.Installation, serverID))
	return last.To, err
}

package capture

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
	"golang.org/x/sync/semaphore"

	"willcall/core"
)

// ownPrefix begins the AUTH user of our own mail; nobody else is let in with
// such a name.
const ownPrefix = "willcall/"

// Server takes mail by SMTP (RFC 5321) on loopback and appends it to a log. It
// is safe for concurrent use.
type Server struct {
	log    *Log
	clock  core.Clock
	opts   ServerOptions
	smtp   *smtp.Server
	secret [sha256.Size]byte
	bodies *semaphore.Weighted

	ctx     context.Context // the server's life, which go-smtp has no argument for
	cancel  context.CancelFunc
	serving sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	listeners []net.Listener
	storing   sync.WaitGroup
}

// NewServer makes a server that stores to log and stamps mail with the clock's
// time. Call Listen to start it.
func NewServer(log *Log, clock core.Clock, o ServerOptions) *Server {
	s := &Server{log: log, clock: clock, opts: o.filled()}
	_, _ = rand.Read(s.secret[:]) // never fails, as documented
	s.bodies = semaphore.NewWeighted(s.opts.MaxBodies)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = s.opts.Domain
	s.smtp.MaxLineLength = 0 // conn bounds command lines; a message's lines have no limit
	s.smtp.MaxMessageBytes = s.opts.MaxMessageBytes
	s.smtp.MaxRecipients = s.opts.MaxRecipients
	s.smtp.ReadTimeout = s.opts.ReadTimeout
	s.smtp.WriteTimeout = s.opts.WriteTimeout
	s.smtp.AllowInsecureAuth = true // loopback only
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.EnableBINARYMIME = true
	s.smtp.EnableDSN = true
	s.smtp.ErrorLog = errorLog{s.opts.Report}
	return s
}

// Listen starts taking mail at addr, "host:port" with a loopback address or
// "localhost", and returns the address it got. Any other host is refused: what
// is captured must not come from, or be seen by, the network.
func (s *Server) Listen(ctx context.Context, addr string) (net.Addr, error) {
	addr, err := loopback(addr)
	if err != nil {
		return nil, fmt.Errorf("capture mail: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fmt.Errorf("capture mail: %w", smtp.ErrServerClosed)
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("capture mail: %w", err)
	}
	s.listeners = append(s.listeners, l)
	s.serving.Go(func() {
		if err := s.smtp.Serve(&listener{Listener: l, ctx: s.ctx, opts: s.opts}); err != nil && !errors.Is(err, net.ErrClosed) {
			s.opts.Report(fmt.Errorf("capture mail: %w", err))
		}
	})
	return l.Addr(), nil
}

func loopback(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("read the address %q: %w", addr, err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.Unmap().IsLoopback() {
		return "", fmt.Errorf("the address %q is not on loopback, such as 127.0.0.1 or ::1", addr)
	}
	return net.JoinHostPort(host, port), nil
}

// Close stops listening, ends all connections and waits until no message is
// being stored: then the log can be closed.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	listeners := s.listeners
	s.listeners = nil
	s.mu.Unlock()
	// go-smtp misses a listener or connection that it doesn't know yet: the
	// listeners are closed here too, the connections end with ctx.
	var err error
	for _, l := range listeners {
		err = errors.Join(err, l.Close())
	}
	s.cancel()
	_ = s.smtp.Close() // closes the same listeners again
	s.serving.Wait()
	s.storing.Wait()
	if err != nil {
		return fmt.Errorf("stop capturing mail: %w", err)
	}
	return nil
}

// begin announces a message that Close must wait for, until done is called.
func (s *Server) begin() (done func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	s.storing.Add(1)
	return s.storing.Done, true
}

// Own gives the AUTH user and password with which a mail of ours is sent: it
// is stored with this institution and outbox entry. They are good until the
// server is closed.
func (s *Server) Own(institution, entry core.ID) (user, password string) {
	user = fmt.Sprintf("%s%d/%d", ownPrefix, institution, entry)
	return user, s.ownPassword(user)
}

func (s *Server) ownPassword(user string) string {
	mac := hmac.New(sha256.New, s.secret[:])
	mac.Write([]byte(user))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// errLive is about us, not about the mail: it goes another way next time.
var errLive = &smtp.SMTPError{
	Code: 454, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "There is a mail server now, nothing of ours is captured",
}

// identity is who a session signed in as.
type identity struct {
	user        string
	institution core.ID
	entry       core.ID
}

var errWrongPassword = &smtp.SMTPError{
	Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "The user name or password is wrong",
}

// identify lets everybody in as a stranger whose name is recorded, but for
// names of our own, which need the password, and that mail of ours is captured
// at all.
func (s *Server) identify(user, password string) (identity, error) {
	rest, own := strings.CutPrefix(user, ownPrefix)
	if !own {
		return identity{user: user}, nil
	}
	if !hmac.Equal([]byte(password), []byte(s.ownPassword(user))) {
		return identity{}, errWrongPassword
	}
	first, second, _ := strings.Cut(rest, "/")
	institution, err := strconv.ParseUint(first, 10, 64)
	entry, err2 := strconv.ParseUint(second, 10, 64)
	if errors.Join(err, err2) != nil {
		return identity{}, errWrongPassword
	}
	takes, err := s.opts.TakesOwn(s.ctx)
	if err != nil {
		s.opts.Report(fmt.Errorf("ask for a mail server: %w", err))
	}
	if !takes {
		return identity{}, errLive
	}
	return identity{user: user, institution: core.ID(institution), entry: core.ID(entry)}, nil
}

// errorLog hands go-smtp's reports on. They hold addresses and errors of
// connections, nothing of a message.
type errorLog struct{ report func(error) }

// Printf reports one line.
func (l errorLog) Printf(format string, args ...any) {
	l.report(fmt.Errorf("capture mail: "+format, args...))
}

// Println reports one line.
func (l errorLog) Println(args ...any) { l.Printf("%s", fmt.Sprint(args...)) }

package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// The server's limits. net/http has none of its own for the times, and reads
// 4 KiB more of a header than it is told, 8 KiB more on a connection that was
// kept open.
const (
	headerTime     = 5 * time.Second
	readTime       = 15 * time.Second
	writeTime      = 30 * time.Second
	idleTime       = time.Minute
	drainTime      = 5 * time.Second
	maxHeader      = 16 << 10
	headerSlack    = 4 << 10
	maxConnections = 200
)

// Serve answers on listener until ctx ends, then lets running requests finish
// for at most five seconds. It closes the listener. It fails where the listener
// does, and where requests were still running at the end.
func Serve(ctx context.Context, listener net.Listener, p *Portal) error {
	server := newServer(p)
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { ended <- shutDown(context.WithoutCancel(ctx), server) })
	err := server.Serve(netutil.LimitListener(listener, maxConnections))
	if stop() {
		return fmt.Errorf("serve the portal: %w", err)
	}
	err = <-ended
	if err != nil {
		return fmt.Errorf("stop the portal: %w", err)
	}
	return nil
}

func newServer(p *Portal) *http.Server {
	return &http.Server{
		Handler:           p,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader - headerSlack,
		ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
	}
}

func shutDown(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

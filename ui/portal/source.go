package portal

import (
	"container/list"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What one source may ask for, and how many sources are remembered.
const (
	perSecond  = 10
	burst      = 30
	maxSources = 4096
)

// sources counts requests by where they come from. It is safe for concurrent
// use. When there are too many, the one that asked longest ago is forgotten.
type sources struct {
	mu     sync.Mutex
	recent *list.List // of *visitor, the latest in front
	byFrom map[netip.Prefix]*list.Element
}

type visitor struct {
	from  netip.Prefix
	quota *rate.Limiter
}

func newSources() *sources {
	return &sources{recent: list.New(), byFrom: map[netip.Prefix]*list.Element{}}
}

// allow reports whether one more request is within its source's quota.
func (s *sources) allow(from netip.Prefix, now time.Time) bool {
	return s.quota(from).AllowN(now, 1)
}

func (s *sources) quota(from netip.Prefix) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.byFrom[from]; ok {
		s.recent.MoveToFront(known)
		return known.Value.(*visitor).quota
	}
	if s.recent.Len() >= maxSources {
		oldest := s.recent.Remove(s.recent.Back()).(*visitor)
		delete(s.byFrom, oldest.from)
	}
	fresh := &visitor{from, rate.NewLimiter(perSecond, burst)}
	s.byFrom[from] = s.recent.PushFront(fresh)
	return fresh.quota
}

// source is where a request comes from: an IPv4 address, or the 64 bits of an
// IPv6 address that one customer's network has. Requests whose source can't be
// told share one.
func source(r *http.Request, proxies []netip.Prefix) netip.Prefix {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}
	}
	from := forwarded(peer.Addr().Unmap(), r.Header.Values("X-Forwarded-For"), proxies)
	bits := 64
	if from.Is4() {
		bits = 32
	}
	network, err := from.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return network
}

// forwarded walks back from the peer through the proxies that are believed,
// each of which added the address it heard from at the end of the headers. It
// stops where an entry is no address.
func forwarded(peer netip.Addr, headers []string, proxies []netip.Prefix) netip.Addr {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(peer) }) {
			return peer
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return peer
		}
		peer = before.Unmap()
	}
	return peer
}

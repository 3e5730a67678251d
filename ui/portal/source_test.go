package portal

import (
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestSource(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name, peer, forwarded, want string
	}{
		{"an address", "192.0.2.7:4000", "", "192.0.2.7/32"},
		{"a network of IPv6", "[2001:db8:1:2:3::4]:4000", "", "2001:db8:1:2::/64"},
		{"IPv4 within IPv6", "[::ffff:192.0.2.7]:4000", "", "192.0.2.7/32"},
		{"a zone", "[fe80::1%eth0]:4000", "", "fe80::/64"},
		{"no proxy of ours", "192.0.2.7:4000", "198.51.100.1", "192.0.2.7/32"},
		{"our proxy", "10.0.0.1:4000", "198.51.100.1", "198.51.100.1/32"},
		{"our proxy, header lied to", "10.0.0.1:4000", "203.0.113.9, 198.51.100.1", "198.51.100.1/32"},
		{"two proxies of ours", "[::1]:4000", "198.51.100.1, 10.0.0.2", "198.51.100.1/32"},
		{"our proxy, nonsense", "10.0.0.1:4000", "198.51.100.1, unknown", "10.0.0.1/32"},
		{"our proxy, no header", "10.0.0.1:4000", "", "10.0.0.1/32"},
		{"proxies all the way", "10.0.0.1:4000", "10.0.0.3", "10.0.0.3/32"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := source(r, proxies); got.String() != c.want {
				t.Errorf("source %v, want %s", got, c.want)
			}
		})
	}
}

func TestSourceThatCannotBeTold(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "@"
	if got := source(r, nil); got.IsValid() {
		t.Errorf("source %v of nothing", got)
	}
}

func TestSourcesAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	all := newSources()
	number := func(i int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)}), 32)
	}
	busy, idle := number(0), number(1)
	for range burst {
		all.allow(busy, now)
		all.allow(idle, now)
	}
	for i := range maxSources - 1 {
		all.allow(number(2+i), now)
		if all.allow(busy, now) {
			t.Fatal("a busy source got a new quota")
		}
	}
	if all.recent.Len() != maxSources || len(all.byFrom) != maxSources {
		t.Errorf("%d and %d sources remembered", all.recent.Len(), len(all.byFrom))
	}
	if !all.allow(idle, now) {
		t.Error("the source that asked longest ago is still remembered")
	}
}

func FuzzSource(f *testing.F) {
	f.Add("10.0.0.1:1", "198.51.100.1, 10.0.0.2")
	f.Add("[::1%z]:1", ",,")
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, peer, header string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = peer
		r.Header["X-Forwarded-For"] = []string{header}
		got := source(r, proxies)
		if got != got.Masked() || got.IsValid() && got.Bits() != 32 && got.Bits() != 64 {
			t.Errorf("source %v", got)
		}
	})
}

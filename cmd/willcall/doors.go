package main

import (
	"context"
	"errors"
	"flag"
	"net"
	"net/netip"
	"strings"

	"willcall/ui/text"
)

// doors are where the program can be reached.
type doors struct {
	smtp, web address
	proxies   prefixes
}

// flags adds the doors' flags to a set.
func (d *doors) flags(p text.Printer, set *flag.FlagSet) {
	d.smtp, d.web = defaultSMTP, defaultWeb
	set.Var(&d.smtp, "smtp", p.T("command.flag.smtp"))
	set.Var(&d.web, "web", p.T("command.flag.web"))
	set.Var(&d.proxies, "proxy", p.T("command.flag.proxy"))
}

// check refuses doors that must not be opened: plain HTTP leaves this computer
// only towards a proxy that is named.
func (d *doors) check() error {
	if len(d.proxies) == 0 && !d.web.loopback() {
		return &hint{key: "command.web-open", err: errors.New(d.web.String())}
	}
	return nil
}

// listen opens the portal's door.
func (d *doors) listen(ctx context.Context) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.web.String())
	if err != nil {
		return nil, &hint{key: "command.web", err: err}
	}
	return listener, nil
}

// address is a flag that holds a host and a port.
type address string

// String implements [flag.Value].
func (a *address) String() string { return string(*a) }

// Set implements [flag.Value].
func (a *address) Set(s string) error {
	if _, _, err := net.SplitHostPort(s); err != nil {
		return err
	}
	*a = address(s)
	return nil
}

// loopback reports whether only this computer reaches the address.
func (a *address) loopback() bool {
	host, _, err := net.SplitHostPort(string(*a))
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// prefixes is a flag that holds networks, such as "10.0.0.0/8", parted by
// commas; a single address stands for itself.
type prefixes []netip.Prefix

// String implements [flag.Value].
func (ps *prefixes) String() string {
	parts := make([]string, len(*ps))
	for i, p := range *ps {
		parts[i] = p.String()
	}
	return strings.Join(parts, ",")
}

// Set implements [flag.Value].
func (ps *prefixes) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		prefix, err := netip.ParsePrefix(part)
		if ip, ipErr := netip.ParseAddr(part); ipErr == nil {
			prefix, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			return err
		}
		*ps = append(*ps, prefix)
	}
	return nil
}

// hint is an error whose sentence, by a key of the catalogue, says what to do.
type hint struct {
	key string
	err error
}

// Error implements error.
func (h *hint) Error() string { return h.err.Error() }

// Unwrap gives the cause.
func (h *hint) Unwrap() error { return h.err }

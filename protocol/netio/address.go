package netio

import (
	"net"
	"net/netip"
	"time"
)

// ForgetAfter is how long the refused log-ins of an address count.
const ForgetAfter = 10 * time.Minute

// Bounds of what is kept of addresses.
const (
	mostDelays    = 32      // times Limits.Delay, the longest wait
	mostAddresses = 1 << 16 // with refused log-ins; of more, none are delayed
)

// addresses is what a Server knows of those that connect. The Server's mu is held.
type addresses struct {
	here    map[netip.Addr]int // sessions now
	refused map[netip.Addr]refusals
}

// refusals are the refused log-ins of an address.
type refusals struct {
	n    int
	last time.Time
}

// addressOf is where a connection comes from, as far as it is told apart: of IPv6
// the first 64 bits, which one host has for itself; invalid where it is no TCP.
func addressOf(conn net.Conn) netip.Addr {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	addr := tcp.AddrPort().Addr().Unmap()
	if addr.Is6() {
		if prefix, err := addr.WithZone("").Prefix(64); err == nil && !addr.IsLoopback() {
			return prefix.Addr()
		}
	}
	return addr
}

// enter counts a session of an address and reports whether there are too many.
func (a *addresses) enter(from netip.Addr, most int) (crowded bool) {
	if a.here == nil {
		a.here = map[netip.Addr]int{}
	}
	a.here[from]++
	return a.here[from] > most
}

func (a *addresses) leave(from netip.Addr) {
	if a.here[from]--; a.here[from] <= 0 {
		delete(a.here, from)
	}
}

// refuse counts a refused log-in and returns how many there were before.
func (a *addresses) refuse(from netip.Addr, now time.Time) (before int) {
	if a.refused == nil {
		a.refused = map[netip.Addr]refusals{}
	}
	if len(a.refused) >= mostAddresses {
		for addr, r := range a.refused {
			if now.Sub(r.last) > ForgetAfter {
				delete(a.refused, addr)
			}
		}
	}
	r, known := a.refused[from]
	if !known && len(a.refused) >= mostAddresses {
		return 0
	}
	if now.Sub(r.last) > ForgetAfter {
		r.n = 0
	}
	before = r.n
	a.refused[from] = refusals{r.n + 1, now}
	return before
}

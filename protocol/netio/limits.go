package netio

import (
	"net/netip"
	"time"
)

// Limits bound what peers may take. Zero: the default in brackets.
type Limits struct {
	Connections int           // served at once [1024]
	Address     int           // of one address, served at once [64; of loopback, Connections]
	Octets      int64         // that one session may send, TLS apart [64 MiB]
	Messages    int64         // octets of messages under way, of all sessions together [64 MiB]
	Line        time.Duration // for one whole line, for a TLS handshake, for a reply to be taken [5 min, RFC 5321 §4.5.3.2.7]
	Session     time.Duration // for all of a session [1 h]
	// Delay is how much longer each refused log-in of an address makes it wait for
	// the reply to the next one that is refused, up to 32 times as long [none].
	Delay time.Duration
}

// Defaults are the limits that hold where none are given.
var Defaults = Limits{Connections: 1024, Address: 64, Octets: 64 << 20, Messages: 64 << 20, Line: 5 * time.Minute, Session: time.Hour}

// at is how many sessions an address may have at once.
func (l Limits) at(from netip.Addr) int {
	switch {
	case l.Address > 0:
		return l.Address
	case from.IsLoopback(), !from.IsValid():
		return l.Connections
	}
	return Defaults.Address
}

func (l Limits) orDefaults() Limits {
	if l.Connections <= 0 {
		l.Connections = Defaults.Connections
	}
	if l.Octets <= 0 {
		l.Octets = Defaults.Octets
	}
	if l.Messages <= 0 {
		l.Messages = Defaults.Messages
	}
	if l.Line <= 0 {
		l.Line = Defaults.Line
	}
	if l.Session <= 0 {
		l.Session = Defaults.Session
	}
	return l
}

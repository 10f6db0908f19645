package netio

import "time"

// Limits bound what peers may take. Zero: the default in brackets.
type Limits struct {
	Connections int           // served at once [1024]
	Octets      int64         // that one session may send, TLS apart [64 MiB]
	Line        time.Duration // for one whole line, for a TLS handshake, for a reply to be taken [5 min, RFC 5321 §4.5.3.2.7]
	Session     time.Duration // for all of a session [1 h]
}

// Defaults are the limits that hold where none are given.
var Defaults = Limits{Connections: 1024, Octets: 64 << 20, Line: 5 * time.Minute, Session: time.Hour}

func (l Limits) orDefaults() Limits {
	if l.Connections <= 0 {
		l.Connections = Defaults.Connections
	}
	if l.Octets <= 0 {
		l.Octets = Defaults.Octets
	}
	if l.Line <= 0 {
		l.Line = Defaults.Line
	}
	if l.Session <= 0 {
		l.Session = Defaults.Session
	}
	return l
}

// Package matrix lets every server's dialect meet every client's and says what
// comes of it.
package matrix

import (
	"bytes"
	"strings"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
)

// An Outcome is what a session comes to.
type Outcome string

const (
	Sent     Outcome = "sent"     // authenticated, and the message was accepted
	LoggedIn Outcome = "in"       // authenticated, and there was nothing to send
	Unsent   Outcome = "unsent"   // authenticated, but the message was not accepted
	Open     Outcome = "open"     // the message was accepted without authentication
	Barred   Outcome = "barred"   // the client went on without authentication, in vain
	Refused  Outcome = "refused"  // the server refused the log-in
	GivenUp  Outcome = "given-up" // the client gave it up
	Cut      Outcome = "cut"      // the connection was cut before that
	Stuck    Outcome = "stuck"    // each waits for the other
)

// Outcomes are all of them, the best first.
var Outcomes = []Outcome{Sent, LoggedIn, Unsent, Open, Barred, Refused, GivenUp, Cut, Stuck}

// A Cell is one pair's session in short.
type Cell struct {
	Outcome   Outcome `json:"outcome"`
	Mechanism string  `json:"mechanism,omitempty"` // that the client used last; empty: it sent no AUTH
	TLS       bool    `json:"tls,omitempty"`       // when it did, or at the end
	Readable  bool    `json:"readable,omitempty"`  // without it: the password stood there for all to read
	Fault     string  `json:"fault,omitempty"`     // why not: the client's first fault
	Code      int     `json:"code,omitempty"`      // the reply code behind it
}

// Of sums up a session that has run to its end.
func Of(setup session.Setup, frames []session.Frame) (c Cell) {
	var last client.State
	authenticated, without, ended := false, false, false
	for i := range frames {
		f := &frames[i]
		for _, e := range f.Client {
			switch {
			case e.Kind == machine.Said && e.On == "AUTH":
				_, rest, _ := bytes.Cut(bytes.TrimSpace(e.Octets), []byte(" "))
				name, _, _ := bytes.Cut(rest, []byte(" "))
				c.Mechanism = strings.ToUpper(string(name))
			case e.Kind == machine.Said && e.On == "MAIL":
				without = without || !authenticated
			case e.Kind == machine.Faulted && c.Fault == "":
				c.Fault, c.Code = e.Fault.ID, e.Fault.Code
			case e.Kind == machine.Ended:
				ended = true
			}
		}
		for _, e := range f.Server {
			ended = ended || e.Kind == machine.Ended
		}
		last = f.ClientState
		authenticated = authenticated || last.Authenticated
		c.TLS = last.TLS
	}
	m, _ := sasl.Lookup(c.Mechanism)
	c.Readable = m.Clear && !c.TLS
	c.Outcome = outcome(c, last, setup.Client.Mail != nil, without, ended)
	return c
}

func outcome(c Cell, last client.State, mail, without, ended bool) Outcome {
	switch {
	case last.Delivered && last.Authenticated:
		return Sent
	case last.Delivered:
		return Open
	case !ended:
		return Stuck
	case last.Authenticated && !mail && c.Fault == "":
		return LoggedIn
	case last.Authenticated:
		return Unsent
	case without:
		return Barred
	case c.Fault == "connection-lost" || c.Fault == "service-closing":
		return Cut
	case c.Code >= 400 && c.Mechanism != "":
		return Refused
	}
	return GivenUp
}

package client

import (
	"time"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// An Input is something that happened to the client.
type Input struct {
	Kind   InputKind
	Octets []byte    // Octets, Early: from the peer, opened where TLS is up
	Now    time.Time // Clock
	Reason string    // TLSFault: an id
	Local  bool      // TLSFault: this side found the fault
	// Channel is what Connected (behind implicit TLS) and Secured know of the
	// TLS connection.
	Channel sasl.Channel
}

// InputKind says what an Input is.
type InputKind string

const (
	Connected  InputKind = "connected"
	Octets     InputKind = "octets"
	Early      InputKind = "early"     // octets too, which came before what was said last went out
	Secured    InputKind = "secured"   // the handshake is over, the certificate was checked
	TLSFault   InputKind = "tls-fault" // the handshake failed
	Clock      InputKind = "clock"
	PeerClosed InputKind = "peer-closed"
)

// An Event is something the client did. Fields not named for its Kind are zero.
type Event struct {
	Kind EventKind `json:"kind"`

	Reply  *smtp.Reply  `json:"reply,omitempty"`  // Took
	Octets []byte       `json:"octets,omitempty"` // Took, Said: as on the wire, inside TLS
	On     string       `json:"on,omitempty"`     // Said: what of Moves it is
	Rule   RuleID       `json:"rule,omitzero"`    // Said, Checked, Departed, Faulted: what decided
	Holds  bool         `json:"holds,omitempty"`  // Checked: the server has proved itself
	Reason string       `json:"reason,omitempty"` // Checked: why not
	To     State        `json:"to,omitzero"`      // Moved
	Trace  []trace.Step `json:"trace,omitempty"`  // Said, Checked: what was computed for it
	Fault  *Fault       `json:"fault,omitempty"`  // Faulted
	Quirks quirk.Set    `json:"quirks,omitempty"` // those that made it, or what was before it, other than it would be
}

// EventKind says what an Event is.
type EventKind string

const (
	Took     EventKind = "took"    // a reply
	Checked  EventKind = "checked" // the server's proof, by the mechanism
	Moved    EventKind = "moved"
	Said     EventKind = "said"     // a line, or a message
	Secure   EventKind = "secure"   // TLS begins now
	Departed EventKind = "departed" // from a rule, because the plan says so
	Faulted  EventKind = "faulted"  // the session cannot go on as planned
	Ended    EventKind = "ended"    // the connection
)

// A RuleID names a rule of spec/rules.md and where it comes from.
type RuleID struct {
	ID      string `json:"id"`
	Section string `json:"section"`
}

// A Fault says why the client stopped, and whose doing it was. It is an error.
type Fault struct {
	ID    string `json:"id"`
	Whose Whose  `json:"whose"`
	RuleID
	Code int `json:"code,omitempty"` // the reply code, where a reply was the reason
}

// Whose says who stands behind a Fault.
type Whose string

const (
	ServerBroke   Whose = "server-broke"   // a rule of the protocol
	ServerRefused Whose = "server-refused" // as the protocol lets it
	Ours          Whose = "ours"           // the plan cannot be carried out here
	Connection    Whose = "connection"     // it was cut, or TLS failed
)

func (f *Fault) Error() string { return "client: " + f.ID + " (" + string(f.Whose) + ")" }

// Is reports whether target is a *Fault with the same ID.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.ID == f.ID
}

// Package machine is what both machines of SMTP, the server and the client,
// hear and tell: inputs go in, events come out. What one of them alone tells
// stands in its own Event, which has this one in it.
package machine

import (
	"time"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// An Input is something that happened to a machine. Fields not named for its
// Kind are zero.
type Input struct {
	Kind   InputKind
	Octets []byte    // Octets, Early: from the peer, opened where TLS is up
	Now    time.Time // Clock
	Reason string    // TLSFault: an id
	Local  bool      // TLSFault: this side found the fault
	// Channel is what Connected (where TLS came first) and Secured know of the
	// TLS connection.
	Channel sasl.Channel
}

// InputKind says what an Input is.
type InputKind string

const (
	Connected  InputKind = "connected"   // the peer is there (and TLS is up, on the implicit port)
	Octets     InputKind = "octets"      // in any cut: nothing depends on it (CMD-21)
	Early      InputKind = "early"       // octets too, which came before what the client said last went out
	Secured    InputKind = "secured"     // the TLS handshake is over, the certificate was checked
	TLSFault   InputKind = "tls-fault"   // the TLS handshake failed
	Clock      InputKind = "clock"       // time passed
	PeerClosed InputKind = "peer-closed" // no more octets will come
)

// An Event is something a machine did. Fields not named for its Kind are zero.
type Event struct {
	Kind EventKind `json:"kind"`

	Reply  *smtp.Reply  `json:"reply,omitempty"`  // a server's Said, a client's Took
	Octets []byte       `json:"octets,omitempty"` // Said, a client's Took: as on the wire, inside TLS
	Base64 Base64       `json:"base64,omitzero"`  // Said, Took: where base64 stands in the line or reply, as the grammar has it
	On     string       `json:"on,omitempty"`     // Said, Moved, a server's Took: the verb, or what else of the moves it is or answers
	Rule   RuleID       `json:"rule,omitzero"`    // what decided
	Holds  bool         `json:"holds,omitempty"`  // Checked: what the peer sent is right
	Reason string       `json:"reason,omitempty"` // Checked: why not, for those who may see this side
	Trace  []trace.Step `json:"trace,omitempty"`  // Said, Checked: what was computed for it
	Quirks quirk.Set    `json:"quirks,omitempty"` // those that made it, or what was before it, other than it would be
}

// EventKind says what an Event is.
type EventKind string

const (
	Took    EventKind = "took"    // a line, or a reply, of the peer
	Checked EventKind = "checked" // the peer's proof, by the mechanism
	Moved   EventKind = "moved"   // from one state to another
	Said    EventKind = "said"    // a reply; a line, or a message
	Ended   EventKind = "ended"   // the connection: nothing more is said or heard

	Dropped  EventKind = "dropped"  // server: octets that waited when TLS began (TLS-05)
	Accepted EventKind = "accepted" // server: a message, for delivery

	Secure   EventKind = "secure"   // client: TLS begins now
	Departed EventKind = "departed" // client: from a rule, because the plan says so
	Faulted  EventKind = "faulted"  // client: the session cannot go on as planned
)

// What may move either machine besides a verb.
const (
	OnConnect  = "connect"  // the peer is there (behind TLS, on the implicit port)
	OnSecured  = "secured"  // the TLS handshake is over
	OnResponse = "response" // a line inside an AUTH exchange
	OnCancel   = "*"        // the line that cancels it
	OnMessage  = "message"  // a message, up to its dot
	OnClosed   = "closed"   // the connection is over
)

// A Base64 says where base64 stands in a line or a reply, in octets, and of what
// value it is. There is none where Length is 0.
type Base64 struct {
	Offset int `json:"offset"`
	Length int `json:"length"`
	// Step is the step of the machine's recorder that spelled it, in what the
	// machine said, or read it, in what it took; 0 where nothing was recorded.
	Step int `json:"step,omitempty"`
}

// In reports whether the base64 stands within so many octets.
func (b Base64) In(octets int) bool {
	return b.Offset >= 0 && b.Length > 0 && b.Length <= octets-b.Offset
}

// A RuleID names a rule of spec/rules.md and where it comes from.
type RuleID struct {
	ID      string `json:"id"`
	Section string `json:"section"`
}

// Rule is the rule of an id and the section that it comes from: "RFC 4954 §4".
func Rule(id, section string) RuleID { return RuleID{id, section} }

package server

import (
	"time"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// An Input is something that happened to the server.
type Input struct {
	Kind   InputKind
	Octets []byte    // Octets: from the peer, opened where TLS is up
	Now    time.Time // Clock
	// Channel is what Connected (on the implicit port) and Secured know of the
	// TLS connection.
	Channel sasl.Channel
}

// InputKind says what an Input is.
type InputKind string

const (
	Connected  InputKind = "connected"   // the peer is there (and TLS is up, on the implicit port)
	Octets     InputKind = "octets"      // in any cut: nothing depends on it (CMD-21)
	Secured    InputKind = "secured"     // the TLS handshake is over
	TLSFault   InputKind = "tls-fault"   // the TLS handshake failed
	Clock      InputKind = "clock"       // time passed
	PeerClosed InputKind = "peer-closed" // no more octets will come
)

// An Event is something the server did. Fields not named for its Kind are zero.
type Event struct {
	Kind EventKind `json:"kind"`

	Line    []byte       `json:"line,omitempty"`    // Took: without its CR LF; Dropped: what was thrown away
	Reply   *smtp.Reply  `json:"reply,omitempty"`   // Said
	Octets  []byte       `json:"octets,omitempty"`  // Said: as they go out
	Rule    RuleID       `json:"rule,omitzero"`     // Said, Moved, Checked, Dropped: what decided
	Refused bool         `json:"refused,omitempty"` // Said: the rule refused what the peer asked
	Holds   bool         `json:"holds,omitempty"`   // Checked: what the peer sent is right
	Reason  string       `json:"reason,omitempty"`  // Checked: why not, for those who may see this side
	To      State        `json:"to,omitzero"`       // Moved
	Trace   []trace.Step `json:"trace,omitempty"`   // Said, Checked: what was computed for it
	Message *Message     `json:"message,omitempty"` // Accepted
	Quirks  quirk.Set    `json:"quirks,omitempty"`  // those that made it, or what was before it, other than it would be
	Asked   *Asked       `json:"asked,omitempty"`   // Said: where the server's own words have another code than the rule
}

// Asked is a reply that a rule asks for and a server does not give.
type Asked struct {
	Place    Place             `json:"place"`
	Code     int               `json:"code"`
	Enhanced smtp.EnhancedCode `json:"enhanced,omitzero"`
}

// EventKind says what an Event is.
type EventKind string

const (
	Took     EventKind = "took"     // a line of the peer
	Checked  EventKind = "checked"  // credentials, by the mechanism
	Moved    EventKind = "moved"    // from one state to another
	Said     EventKind = "said"     // a reply
	Dropped  EventKind = "dropped"  // octets that waited when TLS began (TLS-05)
	Accepted EventKind = "accepted" // a message, for delivery
	Ended    EventKind = "ended"    // the connection: nothing more is said or heard
)

// A Message is what was accepted at the end of the data.
type Message struct {
	ID       string   `json:"id"`
	Envelope Envelope `json:"envelope"`
	Text     []byte   `json:"text"` // with the Received line on top (RFC 5321 §4.4)
}

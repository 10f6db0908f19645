package server

import (
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/smtp"
)

// An Event is something the server did. Fields not named for its Kind are zero.
type Event struct {
	machine.Event

	Line    []byte   `json:"line,omitempty"`    // Took: without its CR LF; Dropped: what was thrown away
	Refused bool     `json:"refused,omitempty"` // Said: the rule refused what the peer asked
	To      State    `json:"to,omitzero"`       // Moved
	Tried   []Test   `json:"tried,omitempty"`   // Said, to a command: the rules that were tried on it, in order; of a refusal, the last one decided
	Message *Message `json:"message,omitempty"` // Accepted
	Asked   *Asked   `json:"asked,omitempty"`   // Said: where the server's own words have another code than the rule
}

// A Test is a rule that was tried, and the code of the reply that it makes.
type Test struct {
	machine.RuleID
	Code  int  `json:"code"`
	Every bool `json:"every,omitempty"` // it is tried on every command
}

// Asked is a reply that a rule asks for and a server does not give.
type Asked struct {
	Place    Place             `json:"place"`
	Code     int               `json:"code"`
	Enhanced smtp.EnhancedCode `json:"enhanced,omitzero"`
}

// A Message is what was accepted at the end of the data.
type Message struct {
	ID       string   `json:"id"`
	Envelope Envelope `json:"envelope"`
	Text     []byte   `json:"text"` // with the Received line on top (RFC 5321 §4.4)
}

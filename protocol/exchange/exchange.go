// Package exchange carries a SASL exchange (RFC 4422 §3) in the lines of another
// protocol: base64 and its place in a line, "*" and "=", initial responses, the
// limit of a line, and what comes of it. Which lines those are, Framing says:
// SMTP's AUTH (RFC 4954), IMAP's AUTHENTICATE (RFC 3501 §6.2.2) and POP3's AUTH
// (RFC 5034) differ in nothing else. It gives no replies and keeps no state of
// the protocol around it.
package exchange

import (
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/trace"
)

// A Framing is how a protocol writes an exchange down.
type Framing struct {
	Challenge string // what stands before a challenge: "334 "
	// How long a client's lines may be, in octets with CR LF: a response, and a
	// command with an initial response. 0: as long as may be.
	Response, Command int
}

// SMTP is that of RFC 4954 §4, and RFC 5321 §4.5.3.1.4 for its commands.
var SMTP = Framing{Challenge: "334 ", Response: 12288, Command: 512}

// What a line has in place of base64.
const (
	Cancel = "*" // RFC 4422 §3.5, as all three protocols write it
	Empty  = "=" // an initial response that is present and empty (RFC 4954 §4)
)

// A line carries one exchange of one side.
type line struct {
	framing *Framing
	env     *sasl.Env
	open    bool // whoever listens reads it: there is no TLS
}

// spell spells v, which stands at octet at of a line; an empty one is nothing.
// What is spelled and what is sent are labelled label.
func (l *line) spell(label string, v trace.Value, at int) (text []byte, where machine.Base64) {
	if len(v.Octets) == 0 {
		return nil, machine.Base64{}
	}
	rec := l.env.Trace
	sent := rec.Sent(label, rec.Base64(label, v), l.open)
	return sent.Octets, machine.Base64{Offset: at, Length: len(sent.Octets), Step: sent.Step()}
}

// Nowhere is the place of no base64.
var Nowhere machine.Base64

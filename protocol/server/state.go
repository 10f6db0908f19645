package server

import (
	"slices"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// A Phase is where a session stands.
type Phase string

const (
	Waiting   Phase = "waiting"   // connected, the greeting is not yet said
	Greeted   Phase = "greeted"   // EHLO or HELO is awaited
	Ready     Phase = "ready"     // commands are taken, no mail transaction is open
	Exchange  Phase = "exchange"  // a SASL response is awaited
	Handshake Phase = "handshake" // the next octets belong to TLS
	Mail      Phase = "mail"      // a transaction has its reverse-path
	Rcpt      Phase = "rcpt"      // and at least one forward-path
	Data      Phase = "data"      // lines are the message's
	Closed    Phase = "closed"
)

// State is what the server remembers between lines. It holds no pointers:
// assigning it is taking a snapshot. Apart from it stand the envelope, what a
// message or an AUTH exchange has gathered while its phase lasts, and what a
// refused line changes too (SEQ-05 speaks of the session): how many errors and
// failed log-ins there were, when something was last heard, and whether a peer
// keeps to a layer that is not done here.
type State struct {
	Phase     Phase  `json:"phase"`
	TLS       bool   `json:"tls,omitempty"`
	ESMTP     bool   `json:"esmtp,omitempty"`     // greeted with EHLO
	Domain    string `json:"domain,omitempty"`    // what the client called itself
	Mechanism string `json:"mechanism,omitempty"` // of the exchange that runs
	Back      Phase  `json:"back,omitempty"`      // where it leads back to, if not to Ready: AUTH came there, by quirk
	Authcid   string `json:"authcid,omitempty"`   // empty until AUTH succeeds
	Authzid   string `json:"authzid,omitempty"`   // as whom it acts
	Binds     bool   `json:"binds,omitempty"`     // the TLS connection has a channel binding
	Client    string `json:"client,omitempty"`    // whom the client's certificate names, once TLS has verified it
	Anonymous bool   `json:"anonymous,omitempty"` // authenticated as nobody: it may not relay (ANO-03)
}

// channel is what the state knows of the TLS connection: enough to tell which
// mechanisms are possible.
func (s State) channel() sasl.Channel {
	c := sasl.Channel{TLS: s.TLS, Client: s.Client}
	if s.Binds {
		c.EndPoint = []byte{}
	}
	return c
}

// transaction reports whether MAIL was accepted and the message is not yet over.
func (s State) transaction() bool { return s.Phase == Mail || s.Phase == Rcpt }

// An Envelope is what a mail transaction has gathered.
type Envelope struct {
	ReversePath  smtp.Path   `json:"reverse_path"`
	ForwardPaths []smtp.Path `json:"forward_paths,omitempty"`
	Submitter    string      `json:"submitter,omitempty"` // AUTH= as this server trusts it: a mailbox, or "<>"
	Body         string      `json:"body,omitempty"`      // BODY=, upper case
	SMTPUTF8     bool        `json:"smtputf8,omitempty"`  // addresses need not be ASCII (RFC 6531 §3.4)
}

// Equal reports whether two envelopes say the same.
func (e Envelope) Equal(o Envelope) bool {
	return e.ReversePath == o.ReversePath && e.Submitter == o.Submitter && e.Body == o.Body &&
		e.SMTPUTF8 == o.SMTPUTF8 && slices.Equal(e.ForwardPaths, o.ForwardPaths)
}

// Clone returns a copy that shares nothing with e.
func (e Envelope) Clone() Envelope {
	e.ForwardPaths = slices.Clone(e.ForwardPaths)
	return e
}

package client

import (
	"cmp"
	"slices"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
)

// A Plan is everything a client decides before it connects.
type Plan struct {
	Name string `json:"name"` // what it calls itself in EHLO
	Host string `json:"host"` // the server's name as its user typed it: the certificate must show it (SID-02)

	TLS        TLS              `json:"tls"`
	When       When             `json:"auth"`
	Mechanisms []string         `json:"mechanisms"` // what it would use, best first
	Insist     bool             `json:"insist,omitempty"`
	InClear    bool             `json:"password_in_clear,omitempty"` // plaintext mechanisms without TLS too
	Initial    bool             `json:"initial_response,omitempty"`
	Cancel     bool             `json:"cancel,omitempty"` // the user gives up when the first challenge comes
	User       sasl.Credentials `json:"user"`

	Nonce         string         `json:"nonce,omitempty"`          // pins the client's nonce; empty: fresh each time
	Binding       sasl.Binding   `json:"binding,omitempty"`        // the channel binding type of -PLUS; empty: the best there is
	Realm         string         `json:"realm,omitempty"`          // DIGEST-MD5: the realm to choose
	Again         string         `json:"again,omitempty"`          // DIGEST-MD5: the server's nonce of a log-in before
	Domain        string         `json:"domain,omitempty"`         // NTLM: the user's
	Workstation   string         `json:"workstation,omitempty"`    // NTLM: the client's own name
	NTLM          sasl.NTLMLevel `json:"ntlm,omitempty"`           // NTLM: which response it makes
	FewIterations bool           `json:"few_iterations,omitempty"` // SCRAM goes along with a count under 4096
	SRP6a         bool           `json:"srp_six_a,omitempty"`      // SRP as RFC 5054 computes it, not as the draft

	Mail *Mail `json:"mail,omitempty"` // nothing to send: log in and leave

	// What makes it behave like a real one. The name is a label: no machine asks it.
	Dialect         string     `json:"dialect,omitempty"`
	Quirks          quirk.Set  `json:"quirks,omitempty"`
	Prompts         sasl.Asked `json:"prompts,omitzero"`           // LOGIN's that it answers; empty: all
	ClearMechanisms []string   `json:"clear_mechanisms,omitempty"` // what it would use without TLS; empty: Mechanisms
	Unlisted        string     `json:"unlisted,omitempty"`         // the mechanism it uses where none is listed; empty: the first
}

// TLS says whether and when the client wants it.
type TLS string

const (
	NoTLS     TLS = "none"
	IfOffered TLS = "if-offered" // goes on in clear text where STARTTLS is not listed
	StartTLS  TLS = "starttls"   // stops without it (TLS-20)
	Implicit  TLS = "implicit"   // before the greeting
)

// When says at what point the client authenticates.
type When string

const (
	First    When = "first"     // before any mail
	OnDemand When = "on-demand" // once the server refuses mail without it
	Never    When = "never"
)

// Mail is the message to send.
type Mail struct {
	From string   `json:"from"` // reverse-path without brackets; empty: the null path
	To   []string `json:"to"`
	Text string   `json:"text"`
	Stop bool     `json:"stop,omitempty"` // goes no further than RCPT
}

// choose picks the mechanism: the first of the plan that the server lists and
// that may be used on this connection, else the first of all, where the plan
// insists. The second result are the rules that this departs from.
func (p *Plan) choose(offered []string, tls bool, channel sasl.Channel, tried []string) (sasl.Mechanism, []machine.RuleID) {
	list := p.Mechanisms
	if !tls && len(p.ClearMechanisms) > 0 {
		list = p.ClearMechanisms
	}
	for _, name := range list {
		if slices.Contains(tried, name) {
			continue
		}
		m, known := sasl.Lookup(name)
		if known && slices.Contains(offered, m.Name) && (tls || !m.Clear || p.InClear) && m.Possible(channel) {
			return m, departures(m, offered, tls)
		}
	}
	if !p.Insist || len(p.Mechanisms) == 0 || len(tried) > 0 {
		return sasl.Mechanism{}, nil
	}
	name := cmp.Or(p.Unlisted, p.Mechanisms[0])
	m, known := sasl.Lookup(name)
	if !known { // a name nobody implements: to see what the server says
		m = sasl.Mechanism{Name: name}
	}
	return m, departures(m, offered, tls)
}

// departures are the rules against which m is used.
func departures(m sasl.Mechanism, offered []string, tls bool) (rules []machine.RuleID) {
	if !slices.Contains(offered, m.Name) {
		rules = append(rules, machine.Rule("AUTH-39", "RFC 4954 §4"))
	}
	if m.Clear && !tls {
		rules = append(rules, machine.Rule("AUTH-38", "RFC 4954 §9"))
	}
	return rules
}

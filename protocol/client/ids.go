package client

import (
	"maps"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/machine"
)

// Phases are all phases, in the order of their declaration, but for Noop, which
// no move leads to but by quirk.
var Phases = []Phase{Connecting, Greeting, Ehlo, Helo, StartTLSed, Handshake, Auth, Cancelled,
	MailFrom, RcptTo, DataAsked, Message, Reset, Quitting, Closed}

// AllWhose are all of them.
var AllWhose = []Whose{ServerBroke, ServerRefused, Ours, Connection}

// faults are those that no table of reply codes holds. The rules are those
// that decide; where a fault may have several, the most common one.
var faults = []Fault{
	{ID: "timeout", RuleID: machine.Rule("SEQ-19", "RFC 5321 §4.5.3.2")},
	{ID: "connection-lost", RuleID: machine.Rule("SEQ-21", "RFC 5321 §4.1.1.10")},
	{ID: "unreadable-reply", RuleID: machine.Rule("REP-01", "RFC 5321 §4.2")},
	{ID: "unasked-reply", RuleID: machine.Rule("SEQ-20", "RFC 5321 §4.3.1")},
	{ID: "service-closing", RuleID: machine.Rule("REP-11", "RFC 5321 §3.8")},
	{ID: "greeting-refused", RuleID: machine.Rule("REP-10", "RFC 5321 §3.1")},
	{ID: "ehlo-refused", RuleID: machine.Rule("REP-15", "RFC 5321 §3.2")},
	{ID: "helo-refused", RuleID: machine.Rule("REP-07", "RFC 5321 §4.2")},
	{ID: "starttls-missing", RuleID: machine.Rule("TLS-20", "RFC 8314 §5.2")},
	{ID: "starttls-refused", RuleID: machine.Rule("TLS-03", "RFC 3207 §4")},
	{ID: "injected", RuleID: machine.Rule("TLS-06", "RFC 3207 §4.2")},
	{ID: "tls-failed", RuleID: machine.Rule("TLS-18", "RFC 3207 §4.1")},
	{ID: "unsendable", RuleID: machine.Rule("CMD-06", "RFC 5321 §4.5.3.1")},
	{ID: "line-kept", RuleID: machine.Rule("SEQ-15", "RFC 5321 §4.1.1.10")},
	{ID: "auth-not-offered", RuleID: machine.Rule("AUTH-39", "RFC 4954 §4")},
	{ID: "no-common-mechanism", RuleID: machine.Rule("AUTH-39", "RFC 4954 §4")},
	{ID: "auth-required", RuleID: machine.Rule("AUTH-34", "RFC 4954 §6")},
	{ID: "tls-required", RuleID: machine.Rule("TLS-16", "RFC 3207 §4")},
	{ID: "success-too-early", RuleID: machine.Rule("AUTH-42", "RFC 4954 §4")},
	{ID: "not-an-auth-reply", RuleID: machine.Rule("AUTH-28", "RFC 4954 §4")},
	{ID: "multiline-challenge", RuleID: machine.Rule("AUTH-41", "RFC 4954 §4")},
	{ID: "challenge-not-base64", RuleID: machine.Rule("AUTH-19", "RFC 4954 §4")},
	{ID: "user-cancelled", RuleID: machine.Rule("AUTH-21", "RFC 4954 §4")},
	{ID: "mechanism-unknown", RuleID: machine.Rule("AUTH-39", "RFC 4954 §4")},
	{ID: "extra-challenge", RuleID: machine.Rule("AUTH-43", "RFC 4954 §4")},
	{ID: "sender-refused", RuleID: byClass},
	{ID: "recipient-refused", RuleID: machine.Rule("SUB-04", "RFC 5321 §7.9")},
	{ID: "message-refused", RuleID: machine.Rule("DAT-10", "RFC 5321 §4.3.2")},
}

// others are rules that a fault or an event may name beside those above.
var others = []machine.RuleID{
	machine.Rule("AUTH-38", "RFC 4954 §9"), machine.Rule("AUTH-25", "RFC 4954 §4"), machine.Rule("SUB-03", "RFC 6409 §6.1"),
	machine.Rule("SEQ-16", "RFC 5321 §4.5.3.1.10"), machine.Rule("CMD-14", "RFC 5321 §4.1.2"), machine.Rule("UTF-01", "RFC 6531 §3.4"), machine.Rule("DAT-08", "RFC 5321 §4.5.3.1.6"),
}

// unreadable holds the rules that a reply may break in its form.
var unreadable = map[string]machine.RuleID{
	"REP-01": machine.Rule("REP-01", "RFC 5321 §4.2"),
	"REP-03": machine.Rule("REP-03", "RFC 5321 §4.2"),
	"REP-06": machine.Rule("REP-06", "RFC 5321 §4.2.1"),
	"REP-08": machine.Rule("REP-08", "RFC 5321 §4.5.3.1.5"),
	"CMD-02": machine.Rule("CMD-02", "RFC 5321 §2.3.8"),
}

// FaultIDs are the faults a client may stop with, those of the mechanisms and
// of TLS ("tls-" and the failure's id) apart.
func FaultIDs() []string {
	var ids []string
	for _, f := range faults {
		ids = append(ids, f.ID)
	}
	for _, r := range refusals {
		ids = append(ids, r.fault)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// RuleIDs are the rules that an event of a client may name, those of the
// mechanisms apart.
func RuleIDs() []machine.RuleID {
	ids := slices.AppendSeq(slices.Clone(others), maps.Values(unreadable))
	for _, m := range Moves {
		ids = append(ids, machine.Rule(m.ID, m.Section))
	}
	for _, f := range faults {
		ids = append(ids, f.RuleID)
	}
	for _, r := range refusals {
		for _, c := range r.rules {
			ids = append(ids, c.rule)
		}
	}
	slices.SortFunc(ids, func(a, b machine.RuleID) int { return strings.Compare(a.ID+a.Section, b.ID+b.Section) })
	return slices.Compact(ids)
}

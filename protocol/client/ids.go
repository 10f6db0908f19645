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
	{ID: "timeout", RuleID: machine.RuleID{ID: "SEQ-19", Section: "RFC 5321 §4.5.3.2"}},
	{ID: "connection-lost", RuleID: machine.RuleID{ID: "SEQ-21", Section: "RFC 5321 §4.1.1.10"}},
	{ID: "unreadable-reply", RuleID: machine.RuleID{ID: "REP-01", Section: "RFC 5321 §4.2"}},
	{ID: "unasked-reply", RuleID: machine.RuleID{ID: "SEQ-20", Section: "RFC 5321 §4.3.1"}},
	{ID: "service-closing", RuleID: machine.RuleID{ID: "REP-11", Section: "RFC 5321 §3.8"}},
	{ID: "greeting-refused", RuleID: machine.RuleID{ID: "REP-10", Section: "RFC 5321 §3.1"}},
	{ID: "ehlo-refused", RuleID: machine.RuleID{ID: "REP-15", Section: "RFC 5321 §3.2"}},
	{ID: "helo-refused", RuleID: machine.RuleID{ID: "REP-07", Section: "RFC 5321 §4.2"}},
	{ID: "starttls-missing", RuleID: machine.RuleID{ID: "TLS-20", Section: "RFC 8314 §5.2"}},
	{ID: "starttls-refused", RuleID: machine.RuleID{ID: "TLS-03", Section: "RFC 3207 §4"}},
	{ID: "injected", RuleID: machine.RuleID{ID: "TLS-06", Section: "RFC 3207 §4.2"}},
	{ID: "tls-failed", RuleID: machine.RuleID{ID: "TLS-18", Section: "RFC 3207 §4.1"}},
	{ID: "unsendable", RuleID: machine.RuleID{ID: "CMD-06", Section: "RFC 5321 §4.5.3.1"}},
	{ID: "line-kept", RuleID: machine.RuleID{ID: "SEQ-15", Section: "RFC 5321 §4.1.1.10"}},
	{ID: "auth-not-offered", RuleID: machine.RuleID{ID: "AUTH-39", Section: "RFC 4954 §4"}},
	{ID: "no-common-mechanism", RuleID: machine.RuleID{ID: "AUTH-39", Section: "RFC 4954 §4"}},
	{ID: "auth-required", RuleID: machine.RuleID{ID: "AUTH-34", Section: "RFC 4954 §6"}},
	{ID: "tls-required", RuleID: machine.RuleID{ID: "TLS-16", Section: "RFC 3207 §4"}},
	{ID: "success-too-early", RuleID: machine.RuleID{ID: "AUTH-42", Section: "RFC 4954 §4"}},
	{ID: "not-an-auth-reply", RuleID: machine.RuleID{ID: "AUTH-28", Section: "RFC 4954 §4"}},
	{ID: "multiline-challenge", RuleID: machine.RuleID{ID: "AUTH-41", Section: "RFC 4954 §4"}},
	{ID: "challenge-not-base64", RuleID: machine.RuleID{ID: "AUTH-19", Section: "RFC 4954 §4"}},
	{ID: "user-cancelled", RuleID: machine.RuleID{ID: "AUTH-21", Section: "RFC 4954 §4"}},
	{ID: "mechanism-unknown", RuleID: machine.RuleID{ID: "AUTH-39", Section: "RFC 4954 §4"}},
	{ID: "extra-challenge", RuleID: machine.RuleID{ID: "AUTH-43", Section: "RFC 4954 §4"}},
	{ID: "sender-refused", RuleID: byClass},
	{ID: "recipient-refused", RuleID: machine.RuleID{ID: "SUB-04", Section: "RFC 5321 §7.9"}},
	{ID: "message-refused", RuleID: machine.RuleID{ID: "DAT-10", Section: "RFC 5321 §4.3.2"}},
}

// others are rules that a fault or an event may name beside those above.
var others = []machine.RuleID{
	machine.RuleID{ID: "AUTH-38", Section: "RFC 4954 §9"}, machine.RuleID{ID: "AUTH-25", Section: "RFC 4954 §4"}, machine.RuleID{ID: "SUB-03", Section: "RFC 6409 §6.1"},
	machine.RuleID{ID: "SEQ-16", Section: "RFC 5321 §4.5.3.1.10"}, machine.RuleID{ID: "CMD-14", Section: "RFC 5321 §4.1.2"}, machine.RuleID{ID: "UTF-01", Section: "RFC 6531 §3.4"}, machine.RuleID{ID: "DAT-08", Section: "RFC 5321 §4.5.3.1.6"},
}

// unreadable holds the rules that a reply may break in its form.
var unreadable = map[string]machine.RuleID{
	"REP-01": {ID: "REP-01", Section: "RFC 5321 §4.2"},
	"REP-03": {ID: "REP-03", Section: "RFC 5321 §4.2"},
	"REP-06": {ID: "REP-06", Section: "RFC 5321 §4.2.1"},
	"REP-08": {ID: "REP-08", Section: "RFC 5321 §4.5.3.1.5"},
	"CMD-02": {ID: "CMD-02", Section: "RFC 5321 §2.3.8"},
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

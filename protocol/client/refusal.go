package client

import (
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/smtp"
)

// A meaning is what a kind of refusal means for the client, and the rules of the
// codes that have the kind for their meaning.
type meaning struct {
	kind  problem.Kind
	fault string
	rules []coded
}

type coded struct {
	code int
	rule machine.RuleID
}

// refusals are those to AUTH, or inside the exchange.
var refusals = []meaning{
	{problem.Credentials, "credentials-refused", []coded{{535, machine.RuleID{ID: "AUTH-27", Section: "RFC 4954 §6"}}}},
	{problem.AppPassword, "app-password-wanted", nil},
	{problem.Policy, "refused-by-policy", nil},
	{problem.Token, "token-refused", []coded{{535, machine.RuleID{ID: "AUTH-27", Section: "RFC 4954 §6"}}}},
	{problem.Ticket, "ticket-refused", []coded{{535, machine.RuleID{ID: "AUTH-27", Section: "RFC 4954 §6"}}}},
	{problem.Certificate, "certificate-refused", []coded{{535, machine.RuleID{ID: "AUTH-27", Section: "RFC 4954 §6"}}}},
	{problem.Binding, "binding-refused", []coded{{535, machine.RuleID{ID: "AUTH-27", Section: "RFC 4954 §6"}}}},
	{problem.Authorization, "authorization-refused", []coded{{535, machine.RuleID{ID: "SAS-02", Section: "RFC 4422 §3.6"}}}},
	{problem.TooWeak, "mechanism-too-weak", []coded{{534, machine.RuleID{ID: "AUTH-32", Section: "RFC 4954 §6"}}}},
	{problem.Transition, "transition-needed", []coded{{432, machine.RuleID{ID: "AUTH-31", Section: "RFC 4954 §6"}}}},
	{problem.Temporary, "auth-temporary", []coded{{454, machine.RuleID{ID: "AUTH-30", Section: "RFC 4954 §6"}}}},
	{problem.TooMany, "too-many-log-ins", nil},
	{problem.NeedsTLS, "auth-needs-tls", []coded{{530, machine.RuleID{ID: "TLS-16", Section: "RFC 3207 §4"}}, {523, machine.RuleID{ID: "AUTH-33", Section: "RFC 4954 §6"}}, {538, machine.RuleID{ID: "AUTH-33", Section: "RFC 4954 §6"}}}},
	{problem.NeedsAuth, "auth-needs-tls", []coded{{530, machine.RuleID{ID: "TLS-16", Section: "RFC 3207 §4"}}}}, // to AUTH it can mean nothing else
	{problem.Mechanism, "mechanism-refused", []coded{{504, machine.RuleID{ID: "AUTH-09", Section: "RFC 4954 §4"}}}},
	{problem.Form, "auth-syntax", []coded{{500, machine.RuleID{ID: "AUTH-26", Section: "RFC 4954 §4"}}, {501, machine.RuleID{ID: "AUTH-22", Section: "RFC 4954 §4"}}}},
	{problem.Order, "auth-out-of-order", []coded{{503, machine.RuleID{ID: "AUTH-06", Section: "RFC 4954 §4"}}}},
	{problem.Unclear, "auth-refused", nil},
}

// byClass is the rule behind a refusal whose code tells no more.
var byClass = machine.Rule("REP-07", "RFC 5321 §4.2")

// meaningOf is what a kind means; zero where no reply is of that kind.
func meaningOf(kind problem.Kind) (m meaning) {
	for _, m = range refusals {
		if m.kind == kind {
			return m
		}
	}
	return meaning{}
}

// RefusalFault is the id of the fault behind a refusal of a kind; empty where no
// reply is of that kind.
func RefusalFault(kind problem.Kind) string { return meaningOf(kind).fault }

// refusedAuth is the fault behind a refusal of the mechanism that runs.
func refusedAuth(mechanism string, r smtp.Reply) Fault {
	m, rule := meaningOf(problem.Of(mechanism, r)), byClass
	for _, c := range m.rules {
		if c.code == r.Code {
			rule = c.rule
		}
	}
	return Fault{m.fault, ServerRefused, rule, r.Code}
}

// refusedMail is the fault behind a refusal of MAIL, RCPT or DATA: id, unless the
// server wants something else first.
func refusedMail(id string, rule machine.RuleID, r smtp.Reply) Fault {
	switch problem.Of("", r) {
	case problem.NeedsAuth:
		return Fault{"auth-required", ServerRefused, machine.Rule("AUTH-34", "RFC 4954 §6"), r.Code}
	case problem.NeedsTLS:
		return Fault{"tls-required", ServerRefused, machine.Rule("TLS-16", "RFC 3207 §4"), r.Code}
	}
	return Fault{id, ServerRefused, rule, r.Code}
}

func senderRule(code int) machine.RuleID {
	if code == 553 {
		return machine.Rule("SUB-03", "RFC 6409 §6.1")
	}
	return byClass
}

func recipientRule(code int) machine.RuleID {
	switch code {
	case 452, 552: // the second too is temporary here
		return machine.Rule("SEQ-16", "RFC 5321 §4.5.3.1.10")
	case 550, 554:
		return machine.Rule("SUB-04", "RFC 5321 §7.9")
	}
	return byClass
}

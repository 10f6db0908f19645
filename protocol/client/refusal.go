package client

import (
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/smtp"
)

// A meaning is what a kind of it means for the client, and the rules of the codes
// that have the kind for their meaning.
type meaning struct {
	fault string
	rules map[int]RuleID
}

var credentials = map[int]RuleID{535: {"AUTH-27", "RFC 4954 §6"}}

// refusals are those to AUTH, or inside the exchange, by problem.Kind.
var refusals = map[problem.Kind]meaning{
	problem.Credentials:   {"credentials-refused", credentials},
	problem.AppPassword:   {"app-password-wanted", nil},
	problem.Policy:        {"refused-by-policy", nil},
	problem.Token:         {"token-refused", credentials},
	problem.Ticket:        {"ticket-refused", credentials},
	problem.Certificate:   {"certificate-refused", credentials},
	problem.Binding:       {"binding-refused", credentials},
	problem.Authorization: {"authorization-refused", map[int]RuleID{535: {"SAS-02", "RFC 4422 §3.6"}}},
	problem.TooWeak:       {"mechanism-too-weak", map[int]RuleID{534: {"AUTH-32", "RFC 4954 §6"}}},
	problem.Transition:    {"transition-needed", map[int]RuleID{432: {"AUTH-31", "RFC 4954 §6"}}},
	problem.Temporary:     {"auth-temporary", map[int]RuleID{454: {"AUTH-30", "RFC 4954 §6"}}},
	problem.TooMany:       {"too-many-log-ins", nil},
	problem.NeedsTLS:      {"auth-needs-tls", map[int]RuleID{530: tlsFirst, 523: needsTLS, 538: needsTLS}},
	problem.NeedsAuth:     {"auth-needs-tls", map[int]RuleID{530: tlsFirst}}, // to AUTH it can mean nothing else
	problem.Mechanism:     {"mechanism-refused", map[int]RuleID{504: {"AUTH-09", "RFC 4954 §4"}}},
	problem.Form:          {"auth-syntax", map[int]RuleID{500: {"AUTH-26", "RFC 4954 §4"}, 501: {"AUTH-22", "RFC 4954 §4"}}},
	problem.Order:         {"auth-out-of-order", map[int]RuleID{503: {"AUTH-06", "RFC 4954 §4"}}},
	problem.Unclear:       {"auth-refused", nil},
}

var (
	tlsFirst = RuleID{"TLS-16", "RFC 3207 §4"}
	needsTLS = RuleID{"AUTH-33", "RFC 4954 §6"}
	// byClass is the rule behind a refusal whose code tells no more.
	byClass = RuleID{"REP-07", "RFC 5321 §4.2"}
)

// RefusalFault is the id of the fault behind a refusal of a kind; empty where no
// reply is of that kind.
func RefusalFault(kind problem.Kind) string { return refusals[kind].fault }

// refusedAuth is the fault behind a refusal of the mechanism that runs.
func refusedAuth(mechanism string, r smtp.Reply) Fault {
	kind := refusals[problem.Of(mechanism, r)]
	rule, own := kind.rules[r.Code]
	if !own {
		rule = byClass
	}
	return Fault{kind.fault, ServerRefused, rule, r.Code}
}

// refusedMail is the fault behind a refusal of MAIL, RCPT or DATA: id, unless the
// server wants something else first.
func refusedMail(id string, rule RuleID, r smtp.Reply) Fault {
	switch problem.Of("", r) {
	case problem.NeedsAuth:
		return Fault{"auth-required", ServerRefused, RuleID{"AUTH-34", "RFC 4954 §6"}, r.Code}
	case problem.NeedsTLS:
		return Fault{"tls-required", ServerRefused, tlsFirst, r.Code}
	}
	return Fault{id, ServerRefused, rule, r.Code}
}

func senderRule(code int) RuleID {
	if code == 553 {
		return RuleID{"SUB-03", "RFC 6409 §6.1"}
	}
	return byClass
}

func recipientRule(code int) RuleID {
	switch code {
	case 452, 552: // the second too is temporary here
		return RuleID{"SEQ-16", "RFC 5321 §4.5.3.1.10"}
	case 550, 554:
		return RuleID{"SUB-04", "RFC 5321 §7.9"}
	}
	return byClass
}

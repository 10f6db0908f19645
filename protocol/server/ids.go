package server

import (
	"maps"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/machine"
)

// RuleIDs are the rules that an event of a server may name, those of the
// mechanisms apart.
func RuleIDs() []machine.RuleID {
	ids := []machine.RuleID{tooManyErrors, tooManyFailures, idle, injected, challenge}
	for _, m := range Moves {
		ids = append(ids, machine.Rule(m.ID, m.Section))
	}
	for _, r := range before {
		ids = append(ids, r.RuleID)
	}
	for _, rules := range odd {
		for _, r := range rules {
			ids = append(ids, r.RuleID)
		}
	}
	for _, rules := range refusals {
		for _, r := range rules {
			ids = append(ids, r.RuleID)
		}
	}
	for _, on := range []string{machine.OnResponse, machine.OnMessage} {
		for _, a := range Endings(on) {
			ids = append(ids, a.RuleID)
		}
	}
	ids = slices.AppendSeq(ids, maps.Values(stays))
	slices.SortFunc(ids, func(a, b machine.RuleID) int { return strings.Compare(a.ID+a.Section, b.ID+b.Section) })
	return slices.Compact(ids)
}

// Phases are all phases, in the order of their declaration.
var Phases = []Phase{Waiting, Greeted, Ready, Exchange, Handshake, Mail, Rcpt, Data, Closed}

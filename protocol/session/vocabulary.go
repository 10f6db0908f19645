package session

import (
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/exchange"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

// Phases are all phases, in the order in which a session may reach them.
var Phases = []Phase{Greeting, Ehlo, TLSPhase, EhloAgain, Auth, Mail, Quit}

// Vocabulary is every id that a frame may hold and a page must put into words,
// with what it is an id of: "rule.AUTH-10", "label.digest". It is sorted.
func Vocabulary() []string {
	var ids []string
	for _, r := range server.RuleIDs() {
		ids = append(ids, "rule."+r.ID)
	}
	for _, r := range client.RuleIDs() {
		ids = append(ids, "rule."+r.ID)
	}
	ids = appendIDs(ids, "rule.", sasl.RuleIDs())
	ids = appendIDs(ids, "fault.", client.FaultIDs())
	ids = appendIDs(ids, "fault.", sasl.Vocabulary().Reasons)
	ids = appendIDs(ids, "fault.tls-", tlslink.FailureIDs())
	ids = appendIDs(ids, "whose.", client.AllWhose)
	ids = appendIDs(ids, "reason.", sasl.Vocabulary().Reasons)
	ids = appendIDs(ids, "label.", sasl.Vocabulary().Labels)
	ids = appendIDs(ids, "label.", exchange.Labels())
	ids = appendIDs(ids, "label.", trace.Labels)
	ids = appendIDs(ids, "op.", trace.Ops)
	ids = appendIDs(ids, "phase.", Phases)
	ids = appendIDs(ids, "server.phase.", server.Phases)
	ids = appendIDs(ids, "client.phase.", append([]client.Phase{client.Noop}, client.Phases...))
	ids = appendIDs(ids, "tls.record.", tlslink.RecordTypes())
	ids = appendIDs(ids, "tls.message.", tlslink.MessageTypes())
	ids = appendIDs(ids, "tls.alert.", tlslink.AlertNames())
	ids = appendIDs(ids, "tls.failure.", tlslink.FailureIDs())
	for _, q := range slices.Concat(quirk.Known, quirk.Worded) {
		ids = append(ids, "quirk."+string(q.Name), "quirk."+string(q.Name)+".effect")
		if q.Rule != "" {
			ids = append(ids, "rule."+q.Rule)
		}
	}
	ids = appendIDs(ids, "dialect.group.", dialect.Groups)
	ids = appendIDs(ids, "dialect.evidence.", dialect.Evidences)
	ids = appendIDs(ids, "binding.", sasl.Vocabulary().Bindings)
	ids = appendIDs(ids, "crossing.", sasl.Vocabulary().Crossings)
	ids = appendIDs(ids, "gain.", sasl.Vocabulary().Gains)
	ids = appendIDs(ids, "status.", sasl.Vocabulary().Statuses)
	slices.Sort(ids)
	return slices.Compact(ids)
}

func appendIDs[T ~string](ids []string, prefix string, more []T) []string {
	for _, id := range more {
		ids = append(ids, prefix+string(id))
	}
	return ids
}

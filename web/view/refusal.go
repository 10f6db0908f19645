package view

import (
	"cmp"
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
)

// refusal is the kind of the refusal of a log-in that frame at is, or is the
// check before; empty where it is none. A server that can be seen from there knows
// it; otherwise its words tell, as far as they do.
func (s *Story) refusal(at int, from Vantage) problem.Kind {
	f := &s.frames[at]
	if v := check(f); v != nil && f.Side == session.Server && !v.holds && from != OfClient {
		return problem.OfReason(v.reason)
	}
	r := reply(f)
	if r == nil || r.Class() < 4 || r.Code == 421 {
		return ""
	}
	if f.Rule().ID == "AUTH-21" { // the client's own doing
		return ""
	}
	if on := answered(f); on != string(smtp.AUTH) && on != machine.OnResponse && on != server.OnFailures {
		return ""
	}
	if at > 0 && s.frames[at-1].Kind == session.Check {
		if kind := s.refusal(at-1, from); kind != "" {
			return kind
		}
	}
	before := &s.frames[max(0, at-1)]
	return problem.Of(cmp.Or(before.ClientState.Mechanism, before.ServerState.Mechanism), *r)
}

// meanings are the kinds that the rules of an exchange's endings speak of. What a
// server says by their codes may be of another kind.
var meanings = map[string]problem.Kind{"AUTH-27": problem.Credentials, "AUTH-30": problem.Temporary, "AUTH-31": problem.Transition}

// explained is the rule that decided frame at, in the words of what the server
// refuses by it.
func (s *Story) explained(at int) Rule {
	v := rule(&s.frames[at])
	kind := s.refusal(at, Both) // of what is not seen, nothing is there
	if own, some := meanings[v.ID]; some && kind != "" && kind != own {
		v.Text = refusalText(kind)
	}
	return v
}

// refusalText is the sentence for a kind: the client's, unless only a server can
// find it.
func refusalText(kind problem.Kind) ID {
	if fault := client.RefusalFault(kind); fault != "" {
		return ID("fault." + fault)
	}
	return ID("ui.proved.refused." + string(kind))
}

// judged are the kinds of refusals that say something of what was shown: the
// ending has a sentence for each.
var judged = []problem.Kind{problem.Credentials, problem.AppPassword, problem.Policy, problem.Token, problem.Ticket, problem.Certificate, problem.Binding,
	problem.Altered, problem.Authorization, problem.TooWeak, problem.Transition, problem.Temporary, problem.TooMany, problem.Form, problem.Unclear}

// lastRefusal is the kind of the last refusal of a log-in, as far as it can be
// known from there; empty where there was none, or none of what was shown.
func (s *Story) lastRefusal(from Vantage) problem.Kind {
	for at := len(s.frames) - 1; at >= 0; at-- {
		if kind := s.refusal(at, from); slices.Contains(judged, kind) && code(&s.frames[at]) != 0 {
			return kind
		}
	}
	return ""
}

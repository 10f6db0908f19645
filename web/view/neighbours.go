package view

import (
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// Neighbours are the rules among which stands the one that decided a frame.
type Neighbours struct {
	Head   Words // what they have in common; empty where the rule stands alone
	Rows   []Neighbour
	Passed int // of the first rows: tests for every command, which it passed
}

// A Neighbour is one of them: a test of the server, an ending, or a move of the
// client.
type Neighbour struct {
	Rule
	Verb string // of the client's moves: what it would say
	Code int    // of the reply that the rule makes; 0: none
	Fate Fate
}

// A Fate is what became of a rule.
type Fate string

const (
	FatePassed  Fate = "passed"  // tried: it does not apply
	FateDecided Fate = "decided" // it applies
	FateAside   Fate = "aside"   // another case
)

// Neighbours are those of frame at.
func (s *Story) Neighbours(at int) Neighbours {
	f := &s.frames[at]
	decided := f.Rule()
	if decided.ID == "" {
		return Neighbours{}
	}
	own := ruleOf(decided)
	own.Text = s.explained(at).Text
	alone := Neighbours{Rows: []Neighbour{{Rule: own, Code: code(f), Fate: FateDecided}}}
	if f.Fault() != nil || f.Kind == session.Check {
		return alone
	}
	if f.Side == session.Client {
		return s.movesAround(at, decided)
	}
	for _, e := range f.Server {
		switch {
		case e.Kind != machine.Said:
		case code(f) == 421:
		case e.On == machine.OnResponse:
			return among(say("ui.rules.endings"), server.Endings(machine.OnResponse), alone.Rows[0])
		case e.On == machine.OnMessage:
			return among(say("ui.rules.message"), server.Endings(machine.OnMessage), alone.Rows[0])
		case len(e.Tried) > 0:
			return tried(&e, alone.Rows[0])
		}
	}
	return alone
}

// tried are the rules that the server tried on a command, in their order. Where
// none refused, or an AUTH exchange ended at once, the rule that decided stands
// behind them.
func tried(e *server.Event, decided Neighbour) Neighbours {
	n := Neighbours{Head: say("ui.rules.tested", "verb", e.On)}
	refused := false
	for i, r := range e.Tried {
		row := Neighbour{Rule: ruleOf(r.RuleID), Code: r.Code, Fate: FatePassed}
		if refused = i == len(e.Tried)-1 && e.Refused && r.RuleID == e.Rule; refused {
			row = decided
		}
		if n.Rows = append(n.Rows, row); r.Every && !refused {
			n.Passed++
		}
	}
	if !refused {
		n.Rows = append(n.Rows, decided)
	}
	return n
}

// among are the cases of which one came.
func among(head Words, cases []server.Answer, decided Neighbour) Neighbours {
	n := Neighbours{Head: head}
	found := false
	for _, a := range cases {
		row := answer(a, FateAside)
		if row.ID == decided.ID && row.Code == decided.Code && !found {
			row.Rule, row.Fate, found = decided.Rule, FateDecided, true
		}
		n.Rows = append(n.Rows, row)
	}
	if !found {
		n.Rows = slices.Insert(n.Rows, 0, decided)
	}
	return n
}

func answer(a server.Answer, fate Fate) Neighbour {
	return Neighbour{Rule: ruleOf(a.RuleID), Code: a.Reply.Code, Fate: fate}
}

// movesAround are the moves of the client from where it stood.
func (s *Story) movesAround(at int, decided machine.RuleID) Neighbours {
	was := client.Connecting
	if at > 0 {
		was = s.frames[at-1].ClientState.Phase
	}
	n := Neighbours{Head: say("ui.rules.moves", "state", ID("client.phase."+string(was)))}
	on := said(&s.frames[at])
	found := false
	for _, m := range client.Moves {
		if !slices.Contains(m.From, was) || m.On == machine.OnClosed {
			continue
		}
		row := Neighbour{Rule: ruleOf(machine.RuleID{ID: m.ID, Section: m.Section}), Verb: m.On, Fate: FateAside}
		if m.On == on {
			row.Rule, row.Fate, found = ruleOf(decided), FateDecided, true // a response has its mechanism's rule
		}
		n.Rows = append(n.Rows, row)
	}
	if !found {
		n.Rows = slices.Insert(n.Rows, 0, Neighbour{Rule: ruleOf(decided), Fate: FateDecided})
	}
	return n
}

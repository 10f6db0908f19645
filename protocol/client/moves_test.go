package client

import (
	"fmt"
	"slices"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/smtp"
)

var reply250 = smtp.Say(250, smtp.EnhancedCode{}, "x", "SIZE", "AUTH PLAIN")

// A watcher follows the phases through events and notes the rows they took.
type watcher struct {
	phase Phase
	taken map[string]bool
}

func rowName(from Phase, m Move) string { return fmt.Sprintf("%s --%s--> %s", from, m.On, m.To) }

func (w *watcher) follow(t *testing.T, where string, events []Event) {
	t.Helper()
	for i, e := range events {
		if e.Kind != machine.Moved {
			continue
		}
		on, rule := "", machine.RuleID{}
		if i+1 < len(events) {
			switch next := events[i+1]; next.Kind {
			case machine.Said:
				on, rule = next.On, next.Rule
			case machine.Secure:
				on, rule = OnSecure, next.Rule
			case machine.Ended:
				on = machine.OnClosed
			}
		}
		switch {
		case e.To.Phase == Greeting:
			on, rule = machine.OnConnect, machine.RuleID{}
		case w.phase == Handshake && e.To.Phase == Handshake:
			on, rule = machine.OnSecured, machine.RuleID{}
		}
		row := slices.IndexFunc(Moves, func(m Move) bool {
			return slices.Contains(m.From, w.phase) && m.On == on && m.To == e.To.Phase
		})
		if row < 0 {
			t.Errorf("%s: no row leads from %s by %q to %s", where, w.phase, on, e.To.Phase)
			return
		}
		if m := Moves[row]; rule != (machine.RuleID{}) && on != machine.OnResponse && rule != (machine.Rule(m.ID, m.Section)) {
			t.Errorf("%s: %s is by %v, want %s", where, on, rule, m.ID)
		}
		w.taken[rowName(w.phase, Moves[row])] = true
		w.phase = e.To.Phase
	}
}

// Every move that is seen is a row of Moves, and every row is seen, from each
// phase that it names.
func TestMoves(t *testing.T) {
	taken := map[string]bool{}
	for _, d := range dialogues(t) {
		for n := range len(d.turns) + 1 {
			g, events := d.events(t, n, whole)
			w := watcher{Connecting, taken}
			w.follow(t, d.name, append(events, g.Step(machine.Input{Kind: machine.PeerClosed})...))
		}
	}
	for _, m := range Moves {
		for _, from := range m.From {
			if !taken[rowName(from, m)] {
				t.Errorf("nothing took the row %s", rowName(from, m))
			}
		}
	}
}

package server

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
)

// A watcher follows the phases through events and notes the rows they took.
type watcher struct {
	phase Phase
	taken map[string]bool
}

func rowName(from Phase, m Move) string {
	return fmt.Sprintf("%s --%s %d--> %s", from, m.On, m.Class, m.To)
}

// follow checks that each move is a row of Moves for the reply that went with
// it, if one did.
func (w *watcher) follow(t *testing.T, where string, events []Event) {
	t.Helper()
	for i, e := range events {
		if e.Kind != machine.Moved {
			continue
		}
		class := 0
		if i+1 < len(events) && events[i+1].Kind == machine.Said {
			class = events[i+1].Reply.Class()
		}
		row := slices.IndexFunc(Moves, func(m Move) bool {
			return slices.Contains(m.From, w.phase) && m.Class == class && m.To == e.To.Phase && e.Rule == machine.Rule(m.ID, m.Section)
		})
		if row < 0 {
			t.Errorf("%s: no row leads from %s to %s with a reply of class %d by %v", where, w.phase, e.To.Phase, class, e.Rule)
			return
		}
		w.taken[rowName(w.phase, Moves[row])] = true
		w.phase = e.To.Phase
	}
}

// ways lead to each phase.
var ways = map[Phase][]string{
	Greeted: {}, Ready: {"EHLO"}, Handshake: {"EHLO", "STARTTLS"}, Exchange: {"EHLO", "LOGIN"},
	Mail: {"EHLO", "MAIL"}, Rcpt: {"EHLO", "MAIL", "RCPT"}, Data: {"EHLO", "MAIL", "RCPT", "DATA"},
}

// at is a server in a phase.
func at(t testing.TB, phase Phase) *host {
	t.Helper()
	if phase == Waiting {
		return newHost(t, policies["clear, 3 errors"]())
	}
	h := ready(t, "clear, 3 errors", ways[phase]...)
	if h.State().Phase != phase {
		t.Fatalf("the phase is %s, want %s", h.State().Phase, phase)
	}
	return h
}

// Every move that is seen is a row of Moves, and every row is seen, from each
// phase that it names.
func TestMoves(t *testing.T) {
	taken := map[string]bool{}
	for _, d := range dialogues(t) {
		w := watcher{Waiting, taken}
		w.follow(t, d.name, d.events(t, whole))
	}
	happen := map[string]func(h *host) []Event{
		"EHLO":       func(h *host) []Event { return h.say("EHLO a\r\n") },
		"HELO":       func(h *host) []Event { return h.say("HELO a\r\n") },
		"QUIT":       func(h *host) []Event { return h.say("QUIT\r\n") },
		"errors":     func(h *host) []Event { return h.say("X\r\nX\r\nX\r\n") },
		"a response": func(h *host) []Event { return h.say("dGlt\r\n") },
		"idle":       func(h *host) []Event { return h.wait(5 * time.Minute) },
		"no TLS":     func(h *host) []Event { return h.Step(machine.Input{Kind: machine.TLSFault}) },
		"closed":     func(h *host) []Event { return h.Step(machine.Input{Kind: machine.PeerClosed}) },
		"stopped":    func(h *host) []Event { return h.Stop(GoingDown) },
	}
	for _, phase := range Phases[:len(Phases)-1] {
		for what, do := range happen {
			w := watcher{phase, taken}
			w.follow(t, string(phase)+", "+what, do(at(t, phase)))
		}
	}
	w := watcher{Waiting, taken}
	w.follow(t, "stopped before TLS", newHost(t, policies["submissions"]()).Stop(GoingDown))
	full := at(t, Data)
	full.Deliver(func(*Message) error { return errors.New("the disk is full") })
	w = watcher{Data, taken}
	w.follow(t, "not kept", full.say(".\r\n"))
	for _, m := range Moves {
		for _, from := range m.From {
			if !taken[rowName(from, m)] {
				t.Errorf("nothing took the row %s", rowName(from, m))
			}
		}
	}
}

// SEQ-21, SEQ-18, TLS-18: whatever ends a session, from any phase: nothing that
// was unfinished is left, and nothing more is said.
func TestEndings(t *testing.T) {
	for _, phase := range Phases[:len(Phases)-1] {
		for what, in := range map[string]machine.Input{
			"cut": {Kind: machine.PeerClosed}, "no TLS": {Kind: machine.TLSFault}, "idle": {Kind: machine.Clock, Now: begin.Add(idleLimit)},
		} {
			h := at(t, phase)
			events := h.Step(in)
			if n := len(events); n == 0 || events[n-1].Kind != machine.Ended {
				t.Errorf("%s, %s: %q, want the end", phase, what, shown(events))
			}
			said := len(replies(events))
			if spoken := what == "idle" && phase != Waiting && phase != Handshake; spoken != (said == 1) {
				t.Errorf("%s, %s: %d replies", phase, what, said)
			}
			s := h.State()
			if s.Phase != Closed || s.Mechanism != "" || s.Authcid != "" || !h.Envelope().Equal(Envelope{}) || h.message != nil || !reflect.ValueOf(h.exchange).IsZero() {
				t.Errorf("%s, %s: %+v %+v is left", phase, what, s, h.Envelope())
			}
			for _, more := range []machine.Input{{Kind: machine.Octets, Octets: []byte("NOOP\r\n")}, {Kind: machine.Connected}, {Kind: machine.Secured}, {Kind: machine.TLSFault}, {Kind: machine.PeerClosed},
				{Kind: machine.Clock, Now: begin.Add(time.Hour)}} {
				if events := h.Step(more); len(events) > 0 {
					t.Errorf("%s, %s, then %s: %q", phase, what, more.Kind, shown(events))
				}
			}
		}
	}
}

// IMP-02, TLS-08: what cannot happen in a phase does nothing: there is no second
// greeting, no answer to octets before the first, no TLS that nobody asked for.
func TestWhatCannotHappen(t *testing.T) {
	for _, phase := range Phases[:len(Phases)-1] {
		for _, in := range []machine.Input{{Kind: machine.Connected}, {Kind: machine.Secured}, {Kind: machine.Octets, Octets: []byte("EHLO x\r\n")},
			{Kind: machine.Clock, Now: begin.Add(idleLimit - 1)}, {Kind: "thunder"}} {
			if in.Kind == machine.Connected && phase == Waiting || in.Kind == machine.Secured && phase == Handshake || in.Kind == machine.Octets && phase != Waiting {
				continue
			}
			h := at(t, phase)
			before := h.State()
			if events := h.Step(in); len(events) > 0 || h.State() != before {
				t.Errorf("%s in phase %s: %q, and the state is %+v", in.Kind, phase, shown(events), h.State())
			}
		}
	}
	p := policies["submissions"]()
	h := newHost(t, p)
	h.say("EHLO x\r\n")
	if said := shown(h.Step(machine.Input{Kind: machine.Connected})); len(said) != 1 || said[0] != "S: 220 mail.example.org ESMTP ready" {
		t.Errorf("after octets in clear text: %q, want the greeting alone", said)
	}
}

package client

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// events lets the first n turns of a dialogue happen, all with -1.
func (d *dialogue) events(t testing.TB, n int, hear feed) (*guest, []Event) {
	t.Helper()
	g := d.begin(t)
	var events []Event
	for i, turn := range d.turns {
		if i == n {
			break
		}
		events = append(events, d.do(t, g, turn, hear)...)
	}
	return g, events
}

// Over all dialogues: CMD-02, CMD-06, CMD-19, SEQ-20, TLS-11, TLS-20, AUTH-37,
// AUTH-38, AUTH-39, DAT-07.
func TestAudit(t *testing.T) {
	said := 0
	for _, d := range dialogues(t) {
		_, events := d.events(t, -1, whole)
		a := audit{plan: plans[d.plan]()}
		a.follow(events)
		for _, fault := range a.faults {
			t.Errorf("%s: %s", d.name, fault)
		}
		said += len(a.said)
	}
	if said < 300 {
		t.Errorf("%d lines", said)
	}
}

// The audit finds what it is for.
func TestAuditFindsFaults(t *testing.T) {
	took := Event{Event: machine.Event{Kind: machine.Took, Reply: &reply250, Octets: []byte("250-x\r\n250-SIZE\r\n250 AUTH PLAIN\r\n")}}
	ehlo := Event{Event: machine.Event{Kind: machine.Said, On: "EHLO", Octets: []byte("EHLO x\r\n"), Rule: machine.Rule("x", "y")}}
	say := func(on, line string) Event {
		return Event{Event: machine.Event{Kind: machine.Said, On: on, Octets: []byte(line), Rule: machine.Rule("x", "y")}}
	}
	for _, test := range []struct {
		want   string
		plan   Plan
		events []Event
	}{
		{"SEQ-20", Plan{}, []Event{ehlo}},
		{"SEQ-20", Plan{}, []Event{took, ehlo, say("QUIT", "QUIT\r\n")}},
		{"CMD-06", Plan{}, []Event{took, say("QUIT", "QUIT\n")}},
		{"CMD-06", Plan{}, []Event{took, say("QUIT", strings.Repeat("x", 511)+"\r\n")}},
		{"CMD-19", Plan{}, []Event{took, ehlo, took, say("MAIL", "MAIL FROM:<> BODY=7BIT\r\n")}},
		{"TLS-11", Plan{}, []Event{took, ehlo, took, say("STARTTLS", "STARTTLS\r\n")}},
		{"AUTH-39", Plan{}, []Event{took, ehlo, took, say("AUTH", "AUTH LOGIN\r\n")}},
		{"AUTH-38", Plan{}, []Event{took, ehlo, took, say("AUTH", "AUTH PLAIN\r\n")}},
		{"AUTH-38", Plan{InClear: true}, []Event{took, ehlo, took, say("AUTH", "AUTH PLAIN\r\n")}}, // not labelled
		{"after the end", Plan{}, []Event{{Event: machine.Event{Kind: machine.Ended}}, took}},
		{"no rule", Plan{}, []Event{took, {Event: machine.Event{Kind: machine.Said, On: "QUIT", Octets: []byte("QUIT\r\n")}}}},
	} {
		a := audit{plan: test.plan}
		a.follow(test.events)
		if len(a.faults) == 0 || !strings.Contains(a.faults[0], test.want) {
			t.Errorf("%q, want %s", a.faults, test.want)
		}
	}
}

// octetwise lets the client hear octets one by one.
func octetwise(g *guest, octets string) (events []Event) {
	for i := range len(octets) {
		events = append(events, g.hear(octets[i:i+1])...)
	}
	return events
}

// inPieces does so in pieces of 0 to 40.
func inPieces(seed uint64) feed {
	rnd := rand.New(rand.NewPCG(seed, 0))
	return func(g *guest, octets string) (events []Event) {
		for octets != "" {
			n := min(rnd.IntN(41), len(octets))
			events = append(events, g.hear(octets[:n])...)
			octets = octets[n:]
		}
		return events
	}
}

// settled leaves out the beginning of a handshake that an injection undid: the
// client begins TLS when 220 ends, unless it already sees that more follows
// (TLS-06).
func settled(events []Event) []Event {
	injected := slices.ContainsFunc(events, func(e Event) bool { return e.Kind == machine.Faulted && e.Fault.ID == "injected" })
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		return injected && (e.Kind == machine.Secure || e.Kind == machine.Moved && e.To.Phase == Handshake)
	})
}

// CMD-21: every dialogue octet by octet and in random pieces: the same events. The
// one exception is a reply that came before its command, which in pieces comes
// behind it (SEQ-20).
func TestAnyCutGivesTheSameEvents(t *testing.T) {
	for seed, d := range dialogues(t) {
		_, want := d.events(t, -1, whole)
		if slices.ContainsFunc(want, func(e Event) bool { return e.Kind == machine.Faulted && e.Fault.ID == "unasked-reply" }) {
			continue
		}
		for name, hear := range map[string]feed{"octet by octet": octetwise, "in pieces": inPieces(uint64(seed))} {
			if _, got := d.events(t, -1, hear); !reflect.DeepEqual(settled(got), settled(want)) {
				t.Errorf("%s %s:\n%q\nwant\n%q", d.name, name, shown(got), shown(want))
			}
		}
	}
}

// SEQ-15, SEQ-21: whatever the server goes on to say, a run ends: with QUIT, or
// for a fault.
func TestEveryRunEnds(t *testing.T) {
	for _, d := range dialogues(t) {
		for _, line := range []string{"250 ok", "550 5.0.0 no", "334 ", "354 go", "235 ok", "421 closing", "nonsense"} {
			g, events := d.events(t, -1, whole)
			for range 20 {
				if g.State().Phase == Handshake {
					events = append(events, g.Step(machine.Input{Kind: machine.Secured})...)
				}
				events = append(events, g.hear(line+"\r\n")...)
			}
			said := shown(events)
			if g.State().Phase != Closed || len(said) == 0 || said[len(said)-1] != "closed" {
				t.Fatalf("%s, then %q: the phase is %s after %q", d.name, line, g.State().Phase, said)
			}
			if !slices.Contains(said, "C: QUIT") && g.Fault() == nil {
				t.Errorf("%s, then %q: neither QUIT nor a fault in %q", d.name, line, said)
			}
			a := audit{plan: plans[d.plan]()}
			a.follow(events)
			if len(a.faults) > 0 {
				t.Errorf("%s, then %q: %q", d.name, line, a.faults)
			}
		}
	}
}

// SEQ-21, SEQ-19, TLS-18: cut, silent or broken at each turn: the client ends,
// with a fault unless only the answer to QUIT was due, and nothing counts that
// did not before.
func TestEndingsAtEachTurn(t *testing.T) {
	for _, d := range dialogues(t) {
		for n := range len(d.turns) + 1 {
			for what, in := range map[string]machine.Input{
				"cut": {Kind: machine.PeerClosed}, "silent": {Kind: machine.Clock, Now: begin.Add(time.Hour)}, "no TLS": {Kind: machine.TLSFault, Reason: "tls-x"},
			} {
				g, _ := d.events(t, n, whole)
				before := g.State()
				if before.Phase == Closed {
					if events := g.Step(in); len(events) > 0 {
						t.Errorf("%s, turn %d, %s: %q after the end", d.name, n, what, shown(events))
					}
					continue
				}
				fault := g.Fault()
				events := g.Step(in)
				last := events[len(events)-1]
				if last.Kind != machine.Ended || g.State().Phase != Closed || slices.ContainsFunc(events, func(e Event) bool { return e.Kind == machine.Said }) {
					t.Errorf("%s, turn %d, %s: %q", d.name, n, what, shown(events))
				}
				quiet := what == "cut" && before.Phase == Quitting
				if (events[0].Kind == machine.Faulted) == quiet || fault != nil && g.Fault() != fault || !quiet && g.Fault() == nil {
					t.Errorf("%s, turn %d, %s: %q, the fault is %v", d.name, n, what, shown(events), g.Fault())
				}
				if s := g.State(); s.Authenticated != before.Authenticated || s.Delivered != before.Delivered {
					t.Errorf("%s, turn %d, %s: %+v", d.name, n, what, s)
				}
			}
		}
	}
}

// What cannot happen in a phase does nothing; octets during the handshake are
// an injection (TLS-06).
func TestWhatCannotHappen(t *testing.T) {
	for _, d := range dialogues(t) {
		for n := range len(d.turns) + 1 {
			for _, in := range []machine.Input{{Kind: machine.Connected}, {Kind: machine.Secured}, {Kind: machine.Octets}, {Kind: machine.Clock, Now: begin}, {Kind: "thunder"}} {
				g, _ := d.events(t, n, whole)
				before := g.State()
				if in.Kind == machine.Connected && before.Phase == Connecting || in.Kind == machine.Secured && before.Phase == Handshake {
					continue
				}
				if events := g.Step(in); len(events) > 0 || g.State() != before {
					t.Errorf("%s, turn %d, %s in phase %s: %q", d.name, n, in.Kind, before.Phase, shown(events))
				}
			}
		}
	}
	g := newGuest(t, careful())
	if events := g.hear("220 x\r\n"); len(events) > 0 || g.State().Phase != Connecting {
		t.Errorf("octets before the connection: %q", shown(events))
	}
}

// CMD-24, REP-08: a server that never ends a line or a reply makes no buffer
// grow.
func TestEndlessReplies(t *testing.T) {
	for _, piece := range []string{strings.Repeat("x", 1000), "220-" + strings.Repeat("x", 1000), strings.Repeat("220-x\r\n", 100)} {
		g := newGuest(t, careful())
		g.Step(machine.Input{Kind: machine.Connected})
		for range 200 {
			g.hear(piece)
			if kept := g.replies.Buffered(); kept > 100*512+12_300 {
				t.Fatalf("%d octets are kept", kept)
			}
		}
		g.hear("\r\n")
		if g.Fault() == nil || g.Fault().ID != "unreadable-reply" || g.State().Phase != Closed {
			t.Errorf("%.10q...: the fault is %v", piece, g.Fault())
		}
	}
}

// Every rule and every fault that a client names is one of RuleIDs and
// FaultIDs, of a mechanism or of TLS; and each of them is named by a dialogue.
func TestIDs(t *testing.T) {
	rules, faults := RuleIDs(), FaultIDs()
	mechanisms := []machine.RuleID{}
	for _, id := range sasl.RuleIDs() {
		mechanisms = append(mechanisms, machine.Rule(id, (&sasl.Error{Rule: id}).Section()))
	}
	for _, m := range sasl.Mechanisms() {
		mechanisms = append(mechanisms, machine.Rule(m.Rule, m.Section))
	}
	named := map[string]bool{}
	for _, d := range dialogues(t) {
		_, events := d.events(t, -1, whole)
		for _, e := range events {
			if e.Fault != nil {
				named[e.Fault.ID] = true
				if !slices.Contains(faults, e.Fault.ID) && !slices.Contains(sasl.Vocabulary().Reasons, e.Fault.ID) && !strings.HasPrefix(e.Fault.ID, "tls-") {
					t.Errorf("%s: %s is not among the faults", d.name, e.Fault.ID)
				}
				if !slices.Contains(AllWhose, e.Fault.Whose) || e.Rule != e.Fault.RuleID {
					t.Errorf("%s: the fault is %+v by %v", d.name, e.Fault, e.Rule)
				}
			}
			named[e.Rule.ID+e.Rule.Section] = true
			if e.Rule != (machine.RuleID{}) && !slices.Contains(rules, e.Rule) && !slices.Contains(mechanisms, e.Rule) {
				t.Errorf("%s: %v is not among the rules", d.name, e.Rule)
			}
			if e.Rule == (machine.RuleID{}) && (e.Kind == machine.Said || e.Kind == machine.Secure || e.Kind == machine.Departed) {
				t.Errorf("%s: no rule stands behind %s %q", d.name, e.Kind, e.Octets)
			}
		}
	}
	// These stand behind moves that nothing says aloud.
	for _, m := range Moves {
		if m.On == machine.OnConnect || m.On == machine.OnSecured || m.On == machine.OnClosed {
			named[m.ID+m.Section] = true
		}
	}
	for _, id := range rules {
		if !named[id.ID+id.Section] {
			t.Errorf("no dialogue meets %v", id)
		}
	}
	for _, id := range faults {
		if !named[id] {
			t.Errorf("no dialogue meets the fault %s", id)
		}
	}
}

// A fault is an error that one can match.
func TestFault(t *testing.T) {
	f := &Fault{ID: "timeout", Whose: Connection}
	if !f.Is(&Fault{ID: "timeout"}) || f.Is(&Fault{ID: "injected"}) || f.Is(sasl.ErrOutOfStep) || f.Error() != "client: timeout (connection)" {
		t.Errorf("%v", f)
	}
}

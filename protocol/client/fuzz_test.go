package client

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
)

// Whatever a server says: no panic, nothing that the audit forbids, an end when
// the server goes, and how the octets are cut does not matter. TLS comes up
// when the client asks for it.
func FuzzClient(f *testing.F) {
	names := slices.Sorted(maps.Keys(plans))
	for _, d := range dialogues(f) {
		octets := ""
		for _, turn := range d.turns {
			octets += turn.lines
		}
		if len(octets) < 2000 {
			f.Add(byte(slices.Index(names, d.plan)), []byte(octets), uint64(1))
		}
	}
	f.Fuzz(func(t *testing.T, plan byte, octets []byte, seed uint64) {
		made := plans[names[int(plan)%len(names)]]
		run := func(hear feed) []Event {
			g := newGuest(t, made())
			events := g.Step(machine.Input{Kind: machine.Connected})
			for line := range strings.SplitAfterSeq(string(octets), "\n") {
				events = append(events, hear(g, line)...)
				if g.State().Phase == Handshake {
					events = append(events, g.Step(machine.Input{Kind: machine.Secured})...)
				}
			}
			events = append(events, g.Step(machine.Input{Kind: machine.PeerClosed})...)
			if last := events[len(events)-1]; last.Kind != machine.Ended || g.State().Phase != Closed {
				t.Fatalf("%q ends with %s in phase %s", octets, last.Kind, g.State().Phase)
			}
			return events
		}
		events := run(whole)
		a := audit{plan: made()}
		a.follow(events)
		if len(a.faults) > 0 {
			t.Fatalf("%q: %q", octets, a.faults)
		}
		if again := run(inPieces(seed)); !reflect.DeepEqual(again, events) {
			t.Fatalf("%q cut otherwise:\n%q\nnot\n%q", octets, shown(again), shown(events))
		}
	})
}

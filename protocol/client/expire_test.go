package client

import (
	"testing"

	"example.org/smtpauth/protocol/machine"
)

// SEQ-19: whoever runs the client may have less patience than it has.
func TestExpire(t *testing.T) {
	g := newGuest(t, plans["clear, CRAM-MD5"]())
	g.Step(machine.Input{Kind: machine.Connected})
	events := g.Expire()
	if n := len(events); n == 0 || events[n-1].Kind != machine.Ended || g.Fault() == nil || g.Fault().ID != "timeout" {
		t.Errorf("%q, fault %v", shown(events), g.Fault())
	}
	if again := g.Expire(); again != nil {
		t.Errorf("again: %q", shown(again))
	}
}

// A session that came to its end is not spoilt by a server that does not
// answer QUIT.
func TestExpireBehindQUIT(t *testing.T) {
	g := newGuest(t, plans["clear, PLAIN at once"]())
	g.Step(machine.Input{Kind: machine.Connected})
	for _, reply := range []string{"220 x\r\n", "250-x\r\n250 AUTH PLAIN\r\n", "235 ok\r\n"} {
		g.hear(reply)
	}
	if g.State().Phase != Quitting {
		t.Fatalf("the phase is %s", g.State().Phase)
	}
	if events := g.Expire(); len(events) == 0 || g.Fault() != nil || g.State().Phase != Closed {
		t.Errorf("%q, fault %v", shown(events), g.Fault())
	}
}

package server

import (
	"reflect"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// REP-11: 421 may come at any time, and says why; nothing is left behind.
// IMP-02, TLS-04: where octets would belong to TLS nothing is said.
func TestStop(t *testing.T) {
	for _, phase := range Phases[:len(Phases)-1] {
		for why, o := range stops {
			h := at(t, phase)
			events := h.Stop(why)
			if n := len(events); n == 0 || events[n-1].Kind != machine.Ended || h.State().Phase != Closed {
				t.Errorf("%s, %s: %q, want the end", phase, why, shown(events))
			}
			said := replies(events)
			if phase == Handshake {
				if len(said) > 0 {
					t.Errorf("%s, %s: %q", phase, why, shown(events))
				}
			} else if len(said) != 1 || said[0].Code != 421 || !strings.HasSuffix(said[0].Lines[0], o.reply.Lines[0]) {
				t.Errorf("%s, %s: %q, want 421 %s", phase, why, shown(events), o.reply.Lines[0])
			}
			if h.message != nil || !reflect.ValueOf(h.exchange).IsZero() || !h.Envelope().Equal(Envelope{}) {
				t.Errorf("%s, %s: something is left", phase, why)
			}
			if again := h.Stop(why); again != nil {
				t.Errorf("%s, %s, again: %q", phase, why, shown(again))
			}
		}
	}
	if events := newHost(t, policies["submissions"]()).Stop(Crowded); len(replies(events)) > 0 || len(events) == 0 {
		t.Errorf("before TLS: %q", shown(events))
	}
	if h := at(t, Ready); h.Stop("thunder") != nil || h.State().Phase != Ready {
		t.Error("it stops for no reason that there is")
	}
}

// A store is made once for many servers.
func TestServersShareAStore(t *testing.T) {
	p := policies["clear"]()
	h := newHost(t, p)
	store, err := sasl.NewStore(&h.env, p.Accounts)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := NewWithStore(p, store, h.env)
		s.Step(machine.Input{Kind: machine.Connected})
		s.Step(machine.Input{Kind: machine.Octets, Octets: []byte("EHLO a\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n")})
		if s.State().Authcid != "tim" {
			t.Errorf("the state is %+v", s.State())
		}
	}
}

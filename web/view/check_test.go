package view

import (
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// withMechanism is the scenario of a mechanism, or the default one with it.
func withMechanism(t *testing.T, name string, changes ...func(*session.Setup)) ([]session.Frame, session.Setup) {
	t.Helper()
	sc, shows := scenario.Of(name)
	if !shows {
		changes = append([]func(*session.Setup){func(s *session.Setup) { scenario.SetMechanism(s, name) }}, changes...)
	}
	return ranFrames(t, sc.ID, changes...)
}

// The client's check of the server is told as such: whose it is, both values,
// and what is proved (RFC 5802 §3, RFC 2831 §2.1.3, RFC 4120 §3.2.5).
func TestClientChecksTheServer(t *testing.T) {
	tests := map[string]struct{ check, found, live string }{
		"scram-sha-256":  {"label.ServerSignature-check", "ui.check.server.stored", "ui.live.server.equal"},
		"scram-plus":     {"label.ServerSignature-check", "ui.check.server.stored", "ui.live.server.equal"},
		"digest-md5":     {"label.rspauth-check", "ui.check.server.stored", "ui.live.server.equal"},
		"digest-again":   {"label.rspauth-check", "ui.check.server.stored", "ui.live.server.equal"},
		"srp":            {"label.M2-check", "ui.check.server.stored", "ui.live.server.equal"},
		"gssapi":         {"label.ctime-check", "ui.check.server.service", "ui.live.server.equal"},
		"scram-impostor": {"label.ServerSignature-check", "ui.check.server.wrong", "ui.live.server.different"},
	}
	for id, want := range tests {
		s := tell(t, id)
		checks := 0
		for i, e := range s.Entries {
			if e.Kind != session.Check || e.Side != session.Client {
				continue
			}
			checks++
			v := e.Check
			if v == nil || v.Pair == nil || len(v.Pair.Rows) == 0 {
				t.Errorf("%s, frame %d: no values", id, i)
				continue
			}
			if v.Title.ID != "ui.did.check.client" || string(v.Pair.Check) != want.check || string(v.Found) != want.found {
				t.Errorf("%s: %s, %s, %s", id, v.Title.ID, v.Pair.Check, v.Found)
			}
			if got := s.Live(i).ID; got != want.live {
				t.Errorf("%s: %s", id, got)
			}
			if got := s.Next(i - 1).ID; got != "ui.next.check.client" {
				t.Errorf("%s: before it %s", id, got)
			}
		}
		if checks != 1 {
			t.Errorf("%s: the client checks %d times", id, checks)
		}
	}
}

// Every mechanism that says that the server proves itself lets the client check
// it, and the ending says so; no other does.
func TestMutualIsChecked(t *testing.T) {
	for _, mech := range sasl.Mechanisms() {
		frames, setup := withMechanism(t, mech.Name)
		s := Tell(frames)
		checks, said := 0, 0
		for _, e := range s.Entries {
			if e.Check != nil && e.Side == session.Client {
				checks++
			}
		}
		for _, w := range s.Ending(Both, setup).Proved {
			if w.ID == "ui.proved.server" || w.ID == "ui.proved.service" {
				said++
			}
		}
		if want := map[bool]int{true: 1}[mech.Facts.Mutual]; checks != want || said != want {
			t.Errorf("%s: the client checks %d times, the ending says so %d times, want %d", mech.Name, checks, said, want)
		}
	}
}

// A check hangs on the values that prove who somebody is, not on what is
// compared beside them.
func TestChecksHangOnTheProof(t *testing.T) {
	for id, want := range map[string]string{
		"gssapi": "label.principal-check", "ntlm": "label.NTProofStr-check", "scram-sha-256": "label.StoredKey-check", "srp": "label.M1-check",
	} {
		for _, e := range tell(t, id).Entries {
			if e.Check != nil && e.Side == session.Server && string(e.Check.Pair.Check) != want {
				t.Errorf("%s: %s, want %s", id, e.Check.Pair.Check, want)
			}
		}
	}
}

package session_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

func scenarioSetup(t *testing.T, id string, changes ...func(*session.Setup)) session.Setup {
	t.Helper()
	sc, found := scenario.ByID(id)
	if !found {
		t.Fatalf("no scenario %q", id)
	}
	made := sc.Setup()
	for _, change := range changes {
		change(&made)
	}
	return made
}

// heard is everything that somebody in the middle of TLS read, and the number
// of chunks on either leg.
func heard(s *session.Session) (text string, near, beyond int) {
	for _, f := range s.Frames() {
		for _, c := range f.Wire {
			text += string(c.Heard)
			if c.Beyond {
				beyond++
			} else if len(c.Records) > 0 {
				near++
			}
		}
	}
	return text, near, beyond
}

// CHB-05: somebody in the middle with a certificate that the client trusts
// reads a whole session with plain SCRAM; -PLUS stops it, whichever type binds.
func TestSomebodyInTheMiddle(t *testing.T) {
	plain := run(t, scenarioSetup(t, "scram-middle"))
	text, near, beyond := heard(plain)
	for _, want := range []string{"AUTH SCRAM-SHA-256\r\n", "235 2.7.0", "There ain't no such thing"} {
		if !strings.Contains(text, want) {
			t.Errorf("he does not read %q", want)
		}
	}
	if near == 0 || beyond == 0 {
		t.Errorf("%d chunks with TLS on his near side, %d on the far one", near, beyond)
	}
	for _, binding := range []string{"", "end-point"} {
		id := "scram-plus"
		if binding != "" {
			id += "-" + binding
		}
		s := run(t, scenarioSetup(t, id, func(s *session.Setup) { s.TLS.Middle = session.Middle{On: true, Trusted: true} }))
		frame, found := find(s, func(f session.Frame) bool { return f.Kind == session.Check })
		if !found || frame.Rule().ID != "CHB-05" || frame.Server[0].Holds {
			t.Errorf("%s: %+v", id, frame)
		}
		if text, _, _ := heard(s); strings.Contains(text, "235 ") || !strings.Contains(text, "535 5.7.8") {
			t.Errorf("%s: he reads %q", id, text)
		}
	}
}

// What the traces say that he knows is what he has read: each message, in the
// base64 that it came in.
func TestWhatIsKnownInTheMiddle(t *testing.T) {
	for _, id := range []string{"cram-md5", "plain", "scram-sha-256", "digest-md5", "ntlm", "srp", "gssapi", "oauthbearer"} {
		s := run(t, scenarioSetup(t, id, func(s *session.Setup) { s.TLS.Middle = session.Middle{On: true, Trusted: true} }))
		text, _, _ := heard(s)
		known := 0
		for _, f := range s.Frames() {
			for _, step := range f.Steps() {
				if step.Label != "response-base64" && step.Label != "challenge-base64" {
					continue
				}
				if step.Known&trace.Wire != 0 && step.Known&trace.Everybody != trace.Everybody { // constants apart
					t.Errorf("%s: a listener knows %q", id, step.Out)
				}
				if read := strings.Contains(text, step.Out.String()); len(step.Out.Octets) > 4 && read != (step.Known&trace.Middle != 0) {
					t.Errorf("%s: %s %q is read by him: %v", id, step.Label, step.Out, read)
				} else if read {
					known++
				}
			}
		}
		if known < 2 {
			t.Errorf("%s: he knows %d messages", id, known)
		}
		for _, f := range run(t, scenarioSetup(t, id)).Frames() {
			for _, step := range f.Steps() {
				if step.Known&trace.Middle != 0 {
					t.Errorf("%s: %s is known to somebody who is not there", id, step.Label)
				}
			}
		}
	}
}

// SID-01: a certificate of somebody whom nobody vouches for ends the handshake.
func TestAnUntrustedMiddle(t *testing.T) {
	s := run(t, scenarioSetup(t, "scram-middle", func(s *session.Setup) { s.TLS.Middle.Trusted = false }))
	frame, found := find(s, func(f session.Frame) bool { return f.Kind == session.Handshake })
	if !found || frame.TLSFailure == nil || frame.TLSFailure.ID != "unknown-authority" {
		t.Errorf("%+v", frame.TLSFailure)
	}
	if text, _, _ := heard(s); strings.Contains(text, "AUTH") {
		t.Errorf("he reads %q", text)
	}
}

// SCR-15, SCR-16: -PLUS taken out of the list is noticed, if the client tells
// that it would have used it.
func TestDowngrade(t *testing.T) {
	s := run(t, scenarioSetup(t, "scram-downgrade"))
	var lists [][]byte // of mechanisms, as the server says them
	for _, f := range s.Frames() {
		if bytes.Contains(f.Octets, []byte("AUTH SCRAM")) && f.Side == session.Server {
			lists = append(lists, f.Octets)
		}
	}
	if len(lists) != 1 || !bytes.Contains(lists[0], []byte("-PLUS")) {
		t.Errorf("the server lists %q", lists)
	}
	check, _ := find(s, func(f session.Frame) bool { return f.Kind == session.Check })
	if check.Rule().ID != "SCR-15" {
		t.Errorf("decided by %s", check.Rule().ID)
	}
	unaware := run(t, scenarioSetup(t, "scram-downgrade", func(s *session.Setup) { s.Client.Mechanisms = []string{"SCRAM-SHA-256"} }))
	if text, _, _ := heard(unaware); !strings.Contains(text, "235 2.7.0") {
		t.Error("a client that says n is refused")
	}
}

// With implicit TLS he is there before the greeting; nothing of him is left.
func TestTheMiddleLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	s := run(t, scenarioSetup(t, "scram-middle", func(s *session.Setup) { scenario.SetRole(s, "submissions") }))
	if text, _, _ := heard(s); !strings.HasPrefix(text, "220 ") || !strings.Contains(text, "235 2.7.0") {
		t.Errorf("he reads %q", text)
	}
	s.Close()
	for i := 0; runtime.NumGoroutine() > before && i < 100; i++ {
		time.Sleep(time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

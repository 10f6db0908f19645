package server

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
)

// RFC 5321 §4.2.5: a message is handed over before 250 says so, and refused where
// it could not be.
func TestDeliver(t *testing.T) {
	for _, test := range []struct {
		name, want string
		fails      error
	}{
		{"kept", "250 2.0.0 Message accepted as ", nil},
		{"not kept", "451 4.3.0 Local error, try again later", errors.New("the disk is full")},
	} {
		h := ready(t, "clear", "EHLO", "MAIL", "RCPT", "DATA")
		var handed *Message
		h.Deliver(func(m *Message) error {
			handed = m
			return test.fails
		})
		events := h.say("hi\r\n.\r\n")
		told := slices.ContainsFunc(events, func(e Event) bool { return e.Kind == machine.Accepted && e.Message == handed })
		said := events[len(events)-1]
		if handed == nil || !strings.HasSuffix(string(handed.Text), "\r\nhi\r\n") || told != (test.fails == nil) || !strings.HasPrefix(said.Reply.String(), test.want) {
			t.Errorf("%s: %v, accepted %t, %s", test.name, handed, told, said.Reply)
		}
		if h.State().Phase != Ready || len(h.Envelope().ForwardPaths) > 0 {
			t.Errorf("%s: %v, %v", test.name, h.State(), h.Envelope())
		}
	}
}

// A server's own words at any place, of any class, leave a server that goes on:
// what they refuse changes nothing (SEQ-05).
func TestOwnWordsOfAnyClass(t *testing.T) {
	lines := []string{"EHLO a", "HELO a", "EHLO a", "NOOP", "AUTH NOPE", "AUTH LOGIN", "dGlt", "dGlt", "AUTH PLAIN", "*", "AUTH PLAIN =", "*", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm", "AUTH LOGIN", "dGlt", "dGFuc3RhYWZ0YW5zdGFhZg==",
		"MAIL FROM:<tim@example.org>", "RCPT TO:<ursel@example.org>", "DATA", "hi", ".", "more", ".", "RSET", "VRFY tim", "HELP", "STARTTLS", "XYZZY", "QUIT"}
	for _, place := range Places() {
		for _, words := range []string{"220 x", "354 x", "334 eA==", "421 4.3.2 x", "451 4.3.0 x", "554 5.3.0 x", HangUp, "451 x\n" + HangUp} {
			p := policies["clear"]()
			p.Replies = map[Place]string{place: words}
			h := newHost(t, p)
			h.Step(machine.Input{Kind: machine.Connected})
			for _, line := range lines {
				was, envelope := h.State(), h.Envelope()
				for _, e := range h.say(line + "\r\n") {
					kept := h.State() == was && h.Envelope().Equal(envelope) || h.State().Phase == Closed
					if command := was.Phase != Exchange && was.Phase != Data; e.Kind == machine.Said && command && e.Reply.Class() >= 4 && !kept {
						t.Errorf("%s, %q: %q is refused, and %+v became %+v", place, words, line, was, h.State())
					}
				}
			}
		}
	}
}

package server

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/smtp"
)

// CMD-24, CMD-04, AUTH-26, DAT-08: a line of 200,000 octets in every phase: what
// is kept stays under the limit of the phase, one error is told, and the next
// line is read as ever.
func TestEndlessLines(t *testing.T) {
	for _, test := range []struct {
		phase Phase
		kept  int // octets
		code  int // of the one reply, 0: none
		next  string
		after int
	}{
		{Waiting, 0, 0, "", 0},
		{Greeted, longestMail, 500, "NOOP", 250},
		{Ready, longestMail, 500, "NOOP", 250},
		{Exchange, smtp.MaxAuthLine, 500, "NOOP", 250},
		{Handshake, 0, 0, "", 0},
		{Mail, longestMail, 500, "NOOP", 250},
		{Rcpt, longestMail, 500, "NOOP", 250},
		{Data, smtp.MaxTextLine + 1, 0, ".", 550},
	} {
		h := at(t, test.phase)
		state := h.State()
		for range 200 {
			if said := replies(h.say(strings.Repeat("x", 1000))); len(said) > 0 {
				t.Fatalf("%s: %v in the middle of a line", test.phase, said)
			}
			if kept := h.lines.Buffered(); kept > test.kept {
				t.Fatalf("%s: %d octets are kept, at most %d should be", test.phase, kept, test.kept)
			}
		}
		said := replies(h.say("\r\n"))
		switch {
		case test.code == 0 && len(said) > 0, test.code > 0 && (len(said) != 1 || said[0].Code != test.code):
			t.Errorf("%s: %v, want %d", test.phase, said, test.code)
		case test.phase != Exchange && h.State() != state:
			t.Errorf("%s: the state is %+v, was %+v", test.phase, h.State(), state)
		}
		if test.next != "" {
			if said := replies(h.say(test.next + "\r\n")); len(said) != 1 || said[0].Code != test.after {
				t.Errorf("%s, then %q: %v, want %d", test.phase, test.next, said, test.after)
			}
		}
	}
}

// CMD-24, DAT-09: of a message over the limit nothing is kept.
func TestEndlessMessage(t *testing.T) {
	h := ready(t, "small messages", "EHLO", "MAIL", "RCPT", "DATA")
	for range 10_000 {
		h.say(strings.Repeat("x", 70) + "\r\n")
		if n := cap(h.message.text); n > 1000 {
			t.Fatalf("%d octets are kept", n)
		}
	}
	if said := replies(h.say(".\r\n")); len(said) != 1 || said[0].Code != 552 {
		t.Errorf("%v, want 552", said)
	}
}

// CMD-04, AUTH-25: the limit is that of the phase in which a line is taken,
// wherever the octets are cut: a long response is not cut by the limit of a
// command, nor a command let through by that of a response.
func TestLimitFollowsPhase(t *testing.T) {
	response := strings.Repeat("AAAA", 3071) // 12,284 characters
	stream := "AUTH PLAIN\r\n" + response + "\r\nNOOP " + strings.Repeat("x", 506) + "\r\nNOOP " + strings.Repeat("x", 505) + "\r\n"
	want := []int{334, 535, 500, 250}
	for cut := range len(stream) {
		if around := stream[max(0, cut-2):min(len(stream), cut+3)]; !strings.ContainsAny(around, "\r\n") && cut%499 != 0 {
			continue // the middle of a line is all alike
		}
		h := at(t, Ready)
		said := append(replies(h.say(stream[:cut])), replies(h.say(stream[cut:]))...)
		for i := range want {
			if len(said) != len(want) || said[i].Code != want[i] {
				t.Fatalf("cut at %d: %v, want %d", cut, said, want)
			}
		}
	}
}

// SEQ-16: the limit is the policy's, but never under a hundred.
func TestRecipientLimit(t *testing.T) {
	for set, want := range map[int]int{0: 100, 5: 100, 150: 150} {
		if got := (Limits{Recipients: set}).recipients(); got != want {
			t.Errorf("Limits{Recipients: %d} lets %d pass, want %d", set, got, want)
		}
	}
}

// AUTH-36: two failures are always borne.
func TestAuthFailureLimit(t *testing.T) {
	for set, want := range map[int]int{0: 3, 1: 3, 5: 5} {
		if got := (Limits{AuthFailures: set}).authFailures(); got != want {
			t.Errorf("Limits{AuthFailures: %d} ends with failure %d, want %d", set, got, want)
		}
	}
}

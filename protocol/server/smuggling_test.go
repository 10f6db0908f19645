package server

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
)

// What may stand for a line end, at one receiver or another.
var lineEnds = []string{"\r\n", "\n", "\r", "\n\r", "\r\r\n", "\r\n\r", "\n\n", "\r\r", "\x00\r\n", "\r\x00\n", "\r\n\x00", " \r\n", "\x85", "\u2028", ""}

// DAT-06, CMD-02: of all ways to write the end of the data, with one line end or
// another before the dot and behind it, CR LF dot CR LF alone is one. A second
// message behind any other form is text of the first, which is refused where a
// CR or an LF stands alone in it.
func TestSmugglingForms(t *testing.T) {
	const second = "MAIL FROM:<evil@example.net>\r\nRCPT TO:<ursel@example.org>\r\nDATA\r\nsmuggled\r\n"
	forms := 0
	for _, before := range lineEnds {
		for _, behind := range lineEnds {
			if strings.HasSuffix(before, "\r\n") && strings.HasPrefix(behind, "\r\n") {
				continue // the end
			}
			forms++
			text := "Subject: x\r\n\r\ntext" + before + "." + behind + second
			h := ready(t, "clear", "EHLO", "MAIL", "RCPT", "DATA")
			events := h.say(text + ".\r\nNOOP\r\n")
			accepted := 0
			for _, e := range events {
				if e.Kind == machine.Accepted {
					accepted++
				}
			}
			code := 250
			if alone(text) {
				code = 550
			}
			said := replies(events)
			if len(said) != 2 || said[0].Code != code || said[1].Code != 250 || (code == 250) != (accepted == 1) || accepted > 1 {
				t.Errorf("%q dot %q: %v, %d messages accepted; want %d and the reply to NOOP", before, behind, said, accepted, code)
			}
		}
	}
	if forms < 200 {
		t.Errorf("%d forms", forms)
	}
}

// alone reports whether a CR or an LF stands without the other.
func alone(text string) bool {
	return strings.ContainsAny(strings.ReplaceAll(text, "\r\n", ""), "\r\n")
}

// TLS-05, TLS-06, TLS-12: whatever stands behind STARTTLS in clear text, cut
// anywhere, is dropped, and nothing of it is obeyed inside TLS.
func TestCommandsInjectedBehindSTARTTLS(t *testing.T) {
	for _, injected := range []string{
		"EHLO evil.example\r\n", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "MAIL FROM:<evil@example.net>\r\n", "RSET\r\n", "QUIT\r\n", "NOOP\r\n",
		"STARTTLS\r\n", "NOOP", "\r\n", "\n", "\x00", "EHLO evil.example\r\nMAIL FROM:<evil@example.net>\r\nRCPT TO:<ursel@example.org>\r\nDATA\r\nx\r\n.\r\n",
	} {
		wire := "STARTTLS\r\n" + injected
		for cut := range len(wire) + 1 {
			h := ready(t, "submission", "EHLO")
			said := replies(append(h.say(wire[:cut]), h.say(wire[cut:])...))
			if len(said) != 1 || said[0].Code != 220 || h.State().Phase != Handshake {
				t.Fatalf("%q, cut at %d: %v, %+v", injected, cut, said, h.State())
			}
			if more := replies(h.Step(machine.Input{Kind: machine.Secured})); len(more) > 0 {
				t.Fatalf("%q, cut at %d: TLS is up, and it says %v", injected, cut, more)
			}
			if s := h.State(); s.Phase != Greeted || s.Authcid != "" || s.Domain != "" || len(h.Envelope().ForwardPaths) > 0 {
				t.Fatalf("%q, cut at %d: inside TLS %+v, %+v", injected, cut, s, h.Envelope())
			}
			for _, line := range []string{"MAIL FROM:<tim@example.org>", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"} { // TLS-07: EHLO comes first
				if said := replies(h.say(line + "\r\n")); len(said) != 1 || said[0].Code != 503 {
					t.Fatalf("%q, cut at %d: %s inside TLS: %v", injected, cut, line, said)
				}
			}
		}
	}
}

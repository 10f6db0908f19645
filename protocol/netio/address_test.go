//go:build !js

package netio_test

import (
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/netio"
)

// An address has its sessions, and no more; of loopback only where that is asked.
func TestSessionsOfAnAddress(t *testing.T) {
	h := open(t, limits(netio.Limits{Address: 2}))
	first, second := call(t, h.plain), call(t, h.plain)
	first.hear("220 ")
	second.hear("220 ")
	third := call(t, h.plain)
	third.hear("421 ")
	third.end()
	first.ask("QUIT", "221 ")
	first.end()
	for deadline := time.Now().Add(5 * time.Second); ; { // the server may not have seen the end yet
		line, _ := call(t, h.plain).lines.ReadString('\n')
		if strings.HasPrefix(line, "220 ") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("heard %q when one had left", line)
		}
	}

	h = open(t)
	for range 70 {
		call(t, h.plain).hear("220 ")
	}
}

// Each refused log-in of an address makes it wait longer for the next refusal, in
// whichever session; one that succeeds waits for nothing.
func TestRefusedLogInsDelay(t *testing.T) {
	const delay = 200 * time.Millisecond
	h := open(t, limits(netio.Limits{Delay: delay}))
	for i, test := range []struct {
		secret string
		least  time.Duration
		want   string
	}{
		{"AHRpbQB3cm9uZw==", 0, "535 "}, {"AHRpbQB3cm9uZw==", delay, "535 "}, {"AHRpbQB3cm9uZw==", 2 * delay, "535 "}, {"AHRpbQB0YW5zdGFhZnRhbnN0YWFm", 0, "235 "},
	} {
		c := call(t, h.implicit)
		c.handshake()
		c.hear("220 ")
		c.ask("EHLO a.example", "250 ")
		begun := time.Now()
		c.ask("AUTH PLAIN "+test.secret, test.want)
		if took := time.Since(begun); took < test.least || test.want == "235 " && took > 3*delay {
			t.Errorf("log-in %d took %s, want at least %s", i+1, took, test.least)
		}
		c.ask("QUIT", "221 ")
	}
}

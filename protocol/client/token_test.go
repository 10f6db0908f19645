package client

import (
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// XOA-05, OAB-01, AUTH-18: a token goes along with AUTH while the line has room
// for it, up to 512 octets; a longer one waits for the challenge.
func TestTokensOfAnyLength(t *testing.T) {
	for _, mechanism := range []string{"XOAUTH2", "OAUTHBEARER"} {
		sent := map[bool]int{}
		for length := 200; length < 2000; length += 7 {
			p := careful()
			p.TLS, p.Mechanisms, p.Initial = Implicit, []string{mechanism}, true
			p.User.Token = sasl.Secret{Text: strings.Repeat("t", length)}
			c := New(p, sasl.Env{Now: func() time.Time { return begin }})
			events := c.Step(machine.Input{Kind: machine.Connected, Channel: sasl.Channel{TLS: true}})
			for _, reply := range []string{"220 x\r\n", "250-x\r\n250 AUTH XOAUTH2 OAUTHBEARER\r\n", "334 \r\n"} {
				for _, e := range events {
					if e.Kind == machine.Said && e.On == "AUTH" && len(e.Octets) > 512 {
						t.Fatalf("%s, a token of %d octets: a line of %d", mechanism, length, len(e.Octets))
					}
				}
				events = noted(t, c.Step(machine.Input{Kind: machine.Octets, Octets: []byte(reply)}))
				if reply[:3] == "250" {
					for _, e := range events {
						if e.Kind == machine.Said {
							sent[strings.Count(string(e.Octets), " ") == 2]++
						}
					}
				}
			}
			if last := said(events); len(last) == 0 || strings.Contains(last, "AUTH") {
				t.Fatalf("%s, a token of %d octets: %q after the challenge", mechanism, length, last)
			}
		}
		if sent[true] == 0 || sent[false] == 0 {
			t.Errorf("%s: %v", mechanism, sent)
		}
	}
}

// said is all that a client says in events.
func said(events []Event) (text string) {
	for _, e := range events {
		if e.Kind == machine.Said {
			text += string(e.Octets)
		}
	}
	return text
}

package server

import (
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// AUTH-27, AUTH-35 (RFC 4954 §4, §6; RFC 5321 §7.8): who runs a server may refuse
// right credentials by its own words. That is no departure, and nobody is
// authenticated after it.
func TestDeclinedByPolicy(t *testing.T) {
	for words, rule := range map[string]machine.RuleID{"535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.": refused.RuleID,
		"454 4.7.0 Too many login attempts": trouble.RuleID, "550 5.7.1 no": refused.RuleID} {
		p := Policy{Host: "h", BeforeTLS: []string{"PLAIN"}, RequireAuth: true, Replies: map[Place]string{"success": words},
			Accounts: []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "secret"}, Stored: sasl.Clear}}}
		s, err := New(p, sasl.Env{Rand: strings.NewReader(strings.Repeat("x", 100)), Now: func() time.Time { return time.Time{} }})
		if err != nil {
			t.Fatal(err)
		}
		s.Step(machine.Input{Kind: machine.Connected})
		said, judged := Event{}, false
		for _, line := range []string{"EHLO c", "AUTH PLAIN AHRpbQBzZWNyZXQ="} {
			for _, e := range s.Step(machine.Input{Kind: machine.Octets, Octets: []byte(line + "\r\n")}) {
				if e.Kind == machine.Said {
					said = e
				}
				judged = judged || e.Kind == machine.Checked && e.Holds
			}
		}
		if !judged || string(said.Octets) != words+"\r\n" || !said.Refused || said.Rule != rule || said.Asked != nil || len(said.Quirks) > 0 {
			t.Errorf("%s: %+v, judged %v", words, said, judged)
		}
		if s.State().Authcid != "" || s.State().Phase != Ready {
			t.Errorf("%s: %+v", words, s.State())
		}
		for _, e := range s.Step(machine.Input{Kind: machine.Octets, Octets: []byte("MAIL FROM:<>\r\n")}) {
			if e.Kind == machine.Said && e.Reply.Code != 530 {
				t.Errorf("%s: then MAIL gets %s", words, e.Octets)
			}
		}
	}
}

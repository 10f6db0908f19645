package server_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/protocol/trace"
)

// asked are commands that meet every table, in states that they change.
var asked = []string{
	"XYZZY", "AUTH PLAIN", "MAIL FROM:<tim@example.org>", "HELO client.example.net", "AUTH PLAIN AHRpbQBx",
	"EHLO client.example.net", "EHLO client.example.net", "", "DATA", "RCPT TO:<friend@example.net>", "AUTH", "AUTH NOPE",
	"auth plain =", "AUTH CRAM-MD5 =", "STARTTLS now", "MAIL FROM:<tim@example.org> AUTH=tim", "MAIL FROM:<>",
	"AUTH LOGIN", "*", "RCPT TO:<friend@example.net>", "VRFY", "RSET now", "NOOP", "HELP", "QUIT",
}

// The reply to a command tells the rules that were tried on it, as they ran: in
// every dialect, whose quirks have rules of their own.
func TestTried(t *testing.T) {
	dialects, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	ran, own := 0, map[string]bool{}
	for _, d := range dialects.Servers {
		for _, variant := range append(slices.Sorted(maps.Keys(d.Variants)), "") {
			policy, err := dialects.Policy(server.Policy{Host: "mail.example.org", Role: server.Submission, WithoutTLS: server.Legacy538,
				Extensions: []string{"STARTTLS"}, BeforeTLS: []string{"PLAIN", "LOGIN", "CRAM-MD5"}, AfterTLS: []string{"PLAIN"}, RequireAuth: true}, d.ID, variant)
			if err != nil {
				t.Fatal(err)
			}
			ran += tries(t, d.ID+"/"+variant, policy, own)
		}
	}
	if ran < 1000 || len(own) == 0 {
		t.Errorf("%d rules were tried, and a quirk's row came before the RFC's own in %d dialects", ran, len(own))
	}
}

// tries says the commands to a server and returns how many rules it tried. Own
// are those that refused by a row of a quirk before the RFC's own was tried.
func tries(t *testing.T, name string, policy server.Policy, own map[string]bool) (n int) {
	t.Helper()
	var ran []server.Test
	defer server.Trying(func(rule machine.RuleID, code int) { ran = append(ran, server.Test{RuleID: rule, Code: code}) })()
	env := sasl.Env{Rand: strings.NewReader(strings.Repeat("random", 10_000)), Now: func() time.Time { return time.Time{} }, Trace: trace.NewRecorder(trace.Server)}
	s, err := server.New(policy, env)
	if err != nil {
		t.Fatal(err)
	}
	s.Step(machine.Input{Kind: machine.Connected})
	for _, line := range asked {
		ran = nil
		command := s.State().Phase != server.Exchange
		for _, e := range s.Step(machine.Input{Kind: machine.Octets, Octets: []byte(line + "\r\n")}) {
			if e.Kind != machine.Said || !command || e.Reply.Code == 421 {
				continue
			}
			if len(e.Tried) == 0 || len(e.Tried) > len(ran) {
				t.Errorf("%s, %q: %d rules are told, %d ran", name, line, len(e.Tried), len(ran))
				continue
			}
			for i, rule := range e.Tried {
				if rule.Every = false; rule != ran[i] {
					t.Errorf("%s, %q, test %d: told %v, ran %v", name, line, i+1, rule, ran[i])
				}
			}
			n += len(e.Tried)
			last := e.Tried[len(e.Tried)-1]
			if e.Refused && e.On != string(smtp.AUTH) && last.RuleID != e.Rule {
				t.Errorf("%s, %q: %v refused, last tried was %v", name, line, e.Rule, last.RuleID)
			}
			if policy.Quirks.Has(quirk.AuthAsListed) && e.Rule.ID == "AUTH-06" {
				own[name] = true
				if slices.ContainsFunc(e.Tried, func(r server.Test) bool { return r.ID == "AUTH-10" }) {
					t.Errorf("%s, %q: AUTH-10 is told, which was not tried", name, line)
				}
			}
		}
	}
	return n
}

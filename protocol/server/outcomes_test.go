package server

import (
	"errors"
	"fmt"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// broken is a source of randomness that is out of order.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

// AUTH outcomes at a glance, with the state that each leaves behind. 534
// (AUTH-32) has no cause here: no account forbids a mechanism.
var outcomeTable = []struct {
	situation string
	rule      string
	policy    string
	given     []string
	lines     []string // the last one gets the reply
	code      int
	enhanced  string
	after     string // "before": as before the first line
}{
	{"success", "AUTH-28", "clear", []string{"EHLO"}, []string{"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"}, 235, "2.7.0", "authenticated"},
	{"more data wanted", "REP-17", "clear", []string{"EHLO"}, []string{"AUTH LOGIN"}, 334, "", "exchange"},
	{"cancelled", "AUTH-21", "clear", []string{"EHLO"}, []string{"AUTH LOGIN", "*"}, 501, "5.7.0", "before"},
	{"not base64", "AUTH-22", "clear", []string{"EHLO"}, []string{"AUTH LOGIN", "!"}, 501, "5.5.2", "before"},
	{"not base64, at once", "AUTH-22", "clear", []string{"EHLO"}, []string{"AUTH LOGIN !"}, 501, "5.5.2", "before"},
	{"no mechanism", "AUTH-07", "clear", []string{"EHLO"}, []string{"AUTH"}, 501, "5.5.4", "before"},
	{"too many arguments", "AUTH-08", "clear", []string{"EHLO"}, []string{"AUTH PLAIN x y"}, 501, "5.5.4", "before"},
	{"initial response, server first", "AUTH-16", "clear", []string{"EHLO"}, []string{"AUTH CRAM-MD5 dGlt"}, 501, "5.7.0", "before"},
	{"mechanism unknown", "AUTH-09", "clear", []string{"EHLO"}, []string{"AUTH FOOBAR"}, 504, "5.5.4", "before"},
	{"mechanism needs encryption", "AUTH-33", "clear, CRAM-MD5 only, 504", []string{"EHLO"}, []string{"AUTH PLAIN"}, 504, "5.5.4", "before"},
	{"needs encryption, historic", "AUTH-33", "clear, CRAM-MD5 only, 538", []string{"EHLO"}, []string{"AUTH PLAIN"}, 538, "5.7.11", "before"},
	{"already authenticated", "AUTH-10", "clear", []string{"EHLO", "tim"}, []string{"AUTH PLAIN"}, 503, "5.5.1", "before"},
	{"in a transaction", "AUTH-11", "clear", []string{"EHLO", "MAIL"}, []string{"AUTH PLAIN"}, 503, "5.5.1", "before"},
	{"with a recipient", "AUTH-11", "clear", []string{"EHLO", "MAIL", "RCPT"}, []string{"AUTH PLAIN"}, 503, "5.5.1", "before"},
	{"before EHLO", "AUTH-05", "clear", nil, []string{"AUTH PLAIN"}, 503, "5.5.1", "before"},
	{"not offered", "AUTH-06", "submission", []string{"EHLO"}, []string{"AUTH PLAIN"}, 503, "5.5.1", "before"},
	{"TLS demanded", "TLS-16", "submission, TLS wanted", []string{"EHLO"}, []string{"AUTH PLAIN"}, 530, "5.7.0", "before"},
	{"line over the buffer", "AUTH-26", "clear", []string{"EHLO"}, []string{"AUTH LOGIN", fmt.Sprintf("%012288d", 0)}, 500, "5.5.6", "before"},
	{"wrong credentials", "AUTH-27", "clear", []string{"EHLO"}, []string{"AUTH PLAIN", "AHRpbQB3cm9uZw=="}, 535, "5.7.8", "before"},
	{"wrong credentials, at once", "AUTH-27", "clear", []string{"EHLO"}, []string{"AUTH PLAIN AHRpbQB3cm9uZw=="}, 535, "5.7.8", "before"},
	{"authzid not allowed", "AUTH-27", "clear", []string{"EHLO"}, []string{"AUTH PLAIN Ym9zcwB0aW0AdGFuc3RhYWZ0YW5zdGFhZg=="}, 535, "5.7.8", "before"},
	{"malformed message", "AUTH-27", "clear", []string{"EHLO"}, []string{"AUTH PLAIN dGlt"}, 535, "5.7.8", "before"},
	{"password transition needed", "AUTH-31", "clear, RFC 2195", []string{"EHLO"},
		[]string{"AUTH CRAM-MD5", "dXJzZWwgOTJiOGE2NDFjNDg0YTE2YjViNzMyNjllYWQzMTIzZjQ="}, 432, "4.7.12", "before"},
	{"temporary trouble", "AUTH-30", "trouble", []string{"EHLO"}, []string{"AUTH CRAM-MD5"}, 454, "4.7.0", "before"},
	{"another command needs authentication", "AUTH-34", "clear, authentication wanted", []string{"EHLO"}, []string{"MAIL FROM:<>"}, 530, "5.7.0", "before"},
	{"too many failures", "AUTH-36", "clear", []string{"EHLO"},
		[]string{"AUTH PLAIN dGlt", "AUTH PLAIN dGlt", "AUTH PLAIN dGlt"}, 421, "4.7.0", "closed"},
	{"too many failures, inside the exchange", "AUTH-36", "clear", []string{"EHLO"},
		[]string{"AUTH PLAIN dGlt", "AUTH PLAIN dGlt", "AUTH PLAIN", "dGlt"}, 421, "4.7.0", "closed"},
}

// ENH-06: the rows one by one.
func TestOutcomes(t *testing.T) {
	for _, row := range outcomeTable {
		t.Run(row.situation, func(t *testing.T) {
			var h *host
			if row.policy == "trouble" {
				p := clearPolicy()
				p.Accounts = p.Accounts[:1] // no salt is needed
				h = newHostWith(t, p, sasl.Env{Rand: broken{}})
				h.Step(machine.Input{Kind: machine.Connected})
				h.say("EHLO client.example.org\r\n")
			} else {
				h = ready(t, row.policy, row.given...)
			}
			state, envelope := h.State(), h.Envelope()
			var last []Event
			for _, line := range row.lines {
				last = h.say(line + "\r\n")
			}
			var said *Event
			for i := range last {
				if last[i].Kind == machine.Said {
					said = &last[i]
				}
			}
			if said == nil || said.Reply.Code != row.code || said.Reply.Enhanced.String() != row.enhanced || said.Rule.ID != row.rule {
				t.Fatalf("Step(%q) = %+v, want %d %s by %s", row.lines[len(row.lines)-1], said, row.code, row.enhanced, row.rule)
			}
			if refused := row.code >= 400; said.Refused != refused {
				t.Errorf("Refused is %t", said.Refused)
			}
			switch row.after {
			case "before":
			case "authenticated":
				state.Authcid, state.Authzid = "tim", "tim"
			case "exchange":
				state.Phase, state.Mechanism = Exchange, "LOGIN"
			case "closed":
				state.Phase, envelope = Closed, Envelope{}
			}
			if h.State() != state || !h.Envelope().Equal(envelope) {
				t.Errorf("the state is %+v %+v, want %+v %+v", h.State(), h.Envelope(), state, envelope)
			}
		})
	}
}

// AUTH-35: after each outcome but success and the end, AUTH can be tried again.
func TestAuthAgain(t *testing.T) {
	for _, row := range outcomeTable {
		if row.after != "before" || row.policy != "clear" || len(row.given) != 1 {
			continue
		}
		h := ready(t, row.policy, row.given...)
		for _, line := range row.lines {
			h.say(line + "\r\n")
		}
		if said := replies(h.say("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n")); len(said) != 1 || said[0].Code != 235 {
			t.Errorf("after %q: %v, want 235", row.situation, said)
		}
	}
}

// AUTH-27, SAS-07: the replies to a wrong password and to an unknown name are
// the same octets, in every mechanism and for every way of storing.
func TestRefusalsLookAlike(t *testing.T) {
	for _, exchange := range [][]string{
		{"AUTH PLAIN AHRpbQB3cm9uZw==", "AUTH PLAIN AHRvbQB3cm9uZw=="}, // tim, tom
		{"AUTH PLAIN AHVyc2VsAHdyb25n", "AUTH PLAIN AHRvbQB3cm9uZw=="}, // ursel, tom
		{"AUTH LOGIN dGlt\r\nd3Jvbmc=", "AUTH LOGIN dG9t\r\nd3Jvbmc="}, // tim, tom
		{"AUTH CRAM-MD5\r\ndGltIGRmNjE1NmE5ZjVmNmJhMWE5NzYyMzM3MzM0Mzg1YzJl", // tim
			"AUTH CRAM-MD5\r\ndG9tIGRmNjE1NmE5ZjVmNmJhMWE5NzYyMzM3MzM0Mzg1YzJl"}, // tom
	} {
		var said [2]string
		for i, lines := range exchange {
			for _, e := range ready(t, "clear, RFC 2195", "EHLO").say(lines + "\r\n") {
				said[i] += string(e.Octets)
			}
		}
		if said[0] != said[1] || said[0] == "" {
			t.Errorf("%q: %q and %q", exchange, said[0], said[1])
		}
	}
}

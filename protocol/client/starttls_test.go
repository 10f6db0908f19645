package client

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
)

// The published attacks on STARTTLS (NO STARTTLS, USENIX Security 2021), as far
// as a server, or whoever stands between, can make them to a client that was
// told to use TLS.

// anyAnswers are what a server, or whoever plays it, may answer to any command.
func anyAnswers() []string {
	list := []string{"", "x\r\n", "\r\n", "220\r\n", "220-\r\n", "2200 x\r\n", "99 x\r\n", "250-x\r\n220 x\r\n", "220 x\n", "220 x\r", "220 \x00\r\n", "\x16\x03\x01\x00\x05hello"}
	for _, code := range []int{199, 211, 214, 220, 221, 235, 250, 251, 252, 299, 334, 354, 399, 421, 432, 450, 451, 452, 454, 455, 499,
		500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556, 599, 600, 999} {
		list = append(list, fmt.Sprintf("%d x\r\n", code), fmt.Sprintf("%d-x\r\n%d x\r\n", code, code))
	}
	return list
}

// lists are replies to EHLO: with STARTTLS and without, whole and malformed.
func lists() []string {
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("ODD_%d", i)
	}
	var all []string
	for _, tls := range []string{"250-STARTTLS\r\n", "250-starttls\r\n", "250-STARTTLS now\r\n", "250-XSTARTTLS\r\n", "250- STARTTLS\r\n", "250-START TLS\r\n", "250-\r\n250-STARTTLS\r\n", "250-START\x00TLS\r\n", ""} {
		for _, auth := range []string{"250 AUTH PLAIN LOGIN CRAM-MD5\r\n", "250 AUTH=PLAIN\r\n", "250 AUTH " + strings.Join(many, " ") + " PLAIN\r\n", "250 AUTH\r\n", "250 \r\n", "250 AUTH PLAIN\n"} {
			all = append(all, "250-x\r\n"+tls+auth)
		}
	}
	return all
}

// A reached is how far a client came with a server.
type reached struct {
	clear    string // what it said in clear text
	inside   string // and inside TLS
	fault    string
	shook    bool // TLS began
	credible bool // it holds itself authenticated or the message delivered
}

// against lets a client that insists on TLS meet a server that says these
// replies in turn; the handshake comes about wherever it is asked for, and the
// replies behind it are said inside.
func against(t *testing.T, p Plan, replies ...string) (r reached) {
	t.Helper()
	c := New(p, sasl.Env{Now: func() time.Time { return begin }})
	handle := func(events []Event) (secure bool) {
		for _, e := range noted(t, events) {
			switch e.Kind {
			case machine.Said:
				if c.State().TLS && r.shook {
					r.inside += string(e.Octets)
				} else {
					r.clear += string(e.Octets)
				}
			case machine.Secure:
				secure = true
			case machine.Faulted:
				r.fault = e.Fault.ID
			}
		}
		return secure
	}
	handle(c.Step(machine.Input{Kind: machine.Connected}))
	for _, reply := range replies {
		if c.State().Phase == Closed {
			break
		}
		if secure := handle(c.Step(machine.Input{Kind: machine.Octets, Octets: []byte(reply)})); secure && c.State().Phase == Handshake {
			r.shook = true
			handle(c.Step(machine.Input{Kind: machine.Secured, Channel: sasl.Channel{TLS: true}}))
		}
	}
	s := c.State()
	r.credible = s.Authenticated || s.Delivered
	return r
}

func secretive(t *testing.T, about string, r reached) {
	t.Helper()
	for _, word := range []string{"AUTH", "MAIL", "RCPT", "DATA", "tanstaaf", "dGltAHRhbnN0YWFm", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"} {
		if strings.Contains(strings.ToUpper(r.clear), strings.ToUpper(word)) {
			t.Errorf("%s: %q in clear text", about, r.clear)
			return
		}
	}
	for line := range strings.Lines(r.clear) {
		if verb, _, _ := strings.Cut(strings.TrimSpace(line), " "); !slices.Contains([]string{"EHLO", "HELO", "STARTTLS", "QUIT", "NOOP", "RSET"}, verb) {
			t.Errorf("%s: it says %q in clear text", about, line)
		}
	}
}

// determined are plans of a client that was told to use TLS.
func determined() []Plan {
	var plans []Plan
	for _, change := range []func(*Plan){
		func(*Plan) {},
		func(p *Plan) { p.Initial, p.Mechanisms = true, []string{"PLAIN"} },
		func(p *Plan) { p.Insist, p.InClear = true, true },
		func(p *Plan) { p.When, p.Mail = OnDemand, mailing().Mail },
	} {
		p := careful()
		change(&p)
		plans = append(plans, p)
	}
	return plans
}

// TLS-20, TLS-11, TLS-12, AUTH-38, REP-01, REP-15: a matrix of answers to each
// command before TLS. No AUTH, no mail and no password in clear text, whatever
// comes.
func TestNothingInClearText(t *testing.T) {
	const greeting, list = "220 x\r\n", "250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN CRAM-MD5\r\n"
	tried, shaken := 0, 0
	for n, p := range determined() {
		check := func(replies ...string) {
			r := against(t, p, append(replies, "235 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 ok\r\n", "221 bye\r\n")...)
			secretive(t, fmt.Sprintf("plan %d, %q", n, replies), r)
			if r.credible && !r.shook {
				t.Errorf("plan %d, %q: it believes to be authenticated in clear text", n, replies)
			}
			tried++
			if r.shook {
				shaken++
			}
		}
		for _, answer := range anyAnswers() {
			check(answer)
			check(greeting, answer)
			check(greeting, answer, answer)
			check(greeting, list, answer)
			check(greeting, list, answer, answer)
		}
		for _, stripped := range lists() {
			check(greeting, stripped)
			for _, answer := range []string{"220 go\r\n", "454 no\r\n", "502 no\r\n", "354 no\r\n", "235 ok\r\n", ""} {
				check(greeting, stripped, answer)
			}
		}
	}
	if tried < 2000 || shaken == 0 || shaken == tried {
		t.Errorf("%d tried, TLS began in %d", tried, shaken)
	}
}

// TLS-06: replies injected in clear text behind 220, cut anywhere, are no
// replies inside TLS: the client gives up, or never saw them.
func TestRepliesInjectedBehind220(t *testing.T) {
	for _, injected := range []string{
		"250-x\r\n250 AUTH PLAIN\r\n", "250 x\r\n", "235 ok\r\n", "334 \r\n", "220 again\r\n", "2", "\r\n", "421 bye\r\n", "\x16\x03\x03\x00\x7a",
		"250-evil\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n",
	} {
		for n, p := range determined() {
			r := against(t, p, "220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n"+injected)
			secretive(t, fmt.Sprintf("plan %d, %q", n, injected), r)
			if r.shook || r.fault != "injected" || r.credible {
				t.Errorf("plan %d, %q behind 220: %+v", n, injected, r)
			}
		}
	}
}

// TLS-10, TLS-07: what was listed in clear text counts for nothing inside TLS.
func TestListsBeforeTLSAreForgotten(t *testing.T) {
	p := careful()
	r := against(t, p, "220 x\r\n", "250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n", "220 go\r\n", "250-x\r\n250 SIZE 1\r\n", "221 bye\r\n")
	if !r.shook || r.fault != "auth-not-offered" || strings.Contains(r.inside, "AUTH") {
		t.Errorf("%+v", r)
	}
}

// AUTH-38, AUTH-39: of 60 mechanisms the one that is known is found, and a list
// of 60 unknown ones is none.
func TestSixtyMechanisms(t *testing.T) {
	for _, l := range lists() {
		if !strings.Contains(l, "ODD_59") || !strings.Contains(l, "250-STARTTLS\r\n") {
			continue
		}
		r := against(t, careful(), "220 x\r\n", l, "220 go\r\n", l)
		if !strings.Contains(r.inside, "AUTH PLAIN") {
			t.Errorf("%.60q: %+v", l, r)
		}
		r = against(t, careful(), "220 x\r\n", l, "220 go\r\n", strings.Replace(l, " PLAIN", "", 1), "221 bye\r\n")
		if strings.Contains(r.inside, "AUTH") || r.fault == "" {
			t.Errorf("without the one that is known: %+v", r)
		}
	}
}

package server

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/smtp"
)

// refused lines, for every row that may refuse one, in whatever state.
var lines = []string{
	strings.Repeat("x", 511), "MAIL FROM:<tim@example.org>" + strings.Repeat(" ", 1037), "MAIL FROM:<tim@example.org>" + strings.Repeat(" ", 5000),
	"NOOP\nNOOP", "", "NO\x00OP", "XYZZY", "EXPN list", "BDAT 5 LAST", "HELP", "NOOP",
	"EHLO", "EHLO a_b", "HELO", "VRFY", "VRFY tim", "DATA", "DATA x", "RSET x", "QUIT x", "STARTTLS x",
	"AUTH", "AUTH PLAIN x y", "AUTH FOOBAR", "AUTH PLAIN !", "AUTH CRAM-MD5 dGlt", "AUTH LOGIN !", "AUTH CRAM-MD5 =",
	"MAIL", "MAIL FROM:tim@example.org", "MAIL FROM:<u..v@example.org>", "MAIL FROM:<ü@example.org>",
	"MAIL FROM:<tim@example.org> FOO=1", "MAIL FROM:<tim@example.org> SIZE=1 SIZE=1", "MAIL FROM:<tim@example.org> SIZE=x",
	"MAIL FROM:<tim@example.org> SIZE=99999999999999999999", "MAIL FROM:<tim@example.org> BODY=9BIT", "MAIL FROM:<tim@example.org> SMTPUTF8=1",
	"MAIL FROM:<tim@example.org> AUTH=x", "MAIL FROM:<boss@example.org>", "MAIL FROM:<tim@example.org>",
	"RCPT", "RCPT TO:ursel@example.org", "RCPT TO:<>", "RCPT TO:<ü@example.org>", "RCPT TO:<ursel@example.org> FOO=1",
	"RCPT TO:<ursel@example.com>", "RCPT TO:<ursel@example.org>", "STARTTLS", "AUTH PLAIN",
}

// SEQ-05, AUTH-35, CMD-10: whatever refuses a command, in whatever state: the
// state and the envelope are as before. Every row of the tables is met.
func TestRefusedChangesNothing(t *testing.T) {
	met := map[*Rule]bool{}
	try := func(policy Policy, given ...string) {
		policy.Accounts, policy.Limits.Errors = policy.Accounts[:1], 1<<30
		var h *host
		for _, line := range lines {
			if h == nil {
				h = newHost(t, policy)
				lead(t, h, "refused", given, whole)
			}
			state, envelope := h.State(), h.Envelope()
			row := refusedBy(h, line)
			events := h.say(line + "\r\n")
			said := replies(events)
			if len(said) != 1 {
				t.Fatalf("%v, %.80q: %v, want one reply", given, line, said)
			}
			if row != nil {
				met[row] = true
				if e := events[len(events)-1]; !e.Refused || e.Rule != row.RuleID || e.Reply.Code != row.Reply.Code {
					t.Errorf("%v, %.80q: %s by %v, want %v", given, line, e.Octets, e.Rule, row.RuleID)
				}
			}
			if said[0].Class() < 4 {
				h = nil // it was obeyed
			} else if h.State() != state || !h.Envelope().Equal(envelope) {
				t.Fatalf("%v, %.80q: %v leaves %+v %+v, was %+v %+v", given, line, said[0], h.State(), h.Envelope(), state, envelope)
			}
		}
	}
	for _, name := range []string{"clear", "clear, authentication wanted", "clear, CRAM-MD5 only, 504", "clear, CRAM-MD5 only, 538",
		"submission", "bare"} {
		for _, given := range [][]string{nil, {"EHLO"}, {"HELO"}} {
			try(policies[name](), given...)
		}
	}
	try(policies["submission, TLS wanted"]())
	try(policies["submission, TLS wanted"](), "EHLO")
	for _, name := range []string{"clear", "submission", "relay"} {
		for _, given := range [][]string{{"EHLO", "hidden"}, {"EHLO", "TLS"}, {"EHLO", "TLS", "tim"}, {"EHLO", "TLS", "tim", "MAIL"}, {"EHLO", "TLS", "tim", "MAIL", "RCPT"}} {
			try(policies[name](), given...)
		}
	}
	for _, given := range [][]string{{"EHLO", "MAIL"}, {"EHLO", "MAIL", "RCPT"}, {"HELO", "MAIL"}, {"EHLO", "tim", "MAIL"}} {
		try(clearPolicy(), given...)
	}
	try(policies["clear, anybody"](), "EHLO", "nobody", "MAIL")
	fullHouse(t, met)
	for _, table := range append(tables(), before) {
		for i := range table {
			if !met[&table[i]] {
				t.Errorf("no line was refused by %s %d %q", table[i].ID, table[i].Reply.Code, table[i].Reply.Lines)
			}
		}
	}
}

func tables() (all [][]Rule) {
	for _, table := range refusals {
		all = append(all, table)
	}
	return all
}

// fullHouse is SEQ-16: the row that wants a hundred recipients first.
func fullHouse(t *testing.T, met map[*Rule]bool) {
	h := ready(t, "clear", "EHLO", "MAIL")
	for i := range 100 {
		if said := replies(h.say(fmt.Sprintf("RCPT TO:<u%d@example.org>\r\n", i))); said[0].Code != 250 {
			t.Fatalf("recipient %d: %v", i, said)
		}
	}
	const line = "RCPT TO:<one-more@example.org>"
	met[refusedBy(h, line)] = true
	envelope := h.Envelope()
	if said := replies(h.say(line + "\r\n")); said[0].Code != 452 || said[0].Enhanced != (smtp.EnhancedCode{4, 5, 3}) {
		t.Errorf("the 101st recipient: %v, want 452 4.5.3", said)
	}
	if !h.Envelope().Equal(envelope) || len(envelope.ForwardPaths) != 100 {
		t.Errorf("%d recipients are left", len(h.Envelope().ForwardPaths))
	}
}

// refusedBy is the row that will refuse line.
func refusedBy(h *host, line string) *Rule {
	var r smtp.LineReader
	r.Feed([]byte(line + "\r\n"))
	l, _ := r.Next(h.lineLimit())
	var q query
	h.query(&q, l, h.policy)
	rule, _ := refusal(&q)
	return rule

}

// events lets all turns of a dialogue happen and returns what followed.
func (d *dialogue) events(t testing.TB, say feed) []Event {
	t.Helper()
	h, events := d.open(t, say)
	for _, turn := range d.turns {
		events = append(events, d.do(t, h, turn, say)...)
	}
	return events
}

// octetwise says octets one by one.
func octetwise(h *host, octets string) (events []Event) {
	for i := range len(octets) {
		events = append(events, h.say(octets[i:i+1])...)
	}
	return events
}

// inPieces says octets in pieces of 0 to 40.
func inPieces(seed uint64) feed {
	rnd := rand.New(rand.NewPCG(seed, 0))
	return func(h *host, octets string) (events []Event) {
		for octets != "" {
			n := min(rnd.IntN(41), len(octets))
			events = append(events, h.say(octets[:n])...)
			octets = octets[n:]
		}
		return events
	}
}

// mended joins what was thrown away piece by piece.
func mended(events []Event) (list []Event) {
	for _, e := range events {
		if n := len(list) - 1; n >= 0 && e.Kind == machine.Dropped && list[n].Kind == machine.Dropped {
			list[n].Line = slices.Concat(list[n].Line, e.Line)
			continue
		}
		list = append(list, e)
	}
	return list
}

// CMD-21: every dialogue octet by octet and in random pieces: the same events.
func TestAnyCutGivesTheSameEvents(t *testing.T) {
	for seed, d := range dialogues(t) {
		want := mended(d.events(t, whole))
		for name, say := range map[string]feed{"octet by octet": octetwise, "in pieces": inPieces(uint64(seed))} {
			if got := mended(d.events(t, say)); !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s:\n%q\nwant\n%q", d.name, name, shown(got), shown(want))
			}
		}
	}
}

// CMD-22, DAT-10: each command gets one reply, each AUTH response one, a
// message one at its end; TLS and the end of the connection none.
func TestOneReplyEach(t *testing.T) {
	lines := 0
	one := func(h *host, octets string) (events []Event) {
		for line := range strings.SplitAfterSeq(octets, "\r\n") {
			phase := h.State().Phase
			want := 1
			if !strings.HasSuffix(line, "\r\n") || phase == Handshake || phase == Closed || phase == Data && line != ".\r\n" {
				want = 0
			}
			followed := h.say(line)
			if got := len(replies(followed)); got != want {
				t.Errorf("%.80q in phase %s: %d replies, want %d", line, phase, got, want)
			}
			lines++
			events = append(events, followed...)
		}
		return events
	}
	for _, d := range dialogues(t) {
		d.events(t, one)
	}
	if lines < 500 {
		t.Errorf("%d lines", lines)
	}
}

var (
	replyLine = regexp.MustCompile(`^([2-5][0-9][0-9])([- ])([\t -~]*)\r\n$`)
	enhanced  = regexp.MustCompile(`^([245])\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2}) `)
	spelled   = regexp.MustCompile(`^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`)
)

// faults are what is wrong with the form of one reply to command ("" for the
// greeting and for what answers no command), where enhanced codes are listed
// or not.
func faults(octets []byte, command string, listed bool) (list []string) {
	fault := func(rule string) { list = append(list, fmt.Sprintf("%s: %q", rule, octets)) }
	parts := bytes.SplitAfter(octets, []byte("\r\n"))
	parts = parts[:len(parts)-1]
	if len(parts) == 0 || !bytes.HasSuffix(octets, []byte("\r\n")) {
		fault("REP-01")
		return list
	}
	first := replyLine.FindSubmatch(parts[0])
	asked, _ := smtp.ParseCommand([]byte(command))
	verb := asked.Verb
	for i, part := range parts {
		m := replyLine.FindSubmatch(part)
		switch {
		case m == nil:
			fault("REP-01, REP-03, REP-04")
			return list
		case string(m[1]) != string(first[1]), (string(m[2]) == " ") != (i == len(parts)-1):
			fault("REP-02")
		case len(part) > smtp.MaxReplyLine && string(m[1]) != "334":
			fault("REP-01")
		}
		code, text := string(m[1]), m[3]
		status := enhanced.FindSubmatch(text)
		none := code[0] == '3' || code == "220" && verb == "" || verb == smtp.EHLO || verb == smtp.HELO
		switch {
		case none && status != nil:
			fault("ENH-02")
		case !none && listed && status == nil:
			fault("ENH-01, ENH-04, ENH-05")
		case !none && listed && status[1][0] != code[0]:
			fault("ENH-03")
		case code == "334" && string(text) == "ntlm supported": // NTL-02: a policy may have it so
		case code == "334" && (len(parts) != 1 || !spelled.Match(text)):
			fault("REP-17")
		}
	}
	return list
}

// REP-01, REP-02, REP-03, REP-04, REP-17, ENH-01, ENH-02, ENH-03, ENH-04,
// ENH-05: every reply of every dialogue keeps the form.
func TestFormOfReplies(t *testing.T) {
	said := 0
	for _, d := range dialogues(t) {
		p := policies[d.policy]()
		command, phase := "", Waiting
		for _, e := range d.events(t, whole) {
			switch e.Kind {
			case machine.Moved:
				phase = e.To.Phase
			case machine.Took:
				command = string(e.Line)
				if phase == Exchange {
					command = "response"
				}
			case machine.Said:
				said++
				for _, fault := range faults(e.Octets, command, p.has("ENHANCEDSTATUSCODES")) {
					t.Errorf("%s: to %.80q: %s", d.name, command, fault)
				}
				command = ""
			}
		}
	}
	if said < 400 {
		t.Errorf("%d replies", said)
	}
}

// AUTH-50: no reply holds a password, in clear or in base64.
func TestRepliesHoldNoPassword(t *testing.T) {
	for _, d := range dialogues(t) {
		for _, e := range d.events(t, whole) {
			for _, secret := range []string{"tanstaaf", "dGFuc3RhYW", "RhbnN0YWFm", "geheim", "Z2VoZWlt"} {
				if e.Kind == machine.Said && bytes.Contains(e.Octets, []byte(secret)) {
					t.Errorf("%s: %q holds %q", d.name, e.Octets, secret)
				}
			}
		}
	}
}

// Every rule that an event names is one of RuleIDs, or of a mechanism.
func TestRulesOfEvents(t *testing.T) {
	known := RuleIDs()
	for _, id := range sasl.RuleIDs() {
		known = append(known, machine.Rule(id, (&sasl.Error{Rule: id}).Section()))
	}
	for _, m := range sasl.Mechanisms() {
		known = append(known, machine.Rule(m.Rule, m.Section))
	}
	named := 0
	for _, d := range dialogues(t) {
		for _, e := range d.events(t, whole) {
			if e.Rule == (machine.RuleID{}) {
				if e.Kind == machine.Said || e.Kind == machine.Moved || e.Kind == machine.Checked || e.Kind == machine.Dropped {
					t.Errorf("%s: no rule stands behind %s %q", d.name, e.Kind, e.Octets)
				}
				continue
			}
			named++
			if !slices.Contains(known, e.Rule) {
				t.Errorf("%s: %v is not among the rules", d.name, e.Rule)
			}
		}
	}
	if named < 400 {
		t.Errorf("%d events name a rule", named)
	}
}

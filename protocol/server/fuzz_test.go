package server

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
)

// openings are a policy and up to four legal commands.
var openings = []struct {
	policy string
	given  []string
}{
	{"clear", nil}, {"clear", []string{"EHLO"}}, {"clear", []string{"HELO"}}, {"clear", []string{"EHLO", "TLS"}}, {"clear", []string{"EHLO", "hidden"}},
	{"clear", []string{"EHLO", "tim"}}, {"clear", []string{"EHLO", "MAIL"}}, {"clear", []string{"EHLO", "MAIL", "RCPT"}},
	{"clear", []string{"EHLO", "MAIL", "RCPT", "DATA"}}, {"clear, authentication wanted", []string{"EHLO", "TLS"}},
	{"submission", []string{"EHLO"}}, {"submission", []string{"EHLO", "TLS", "tim", "MAIL"}}, {"submission, TLS wanted", []string{"EHLO"}},
	{"clear, 3 errors", []string{"EHLO"}}, {"small messages", []string{"EHLO", "MAIL", "RCPT", "DATA"}}, {"bare", []string{"EHLO"}}, {"bare", nil},
}

// Whatever comes behind an opening: no panic, replies of the right form, one at
// most for a line, a refusal changes nothing, nobody is logged in without 235,
// little is kept, and how the octets are cut does not matter.
func FuzzServer(f *testing.F) {
	for _, d := range dialogues(f) {
		octets := ""
		for _, turn := range d.turns {
			octets += turn.lines
		}
		for i, o := range openings {
			if o.policy == d.policy && slices.Equal(o.given, d.given) && len(octets) < 2000 {
				f.Add(byte(i), []byte(octets), uint64(1))
			}
		}
	}
	f.Fuzz(func(t *testing.T, opening byte, octets []byte, seed uint64) {
		o := openings[int(opening)%len(openings)]
		name, given := o.policy, o.given
		h := ready(t, name, given...)
		p := policies[name]()
		var events []Event
		for line := range strings.SplitAfterSeq(string(octets), "\r\n") {
			state, envelope := h.State(), h.Envelope()
			followed := h.say(line)
			events = append(events, followed...)
			said := replies(followed)
			command := strings.TrimSuffix(line, "\r\n")
			if state.Phase == Exchange {
				command = "response"
			}
			if len(said) > 1 {
				t.Fatalf("%q: %v", line, said)
			}
			for _, e := range followed {
				if e.Kind != machine.Said {
					continue
				}
				if wrong := faults(e.Octets, command, p.has("ENHANCEDSTATUSCODES")); wrong != nil {
					t.Fatalf("%q: %q", line, wrong)
				}
				if e.Refused && state.Phase != Exchange && state.Phase != Data && h.State().Phase != Closed &&
					(h.State() != state || !h.Envelope().Equal(envelope)) {
					t.Fatalf("%q is refused with %q, but %+v became %+v", line, e.Octets, state, h.State())
				}
			}
			if now := h.State(); now.Authcid != "" && state.Authcid == "" && (len(said) != 1 || said[0].Code != 235) {
				t.Fatalf("%q: %s is logged in by %v", line, now.Authcid, said)
			}
			if kept := h.lines.Buffered(); kept > 12288 {
				t.Fatalf("%q: %d octets are kept", line, kept)
			}
		}
		for _, say := range []feed{whole, inPieces(seed)} {
			h := ready(t, name, given...)
			got := say(h, string(octets))
			if !reflect.DeepEqual(mended(got), mended(events)) {
				t.Fatalf("%q cut otherwise:\n%q\nnot\n%q", octets, shown(got), shown(events))
			}
		}
	})
}

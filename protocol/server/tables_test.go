package server

import (
	"slices"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/smtp"
)

func plainPolicy() Policy {
	return Policy{
		Host: "mail.example.org", Role: Submission, Extensions: []string{"STARTTLS"}, RequireAuth: true,
		AfterTLS: []string{"PLAIN", "CRAM-MD5"}, WithoutTLS: NotOffered,
	}
}

// What Options says of a command is what Step answers to it.
func TestOptions(t *testing.T) {
	p := plainPolicy()
	for _, test := range []struct {
		name  string
		state State
		want  map[smtp.Verb]string // refused by, or "" where it is obeyed
	}{
		{"greeted", State{Phase: Greeted}, map[smtp.Verb]string{"EHLO": "", "STARTTLS": "TLS-12", "AUTH": "AUTH-05", "MAIL": "SEQ-01", "RCPT": "SEQ-03", "NOOP": "", "QUIT": ""}},
		{"in clear text", State{Phase: Ready, ESMTP: true}, map[smtp.Verb]string{"STARTTLS": "", "AUTH": "AUTH-06", "MAIL": "AUTH-34", "RSET": "", "HELP": "CMD-08"}},
		{"in TLS", State{Phase: Ready, ESMTP: true, TLS: true}, map[smtp.Verb]string{"STARTTLS": "TLS-09", "AUTH": "", "MAIL": "AUTH-34", "DATA": "SEQ-03"}},
		{"authenticated", State{Phase: Ready, ESMTP: true, TLS: true, Authcid: "tim"}, map[smtp.Verb]string{"AUTH": "AUTH-10", "MAIL": "", "RCPT": "SEQ-03"}},
		{"in a transaction", State{Phase: Mail, ESMTP: true, TLS: true, Authcid: "tim"}, map[smtp.Verb]string{"AUTH": "AUTH-10", "MAIL": "SEQ-04", "RCPT": "", "DATA": "SEQ-03", "RSET": ""}},
		{"with a recipient", State{Phase: Rcpt, ESMTP: true, Authcid: "tim"}, map[smtp.Verb]string{"STARTTLS": "TLS-13", "DATA": "", "VRFY": ""}},
	} {
		options := p.Options(test.state)
		for verb, want := range test.want {
			i := slices.IndexFunc(options, func(o Option) bool { return o.Verb == verb })
			got := ""
			if i >= 0 && options[i].Refusal != nil {
				got = options[i].Refusal.ID
			}
			if i < 0 || got != want {
				t.Errorf("%s: %s is refused by %q, want %q", test.name, verb, got, want)
			}
		}
	}
	for _, phase := range []Phase{Waiting, Exchange, Handshake, Data, Closed} {
		if o := p.Options(State{Phase: phase}); o != nil {
			t.Errorf("%s: %v, want none", phase, o)
		}
	}
}

// Every row of the tables is in Tested or Endings, in its order.
func TestTablesAreWhole(t *testing.T) {
	for verb, rules := range refusals {
		all := Tested(verb)
		if len(all) != len(before)+len(rules) {
			t.Errorf("%s: %d rows, want %d and %d", verb, len(all), len(before), len(rules))
		}
		for i, r := range slices.Concat(before, rules) {
			if all[i].RuleID != r.RuleID || all[i].Reply.Code != r.Reply.Code {
				t.Errorf("%s, row %d: %v, want %v", verb, i, all[i], r.RuleID)
			}
		}
	}
	if all := Tested("XYZZY"); len(all) != len(before) {
		t.Errorf("an unknown verb: %d rows, want %d", len(all), len(before))
	}
	ends := slices.Concat(Endings(machine.OnResponse), Endings(machine.OnMessage))
	all := []*outcome{&nowStored, &notStored, &noRoom, &bareLineEnd, &longText, &overSize}
	for _, e := range endings {
		if !slices.Contains(all, e.says) {
			all = append(all, e.says)
		}
	}
	for _, o := range all {
		if !slices.ContainsFunc(ends, func(a Answer) bool { return a.RuleID == o.RuleID && a.Reply.Code == o.reply.Code }) {
			t.Errorf("%v %d ends nothing", o.RuleID, o.reply.Code)
		}
	}
	if len(ends) != len(all) {
		t.Errorf("%d endings, want %d", len(ends), len(all))
	}
	if Endings(machine.OnResponse)[1].RuleID != refused.RuleID {
		t.Error("535 is not the second ending of an exchange")
	}
}

// A quirk spares a rule that there is, and each rule of odd names what it is for.
func TestQuirkRowsMeetRules(t *testing.T) {
	for _, s := range spares {
		if !slices.ContainsFunc(refusals[s.verb], func(r Rule) bool { return r.Place == s.place && r.ID == s.id }) {
			t.Errorf("%s spares no %s at %s", s.quirk, s.id, s.place)
		}
		if _, known := quirk.Lookup(s.quirk); !known {
			t.Errorf("%s is no quirk", s.quirk)
		}
	}
	for verb, rules := range odd {
		for _, r := range rules {
			if (r.asked != "") == r.worded {
				t.Errorf("%s, %s: by %q, in words %t", verb, r.Place, r.asked, r.worded)
			}
		}
	}
	for _, m := range oddMoves {
		for _, from := range m.From {
			if m.To == "" && m.On != OnCommand && move(State{Phase: from}, m.On, m.Class) == nil {
				t.Errorf("%s on %s %d leads back where there is no way at all", from, m.On, m.Class)
			}
		}
	}
}

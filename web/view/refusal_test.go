package view

import (
	"slices"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// dialectOf lets the server of a set-up behave like a real one.
func dialectOf(t *testing.T, id, variant string) func(*session.Setup) {
	return func(s *session.Setup) {
		all, err := data.All()
		if err == nil {
			s.Server, err = all.Policy(s.Server, id, variant)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func says(place server.Place, words string) func(*session.Setup) {
	return func(s *session.Setup) { s.Server.Replies = map[server.Place]string{place: words} }
}

func uses(mechanism string) func(*session.Setup) {
	return func(s *session.Setup) { scenario.SetMechanism(s, mechanism) }
}

// A refusal is explained by what it is about: the server that can be seen knows,
// otherwise its words tell. The ending says the same, and offers the right
// password only where that may help.
func TestRefusals(t *testing.T) {
	asAnother := func(s *session.Setup) { s.Client.User.Authzid = "ursel" }
	hashed := func(s *session.Setup) { scenario.SetStored(s, sasl.Hashed) }
	for _, test := range []struct {
		what, id string
		changes  []func(*session.Setup)
		from     Vantage
		rule     string // of the reply, with its text
		proved   string
		right    bool // the right password is offered
	}{
		{"a wrong password", "wrong-password", nil, Both, "AUTH-27 rule.AUTH-27", "ui.proved.refused", true},
		{"a wrong password, seen from the client", "wrong-password", nil, OfClient, " ", "ui.proved.refused", true},
		{"a rule of the organization", "plain", []func(*session.Setup){uses("LOGIN"), dialectOf(t, "office365", "office365-policy")}, Both,
			"AUTH-27 fault.refused-by-policy", "ui.proved.refused.policy", false},
		{"the same, seen from the client", "plain", []func(*session.Setup){uses("LOGIN"), dialectOf(t, "office365", "office365-policy")}, OfClient,
			" ", "ui.proved.refused.policy", false},
		{"a wrong password at Microsoft 365", "wrong-password", []func(*session.Setup){uses("LOGIN"), dialectOf(t, "office365", "")}, Both,
			"AUTH-27 rule.AUTH-27", "ui.proved.refused", true},
		{"the same, seen from the client", "wrong-password", []func(*session.Setup){uses("LOGIN"), dialectOf(t, "office365", "")}, OfClient,
			" ", "ui.proved.refused.unclear", true},
		{"somebody in the middle", "scram-plus-middle", nil, Both, "AUTH-27 fault.binding-refused", "ui.proved.refused.binding", false},
		{"another key", "gssapi-wrong-key", nil, Both, "AUTH-27 fault.ticket-refused", "ui.proved.refused.ticket", false},
		{"a token that has expired", "xoauth2-expired", nil, Both, "AUTH-27 fault.token-refused", "ui.proved.refused.token", false},
		{"as another", "plain", []func(*session.Setup){asAnother}, Both, "AUTH-27 fault.authorization-refused", "ui.proved.refused.authorization", false},
		{"NTLMv1", "ntlm-v1-refused", nil, Both, "AUTH-27 fault.mechanism-too-weak", "ui.proved.refused.too-weak", false},
		{"a transition", "scram-transition", nil, Both, "AUTH-31 rule.AUTH-31", "ui.proved.refused.transition", false},
		{"a transition that is not told", "cram-md5", []func(*session.Setup){hashed, says("credentials", "535 5.7.8 no")}, Both,
			"AUTH-27 fault.transition-needed", "ui.proved.refused.transition", false},
		{"a mechanism by 535", "plain", []func(*session.Setup){says("success", "535 5.7.8 Invalid authentication mechanism")}, Both,
			"AUTH-27 fault.mechanism-refused", "ui.proved.checked", false},
		{"a password for programs", "plain", []func(*session.Setup){says("success", "534 5.7.9 Application-specific password required")}, Both,
			"AUTH-27 fault.app-password-wanted", "ui.proved.refused.app-password", false},
		{"too many", "plain", []func(*session.Setup){says("success", "454 4.7.0 Too many login attempts")}, Both,
			"AUTH-30 fault.too-many-log-ins", "ui.proved.refused.too-many", false},
		{"not now", "plain", []func(*session.Setup){says("success", "454 4.7.0 no")}, Both, "AUTH-30 rule.AUTH-30", "ui.proved.refused.temporary", false},
	} {
		frames, setup := ranFrames(t, test.id, test.changes...)
		s := Tell(See(frames, test.from))
		at := len(s.frames) - 1
		for ; at > 0 && (s.refusal(at, Both) == "" || code(&s.frames[at]) == 0); at-- {
		}
		if r := s.Look(at).Rule; r.ID+" "+string(r.Text) != test.rule {
			t.Errorf("%s: step %d is explained by %s %s, want %s", test.what, at, r.ID, r.Text, test.rule)
		}
		rows := s.Neighbours(at).Rows
		if i := slices.IndexFunc(rows, func(n Neighbour) bool { return n.Fate == FateDecided }); test.from == Both && rows[i].Text != s.Look(at).Rule.Text {
			t.Errorf("%s: among the rules it is %s", test.what, rows[i].Text)
		}
		if e := Tell(frames).Ending(test.from, setup); e.Proved[0].ID != test.proved || slices.Contains(e.Ways, RightOnes) != test.right {
			t.Errorf("%s: ends in %s, %s; want %s", test.what, e.Proved[0].ID, e.Ways, test.proved)
		}
		if len(s.Look(at).Departs) > 0 && test.id == "plain" {
			t.Errorf("%s: %v", test.what, s.Look(at).Departs)
		}
	}
}

// Every kind that an ending tells has a sentence of its own in the vocabulary of
// the page: what is not told is of the request, not of what was shown.
func TestKindsOfEndings(t *testing.T) {
	for _, kind := range problem.Kinds {
		asks := slices.Contains([]problem.Kind{problem.NeedsTLS, problem.Mechanism, problem.Order, problem.NeedsAuth}, kind)
		if told := slices.Contains(judged, kind); told == asks {
			t.Errorf("%s is told: %v", kind, told)
		}
	}
}

// The case study of the .NET client: MAIL is not refused by the rule of the
// log-in, a choice of the client is not its breach of a rule where the server is
// the one that departs, and the set-up names the mechanism that runs.
func TestSwallowedRefusal(t *testing.T) {
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]map[string]string{
		"dotnet/swallowed":  {"MAIL": "CMD-19 ui.rule.followed", "535": "AUTH-27 ui.rule.refused", "530": "AUTH-34 ui.rule.refused", "QUIT": "AUTH-34 ui.rule.refused"},
		"dotnet/lower-case": {"MAIL": "CMD-19 ui.rule.followed", "501": "AUTH-03 ui.rule.departed", "AUTH": "AUTH-38 ui.rule.departed"},
	} {
		m, act, known := all.Meeting(name)
		if !known {
			t.Fatal(name)
		}
		setup, err := scenario.Meet(all, m, act)
		if err != nil {
			t.Fatal(err)
		}
		run, err := session.New(setup)
		if err != nil {
			t.Fatal(err)
		}
		run.Run()
		s := Tell(run.Frames())
		run.Close()
		for i, f := range s.frames {
			if len(f.Octets) < 4 {
				continue
			}
			head := string(f.Octets[:4])
			for said, rule := range want {
				if r := s.Look(i).Rule; head[:len(said)] == said && r.ID+" "+string(r.How) != rule {
					t.Errorf("%s: %q is by %s %s, want %s", name, f.Octets, r.ID, r.How, rule)
				}
			}
		}
		for _, c := range Slots(setup).Mechanism {
			if c.Chosen != (c.Value == "LOGIN") {
				t.Errorf("%s: the set-up has chosen %s: %v", name, c.Value, c.Chosen)
			}
		}
		if last := s.Entries[len(s.Entries)-1].Over; last.Words[1].Args[1] == ID("fault.auth-required") {
			t.Errorf("%s: ends in what followed from the refusal: %v", name, last.Words)
		}
	}
}

// Runs is the first of the client's mechanisms that the server offers.
func TestRuns(t *testing.T) {
	setup := session.Setup{Client: client.Plan{Mechanisms: []string{"NTLM", "LOGIN", "PLAIN"}, TLS: client.StartTLS},
		Server: server.Policy{BeforeTLS: []string{"PLAIN"}, AfterTLS: []string{"PLAIN", "LOGIN"}}}
	for _, test := range []struct {
		change func(*session.Setup)
		want   string
	}{
		{func(*session.Setup) {}, "LOGIN"},
		{func(s *session.Setup) { s.Client.TLS = client.NoTLS }, "PLAIN"},
		{func(s *session.Setup) { s.Client.TLS, s.Client.ClearMechanisms = client.NoTLS, []string{"CRAM-MD5"} }, "CRAM-MD5"},
		{func(s *session.Setup) { s.Server.AfterTLS = nil }, "NTLM"},
		{func(s *session.Setup) { s.Client.Mechanisms = nil }, ""},
		{func(s *session.Setup) { s.Client.Quirks = quirk.Set{quirk.NoQuit} }, "LOGIN"},
	} {
		s := setup
		test.change(&s)
		if got := Runs(s); got != test.want {
			t.Errorf("%+v: %q, want %q", s.Client, got, test.want)
		}
	}
}

package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

func run(t *testing.T, s *session.Session, err error) *session.Session {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Run()
	return s
}

// replies are the codes that the server said, in order.
func replies(s *session.Session) (codes []string) {
	for _, f := range s.Frames() {
		for _, e := range f.Server {
			if e.Kind == machine.Said {
				codes = append(codes, fmt.Sprint(e.Reply.Code))
			}
		}
	}
	return codes
}

func fault(s *session.Session) string {
	for _, f := range s.Frames() {
		if fault := f.Fault(); fault != nil {
			return fault.ID
		}
	}
	return ""
}

func TestScenarios(t *testing.T) {
	tests := []struct{ id, replies, fault string }{
		{"cram-md5", "220 250 220 250 334 235 250 250 354 250 221", ""},
		{"plain-initial", "220 250 220 250 235 250 250 354 250 221", ""},
		{"plain", "220 250 220 250 334 235 250 250 354 250 221", ""},
		{"plain-25", "220 250 220 250 235 250 250 354 250 221", ""},
		{"plain-implicit", "220 250 235 250 250 354 250 221", ""},
		{"login-clear", "220 250 334 334 235 250 250 354 250 221", ""},
		{"scram-sha-256", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"scram-sha-1", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"scram-plus", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"scram-plus-end-point", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"scram-wrong-password", "220 250 220 250 334 334 535 221", "credentials-refused"},
		{"scram-errors", "220 250 220 250 334 334 334 535 221", "credentials-refused"},
		{"scram-transition", "220 250 220 250 334 334 432 221", "transition-needed"},
		{"scram-iterations", "220 250 220 250 334 334 501 221", "too-many-iterations"},
		{"scram-impostor", "220 250 334 334", "wrong-signature"},
		{"scram-middle", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"scram-plus-middle", "220 250 220 250 334 334 535 221", "credentials-refused"},
		{"scram-downgrade", "220 250 220 250 334 535 221", "credentials-refused"},
		{"digest-md5", "220 250 220 250 334 334 235 250 250 354 250 221", ""},
		{"digest-again", "220 250 220 250 334 235 250 250 354 250 221", ""},
		{"ntlm", "220 250 220 250 334 334 235 250 250 354 250 221", ""},
		{"ntlm-v1", "220 250 220 250 334 334 235 250 250 354 250 221", ""},
		{"ntlm-wrong-password", "220 250 220 250 334 334 535 221", "credentials-refused"},
		{"ntlm-v1-refused", "220 250 220 250 334 334 535 221", "credentials-refused"},
		{"srp", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"srp-6a", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		// GSS-06: a centre of its own issues the ticket.
		{"gssapi", "220 250 220 250 334 334 334 235 250 250 354 250 221", ""},
		{"oauthbearer", "220 250 220 250 334 235 250 250 354 250 221", ""},
		{"xoauth2", "220 250 220 250 334 235 250 250 354 250 221", ""},
		{"xoauth2-expired", "220 250 220 250 334 334 535 221", "token-refused"},
		{"oauth-audience", "220 250 220 250 334 334 535 221", "token-refused"},
		{"oauth-scope", "220 250 220 250 334 334 535 221", "token-refused"},
		{"oauth-foreign", "220 250 220 250 334 334 535 221", "token-refused"},
		{"external", "220 250 220 250 235 250 250 354 250 221", ""},
		{"external-without", "220 250 220 250 504 221", "mechanism-refused"},
		{"anonymous", "220 250 220 250 235 250 550 221", "recipient-refused"},
		{"wrong-password", "220 250 220 250 334 535 221", "credentials-refused"},
		{"unknown-user", "220 250 220 250 334 535 221", "credentials-refused"},
		{"unknown-mechanism", "220 250 220 250 504 221", "mechanism-refused"},
		{"srp-wrong-password", "220 250 220 250 334 334 535 221", "credentials-refused"},
		{"gssapi-wrong-password", "220 250 220 250 334 501 221", "kdc-key"},
		{"gssapi-wrong-key", "220 250 220 250 334 535 221", "ticket-refused"},
		{"cancelled", "220 250 220 250 334 501 221", "user-cancelled"},
		{"auth-before-tls", "220 250 530 221", "auth-needs-tls"},
		{"relay", "220 250 220 250 250 550 250 334 235 250 250 354 250 221", ""},
		{"sender", "220 250 220 250 334 235 553 221", "sender-refused"},
		{"wrong-host", "220 250 220", "tls-wrong-host"},
		{"stripped-insist", "220 250 221", "starttls-missing"},
		{"stripped", "220 250 503 221", "auth-out-of-order"},
		{"mox-v0.0.11", "220 250 334 501 221", "prompt"},
		{"mox-v0.0.12", "220 250 334 334 235 250 250 354 250 221", ""},
	}
	if len(tests) != len(All) {
		t.Errorf("%d scenarios, %d tests", len(All), len(tests))
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			sc, found := ByID(tt.id)
			if !found {
				t.Fatal("no such scenario")
			}
			s, err := sc.Start()
			s = run(t, s, err)
			if got := strings.Join(replies(s), " "); got != tt.replies {
				t.Errorf("replies %s, want %s", got, tt.replies)
			}
			if got := fault(s); got != tt.fault {
				t.Errorf("the client stops for %q, want %q", got, tt.fault)
			}
			for _, code := range sc.Codes {
				if !strings.Contains(tt.replies, fmt.Sprint(code)) {
					t.Errorf("the chooser promises %d", code)
				}
			}
		})
	}
}

// The digest of RFC 2195 §2, as the client says it and as the server computes it.
func TestDefaultIsTheExampleOfRFC2195(t *testing.T) {
	sc, _ := ByID(Default)
	s, err := sc.Start()
	s = run(t, s, err)
	const want = "tim b913a602c7eda7a495b4e6e7334d3890"
	if !slices.ContainsFunc(s.Frames(), func(f session.Frame) bool { return string(f.Decoded) == want }) {
		t.Errorf("nobody says %q", want)
	}
}

// The proofs of RFC 5802 §5, RFC 7677 §3 and RFC 2831 §4 (with SMTP's service), and the checks that both sides
// make for themselves.
func TestTheExamplesOfTheirRFCs(t *testing.T) {
	for id, want := range map[string][2]string{
		"digest-md5":    {`digest-uri="smtp/elwood.innosoft.com",response=52ff44907f72314481b5c098c708ebf3,qop=auth`, "rspauth=84106ee5cb85c426e7ef928db0e49bfa"},
		"scram-sha-1":   {"p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
		"scram-sha-256": {"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
	} {
		sc, _ := ByID(id)
		s, err := sc.Start()
		s = run(t, s, err)
		var checks []string
		for _, f := range s.Frames() {
			if f.Kind == session.Check {
				checks = append(checks, string(f.Side)+" "+f.Rule().ID)
			}
		}
		rules := []string{"server SCR-09", "client SCR-14"}
		if id == "digest-md5" {
			rules = []string{"server DIG-06", "client DIG-10"}
		}
		if want := rules; !slices.Equal(checks, want) {
			t.Errorf("%s: checks %q, want %q", id, checks, want)
		}
		for _, said := range want {
			if !slices.ContainsFunc(s.Frames(), func(f session.Frame) bool { return strings.HasSuffix(string(f.Decoded), said) }) {
				t.Errorf("%s: nobody says %q", id, said)
			}
		}
	}
}

// Whether PLAIN stands on 25, 587 or 465, the same log-in passes.
func TestTheSameLogInOnThreePorts(t *testing.T) {
	for _, role := range session.Roles {
		sc, _ := ByID("plain-initial")
		made := sc.Setup()
		SetRole(&made, role)
		s, err := session.New(made)
		s = run(t, s, err)
		if got := replies(s); !slices.Contains(got, "235") || !slices.Contains(got, "354") {
			t.Errorf("%s (%d): %q", role, role.Port(), got)
		}
	}
}

func TestSetProtectionAndBack(t *testing.T) {
	made := submission()
	SetProtection(&made, client.NoTLS)
	s, err := session.New(made)
	s = run(t, s, err)
	if got := strings.Join(replies(s), " "); got != "220 250 334 235 250 250 354 250 221" {
		t.Errorf("in clear text: %s", got)
	}
	SetProtection(&made, client.Implicit)
	if made.Server.Role != server.Submissions || made.Client.InClear {
		t.Errorf("implicit TLS: %+v", made)
	}
	SetProtection(&made, client.StartTLS)
	s, err = session.New(made)
	s = run(t, s, err)
	if got := strings.Join(replies(s), " "); got != "220 250 220 250 334 235 250 250 354 250 221" {
		t.Errorf("back to STARTTLS: %s", got)
	}
}

func TestSetMechanism(t *testing.T) {
	for _, name := range MechanismChoices() {
		made := submission()
		SetMechanism(&made, name)
		s, err := session.New(made)
		s = run(t, s, err)
		want := "235"
		if name == Unknown || slices.Contains(sasl.Gone, name) {
			want = "504"
		}
		if got := replies(s); !slices.Contains(got, want) {
			t.Errorf("%s: %q lacks %s", name, got, want)
		}
	}
}

// Every mechanism has a scenario that shows it log in, but for the hashes of
// SCRAM that differ in nothing else, and for what is gone.
func TestOf(t *testing.T) {
	var without []string
	for _, m := range sasl.Mechanisms() {
		sc, shows := Of(m.Name)
		if !shows {
			without = append(without, m.Name)
		}
		if shows != (sc.Setup().Client.Mechanisms[0] == m.Name) || !shows && sc.ID != Default || !slices.Contains(sc.Codes, 235) {
			t.Errorf("%s is shown by %s: %v", m.Name, sc.ID, shows)
		}
	}
	if got := strings.Join(without, " "); got != "SCRAM-SHA-512-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-512" {
		t.Errorf("without a scenario: %s", got)
	}
	for _, name := range sasl.Gone {
		if sc, shows := Of(name); shows {
			t.Errorf("%s is shown by %s", name, sc.ID)
		}
	}
}

// A scenario's set-up is made anew each time: changing one leaves the next as
// it was.
func TestSetupsShareNothing(t *testing.T) {
	for _, sc := range All {
		first := sc.Setup()
		first.Server.Accounts[0].Name, first.Client.Mail.To[0] = "changed", "changed@example.org"
		first.Server.Extensions[0] = "CHANGED"
		if second := sc.Setup(); second.Server.Accounts[0].Name == "changed" || second.Client.Mail.To[0] == "changed@example.org" ||
			second.Server.Extensions[0] == "CHANGED" {
			t.Errorf("%s shares what it is made of", sc.ID)
		}
	}
}

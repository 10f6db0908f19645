//go:build !js

package view

import (
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
)

func crossings(t *testing.T, servers, clients []string) *Crossings {
	t.Helper()
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	m, err := matrix.Compute(all, servers, clients)
	if err != nil {
		t.Fatal(err)
	}
	return NewCrossings(m)
}

func TestCrossings(t *testing.T) {
	c := crossings(t, []string{"dovecot-submission", "postfix-dovecot"}, []string{"ruby-net-smtp", "webmail", "nodemailer"})
	for _, test := range []struct {
		server, client string
		want           Crossing
	}{
		{"postfix-dovecot", "ruby-net-smtp", Crossing{"matrix.sent", "PLAIN", "matrix.readable", "", 0, "PLAIN!"}},
		{"dovecot-submission", "ruby-net-smtp", Crossing{"matrix.refused", "PLAIN", "matrix.readable", "fault.auth-refused", 523, "PLAIN!"}},
		{"dovecot-submission", "nodemailer", Crossing{"matrix.sent", "PLAIN", "matrix.tls", "", 0, "PLAIN"}},
		{"postfix-dovecot", "webmail", Crossing{"matrix.barred", "", "matrix.clear", "fault.recipient-refused", 554, ""}},
	} {
		if got := c.Of(test.server, test.client); got != test.want {
			t.Errorf("%s, %s: %+v", test.server, test.client, got)
		}
	}
	outcomes, times := c.Counts()
	if len(outcomes) != 3 || outcomes[0] != "matrix.sent" || times[0] != 3 || times[1] != 2 || times[2] != 1 {
		t.Errorf("%v %v", outcomes, times)
	}
	all, _ := dialects.All()
	if got := c.Programs(all, session.Client, session.Setup{}, "node"); len(got) != 1 || len(got[0].Rows) != 1 || got[0].Rows[0].ID != "nodemailer" {
		t.Errorf("%v", got)
	}
	if got := c.Programs(all, session.Server, session.Setup{}, "exim"); got != nil {
		t.Errorf("%v", got) // it is none of the matrix
	}
}

// Each outcome has words in each language.
func TestOutcomesAreWorded(t *testing.T) {
	for _, lang := range i18n.Languages {
		text := i18n.LoadAll(lang)
		for _, o := range matrix.Outcomes {
			if !text.Has("matrix." + string(o)) {
				t.Errorf("%s lacks matrix.%s", lang, o)
			}
		}
	}
}

func TestShortMechanism(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "PLAIN": "PLAIN", "CRAM-MD5": "CRAM", "DIGEST-MD5": "DIGEST", "SCRAM-SHA-1": "S1", "SCRAM-SHA-256": "S256",
		"SCRAM-SHA-256-PLUS": "S256+", "GSSAPI": "GSSAPI", "OAUTHBEARER": "OAUTHB",
	} {
		if got := shortMechanism(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A session turns at the client's first fault, unless the message came through.
func TestTurn(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		server, client, line string
	}{
		{"dovecot-submission", "ruby-net-smtp", ""}, // it hangs up there
		{"mox-v0.0.11", "authelia-4.38.16", "*\r\n"},
		{"postfix-dovecot", "curl", ""}, // the end, whatever failed before
	} {
		setup, err := scenario.Pair(all, test.server, test.client)
		if err != nil {
			t.Fatal(err)
		}
		s, err := session.New(setup)
		if err != nil {
			t.Fatal(err)
		}
		s.Run()
		s.Close()
		at := Tell(s.Frames()).Turn()
		if got := string(s.Frames()[at].Octets); got != test.line || test.line == "" && at < len(s.Frames())-2 {
			t.Errorf("%s, %s: %d, %q", test.server, test.client, at, got)
		}
	}
}

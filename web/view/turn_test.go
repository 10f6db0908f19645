//go:build !js

package view

import (
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

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

package session_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

func TestWithheldPasswordsAndTheirStandIns(t *testing.T) {
	tests := []struct {
		name           string
		client, server string
		outcome        string
	}{
		{"the same on both sides", "hunter2", "hunter2", "235"},
		{"one letter apart", "hunter2", "hunter3", "535"},
		{"typed only here", "hunter2", "tanstaaftanstaaf", "535"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			full := setup(func(s *session.Setup) {
				scenario.SetPassword(s, tt.client)
				s.Server.Accounts[0].Password.Text = tt.server
			})
			data, err := session.Write(full.Withhold("tanstaaftanstaaf"), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, typed := range []string{"hunter2", "hunter3"} {
				if strings.Contains(string(data), typed) {
					t.Errorf("%s holds %q", data, typed)
				}
			}
			if full.Client.User.Password.Text != tt.client || full.Server.Accounts[0].Password.Text != tt.server {
				t.Error("Withhold changed the set-up itself")
			}
			read, _, err := session.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			stood, any := read.StandIn()
			if !any {
				t.Error("nothing was withheld")
			}
			lines := said(run(t, stood))
			if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "S: "+tt.outcome) }) {
				t.Errorf("%q lacks %s", lines, tt.outcome)
			}
		})
	}
}

func TestTheServicesKeyIsWithheld(t *testing.T) {
	full := setup(func(s *session.Setup) { s.Server.Keytab.Realm, s.Server.Keytab.Key = "EXAMPLE.ORG", make([]byte, 32) })
	if kept := full.Withhold().Server.Keytab; kept.Key != nil || kept.Realm != "EXAMPLE.ORG" {
		t.Errorf("%+v", kept)
	}
	if full.Server.Keytab.Key == nil {
		t.Error("Withhold changed the set-up itself")
	}
}

func TestWhatEverybodyKnowsIsNotWithheld(t *testing.T) {
	full := setup()
	if _, any := full.Withhold("tanstaaftanstaaf").StandIn(); any {
		t.Error("the password of RFC 2195's example was withheld")
	}
}

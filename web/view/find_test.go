package view

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
)

func TestFind(t *testing.T) {
	for _, test := range []struct{ lang, query, want string }{
		{"en", "535", "xoauth2-expired oauth-audience oauth-scope oauth-foreign wrong-password unknown-user scram-wrong-password scram-errors scram-plus-middle scram-downgrade ntlm-wrong-password ntlm-v1-refused srp-wrong-password gssapi-wrong-key"},
		{"en", "mox", "mox-v0.0.11 mox-v0.0.12"},
		{"en", "relay 550", "anonymous relay"},
		{"en", "  LOGIN  501 ", "mox-v0.0.11"},
		{"ru", "login 501", "mox-v0.0.11"},
		{"zh", "用户不存在", "unknown-user"},
		{"ru", "ОТМЕНА", "cancelled"},
		{"en", "465", "plain-implicit"},
		{"en", "no such word", ""},
	} {
		text := i18n.Load(test.lang)
		var ids []string
		for _, s := range Find(test.query, func(s scenario.Scenario) string {
			return text.T("scenario."+s.ID+".title") + " " + text.T("scenario."+s.ID+".watch")
		}) {
			ids = append(ids, s.ID)
		}
		if got := strings.Join(ids, " "); got != test.want {
			t.Errorf("%s %q finds %q, want %q", test.lang, test.query, got, test.want)
		}
	}
	if n := len(Find("", func(scenario.Scenario) string { return "" })); n != len(scenario.All) {
		t.Errorf("no words find %d scenarios", n)
	}
}

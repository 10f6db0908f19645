package view

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
)

// foundIDs are the ids of what is found of a kind.
func foundIDs(groups []Results, kind Kind) string {
	var all []string
	for _, g := range groups {
		if g.Kind == kind {
			for _, r := range g.All {
				all = append(all, r.Place.ID)
			}
		}
	}
	return strings.Join(all, " ")
}

func TestFindScenarios(t *testing.T) {
	for _, test := range []struct{ lang, query, want string }{
		{"en", "535", "xoauth2-expired oauth-audience oauth-scope oauth-foreign wrong-password unknown-user scram-wrong-password scram-errors scram-plus-middle scram-downgrade ntlm-wrong-password ntlm-v1-refused srp-wrong-password gssapi-wrong-key"},
		{"en", "mox", "mox-v0.0.11 mox-v0.0.12"},
		{"en", "relay 550", "anonymous relay"},
		{"en", "  LOGIN  501 ", "mox-v0.0.11"},
		{"ru", "login 501", "mox-v0.0.11"},
		{"zh", "ｌｏｇｉｎ　５０１", "mox-v0.0.11"},
		{"zh", "用户不存在", "unknown-user"},
		{"ru", "ОТМЕНА", "cancelled"},
		{"en", "465", "plain-implicit"},
		{"en", "no such word", ""},
	} {
		if got := foundIDs(NewFinder(Scenarios(i18n.Load(test.lang))).Find(test.query), FoundScenario); got != test.want {
			t.Errorf("%s %q finds %q, want %q", test.lang, test.query, got, test.want)
		}
	}
	groups := NewFinder(Scenarios(i18n.Load("en")), []Result{{Kind: FoundServer, Title: "a server"}}).Find(" ")
	if len(groups) != 1 || len(groups[0].All) != len(scenario.All) || len(groups[0].All) > most {
		t.Errorf("no words find %v", groups)
	}
}

// An exact code comes before a title, a title before a text, and the kind of the
// best one first; what is too much is counted.
func TestFindOrder(t *testing.T) {
	server := func(id, title, more string, codes ...string) Result {
		return Result{Kind: FoundServer, Title: title, More: more, Codes: codes, Place: Place{In: FoundServer, ID: id}}
	}
	f := NewFinder([]Result{
		server("text", "a", "535"), server("title", "535 é", ""), server("code", "b", "", "535"),
		{Kind: FoundAct, Title: "of ё", More: "535", Place: Place{ID: "act"}},
	})
	groups := f.Find("535")
	if got := foundIDs(groups, FoundServer); got != "code title text" || groups[0].Kind != FoundServer || foundIDs(groups, FoundAct) != "act" {
		t.Errorf("found %s: %+v", got, groups)
	}
	if got := foundIDs(f.Find("E"), FoundServer); got != "title" {
		t.Errorf("E finds %q", got)
	}
	if got := foundIDs(f.Find("Е"), FoundAct); got != "act" { // of the Cyrillic alphabet
		t.Errorf("Е finds %q", got)
	}
	many := make([]Result, most+2)
	for i := range many {
		many[i] = server("", "one", "")
	}
	if g := NewFinder(many).Find("one")[0]; len(g.All) != most || g.More != 2 {
		t.Errorf("%d listed, %d more", len(g.All), g.More)
	}
}

package protocol_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/held"
)

// account tells how many rules are held in which way, and names those that do
// not apply.
func account(rules map[string]rule, holdings map[binding]holding) string {
	type counts map[string]int // by kind
	ofSide, ofRule := map[held.Side]counts{held.Server: {}, held.Client: {}}, map[string]counts{}
	without := ""
	for _, b := range bindings(rules) {
		h := holdings[b]
		if ofRule[b.rule] == nil {
			ofRule[b.rule] = counts{}
		}
		ofSide[b.side][h.kind]++
		ofRule[b.rule][h.kind]++
		if h.kind == byNone {
			without += fmt.Sprintf("| %s | %s | %s |\n", b.rule, b.side, h.why)
		}
	}
	one, none, page := 0, 0, 0
	for _, n := range ofRule {
		switch {
		case n[byPage] > 0:
			page++
		case n[byNone] > 0 && n[byEvent]+n[byTest] > 0:
			one++
		case n[byNone] > 0:
			none++
		}
	}
	server, client := ofSide[held.Server], ofSide[held.Client]
	return fmt.Sprintf("%d of the %d rules hold, %d of them for one side alone; %d speak of the page's wording, and %d do not apply.\n\n", len(rules)-none-page, len(rules), one, page, none) +
		"| held by | server | client |\n|---|---|---|\n" +
		fmt.Sprintf("| an event that carried it | %d | %d |\n| a test alone | %d | %d |\n\n", server[byEvent], client[byEvent], server[byTest], client[byTest]) +
		"| rule | side | why it does not apply |\n|---|---|---|\n" + without
}

// compare compares a golden file, or writes it.
func compare(t *testing.T, name, was, is string) {
	t.Helper()
	switch {
	case was == is:
	case *held.Update:
		if err := os.WriteFile(name, []byte(is), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is out of date: go test ./protocol -update writes it", name)
	}
}

const rulesBegin, rulesEnd = "<!-- rules: written by go test ./protocol -update -->\n", "<!-- /rules -->\n"

// readme compares the account in the README beside the list, or writes it.
func readme(t *testing.T, account string) {
	t.Helper()
	const name = "testdata/README.md"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), rulesBegin)
	_, after, closed := strings.Cut(rest, rulesEnd)
	if !found || !closed {
		t.Fatalf("%s has no place for the rules: %s%s", name, rulesBegin, rulesEnd)
	}
	compare(t, name, string(text), before+rulesBegin+account+rulesEnd+after)
}

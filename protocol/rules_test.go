// The list of rules, and whether the machines and their tests keep to it.
package protocol_test

import (
	"embed"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/held"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
)

//go:embed testdata/rules.md
var rulesText string

//go:embed */*_test.go */*/*_test.go */testdata/*.txt
var testFiles embed.FS

// A rule is one row of the list.
type rule struct {
	who, source string
	section     string // the list's own: "10. AUTH command and exchange (AUTH)"
}

var (
	ruleRow   = regexp.MustCompile(`^\| ([A-Z]{3,4}-[0-9]{2}) \| (server|client|both) \| [MSOP] \| ([^|]*) \| `)
	ruleCite  = regexp.MustCompile(`§[0-9A-Za-z]+(\.[0-9]+)*`)
	ruleCount = 338
)

func readRules(t *testing.T) map[string]rule {
	t.Helper()
	rules, section := map[string]rule{}, ""
	for line := range strings.SplitSeq(rulesText, "\n") {
		if title, found := strings.CutPrefix(line, "## "); found {
			section = title
		}
		if m := ruleRow.FindStringSubmatch(line); m != nil {
			rules[m[1]] = rule{m[2], m[3], section}
		}
	}
	if len(rules) != ruleCount {
		t.Fatalf("%d rules, want %d", len(rules), ruleCount)
	}
	return rules
}

// cites reports whether the source of a row, "RFC 5321 §4.2, §4.2.1; RFC 2034
// §4", has a section: "RFC 5321 §4.2.1".
func (r rule) cites(section string) bool {
	for part := range strings.SplitSeq(r.source, ";") {
		document, _, _ := strings.Cut(part, "§")
		for _, cite := range ruleCite.FindAllString(part, -1) {
			if strings.TrimSpace(document)+" "+cite == section {
				return true
			}
		}
	}
	return false
}

// elsewhere are the sections that a machine cites beside those of the row, and
// why.
var elsewhere = map[machine.RuleID]string{
	{ID: "REP-08", Section: "RFC 5321 §4.5.3.1.5"}: "the row has our own limits; the RFC has one for the line",
	{ID: "AUTH-42", Section: "RFC 4954 §4"}:        "the row has the mechanisms' rules; the RFC has the reply that they speak of",
	{ID: "EXN-01", Section: "RFC 4422 App. A.1"}:   "an appendix, which the row writes without a sign",
	{ID: "EXN-02", Section: "RFC 4422 App. A.1"}:   "an appendix, which the row writes without a sign",
	{ID: "EXN-03", Section: "RFC 4422 App. A.1"}:   "an appendix, which the row writes without a sign",
	{ID: "GSS-06", Section: "RFC 4120 §3.1"}:       "the row has honesty; the RFC has the exchange that wants a centre",
	{ID: "SAS-09", Section: "RFC 3962 §8"}:         "the row has availability; the RFC has what a large count does",
	{ID: "SCR-08", Section: "RFC 5802 §5.1"}:       "the row has a rule of its own; the RFC has what the count is",
	{ID: "XOA-01", Section: "Google XOAUTH2"}:      "a page without sections",
	{ID: "XOA-02", Section: "Google XOAUTH2"}:      "a page without sections",
	{ID: "XOA-04", Section: "Google XOAUTH2"}:      "the row has nothing; the page has the form of the message",
	{ID: "DEP-05", Section: "Microsoft 2024"}:      "a notice without sections",
	{ID: "LOG-05", Section: "RFC 4954 §4"}:         "the row has practice; the RFC has what an initial response is",
}

// Every rule that a machine or a mechanism names stands in the list, with the
// section that it is said to come from.
func TestRulesAreInTheList(t *testing.T) {
	rules := readRules(t)
	named := append(server.RuleIDs(), client.RuleIDs()...)
	for _, id := range sasl.RuleIDs() {
		if section := (&sasl.Error{Rule: id}).Section(); section != "" {
			named = append(named, machine.RuleID{ID: id, Section: section})
		}
	}
	for _, m := range sasl.Mechanisms() {
		named = append(named, machine.RuleID{ID: m.Rule, Section: m.Section})
		if m.Checks != "" {
			named = append(named, machine.RuleID{ID: m.Checks, Section: m.ChecksSection})
		}
	}
	for _, q := range slices.Concat(quirk.Known, quirk.Worded) {
		row, found := rules[q.Rule]
		section := quirk.Sections[q.Rule]
		if !found && q.Name != quirk.OtherCode {
			t.Errorf("%s bears on %s, which is no rule", q.Name, q.Rule)
		}
		if cites := row.cites(section); cites != (section != "") || section == "" && strings.Contains(row.source, "§") {
			t.Errorf("%s is from %q, not %q", q.Rule, row.source, section)
		}
	}
	met := map[machine.RuleID]bool{}
	for _, id := range named {
		row, found := rules[id.ID]
		_, reviewed := elsewhere[id]
		met[id] = true
		switch {
		case !found:
			t.Errorf("%s is no rule", id.ID)
		case reviewed == row.cites(id.Section):
			t.Errorf("%s is from %q, not %q", id.ID, row.source, id.Section)
		}
	}
	for id := range elsewhere {
		if !met[id] {
			t.Errorf("nobody names %v any more", id)
		}
	}
}

// Every rule that a machine may name is carried by an event in one of its own
// tests, which names it, and no test names a rule that is none.
func TestEmittedRulesAreTested(t *testing.T) {
	rules, carried := readRules(t), carried(t)
	for _, id := range server.RuleIDs() {
		if carried[binding{id.ID, held.Server}] == "" {
			t.Errorf("no event of the server carries %s", id.ID)
		}
	}
	for _, id := range client.RuleIDs() {
		if carried[binding{id.ID, held.Client}] == "" {
			t.Errorf("no event of the client carries %s", id.ID)
		}
	}
	for test, ids := range names(t) {
		for _, id := range ids {
			if _, found := rules[id]; !found {
				t.Errorf("%s names %s, which is no rule", test, id)
			}
		}
	}
}

package view

import (
	"regexp"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
)

// A Rule is what decided a frame.
type Rule struct {
	ID      string // of spec/rules.md: "AUTH-10"
	Text    ID
	Section string // "RFC 4954 §4"
	Link    string // to the section; empty where it is no RFC
	How     ID     // whether it was followed, refused something, or was broken
}

var rfcSection = regexp.MustCompile(`^RFC ([0-9]+) §([0-9A-Z.]+)$`)

// rule names the rule that decided a frame; its ID is empty where none did.
func rule(f *session.Frame) Rule {
	r := f.Rule()
	if r.ID == "" {
		return Rule{}
	}
	v := ruleOf(r)
	switch {
	case refused(f), brokenBy(f, r):
		v.How = "ui.rule.refused"
	case departed(f, r):
		v.How = "ui.rule.departed"
	}
	return v
}

// ruleOf names a rule that was followed.
func ruleOf(r server.RuleID) Rule {
	v := Rule{ID: r.ID, Text: ID("rule." + r.ID), Section: r.Section, How: "ui.rule.followed"}
	if m := rfcSection.FindStringSubmatch(r.Section); m != nil {
		v.Link = "https://www.rfc-editor.org/rfc/rfc" + m[1] + "#section-" + m[2]
	}
	return v
}

// brokenBy tells whether a check or a fault names the rule.
func brokenBy(f *session.Frame, r server.RuleID) bool {
	if e := checked(f); e != nil && !e.Holds {
		return true
	}
	fault := f.Fault()
	return fault != nil && server.RuleID(fault.RuleID) == r
}

func departed(f *session.Frame, r server.RuleID) bool {
	for _, e := range f.Client {
		if e.Kind == client.Departed && server.RuleID(e.Rule) == r {
			return true
		}
	}
	return false
}

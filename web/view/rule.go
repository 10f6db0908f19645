package view

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
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

// rule names the rule that decided a frame; its ID is empty where none did.
func rule(f *session.Frame) Rule {
	r := f.Rule()
	if r.ID == "" {
		return Rule{}
	}
	v := ruleOf(r)
	switch {
	case departsFrom(f, r):
		v.How = "ui.rule.departed"
	case refused(f), brokenBy(f, r):
		v.How = "ui.rule.refused"
	case departed(f, r):
		v.How = "ui.rule.departed"
	}
	return v
}

// ruleOf names a rule that was followed.
func ruleOf(r machine.RuleID) Rule {
	return Rule{ID: r.ID, Text: ID("rule." + r.ID), Section: r.Section, Link: rfcLink(r.Section), How: "ui.rule.followed"}
}

// rfcLink is where "RFC 4954" or "RFC 4954 §4" is kept; empty for all else.
func rfcLink(source string) string {
	rest, ok := strings.CutPrefix(source, "RFC ")
	number, section, some := strings.Cut(rest, " §")
	switch {
	case !ok, !only(number, numerals), some && !only(section, numerals+upper+"."):
		return ""
	case some:
		section = "#section-" + section
	}
	return "https://www.rfc-editor.org/rfc/rfc" + number + section
}

// brokenBy tells whether a check or a fault names the rule.
func brokenBy(f *session.Frame, r machine.RuleID) bool {
	if v := check(f); v != nil && !v.holds {
		return true
	}
	fault := f.Fault()
	return fault != nil && fault.RuleID == r
}

// departsFrom tells whether the server refuses by a quirk that is against the very
// rule: then it is not the client who broke it.
func departsFrom(f *session.Frame, r machine.RuleID) bool {
	return refused(f) && slices.ContainsFunc(f.Quirks(), func(n quirk.Name) bool {
		q, known := quirk.Lookup(n)
		return known && q.Side == quirk.Server && q.Rule == r.ID && !n.Free()
	})
}

func departed(f *session.Frame, r machine.RuleID) bool {
	for _, e := range f.Client {
		if e.Kind == machine.Departed && e.Rule == r {
			return true
		}
	}
	return false
}

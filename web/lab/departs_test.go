//go:build !js

package lab

import (
	"testing"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
)

// departing is the first step at which a quirk acts; -1 where none does.
func (t *tester) departing(n quirk.Name) int {
	for i, f := range t.page.session.Frames() {
		if f.Quirks().Has(n) {
			return i
		}
	}
	return -1
}

// AUTH-22, AUTH-10, AUTH-19: a departure is told with its rule, what is done,
// what comes of it and who else does it; a choice is called one.
func TestDeparts(t *testing.T) {
	of := func(n quirk.Name) view.Departure {
		q, _ := quirk.Lookup(n)
		d := view.Departure{Quirk: q, Head: "ui.departs", Rule: view.Rule{ID: q.Rule, Text: view.ID("rule." + q.Rule), Section: quirk.Sections[q.Rule]}}
		if n.Free() {
			d.Head = "ui.chooses"
		}
		return d
	}
	code := view.Departure{Quirk: quirk.Worded[0], Head: "ui.departs", Asked: "501 5.5.2", Said: "535", Place: "base64-initial",
		Rule: view.Rule{ID: "AUTH-22", Text: "rule.AUTH-22", Section: "RFC 4954 §4", Link: "https://www.rfc-editor.org/rfc/rfc4954#section-4"}}
	all := []view.Departure{of(quirk.AuthTwice), code, of(quirk.TriesNext)}
	many := []string{"A", "B", "C", "D", "E", "F", "G"}
	for _, lang := range i18n.Languages {
		golden(t, "departs-"+lang, &departs{Text: i18n.LoadAll(lang), Departs: all, Others: [][]string{many, {"Postfix", "Exim"}, nil}})
	}
	golden(t, "departs-wait", &departs{Text: i18n.Load("en"), Departs: all, Lacks: "ui.departs.wait"})
}

// Postfix with Dovecot takes AUTH after HELO, and the page says at that step
// what that is; before the dialects are there, what can be said without.
func TestDepartures(t *testing.T) {
	all := fetched(t)
	p := open(t, "en")
	p.act(actionChoose, "mox-v0.0.11")
	at := p.departing(quirk.LoginExact)
	p.act(actionJump, at)
	p.shows(`data-quirk="login-exact-prompts"`, p.page.text.T("ui.departs.wait"), p.page.text.T("rule.LOG-03"), "mark-departs")
	p.page.missing = true
	p.act(actionJump, at)
	p.shows(p.page.text.T("ui.departs.missing"))
	p.act(actionJump, 0)
	p.lacks(`data-quirk=`, "entry-mark")

	words, err := i18n.DialectJSON("en")
	if err != nil || p.page.text.Add(words) != nil {
		t.Fatal(err)
	}
	p.page.alike, p.page.missing = all.alike, false
	p.act(actionAct, act{"client", all.of(all.Clients, "dotnet-smtpclient")})
	p.act(actionAct, act{"server", all.of(all.Servers, "postfix-dovecot")})
	seen := 0
	for i, f := range p.page.session.Frames() {
		p.act(actionJump, i)
		for _, n := range f.Quirks() {
			seen++
			p.shows(`data-quirk="` + string(n) + `"`)
			if n != quirk.OtherCode {
				p.shows(p.page.text.T("quirk."+string(n)), p.page.text.T("quirk."+string(n)+".effect"))
			}
		}
	}
	if seen == 0 {
		t.Error("nobody departs")
	}
	for n, who := range map[quirk.Name]string{quirk.StarIsData: "OpenSMTPD", quirk.StrayStar: "Go 1.26 net/smtp"} {
		q, _ := quirk.Lookup(n)
		d := view.Departure{Quirk: q}
		if names := all.alike.Others(&d, new(session.Setup)); !contains(names, who) {
			t.Errorf("%s: %q, not %s", n, names, who)
		}
	}
	d := view.Departure{Quirk: quirk.Worded[0], Place: server.Place("base64-initial"), Said: "535"}
	setup := new(session.Setup)
	setup.Server.Dialect = "postfix-dovecot/postfix-tls"
	if names := all.alike.Others(&d, setup); len(names) != 1 || names[0] != "Postfix with Cyrus SASL" {
		t.Errorf("%q", names)
	}
}

// contains reports whether a name begins so.
func contains(names []string, begin string) bool {
	for _, n := range names {
		if len(n) >= len(begin) && n[:len(begin)] == begin {
			return true
		}
	}
	return false
}

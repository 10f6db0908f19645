//go:build !js

package lab

import (
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
)

func TestActs(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	setup := setupOf(scenario.Default)
	setup.Server.Dialect = "mox-v0.0.11"
	golden(t, "acts", &acts{Text: i18n.LoadAll("en"), Dialects: all, Setup: setup, query: "mo"})
	if g := view.ActsOf(all, session.Client, setup, "no such client"); g != nil {
		t.Errorf("%v", g)
	}
}

// Every dialect can be chosen, for both sides, and taken back.
func TestBehave(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "en")
	p.act(actionOpen, dialogActs)
	p.shows(`id="acts"`)
	p.shows(p.page.text.T("ui.acts.wait"))
	p.page.missing = true
	p.act(actionActs, tabActs)
	p.shows(p.page.text.T("ui.acts.missing"))
	p.act(actionClosed, nil)
	before := p.page.session.Setup()
	p.act(actionAct, act{session.Server, "exim"}) // nothing is fetched yet
	if p.page.session.Setup().Server.Dialect != "" {
		t.Error("a dialect is taken before it is there")
	}
	p.page.dialects = all
	for _, s := range all.Servers {
		p.act(actionAct, act{session.Server, s.ID})
		if got := p.page.session.Setup().Server.Dialect; got != s.ID || p.page.note.ID == "ui.trouble.setup" {
			t.Errorf("%s: %q, %v", s.ID, got, p.page.note)
		}
	}
	p.act(actionAct, act{session.Server, ""})
	for _, c := range all.Clients {
		p.act(actionAct, act{session.Client, c.ID})
		if got := p.page.session.Setup().Client.Dialect; got != c.ID {
			t.Errorf("%s: %q, %v", c.ID, got, p.page.note)
		}
	}
	p.act(actionAct, act{session.Client, ""})
	after := p.page.session.Setup()
	if len(after.Server.Replies) > 0 || len(after.Client.Quirks) > 0 || after.Server.Host != before.Server.Host || after.Client.TLS != before.Client.TLS {
		t.Errorf("%+v", after)
	}
	p.act(actionAct, act{session.Server, "postfix-dovecot"})
	p.shows("ESMTP Postfix")
}

//go:build !js

package lab

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/link"
	resolved "example.org/smtpauth/web/programs"
	"example.org/smtpauth/web/view"
)

// A catalogue is what the page fetches of real programs.
type catalogue struct {
	*resolved.Programs
	alike view.Alike
}

func fetched(t *testing.T) catalogue {
	t.Helper()
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	p, err := resolved.Of(all)
	if err != nil {
		t.Fatal(err)
	}
	alike, err := resolved.Alike(all)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue{p, alike}
}

// whole is the JSON form of a set-up, as programs.js makes it.
func (c catalogue) whole(parts resolved.Parts) string {
	merged := maps.Clone(c.Opening)
	maps.Copy(merged, parts)
	text, _ := json.Marshal(merged)
	return string(text)
}

// of is that of a dialect.
func (c catalogue) of(list []resolved.Program, id string) string {
	i := slices.IndexFunc(list, func(p resolved.Program) bool { return p.ID == id })
	return c.whole(list[i].Setup)
}

// What is told of real programs has its place once it is fetched, in each tab;
// every outcome has words.
func TestPrograms(t *testing.T) {
	p := open(t, "en")
	p.act(actionOpen, dialogActs)
	p.shows(`id="acts"`, p.page.text.T("ui.acts.wait"))
	p.page.missing = true
	p.act(actionActs, tabMatrix)
	p.shows(p.page.text.T("ui.acts.missing"), `id="tab-matrix"`)
	p.page.missing, p.page.alike = false, view.Alike{}
	for _, tab := range actsTabs.names {
		p.act(actionActs, tab)
		p.shows(`class="programs"`, `aria-labelledby="tab-`+tab+`"`)
	}
	for _, lang := range i18n.Languages {
		text := i18n.LoadAll(lang)
		for _, o := range matrix.Outcomes {
			if !text.Has("matrix." + string(o)) {
				t.Errorf("%s lacks matrix.%s", lang, o)
			}
		}
	}
}

// Every dialect can be chosen, for both sides, and taken back.
func TestBehave(t *testing.T) {
	all := fetched(t)
	p := open(t, "en")
	before := p.page.session.Setup()
	p.act(actionAct, act{"server", `{"version":1}`})
	if now := p.page.session.Setup(); now.Server.Host != before.Server.Host {
		t.Error("a set-up that is none is taken")
	}
	for _, s := range all.Servers {
		p.act(actionAct, act{"server", all.whole(s.Setup)})
		if got := p.page.session.Setup().Server.Dialect; got != s.ID || p.page.note.ID == "ui.trouble.setup" {
			t.Errorf("%s: %q, %v", s.ID, got, p.page.note)
		}
	}
	p.act(actionAct, act{"server", ""})
	for _, c := range all.Clients {
		p.act(actionAct, act{"client", all.whole(c.Setup)})
		if got := p.page.session.Setup().Client.Dialect; got != c.ID {
			t.Errorf("%s: %q, %v", c.ID, got, p.page.note)
		}
	}
	p.act(actionAct, act{"client", ""})
	after := p.page.session.Setup()
	if len(after.Server.Replies) > 0 || len(after.Client.Quirks) > 0 || after.Server.Host != before.Server.Host || after.Client.TLS != before.Client.TLS {
		t.Errorf("%+v", after)
	}
	p.lacks("chooser-edited")
	p.act(actionAct, act{"server", all.of(all.Servers, "postfix-dovecot")})
	p.shows("ESMTP Postfix", "this page → postfix-dovecot")
	p.act(actionAct, act{"client", all.of(all.Clients, "curl")})
	p.shows("curl → postfix-dovecot")
	p.act(actionAct, act{"server", ""})
	p.shows("curl → this page")
	p.act(actionChoose, "plain")
	p.shows(p.page.text.T("scenario.plain.title"))
}

// Every act stands at its line with its story, its link leads back to both, and
// the story leaves with one of the two.
func TestMeet(t *testing.T) {
	all := fetched(t)
	p := open(t, "en")
	p.act(actionMeet, meeting{"{", 0})
	p.lacks("meeting-place\"><")
	p.page.text = i18n.LoadAll("en")
	for _, m := range all.Meetings {
		for _, a := range m.Acts {
			name := m.ID + "/" + a.ID
			p.act(actionMeet, meeting{all.whole(a.Setup), a.At})
			if p.page.session.At() != a.At || p.page.session.Setup().Meeting != name || p.page.link.notice.ID != "" {
				t.Errorf("%s: at %d, %v", name, p.page.session.At(), p.page.link.notice)
			}
			if link.Typed(p.page.session.Setup()) {
				t.Errorf("%s has a password that links withhold", name)
			}
			p.page.follow(p.page.link.address.At(a.At))
			if p.page.session.At() != a.At || p.page.title() != "meeting."+m.ID+".title" {
				t.Errorf("%s: the link leads to %d, %q", name, p.page.session.At(), p.page.title())
			}
		}
	}
	p.act(actionJump, 0)
	p.shows(`class="programs"`, p.page.text.T(p.page.title()))
	p.act(actionAct, act{"server", all.of(all.Servers, "exim")})
	p.lacks(`class="programs"`)
	p.shows(" → exim")
}

// A pair's session runs from the beginning of everything else and stands where
// it turned, or at its end.
func TestCross(t *testing.T) {
	all := fetched(t)
	p := open(t, "en")
	p.act(actionChoose, "stripped") // somebody else acts in it
	p.act(actionPair, couple{all.of(all.Servers, "mox-v0.0.11"), all.of(all.Clients, "authelia-4.38.16")})
	frame := p.page.session.Frames()[p.page.session.At()]
	if setup := p.page.session.Setup(); setup.Server.Dialect != "mox-v0.0.11" || setup.Client.Dialect != "authelia-4.38.16" || string(frame.Octets) != "*\r\n" || len(p.page.inputs) > 0 {
		t.Errorf("%+v, %q", setup, frame.Octets)
	}
	p.act(actionPair, couple{all.of(all.Servers, "exim"), all.of(all.Clients, "curl")})
	if s := p.page.session; s.At() != len(s.Frames())-1 || !s.Frames()[s.At()].ClientState.Delivered {
		t.Errorf("%d of %d", s.At(), len(s.Frames()))
	}
	before := p.page.session
	p.act(actionPair, couple{all.of(all.Servers, "exim"), "nobody"})
	if p.page.session != before {
		t.Error("nobody meets exim")
	}
}

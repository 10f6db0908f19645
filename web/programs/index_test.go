//go:build !js

package programs_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/programs"
	"example.org/smtpauth/web/view"
)

// replies runs them all.
func replies(t *testing.T, p *programs.Programs) []programs.Reply {
	t.Helper()
	all, err := programs.Replies(p)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What people look for leads, first of its kind, to where that is.
func TestFound(t *testing.T) {
	_, p := resolved(t)
	said, finders := replies(t, p), map[string]*view.Finder{}
	for _, lang := range i18n.Languages {
		text := i18n.LoadAll(lang)
		finders[lang] = view.NewFinder(view.Scenarios(text), programs.Index(p, said, text))
	}
	for _, test := range []struct {
		langs, query string
		kind         view.Kind
		want         string // where the first of that kind leads
	}{
		{"en zh ru", "454", view.FoundReply, "act without-auth/goes-on"},
		{"en zh ru", "421", view.FoundReply, "act large-421/gmail"},
		{"en zh ru", "534", view.FoundReply, "server chasquid"},
		{"en zh ru", "538", view.FoundReply, "server aiosmtpd/aiosmtpd-tls"},
		{"en zh ru", "5.7.139", view.FoundReply, "act other-535/policy"},
		{"en zh ru", "gmail", view.FoundServer, "server gmail"},
		{"en zh ru", "Google", view.FoundServer, "server gmail"},
		{"en zh ru", "office365", view.FoundServer, "server office365"},
		{"en zh ru", "tenant", view.FoundReply, "act other-535/policy"},
		{"en zh ru", "replay", view.FoundScenario, "scenario cram-md5"},
		{"zh", "重放", view.FoundScenario, "scenario cram-md5"},
		{"ru", "воспроизведение", view.FoundScenario, "scenario cram-md5"},
		{"en zh ru", "app password", view.FoundReply, "server qq/qq-2021"},
		{"zh", "授权码", view.FoundReply, "server qq/qq-2021"},
		{"ru", "пароль приложения", view.FoundReply, "server qq/qq-2021"},
		{"en zh ru", "235", view.FoundReply, "scenario cram-md5"},
		{"en zh ru", "334 VXNlcm5hbWU6", view.FoundReply, "scenario login-clear"},
		{"en zh ru", "432", view.FoundReply, "scenario scram-transition"},
		{"en zh ru", "4.7.12", view.FoundReply, "scenario scram-transition"},
		{"en zh ru", "500", view.FoundReply, "server haraka"},
		{"en zh ru", "501", view.FoundReply, "scenario scram-iterations"},
		{"en zh ru", "504", view.FoundReply, "scenario external-without"},
		{"en zh ru", "523", view.FoundReply, "server go-smtp/go-smtp-tls"},
		{"en zh ru", "530", view.FoundReply, "scenario auth-before-tls"},
		{"en zh ru", "535", view.FoundScenario, "scenario xoauth2-expired"},
		{"en zh ru", "550", view.FoundScenario, "scenario anonymous"},
		{"en zh ru", "5.7.8", view.FoundReply, "scenario xoauth2-expired"},
		{"en zh ru", "5.7.9", view.FoundReply, "server chasquid"},
		{"en zh ru", "postfix", view.FoundServer, "server postfix-dovecot"},
		{"en zh ru", "exchange", view.FoundServer, "server exchange-legacy"},
		{"en zh ru", "dovecot", view.FoundServer, "server postfix-dovecot"},
		{"en zh ru", "outlook", view.FoundClient, "client outlook-express"},
		{"en zh ru", "thunderbird", view.FoundClient, "client thunderbird"},
		{"en zh ru", "curl", view.FoundClient, "client curl"},
		{"en zh ru", "swaks", view.FoundClient, "client swaks"},
		{"en zh ru", "ｃｒａｍ", view.FoundScenario, "scenario cram-md5"},
		{"en zh ru", "scram-plus", view.FoundScenario, "scenario scram-plus"},
		{"en zh ru", "channel binding", view.FoundScenario, "scenario scram-plus"},
		{"en zh ru", "base64", view.FoundAct, "act text-334/reads"},
		{"en zh ru", "starttls", view.FoundScenario, "scenario cram-md5"},
		{"zh", "换行", view.FoundServer, "server postfix-dovecot"},
		{"zh", "证书", view.FoundScenario, "scenario scram-plus-end-point"},
		{"en zh ru", "552", view.FoundReply, ""}, // no session that the page can be put into has it
	} {
		for lang := range strings.FieldsSeq(test.langs) {
			got := ""
			for _, g := range finders[lang].Find(test.query) {
				if g.Kind == test.kind {
					got = string(g.All[0].Place.In) + " " + g.All[0].Place.ID
				}
			}
			if got != test.want {
				t.Errorf("%s %q: the first %s leads to %q, want %q", lang, test.query, test.kind, got, test.want)
			}
		}
	}
	for lang, f := range finders {
		for _, q := range examples(i18n.Load(lang).T("ui.scenarios.nothing")) {
			if len(f.Find(q)) == 0 {
				t.Errorf("%s: the example %q finds nothing", lang, q)
			}
		}
	}
}

// examples are those of "… Try 535, LOGIN or “relay”.": what stands in quotation
// marks, and what is in ASCII alone.
func examples(sentence string) (all []string) {
	_, list, _ := strings.Cut(sentence, "535")
	for _, word := range strings.FieldsFunc("535"+list, func(r rune) bool { return strings.ContainsRune(" ,，、.。“”«»", r) }) {
		if !slices.Contains([]string{"or", "或", "или"}, word) {
			all = append(all, word)
		}
	}
	return all
}

// Every reply is said at the frame that it leads to, in the session that the page
// then makes.
func TestRepliesAreSaid(t *testing.T) {
	_, p := resolved(t)
	set := map[string]programs.Parts{}
	each(p.Servers, func(name string, parts programs.Parts) { set["server "+name] = parts })
	for _, m := range p.Meetings {
		for _, a := range m.Acts {
			set["act "+m.ID+"/"+a.ID] = a.Setup
		}
	}
	seen := map[view.Kind]int{}
	for _, r := range replies(t, p) {
		seen[r.Place.In]++
		var setup session.Setup
		var inputs []session.Input
		parts, known := set[string(r.Place.In)+" "+r.Place.ID]
		switch sc, is := scenario.ByID(r.Place.ID); {
		case r.Place.In == view.FoundScenario && is:
			setup, inputs = sc.Setup(), sc.Inputs
		case known:
			if setup = whole(t, p, parts); r.Place.In == view.FoundServer {
				setup = view.Reach(setup, r.Place)
			}
		default:
			t.Fatalf("%+v leads nowhere", r.Place)
		}
		s, err := session.New(setup, inputs...)
		if err != nil {
			t.Fatal(err)
		}
		s.Run()
		f := s.Frames()[r.Place.At]
		if first, _, _ := strings.Cut(r.Text, " "); f.Side != session.Server || !strings.HasPrefix(string(f.Octets), first) {
			t.Errorf("%+v: %q is not %q", r.Place, f.Octets, r.Text)
		}
		s.Close()
	}
	if seen[view.FoundScenario] == 0 || seen[view.FoundAct] == 0 || seen[view.FoundServer] == 0 {
		t.Errorf("replies of %v", seen)
	}
}

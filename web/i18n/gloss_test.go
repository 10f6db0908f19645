//go:build !js

package i18n_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/smtp"
	"example.org/smtpauth/web/i18n"
)

// verbs are all that a command line may begin with.
var verbs = []smtp.Verb{smtp.EHLO, smtp.HELO, smtp.STARTTLS, smtp.AUTH, smtp.MAIL, smtp.RCPT, smtp.DATA, smtp.RSET,
	smtp.NOOP, smtp.VRFY, smtp.EXPN, smtp.HELP, smtp.QUIT, smtp.BDAT}

// glosses are the ids that explain what may stand in a conversation, from the
// tables and from what the machines say.
func glosses(t *testing.T) []string {
	ids := map[string]bool{"gloss.more": true, "gloss.last": true, "gloss.cancel": true}
	reply := func(r smtp.Reply) {
		ids[fmt.Sprintf("gloss.code.%d", r.Code)] = true
		ids[fmt.Sprintf("gloss.class.%d", r.Class())] = true
		if e := r.Enhanced; e != (smtp.EnhancedCode{}) {
			ids["gloss.enhanced."+e.String()] = true
			ids[fmt.Sprintf("gloss.subject.%d", e[1])] = true
		}
	}
	for _, verb := range verbs {
		if !verb.Known() {
			t.Errorf("%q is no verb", verb)
		}
		ids["gloss.verb."+string(verb)] = true
		for _, a := range server.Tested(verb) {
			reply(a.Reply)
		}
	}
	for _, a := range slices.Concat(server.Endings(machine.OnResponse), server.Endings(machine.OnMessage)) {
		reply(a.Reply)
	}
	for _, k := range append(slices.Clone(session.Keywords), "SIZE", "AUTH") {
		ids["gloss.keyword."+k] = true
	}
	for _, m := range append(scenario.MechanismChoices(), scenario.Unknown) {
		ids["gloss.mechanism."+m] = true
	}
	for _, p := range []string{"SIZE", "BODY", "SMTPUTF8", "AUTH"} {
		ids["gloss.parameter."+p] = true
	}
	for _, e := range talk(t) {
		if e.Kind == machine.Said {
			reply(*e.Reply)
		}
	}
	said := words(t)
	for _, id := range ofOthers {
		if ids["gloss."+id] = true; !said[id] {
			t.Errorf("no real server says %s", id)
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// ofOthers are what real servers say of a log-in and ours does not, as far as it
// means the same with several, or is met often.
var ofOthers = []string{"code.534", "code.523", "enhanced.5.7.3", "enhanced.5.7.4", "enhanced.5.7.9", "enhanced.5.7.10", "enhanced.5.7.57", "enhanced.5.7.139",
	"keyword.AUTH=", "keyword.X-EXPS", "keyword.X-EXPS="}

// words are what real servers say: "code.535", "enhanced.5.7.8", "keyword.AUTH".
func words(t *testing.T) map[string]bool {
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, s := range all.Servers {
		for _, m := range slices.AppendSeq([]dialect.Manner{s.Manner}, maps.Values(s.Variants)) {
			for _, k := range m.Keywords {
				at := strings.IndexAny(k+" ", "= ")
				if strings.HasPrefix(k[at:], "=") {
					at++
				}
				ids["keyword."+k[:at]] = true
			}
			for _, said := range m.Replies {
				for line := range strings.SplitSeq(said, "\n") {
					ids["code."+line[:3]] = true
					if e, _, coded := smtp.ParseEnhanced(line[min(4, len(line)):]); coded {
						ids["enhanced."+e.String()] = true
					}
				}
			}
		}
	}
	return ids
}

// talk is what a server does in a session that brings every reply which no
// table holds.
func talk(t *testing.T) []server.Event {
	now := time.Unix(0, 0)
	s, err := server.New(server.Policy{Host: "a", Extensions: []string{"HELP", "STARTTLS"}, BeforeTLS: []string{"PLAIN"}, LocalDomains: []string{"b"}},
		sasl.Env{Rand: bytes.NewReader(make([]byte, 1<<10)), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	log := s.Step(machine.Input{Kind: machine.Connected})
	for _, line := range []string{"EHLO a", "HELP", "NOOP", "VRFY x", "AUTH PLAIN", "*", "MAIL FROM:<>", "RCPT TO:<x@b>", "DATA", ".", "STARTTLS"} {
		log = append(log, s.Step(machine.Input{Kind: machine.Octets, Octets: []byte(line + "\r\n")})...)
	}
	log = append(log, s.Step(machine.Input{Kind: machine.Secured})...)
	log = append(log, s.Step(machine.Input{Kind: machine.Clock, Now: now.Add(time.Hour)})...)
	said := map[int]bool{}
	for _, e := range log {
		if e.Kind == machine.Said {
			said[e.Reply.Code] = true
		}
	}
	for _, code := range []int{214, 220, 250, 252, 334, 354, 421} {
		if !said[code] {
			t.Errorf("no reply %d in the session", code)
		}
	}
	return log
}

// What is said in a conversation is explained, in every language, and nothing
// is explained that cannot be said.
func TestGlossesAreWorded(t *testing.T) {
	want := append(glosses(t), "gloss.code.221", "gloss.code.235")
	for _, lang := range i18n.Languages {
		c := i18n.Load(lang)
		for _, id := range want {
			if !c.Has(id) {
				t.Errorf("%s lacks %q", lang, id)
			}
		}
		for _, id := range c.IDs() {
			if len(id) > 6 && id[:6] == "gloss." && !slices.Contains(want, id) {
				t.Errorf("%s explains %q, which is never said", lang, id)
			}
		}
	}
}

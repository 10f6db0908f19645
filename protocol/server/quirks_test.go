package server

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
)

const (
	timPlain = "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"
	badPlain = "AUTH PLAIN AHRpbQB3cm9uZw=="
	asBoss   = "AUTH PLAIN Ym9zcwB0aW0AdGFuc3RhYWZ0YW5zdGFhZg==" // tim, to act as boss
	withTLS  = "(TLS)"
)

// A quirkCase shows what a quirk changes.
type quirkCase struct {
	quirk   quirk.Name
	policy  string
	lines   []string
	without string // how the last reply begins, or a line of it; "" for none
	with    string
	change  func(*Policy)
}

// quirky shows what each quirk changes: the last reply to the lines, without it
// and with it. AUTH-02, AUTH-03, AUTH-05, AUTH-06, AUTH-08, AUTH-09, AUTH-10,
// AUTH-11, AUTH-13, AUTH-15, AUTH-16, AUTH-19, AUTH-21, AUTH-22, AUTH-27,
// AUTH-28, AUTH-33, AUTH-34, AUTH-36, AUTH-40, AUTH-47, CMD-02, CMD-04, DIG-01, DIG-12, DIG-15, LOG-05,
// LOG-06, PAR-01, PAR-02, PIP-01, REP-04, REP-11, SAS-02, SEQ-06, SUB-03, SUB-04
// and TLS-14 are what they bear on.
var quirky = []quirkCase{
	{quirk.AuthBeforeEHLO, "clear", []string{timPlain}, "503", "235", nil},
	{quirk.AuthAfterHELO, "clear", []string{"HELO a", timPlain}, "503", "235", nil},
	{quirk.AuthAsListed, "clear", []string{"HELO a", timPlain}, "235", "503", func(p *Policy) { p.Quirks = quirk.Set{quirk.AuthAfterHELO} }},
	{quirk.AuthTwice, "clear", []string{"EHLO a", timPlain, timPlain}, "503", "235", nil},
	{quirk.AuthInTransaction, "clear", []string{"EHLO a", "MAIL FROM:<tim@example.org>", timPlain}, "503", "235", nil},
	{quirk.ExtraIgnored, "clear", []string{"EHLO a", timPlain + " x"}, "501 5.5.4", "235", nil},
	{quirk.ExtraDecoded, "clear", []string{"EHLO a", timPlain + " x"}, "501 5.5.4", "501 5.5.2", nil},
	{quirk.MechanismCase, "clear", []string{"EHLO a", "AUTH plain"}, "334", "504", nil},
	{quirk.AnyMechanism, "clear", []string{"EHLO a", "AUTH FOOBAR"}, "504", "334", nil},
	{quirk.TLSForAny, "clear, CRAM-MD5 only, 538", []string{"EHLO a", "AUTH FOOBAR"}, "504", "538", nil},
	{quirk.ListedEarly, "submission", []string{"EHLO a"}, "250 ENHANCED", "250 AUTH PLAIN", func(p *Policy) { p.MaxSize = 0 }},
	{quirk.ListedAfter, "clear", []string{"EHLO a", timPlain, "EHLO a"}, "250 SIZE", "250 AUTH PLAIN", nil},
	{quirk.InitialIgnored, "clear", []string{"EHLO a", "AUTH CRAM-MD5 dGlt"}, "501", "334", nil},
	{quirk.LoginInitialUnread, "clear", []string{"EHLO a", "AUTH LOGIN dGlt"}, "334 UGFzc3dvcmQ6", "334 VXNlcm5hbWU6", nil},
	{quirk.LoginNameWanted, "clear", []string{"EHLO a", "AUTH LOGIN", ""}, "334", "535", nil},
	{quirk.AnyPassword, "clear", []string{"EHLO a", badPlain}, "535", "235", nil},
	{quirk.EqualsSign, "clear", []string{"EHLO a", "AUTH PLAIN ="}, "535", "501", nil},
	{quirk.Base64Lenient, "clear", []string{"EHLO a", "AUTH LOGIN", "!dGlt"}, "501", "334", nil},
	{quirk.StarIsData, "clear", []string{"EHLO a", "AUTH PLAIN", "*"}, "501 5.7.0", "501 5.5.2", nil},
	{quirk.CommandsInExchange, "clear", []string{"EHLO a", "AUTH PLAIN", "NOOP"}, "535", "250", nil},
	{quirk.PlainSilent, "clear", []string{"EHLO a", "AUTH PLAIN"}, "334", "", nil},
	{quirk.PlainNeedsInitial, "clear", []string{"EHLO a", "AUTH PLAIN"}, "334", "535", nil},
	{quirk.BareChallenge, "clear", []string{"EHLO a", "AUTH PLAIN"}, "334 \r", "334\r", nil},
	{quirk.ChallengeClear, "clear", []string{"EHLO a", "AUTH LOGIN"}, "334 VXNlcm5hbWU6", "334 Username:", nil},
	{quirk.AuthzidIgnored, "clear", []string{"EHLO a", asBoss}, "535", "235", nil},
	{quirk.DigestAnyURI, "clear", []string{"EHLO a", "AUTH DIGEST-MD5", "dXNlcm5hbWU9InRpbSIsbm9uY2U9Im4iLGNub25jZT0iYyIsbmM9MDAwMDAwMDEscW9wPWF1dGgsZGlnZXN0LXVyaT0ic210cC9vdGhlciIscmVzcG9uc2U9YWNiM2QxZGY0ODhmN2RkNGQyYzQ1M2U1M2JmYWU4Mjk="}, "535", "334", digesting},
	{quirk.DigestQuotes, "clear", []string{"EHLO a", "AUTH DIGEST-MD5"}, "334 bm9uY2U9Im4iLHFvcD0iYXV0aCIsYWxnb3Jp", "334 bm9uY2U9Im4iLHFvcD0iYXV0aCIsY2hhcnNl", digesting},
	{quirk.DigestIntegrity, "clear", []string{"EHLO a", "AUTH DIGEST-MD5"}, "334 bm9uY2U9Im4iLHFvcD0iYXV0aCIsYWxn", "334 bm9uY2U9Im4iLHFvcD0iYXV0aCxhdXRo", digesting},
	{quirk.Delivered250, "clear", []string{"EHLO a", timPlain}, "235", "250", nil},
	{quirk.SurvivesTLS, "clear", []string{"EHLO a", timPlain, "STARTTLS", withTLS, "EHLO a", timPlain}, "235", "503", nil},
	{quirk.EHLOForgets, "clear", []string{"EHLO a", timPlain, "EHLO a", timPlain}, "503", "235", nil},
	{quirk.EHLOOnce, "clear", []string{"EHLO a", "EHLO a"}, "250", "503", nil},
	{quirk.NoPipelining, "clear", []string{"EHLO a", "NOOP\r\nNOOP"}, "250", "421", nil},
	{quirk.BareLF, "clear", []string{"EHLO a\nNOOP"}, "500", "250", nil},
	{quirk.AuthFirst, "clear, authentication wanted", []string{"EHLO a", "RCPT TO:<tim@example.org>"}, "503", "530", nil},
	{quirk.OpenRelay, "clear", []string{"EHLO a", "MAIL FROM:<>", "RCPT TO:<a@example.net>"}, "550", "250", nil},
	{quirk.SenderAtRCPT, "clear", []string{"EHLO a", timPlain, "MAIL FROM:<boss@example.org>", "RCPT TO:<a@example.net>"}, "503", "553", nil},
	{quirk.SenderAtEnd, "clear", []string{"EHLO a", timPlain, "MAIL FROM:<boss@example.org>", "RCPT TO:<a@example.net>", "DATA", "."}, "500", "553", nil},
	{quirk.SenderDomain, "clear", []string{"EHLO a", timPlain, "MAIL FROM:<boss@example.org>"}, "553", "250", nil},
	{quirk.MailAuthUnknown, "clear", []string{"EHLO a", "MAIL FROM:<> AUTH=<>"}, "250", "555", nil},
	{quirk.MailAuthUnchecked, "clear", []string{"EHLO a", "MAIL FROM:<> AUTH=+ZZ"}, "501", "250", nil},
	{quirk.MailAuthBrackets, "clear", []string{"EHLO a", "MAIL FROM:<> AUTH=<>"}, "250", "501", nil},
	{quirk.FailuresAreErrors, "clear, 3 errors", []string{"EHLO a", badPlain, "X", "X"}, "500", "421", nil},
	{quirk.OneErrorCount, "clear, 3 errors", []string{"EHLO a", "RSET x", "RSET x", "RSET x"}, "421", "501", nil},
	{quirk.LinesCut, "clear", []string{"EHLO a", "NOOP " + strings.Repeat("x", 100)}, "500", "250", func(p *Policy) { p.Limits.Line = 20 }},
}

func digesting(p *Policy) { p.BeforeTLS, p.Nonce = []string{"DIGEST-MD5"}, "n" }

// actsAt is the line at which a quirk acts, where it is not the last.
var actsAt = map[quirk.Name]int{quirk.SurvivesTLS: 2, quirk.EHLOForgets: 2, quirk.SenderAtRCPT: 2, quirk.SenderAtEnd: 2}

// lastReply is how a server of p answers the last of the lines, and at which
// line each quirk first acted.
func lastReply(t *testing.T, p Policy, lines []string) (string, map[quirk.Name]int) {
	t.Helper()
	h := newHost(t, p)
	h.Step(machine.Input{Kind: machine.Connected})
	said, acted := "", map[quirk.Name]int{}
	for i, line := range lines {
		events := h.say(line + "\r\n")
		if line == withTLS {
			events = h.Step(machine.Input{Kind: machine.Secured, Channel: sasl.Channel{TLS: true}})
		}
		said = ""
		for _, e := range events {
			for _, n := range e.Quirks {
				if _, before := acted[n]; !before {
					acted[n] = i
				}
			}
			if e.Kind == machine.Said {
				said = string(e.Octets)
			}
		}
	}
	return said, acted
}

// Each quirk of a server changes what it says, nothing but the quirk does, and
// the step says so.
func TestQuirks(t *testing.T) {
	for _, test := range quirky {
		p := policies[test.policy]()
		if test.change != nil {
			test.change(&p)
		}
		for _, asked := range []bool{false, true} {
			want := test.without
			if asked {
				want, p.Quirks = test.with, append(p.Quirks, test.quirk)
			}
			got, acted := lastReply(t, p, test.lines)
			at, noted := acted[test.quirk]
			wantAt, early := actsAt[test.quirk]
			if !early {
				wantAt = len(test.lines) - 1
			}
			if noted != asked || asked && at != wantAt {
				t.Errorf("%s, asked for %v: noted %v at line %d, want %d", test.quirk, asked, noted, at, wantAt)
			}
			if want == "" && got != "" || !strings.HasPrefix(got, want) && !strings.Contains(got, "\n"+want) {
				t.Errorf("%s, asked for %v: %q, want %q", test.quirk, asked, got, want)
			}
		}
	}
	for _, q := range quirk.Known {
		if q.Side == quirk.Server && !slices.ContainsFunc(quirky, func(test quirkCase) bool {
			return test.quirk == q.Name
		}) {
			t.Errorf("nothing shows what %s does", q.Name)
		}
	}
}

// A server's own words stand where the rules' would, with what changes filled
// in, and may end the session.
func TestReplies(t *testing.T) {
	for _, test := range []struct {
		place Place
		words string
		lines []string
		want  string
	}{
		{"greeting", "220 {host} hi", nil, ""},
		{"auth-unknown", "504 {mechanism} is new here", []string{"EHLO a", "AUTH foobar x"}, "504 foobar is new here\r\n"},
		{"success LOGIN", "235 2.7.0 at last", []string{"EHLO a", "AUTH LOGIN dGlt", "dGFuc3RhYWZ0YW5zdGFhZg=="}, "235 2.7.0 at last\r\n"},
		{"success LOGIN", "235 2.7.0 at last", []string{"EHLO a", timPlain}, "235 2.7.0 Authentication successful\r\n"},
		{"base64-initial", "501 octet {byte} of {initial}", []string{"EHLO a", "AUTH PLAIN dG!t"}, "501 octet 2 of dG!t\r\n"},
		{"malformed", "501 {parts} fields", []string{"EHLO a", "AUTH PLAIN dGlt"}, "501 1 fields\r\n"},
		{"credentials", "535-5.7.8 no\n535 5.7.8 never", []string{"EHLO a", badPlain}, "535-5.7.8 no\r\n535 5.7.8 never\r\n"},
		{"unknown-command", "500 {line}\n-- close", []string{"EHLO a", "X Y", "NOOP"}, ""},
		{"unknown-command", "-- close", []string{"EHLO a", "X Y"}, ""},
	} {
		p := clearPolicy()
		p.Replies = map[Place]string{test.place: test.words}
		if err := CheckWords(test.place, test.words); err != nil {
			t.Error(err)
		}
		if got, _ := lastReply(t, p, test.lines); got != test.want {
			t.Errorf("%s: %q, want %q", test.place, got, test.want)
		}
	}
	for place, words := range map[Place]string{"nowhere": "250 ok", "mail": "ok", "rcpt": "250 a\r\n250 b", "data": "999 x", "quit": "-- close\n221 x"} {
		if CheckWords(place, words) == nil {
			t.Errorf("%s: %q is taken", place, words)
		}
	}
}

// AUTH-22, LOG-01, REP-11: where a server's own words depart from the rule the
// step says so, and what the rule asks.
func TestOwnWordsDepart(t *testing.T) {
	for _, test := range []struct {
		place  Place
		words  string
		lines  []string
		noted  quirk.Name // "" for none
		asked  int
		prompt string
	}{
		{"base64-response", "535 5.7.8 no", []string{"EHLO a", "AUTH PLAIN", "!"}, quirk.OtherCode, 501, "Username:"},
		{"base64-response", "501 no", []string{"EHLO a", "AUTH PLAIN", "!"}, "", 0, "Username:"},
		{"base64-response", "421 no", []string{"EHLO a", "AUTH PLAIN", "!"}, "", 0, "Username:"},
		{"data-before-rcpt", "554 no", []string{"EHLO a", "DATA"}, "", 0, "Username:"},
		{"relay-denied", "454 no", []string{"EHLO a", "MAIL FROM:<>", "RCPT TO:<a@example.net>"}, "", 0, "Username:"},
		{"unknown-command", "500 no\n-- close", []string{"EHLO a", "X"}, quirk.HangsUp, 0, "Username:"},
		{"unknown-command", "-- close", []string{"EHLO a", "X"}, quirk.HangsUp, 0, "Username:"},
		{"quit", "221 bye\n-- close", []string{"EHLO a", "QUIT"}, "", 0, "Username:"},
		{"mail", "250 ok", []string{"EHLO a", "AUTH LOGIN"}, quirk.OtherPrompt, 0, "User Name"},
		{"mail", "250 ok", []string{"EHLO a", "AUTH LOGIN"}, "", 0, "Username:"},
	} {
		p := clearPolicy()
		p.Replies, p.Login.Username = map[Place]string{test.place: test.words}, test.prompt
		h := newHost(t, p)
		h.Step(machine.Input{Kind: machine.Connected})
		var acted quirk.Set
		asked := 0
		for _, line := range test.lines {
			for _, e := range h.say(line + "\r\n") {
				acted = append(acted, e.Quirks...)
				if e.Asked != nil {
					asked = e.Asked.Code
				}
			}
		}
		var want quirk.Set
		if test.noted != "" {
			want = quirk.Set{test.noted}
		}
		if !slices.Equal(acted, want) || asked != test.asked {
			t.Errorf("%s, %q: %v, asked %d", test.place, test.words, acted, asked)
		}
	}
}

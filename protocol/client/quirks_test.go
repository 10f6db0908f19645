package client

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
)

// A quirkCase shows what a quirk changes: what the client says to what the
// server says, without it and with it. The last lines are what is compared.
type quirkCase struct {
	quirk   quirk.Name
	with    quirk.Set // other quirks that it needs
	change  func(*Plan)
	replies []string // behind "220 hi": of EHLO and so on
	off, on string
}

const (
	plainLine = "AUTH PLAIN AHRpbQBzZWNyZXQ="
	refusal   = "535 no"
)

func uses(names ...string) func(*Plan) { return func(p *Plan) { p.Mechanisms = names } }

func unhurried(names ...string) func(*Plan) {
	return func(p *Plan) { p.Mechanisms, p.Initial = names, false }
}

// AUTH-03, AUTH-04, AUTH-10, AUTH-19, AUTH-21, AUTH-27, AUTH-28, AUTH-37,
// AUTH-30, AUTH-39, AUTH-43, CMD-01, DIG-02, DIG-15, EBM-01, LOG-03, LOG-05, PIP-04,
// CRM-07, PLA-01, REP-05, REP-07, REP-13, REP-15, SEQ-08, SEQ-10, SEQ-15, SEQ-20, SIZ-01,
// TLS-07 and UTF-01 are what they bear on.
var quirky = []quirkCase{
	{quirk.KeywordCase, nil, nil, []string{"250-h\r\n250 auth PLAIN"}, plainLine, "QUIT"},
	{quirk.NamesAsWritten, nil, nil, []string{"250-h\r\n250 AUTH plain"}, plainLine, "QUIT"},
	{quirk.LegacyUnread, nil, nil, []string{"250-h\r\n250 AUTH=PLAIN"}, plainLine, "QUIT"},
	{quirk.LegacyAlone, nil, nil, []string{"250-h\r\n250 AUTH PLAIN"}, plainLine, "QUIT"},
	{quirk.FirstAuthLine, nil, uses("CRAM-MD5", "PLAIN"), []string{"250-h\r\n250-AUTH PLAIN\r\n250 AUTH CRAM-MD5"}, "AUTH CRAM-MD5", plainLine},
	{quirk.LastAuthLine, nil, uses("PLAIN", "CRAM-MD5"), []string{"250-h\r\n250-AUTH PLAIN\r\n250 AUTH CRAM-MD5"}, plainLine, "AUTH CRAM-MD5"},
	{quirk.Unlisted, nil, nil, []string{"250 h"}, "QUIT", plainLine},
	{quirk.UnlistedName, nil, nil, []string{"250-h\r\n250 AUTH X"}, "QUIT", plainLine},
	{quirk.HELOAuth, quirk.Set{quirk.HELOTried}, nil, []string{"500 what", "250 h"}, "QUIT", plainLine},
	{quirk.WithoutAuth, nil, nil, []string{"250 h"}, "QUIT", "MAIL FROM:<tim@example.org>"},
	{quirk.WithoutCommon, nil, nil, []string{"250-h\r\n250 AUTH X"}, "QUIT", "MAIL FROM:<tim@example.org>"},
	{quirk.HELOTried, nil, nil, []string{"500 what"}, "QUIT", "HELO c"},
	{quirk.ServersOrder, nil, unhurried("PLAIN", "LOGIN"), []string{"250-h\r\n250 AUTH LOGIN PLAIN"}, "AUTH PLAIN", "AUTH LOGIN"},
	{quirk.TriesNext, nil, unhurried("LOGIN", "PLAIN"), []string{"250-h\r\n250 AUTH LOGIN PLAIN", refusal}, "QUIT", "AUTH PLAIN"},
	{quirk.TriesTwice, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", refusal}, "QUIT", plainLine},
	{quirk.ResetBetween, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", refusal}, "QUIT", "RSET"},
	{quirk.NextAfterCancel, nil, unhurried("CRAM-MD5", "PLAIN"), []string{"250-h\r\n250 AUTH PLAIN CRAM-MD5", "334 !", "501 ok"}, "QUIT", "AUTH PLAIN"},
	{quirk.InitialPlain, nil, uses("LOGIN"), []string{"250-h\r\n250 AUTH LOGIN"}, "AUTH LOGIN dGlt", "AUTH LOGIN"},
	{quirk.LoginNameAsked, nil, uses("LOGIN"), []string{"250-h\r\n250 AUTH LOGIN"}, "AUTH LOGIN dGlt", "AUTH LOGIN"},
	{quirk.AuthzidSelf, nil, nil, []string{"250-h\r\n250 AUTH PLAIN"}, plainLine, "AUTH PLAIN dGltAHRpbQBzZWNyZXQ="},
	{quirk.LowerMechanism, nil, nil, []string{"250-h\r\n250 AUTH PLAIN"}, plainLine, "AUTH plain AHRpbQBzZWNyZXQ="},
	{quirk.LowerVerbs, nil, nil, nil, "EHLO c", "ehlo c"},
	{quirk.LoginExact, nil, unhurried("LOGIN"), []string{"250-h\r\n250 AUTH LOGIN", "334 "}, "dGlt", "*"},
	{quirk.LoginKnown, nil, unhurried("LOGIN"), []string{"250-h\r\n250 AUTH LOGIN", "334 "}, "dGlt", "*"},
	{quirk.ChallengeUnread, nil, unhurried("PLAIN"), []string{"250-h\r\n250 AUTH PLAIN", "334 go on"}, "*", "AHRpbQBzZWNyZXQ="},
	{quirk.ChallengeMended, nil, uses("CRAM-MD5"), []string{"250-h\r\n250 AUTH CRAM-MD5", "334 %YWFh%"}, "*", "dGltIGRjZGZmMDM2N2Y3N2JjOGEwODNiYzFlYzZjMmVhMGZi"},
	{quirk.GarbageEnds, nil, uses("CRAM-MD5"), []string{"250-h\r\n250 AUTH CRAM-MD5", "334 !"}, "*", "QUIT"},
	{quirk.EmptyRefused, nil, unhurried("LOGIN"), []string{"250-h\r\n250 AUTH LOGIN", "334"}, "dGlt", "QUIT"},
	{quirk.PlainAgain, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "334 "}, "*", "AHRpbQBzZWNyZXQ="},
	{quirk.NeverCancels, nil, uses("CRAM-MD5"), []string{"250-h\r\n250 AUTH CRAM-MD5", "334 !"}, "*", "QUIT"},
	{quirk.ExtraAgain, nil, unhurried("PLAIN"), []string{"250-h\r\n250 AUTH PLAIN", "334 ", "334 "}, "*", "AHRpbQBzZWNyZXQ="},
	{quirk.TemporaryEnds, quirk.Set{quirk.OnRefused}, nil, []string{"250-h\r\n250 AUTH PLAIN", "454 later"}, "MAIL FROM:<tim@example.org>", "QUIT"},
	{quirk.ExtraEmpty, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "334 "}, "*", ""},
	{quirk.ExtraEnds, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "334 "}, "*", "QUIT"},
	{quirk.ExtraSuccess, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "334 "}, "*", "MAIL FROM:<tim@example.org>"},
	{quirk.DigestQuoted, nil, uses("DIGEST-MD5"), []string{"250-h\r\n250 AUTH DIGEST-MD5", "334 bm9uY2U9Im4iLGFsZ29yaXRobT0ibWQ1LXNlc3Mi"}, "Y2", "*"},
	{quirk.ASCIIAlone, nil, beyondASCII("PLAIN"), []string{"250-h\r\n250 AUTH PLAIN"}, "AUTH PLAIN AHRpbQBncsO8bjc=", "QUIT"},
	{quirk.Unprepared, nil, func(p *Plan) { p.Mechanisms, p.User.Password.Text = []string{"CRAM-MD5"}, "pa²ss" },
		[]string{"250-h\r\n250 AUTH CRAM-MD5", "334 YWFh"}, "dGltIDY1OGUzMTIwYTBhMDJmODBhZmJmODc5N2ZlMmE5ZmZl", "dGltIDgzMmNmZjIxZDlhZGJlNzlkZWMwOGJiMWI2YTNmMjA0"},
	{quirk.DigestChoosesInt, nil, uses("DIGEST-MD5"), []string{"250-h\r\n250 AUTH DIGEST-MD5", "334 bm9uY2U9Im4iLHFvcD0iYXV0aCxhdXRoLWludCIsYWxnb3JpdGhtPW1kNS1zZXNz"}, "xxb3A9YXV0aA==", "xxb3A9YXV0aC1pbnQ="},
	{quirk.Any2xx, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "250 ok"}, plainLine, "MAIL FROM:<tim@example.org>"},
	{quirk.Refuse2xx, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "250 ok"}, plainLine, "QUIT"},
	{quirk.Already503, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "503 twice"}, "QUIT", "MAIL FROM:<tim@example.org>"},
	{quirk.ShortUnread, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235"}, "MAIL FROM:<tim@example.org>", plainLine},
	{quirk.ShortWaits, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235"}, "MAIL FROM:<tim@example.org>", plainLine},
	{quirk.StrayStar, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", refusal}, "QUIT", "*"},
	{quirk.OnRefused, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", refusal}, "QUIT", "MAIL FROM:<tim@example.org>"},
	{quirk.NoQuit, nil, nil, []string{"250 h"}, "QUIT", "EHLO c"},
	{quirk.CloseOnFailure, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", refusal}, "QUIT", plainLine},
	{quirk.CloseOnMail, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok", "550 no"}, "QUIT", "MAIL FROM:<tim@example.org>"},
	{quirk.CloseOnCancel, nil, unhurried("LOGIN"), []string{"250-h\r\n250 AUTH LOGIN", "334 !", "501 ok"}, "QUIT", "*"},
	{quirk.NoopFirst, nil, nil, []string{"250-h\r\n250 AUTH PLAIN"}, plainLine, "NOOP"},
	{quirk.NoopMail, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok"}, "MAIL FROM:<tim@example.org>", "NOOP"},
	{quirk.ResetAfter, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok", "250 ok", "250 ok", "354 go", "250 ok"}, "QUIT", "RSET"},
	{quirk.ResetRefused, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok", "550 no"}, "QUIT", "RSET"},
	{quirk.SizeUnsaid, nil, nil, []string{"250-h\r\n250-SIZE\r\n250 AUTH PLAIN", "235 ok"}, "MAIL FROM:<tim@example.org> SIZE=4", "MAIL FROM:<tim@example.org>"},
	{quirk.BodyAlways, nil, nil, []string{"250-h\r\n250-8BITMIME\r\n250 AUTH PLAIN", "235 ok"}, "MAIL FROM:<tim@example.org>", "MAIL FROM:<tim@example.org> BODY=8BITMIME"},
	{quirk.UTF8Always, nil, nil, []string{"250-h\r\n250-SMTPUTF8\r\n250 AUTH PLAIN", "235 ok"}, "MAIL FROM:<tim@example.org>", "MAIL FROM:<tim@example.org> SMTPUTF8"},
	{quirk.OnMailRefused, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok", "550 no"}, "QUIT", "RCPT TO:<a@example.net>"},
	{quirk.AuthBeforeTLS, nil, func(p *Plan) { p.TLS = StartTLS }, []string{"250-h\r\n250-STARTTLS\r\n250 AUTH PLAIN"}, "STARTTLS", plainLine},
	{quirk.LettersKept, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok", "250 ok"}, "RCPT TO:<a@example.net>", "MAIL FROM:<tim@example.org>"},
	{quirk.DataAnyway, nil, nil, []string{"250-h\r\n250 AUTH PLAIN", "235 ok", "250 ok", "550 no"}, "QUIT", "DATA"},
}

// actsAt is the reply at which a quirk acts, where it is not the last.
var actsAt = map[quirk.Name]int{}

// lastSaid is the last line that a client of p says to the replies, and at which
// reply each quirk first acted; the greeting is 0.
func lastSaid(t testing.TB, p Plan, replies []string, random string) (string, map[quirk.Name]int) {
	c := New(p, sasl.Env{Rand: strings.NewReader(strings.Repeat(random, 1000)), Now: func() time.Time { return time.Time{} }})
	said, at, acted := "", 0, map[quirk.Name]int{}
	hear := func(events []Event) {
		for _, e := range noted(t, events) {
			for _, n := range e.Quirks {
				if _, before := acted[n]; !before {
					acted[n] = at
				}
			}
			if e.Kind == machine.Said {
				said = strings.TrimSuffix(string(e.Octets), "\r\n")
			}
		}
	}
	hear(c.Step(machine.Input{Kind: machine.Connected}))
	for i, r := range append([]string{"220 hi"}, replies...) {
		at = i
		hear(c.Step(machine.Input{Kind: machine.Octets, Octets: []byte(r + "\r\n")}))
	}
	return said, acted
}

// Each quirk of a client changes what it says, nothing but the quirk does, and
// the step says so.
func TestQuirks(t *testing.T) {
	for _, test := range quirky {
		for _, asked := range []bool{false, true} {
			p := Plan{Name: "c", Host: "h", TLS: NoTLS, When: First, Mechanisms: []string{"PLAIN"}, InClear: true, Initial: true,
				Nonce: "c", User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}},
				Mail: &Mail{From: "tim@example.org", To: []string{"a@example.net"}, Text: "hi\r\n"}, Quirks: slices.Clone(test.with)}
			if test.change != nil {
				test.change(&p)
			}
			want := test.off
			if asked {
				want, p.Quirks = test.on, append(p.Quirks, test.quirk)
			}
			if test.quirk == quirk.LoginKnown {
				p.Prompts.Username = []string{"User Name"}
			}
			got, acted := lastSaid(t, p, test.replies, "x")
			at, noted := acted[test.quirk]
			wantAt, early := actsAt[test.quirk]
			if !early {
				wantAt = len(test.replies)
			}
			if noted != asked || asked && at != wantAt {
				t.Errorf("%s, asked for %v: noted %v at reply %d, want %d", test.quirk, asked, noted, at, wantAt)
			}
			if got != want && !(strings.HasPrefix(string(test.quirk), "digest") && strings.Contains(got, want)) {
				t.Errorf("%s, asked for %v: %q, want %q", test.quirk, asked, got, want)
			}
		}
	}
	for _, q := range quirk.Known {
		shown := slices.ContainsFunc(quirky, func(test quirkCase) bool { return test.quirk == q.Name })
		if q.Side == quirk.Client && q.Name != quirk.AnyOrder && !shown {
			t.Errorf("nothing shows what %s does", q.Name)
		}
	}
}

// A plan without TLS has none, and nothing is begun that is not listed, also
// where the log-in comes first.
func TestAuthBeforeTLSOnlyWhereWanted(t *testing.T) {
	for _, test := range []struct {
		tls  TLS
		ehlo string
		want string
	}{
		{StartTLS, "250-h\r\n250-STARTTLS\r\n250 AUTH PLAIN", "STARTTLS"},
		{IfOffered, "250-h\r\n250-STARTTLS\r\n250 AUTH PLAIN", "STARTTLS"},
		{IfOffered, "250-h\r\n250 AUTH PLAIN", "QUIT"},
		{NoTLS, "250-h\r\n250-STARTTLS\r\n250 AUTH PLAIN", "QUIT"},
	} {
		p := Plan{Name: "c", TLS: test.tls, When: First, Mechanisms: []string{"PLAIN"}, InClear: true, Initial: true, Quirks: quirk.Set{quirk.AuthBeforeTLS},
			User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}}}
		if said, _ := lastSaid(t, p, []string{test.ehlo, "235 ok"}, "x"); said != test.want {
			t.Errorf("%s, %q: %q, want %q", test.tls, test.ehlo, said, test.want)
		}
	}
}

// beyondASCII is a password that ASCII cannot write.
func beyondASCII(mechanism string) func(*Plan) {
	return func(p *Plan) { p.Mechanisms, p.User.Password.Text = []string{mechanism}, "grün7" }
}

// With ASCII alone, a client says what it can: the name of LOGIN and the wish for
// CRAM-MD5's challenge. Then it is gone, as smtplib is after its UnicodeEncodeError.
func TestASCIIAlone(t *testing.T) {
	for mechanism, replies := range map[string][]string{
		"LOGIN":    {"250-h\r\n250 AUTH LOGIN", "334 UGFzc3dvcmQ6"},
		"CRAM-MD5": {"250-h\r\n250 AUTH CRAM-MD5", "334 YWFh"},
	} {
		p := Plan{Name: "c", TLS: NoTLS, When: First, InClear: true, Initial: true, Quirks: quirk.Set{quirk.ASCIIAlone},
			User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}}}
		beyondASCII(mechanism)(&p)
		c := New(p, sasl.Env{Rand: strings.NewReader("x"), Now: func() time.Time { return time.Time{} }})
		c.Step(machine.Input{Kind: machine.Connected})
		for _, r := range append([]string{"220 hi"}, replies...) {
			c.Step(machine.Input{Kind: machine.Octets, Octets: []byte(r + "\r\n")})
		}
		if f := c.Fault(); f == nil || f.ID != "not-ascii" || f.Whose != Ours || c.State().Phase != Closed {
			t.Errorf("%s: %+v, %s", mechanism, f, c.State().Phase)
		}
	}
}

// With any order the source of randomness decides, and no name is lost.
func TestAnyOrder(t *testing.T) {
	names := []string{"PLAIN", "LOGIN", "CRAM-MD5"}
	first := map[string]bool{}
	for seed := range 8 {
		env := sasl.Env{Rand: strings.NewReader(strings.Repeat(string(rune('0'+seed)), 10)), Now: func() time.Time { return time.Time{} }}
		got := shuffled(names, env)
		first[got[0]] = true
		slices.Sort(got)
		if !slices.Equal(got, []string{"CRAM-MD5", "LOGIN", "PLAIN"}) {
			t.Fatalf("%v", got)
		}
	}
	if len(first) < 2 {
		t.Errorf("the first is always of %v", first)
	}
	noted := map[bool]bool{}
	for seed := range 8 {
		p := Plan{Name: "c", TLS: NoTLS, When: First, Mechanisms: names, InClear: true, Quirks: quirk.Set{quirk.AnyOrder},
			User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}}}
		said, acted := lastSaid(t, p, []string{"250-h\r\n250 AUTH LOGIN PLAIN CRAM-MD5"}, string(rune('0'+seed)))
		at, note := acted[quirk.AnyOrder]
		if noted[note] = true; note != (said != "AUTH PLAIN") || note && at != 1 {
			t.Errorf("%q: noted %v at reply %d", said, note, at)
		}
	}
	if len(noted) < 2 {
		t.Errorf("noted is only ever %v", noted)
	}
}

//go:build !js

package main

import (
	"strings"
	"testing"
)

// Two dialects meet in memory: mox v0.0.11 asks with nothing, and the library
// of the client wants words; curl gives up DIGEST-MD5 for its quotes.
func TestRunDialects(t *testing.T) {
	for _, test := range []struct {
		server, client string
		lines          []string
	}{
		{"mox-v0.0.11", "authelia-4.38.16", []string{"C: AUTH LOGIN", "S: 334 ", "C: *", "S: 501 5.5.0 authentication aborted"}},
		{"mox-v0.0.12", "authelia-4.38.16", []string{"S: 334 VXNlcm5hbWU6", "S: 235 2.7.0 hello ancient smtp implementation"}},
		{"postfix-dovecot", "curl", []string{"C: AUTH DIGEST-MD5", "C: *", "C: AUTH CRAM-MD5", "S: 235 2.7.0 Authentication successful"}},
		{"exim/exim-noprompts", "phpmailer", []string{"C: AUTH CRAM-MD5", "S: 235 Authentication succeeded"}},
		{"sendmail", "perl-net-smtp", []string{"C: AUTH DIGEST-MD5", "S: 235 2.0.0 OK Authenticated", "C: MAIL FROM:<tim@example.org>"}},
	} {
		r := do(t, "", "run", "-server", test.server, "-client", test.client)
		rest := r.out
		for _, line := range test.lines {
			_, after, found := strings.Cut(rest, line)
			if !found {
				t.Errorf("%s and %s: no %q in\n%s%s", test.server, test.client, line, rest, r.err)
			}
			rest = after
		}
	}
	for _, test := range []struct{ name, line string }{
		{"stray-star", "S: 221 2.7.0 Error: I can break rules, too. Goodbye."},
		{"exim-prompts/misquoted", "C: QUIT\nS: 235 Authentication succeeded"},
	} {
		if r := do(t, "", "run", "-meeting", test.name); !strings.Contains(r.out, test.line) {
			t.Errorf("%s: no %q in\n%s%s", test.name, test.line, r.out, r.err)
		}
	}
	for _, args := range [][]string{{"run", "-meeting", "nobody"}, {"run", "-meeting", "nul", "-server", "exim"}, {"run", "-meeting", "nul", "x.json"},
		{"run", "-server", "nobody"}, {"run", "-client", "nobody"}, {"run", "-server", "exim/none"},
		{"serve", "-dialect", "nobody"}, {"connect", "-addr", "127.0.0.1:1", "-user", "a", "-dialect", "nobody"}} {
		if r := do(t, "", args...); r.status != 2 || r.err == "" {
			t.Errorf("%v: %+v", args, r)
		}
	}
}

const exim = `# server-dialect: exim
S: 220 mail.example.org ESMTP Exim 4.96
C: QUIT
S: 221 mail.example.org closing connection
`

// A recording passes, or each difference is told.
func TestReplayCommand(t *testing.T) {
	good, bad := file(t, "a.txt", exim), file(t, "b.txt", strings.Replace(exim, "closing", "ending", 1))
	if r := do(t, "", "replay", good); r.status != 0 || !strings.HasSuffix(r.out, "1 passed, 0 failed\n") {
		t.Errorf("%+v", r)
	}
	r := do(t, "", "replay", good, bad)
	if r.status != 1 || !strings.Contains(r.out, "ending connection") || !strings.HasSuffix(r.out, "1 passed, 1 failed\n") {
		t.Errorf("%+v", r)
	}
	if r := do(t, "", "replay", "-dialect", "postfix-dovecot", good); r.status != 1 {
		t.Errorf("%+v", r)
	}
	for _, args := range [][]string{{"replay"}, {"replay", "-dialect", "nobody", good}, {"replay", file(t, "c.txt", "x")}, {"replay", "no-such-file"}} {
		if r := do(t, "", args...); r.status != 2 {
			t.Errorf("%v: %+v", args, r)
		}
	}
}

// A pair is a line, and then the outcomes are counted.
func TestMatrixCommand(t *testing.T) {
	const want = `postfix-dovecot ruby-net-smtp sent PLAIN readable
postfix-dovecot webmail barred clear recipient-refused 554
postfix-dovecot nodemailer sent PLAIN tls
dovecot-submission ruby-net-smtp refused PLAIN readable auth-needs-tls 523
dovecot-submission webmail barred clear auth-required 530
dovecot-submission nodemailer sent PLAIN tls
3 sent
2 barred
1 refused
`
	r := do(t, "", "matrix", "-server", "postfix-dovecot,dovecot-submission", "-client", "ruby-net-smtp,webmail,nodemailer")
	if r.status != 0 || r.out != want || r.err != "" {
		t.Errorf("%+v", r)
	}
	for _, args := range [][]string{{"matrix", "x"}, {"matrix", "-server", "nobody"}, {"matrix", "-client", "nobody"}} {
		if r := do(t, "", args...); r.status != 2 || r.err == "" {
			t.Errorf("%v: %+v", args, r)
		}
	}
}

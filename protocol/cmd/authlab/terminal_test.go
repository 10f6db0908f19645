//go:build !js

package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// marks are a terminal's commands, and marks that turn the order of letters.
const marks = "\x1b]0;x\a\x1b[2J\u009b31m\u202e\u2066\x7f\U000e0041"

// What a set-up, a file's name or an argument holds reaches no terminal as
// commands to it.
func TestNothingReachesTheTerminalRaw(t *testing.T) {
	sc, _ := scenario.ByID("plain")
	made := setupFile(t, sc, func(s *session.Setup) {
		s.Client.Name, s.Client.Host, s.Client.Dialect, s.Server.Dialect = marks, marks, marks, marks
		s.Client.User.Authcid, s.Client.User.Authzid, s.Client.User.Password.Text = marks, marks, marks
		s.Client.Mail.From, s.Client.Mail.To, s.Client.Mail.Text = marks, []string{marks}, marks+"\r\n"
		s.Server.Keywords = []string{"AUTH", marks}
	})
	sc, _ = scenario.ByID("external")
	certified := setupFile(t, sc, func(s *session.Setup) { s.TLS.Client = marks })
	unknown := file(t, marks, fmt.Sprintf(`{"%s":1}`, strings.ReplaceAll(strings.ReplaceAll(marks, "\x1b", ""), "\a", "")))
	recording := file(t, marks+".txt", "# server-dialect: exim\nS: 220 "+marks+"\nC: QUIT\nS: 221 "+marks+"\n")
	task := fmt.Sprintf(`{"mechanism":"PLAIN","authcid":%q,"password":"x"}`, "tim\u009b\u202e")
	for _, args := range [][]string{
		{"run", made}, {"run", "-json", made}, {"run", "-json", certified}, {"run", unknown}, {"run", unknown + "x"}, {"run", marks}, {"replay", recording}, {"replay", unknown},
		{"serve", marks}, {"serve", "-" + marks}, {"serve", "-host", marks}, {"serve", "-users", unknown}, {"serve", "-keytab", unknown}, {"serve", "-client-ca", unknown},
		{"serve", "-mechanisms", marks}, {"serve", "-dialect", marks}, {"serve", "-policy", unknown}, {"serve", "-command-time", marks}, {"serve", "-listen", marks},
		{"connect", "-addr", marks}, {"connect", "-addr", marks + ":1", "-user", "x"}, {"connect", "-addr", "127.0.0.1:1", "-user", "x", "-mechanism", marks},
		{"connect", "-addr", "127.0.0.1:1", "-user", "x", "-send", "-from", marks}, {"connect", "-addr", "127.0.0.1:1", "-user", "x", "-dialect", marks},
		{"matrix", marks}, {"matrix", "-server", marks}, {"compute", marks}, {"compute"}, {marks},
	} {
		r := do(t, task, args...)
		if strings.ContainsFunc(r.out+r.err, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }) || r.out+r.err == "" {
			t.Errorf("%q: %q, %q", args, r.out, r.err)
		}
	}
}

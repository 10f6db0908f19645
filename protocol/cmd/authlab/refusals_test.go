//go:build !js

package main

import (
	"strings"
	"testing"
)

// The sentence tells what a refusal is about, by its code, its enhanced code and
// its words: what the password has to do with it, and what it has not.
func TestConnectTellsRefusalsApart(t *testing.T) {
	for _, test := range []struct{ dialect, password, want string }{
		{"office365/office365-policy", "tanstaaftanstaaf", "a rule of whoever runs it forbids this log-in, whatever the password (reply 535; REP-07, RFC 5321 §4.2)"},
		{"office365", "wrong", "it does not say why it takes no log-in (reply 535; REP-07, RFC 5321 §4.2)"},
		{"yahoo", "wrong", "there were too many log-ins or failures, so wait (reply 535; REP-07, RFC 5321 §4.2)"},
		{"yahoo/yahoo-2017", "wrong", "name or password are wrong (reply 535; AUTH-27, RFC 4954 §6)"},
		{"gmail", "wrong", "name or password are wrong (reply 535; AUTH-27, RFC 4954 §6)"},
	} {
		s := start(t, 1, "-listen", "127.0.0.1:0", "-host", "localhost", "-user", tim, "-dialect", test.dialect, "-print-ca")
		r := do(t, "", "connect", "-addr", s.addrs[0], "-ca", s.root(t), "-server-name", "localhost", "-user", "tim", "-password", test.password, "-mechanism", "LOGIN")
		if want := "authlab connect: the server refused: " + test.want + ".\n"; r.status != 1 || r.err != want || !strings.Contains(r.out, "\nS: 535") {
			t.Errorf("%s: %+v, want %s", test.dialect, r, want)
		}
	}
}

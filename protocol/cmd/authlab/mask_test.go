//go:build !js

package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/transcript"
)

// AUTH-50: what is behind the mechanism is masked, whatever the line is like;
// so is a response, in time or too late.
func TestMask(t *testing.T) {
	const greeting, challenge = "220 x\r\n", "334 VXNlcm5hbWU6\r\n"
	for _, test := range []struct{ before, line, want string }{
		{greeting, "AUTH PLAIN", "AUTH PLAIN"},
		{greeting, "auth plain AHRpbQB4", "auth plain " + stars},
		{greeting, "AUTH PLAIN =", "AUTH PLAIN ="},
		{greeting, "AUTH PLAIN = x", "AUTH PLAIN " + stars},
		{greeting, " AUTH  PLAIN  AHRpbQB4", "AUTH " + stars},
		{greeting, "AUTH\tPLAIN\tAHRpbQB4", "AUTH " + stars},
		{greeting, "AUTH\u00a0PLAIN\u00a0AHRpbQB4", "AUTH " + stars},
		{greeting, "AUTH AHRpbQB4eHh4eHh4eHh4eHh4eA==", "AUTH " + stars},
		{greeting, "AUTH пароль", "AUTH " + stars},
		{greeting, "\xffAUTH PLAIN AHRpbQB4", "AUTH " + stars},
		{greeting, "AUTH PLAIN пароль", "AUTH " + stars},
		{greeting, "AUTH", "AUTH"},
		{greeting, "AUTH ", "AUTH "},
		{greeting, "EHLO a.b", "EHLO a.b"},
		{greeting, "XYZZY", "XYZZY"},
		{greeting, "MAIL FROM:<>", "MAIL FROM:<>"},
		{greeting, "", ""},
		{greeting + "AUTH LOGIN\r\n" + challenge, "dGlt", stars},
		{greeting + "AUTH LOGIN\r\n" + challenge, "QUIT", stars},
		{greeting + "AUTH LOGIN\r\n" + challenge, "AUTH PLAIN =", stars},
		{greeting + "AUTH LOGIN\r\n" + challenge, "*x", stars},
		{greeting + "AUTH LOGIN\r\n" + challenge, "*", "*"},
		{greeting + "AUTH LOGIN\r\n" + challenge, "", ""},
		{greeting + "AUTH LOGIN\r\n", "dGlt", stars},
		{greeting + "AUTH LOGIN\r\n535 no\r\n", "dGlt", stars},
		{greeting + "AUTH LOGIN\r\n535 no\r\n", "*", "*"},
		{greeting + "AUTH LOGIN\r\n535 no\r\n", "QUIT", "QUIT"},
		{greeting + "AUTH LOGIN\r\n535 no\r\n", "QUIT\tdGlt", stars},
		{greeting + "AUTH LOGIN\r\n535 no\r\n", "\xff QUIT", stars},
		{greeting + "DATA\r\n354 go on\r\n", "AUTH PLAIN AHRpbQB4", "AUTH PLAIN AHRpbQB4"},
	} {
		var m masker
		for line := range strings.Lines(test.before) {
			if line[0] >= '0' && line[0] <= '9' {
				m.server([]byte(line))
			} else {
				m.client(m.lines.Follow(transcript.Client, []byte(strings.TrimSuffix(line, "\r\n"))))
			}
		}
		if got := string(m.client(m.lines.Follow(transcript.Client, []byte(test.line)))); got != test.want {
			t.Errorf("behind %q %q is shown as %q, want %q", test.before, test.line, got, test.want)
		}
	}
}

// A response that the server waits for in silence is masked too.
func TestMaskOfAResponseNobodyAskedFor(t *testing.T) {
	policy := server.Policy{Host: "a.example", Role: server.Submission, BeforeTLS: []string{"PLAIN"}, Quirks: quirk.Set{quirk.PlainSilent},
		Accounts: []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Clear}}}
	made, err := server.New(policy, sasl.Env{Rand: source("mask", "server"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	watch := (&frameWriter{out: &out}).watch(1, policy.Role)
	watch(netio.Note{Kind: netio.Stepped, Server: made.Step(machine.Input{Kind: machine.Connected})})
	for _, line := range []string{"EHLO a.example", "AUTH PLAIN", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"} {
		octets := []byte(line + "\r\n")
		watch(netio.Note{Kind: netio.Stepped, Octets: octets, Server: made.Step(machine.Input{Kind: machine.Octets, Octets: octets})})
	}
	var said []string
	for line := range strings.Lines(out.String()) {
		var f session.Frame
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		checkSecrets(t, f)
		if f.Side == session.Client {
			said = append(said, string(f.Octets))
		}
	}
	if len(said) == 0 || said[len(said)-1] != stars+"\r\n" {
		t.Errorf("%q", said)
	}
}

// REP-18: no control octet of a peer reaches the terminal.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"250 ok": "250 ok", "почта 邮件": "почта 邮件", "a\tb\x00": `a\tb\x00`, "\x1b]0;x\a": `\x1b]0;x\a`,
		"\xff\xc3": `\xff\xc3`, "\u202e\u200b": `\u202e\u200b`, "\ufffd": "\ufffd", "it's": "it's",
	} {
		if got := visible(text); got != want {
			t.Errorf("visible(%q) = %q, want %q", text, got, want)
		}
	}
}

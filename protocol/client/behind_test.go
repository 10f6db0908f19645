package client

import (
	"testing"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
)

// What a client says behind the reply to what a quirk made it say, and behind
// recipients that are not all taken.
func TestBehind(t *testing.T) {
	const ehlo = "250-h\r\n250 AUTH PLAIN"
	for _, test := range []struct {
		name    string
		quirks  quirk.Set
		change  func(*Mail)
		replies []string
		want    string
	}{
		{"NOOP before AUTH", quirk.Set{quirk.NoopFirst}, nil, []string{ehlo, "250 ok"}, plainLine},
		{"NOOP before MAIL", quirk.Set{quirk.NoopMail}, nil, []string{ehlo, "235 ok", "250 ok"}, "MAIL FROM:<tim@example.org>"},
		{"RSET at the end", quirk.Set{quirk.ResetAfter}, nil, []string{ehlo, "235 ok", "250 ok", "250 ok", "354 go", "250 ok", "250 ok"}, "QUIT"},
		{"RSET for a refusal", quirk.Set{quirk.ResetRefused}, nil, []string{ehlo, "235 ok", "550 no", "250 ok"}, "QUIT"},
		{"DATA in vain", quirk.Set{quirk.DataAnyway}, nil, []string{ehlo, "235 ok", "250 ok", "550 no", "503 no"}, "DATA"},
		{"no message", nil, func(m *Mail) { m.Stop = true }, []string{ehlo, "235 ok", "250 ok", "250 ok"}, "QUIT"},
		{"two recipients", nil, func(m *Mail) { m.To = append(m.To, "b@example.net") }, []string{ehlo, "235 ok", "250 ok", "550 no"}, "RCPT TO:<b@example.net>"},
		{"one of two", nil, func(m *Mail) { m.To = append(m.To, "b@example.net") }, []string{ehlo, "235 ok", "250 ok", "550 no", "250 ok"}, "DATA"},
		{"none of two", nil, func(m *Mail) { m.To = append(m.To, "b@example.net") }, []string{ehlo, "235 ok", "250 ok", "550 no", "550 no"}, "QUIT"},
	} {
		mail := &Mail{From: "tim@example.org", To: []string{"a@example.net"}, Text: "hi\r\n"}
		if test.change != nil {
			test.change(mail)
		}
		p := Plan{Name: "c", Host: "h", TLS: NoTLS, When: First, Mechanisms: []string{"PLAIN"}, InClear: true, Initial: true,
			User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "secret"}}, Mail: mail, Quirks: test.quirks}
		if said, _ := lastSaid(t, p, test.replies, "x"); said != test.want {
			t.Errorf("%s: %q, want %q", test.name, said, test.want)
		}
	}
}

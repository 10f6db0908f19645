//go:build !js

package judges

import (
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
)

var swaks = clientJudge{
	name: "swaks",
	version: func(t *testing.T) string {
		out, _ := run(t, "", need(t, "swaks", debian("swaks libnet-ssleay-perl libauthen-sasl-perl libdigest-hmac-perl libauthen-ntlm-perl")), "--version")
		return number(t, out, `version (\S+)`)
	},
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM"},
	inClear:    true,
	send: func(t *testing.T, do task) error {
		args := []string{"--server", do.Host, "--port", do.Port, "--helo", "client.example.org", "--from", do.From, "--to", do.To,
			"--auth", do.Mechanism, "--auth-user", do.User, "--auth-password", do.Password,
			// it doubles the dots, and ends the last line and the message
			"--data", "@" + file(t, "letter", strings.TrimSuffix(string(do.Letter), "\r\n"))}
		switch do.TLS {
		case client.StartTLS:
			args = append(args, "-tls", "--tls-verify", "--tls-ca-path", do.CA)
		case client.Implicit:
			args = append(args, "-tlsc", "--tls-verify", "--tls-ca-path", do.CA)
		}
		_, err := run(t, "", "swaks", args...)
		return err
	},
}

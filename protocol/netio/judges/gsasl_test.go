//go:build !js

package judges

import (
	"testing"

	"example.org/smtpauth/protocol/client"
)

// gsasl authenticates, and then carries what the script says. It begins TLS
// with STARTTLS before any EHLO, which TLS-12 refuses, and cannot begin with it.
var gsasl = clientJudge{
	name: "gsasl --smtp",
	version: func(t *testing.T) string {
		return version(t, need(t, "gsasl", debian("gsasl")), "--version")
	},
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "SCRAM-SHA-1", "SCRAM-SHA-256", "ANONYMOUS", "GSSAPI"},
	tls:        []client.TLS{client.NoTLS},
	inClear:    true,
	send: func(t *testing.T, do task) error {
		// stdbuf: it would wait for input that it has, and say nothing before its end
		program, args := do.command("stdbuf", "-i0", "-o0", "gsasl", "--smtp", "--no-starttls", "--connect="+do.addr(), "--hostname="+do.Host, "--realm=", "--mechanism="+do.Mechanism,
			"--authentication-id="+do.User, "--anonymous-token="+do.User, "--password="+do.Password, "--quality-of-protection=qop-auth")
		d := converse(t, program, args...)
		// the greeting, the list and the challenges are not the script's affair
		if err := d.until("235"); err != nil {
			return err
		}
		return d.mail(do)
	},
}

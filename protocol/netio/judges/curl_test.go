//go:build !js

package judges

import (
	"testing"

	"example.org/smtpauth/protocol/client"
)

var curl = clientJudge{
	name: "curl",
	version: func(t *testing.T) string {
		return version(t, need(t, "curl", debian("curl")), "--version")
	},
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM"},
	inClear:    true,
	send: func(t *testing.T, do task) error {
		args := []string{"--silent", "--show-error", "--cacert", do.CA, "--user", do.User + ":" + do.Password, "--login-options", "AUTH=" + do.Mechanism,
			"--mail-from", do.From, "--mail-rcpt", do.To, "--upload-file", file(t, "letter", string(do.Letter))}
		switch do.TLS {
		case client.NoTLS:
			args = append(args, "smtp://"+do.addr()+"/client.example.org")
		case client.StartTLS:
			args = append(args, "--ssl-reqd", "smtp://"+do.addr()+"/client.example.org")
		case client.Implicit:
			args = append(args, "smtps://"+do.addr()+"/client.example.org")
		}
		_, err := run(t, "", "curl", append(args, "--disable")...)
		return err
	},
}

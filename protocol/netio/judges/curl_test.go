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
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "XOAUTH2", "OAUTHBEARER", "EXTERNAL", "GSSAPI"},
	inClear:    true,
	hangsUp:    "XOAUTH2", // it takes the 334 with the error for the end
	chooses:    true,      // with a token, whatever --login-options say
	send: func(t *testing.T, do task) error {
		user := do.User + ":" + do.Password
		var more []string
		switch {
		case byToken(do.Mechanism):
			user, more = do.User+":", []string{"--oauth2-bearer", do.Token}
		case do.realm != nil:
			user = ":" // with a name it wants a domain in it, and sends neither
		case do.Mechanism == "EXTERNAL":
			user, more = do.User+":", []string{"--cert", do.Cert, "--key", do.Key}
		}
		args := []string{"--silent", "--show-error", "--cacert", do.CA, "--user", user, "--login-options", "AUTH=" + do.Mechanism,
			"--mail-from", do.From, "--mail-rcpt", do.To, "--upload-file", file(t, "letter", string(do.Letter))}
		switch do.TLS {
		case client.NoTLS:
			args = append(args, "smtp://"+do.addr()+"/client.example.org")
		case client.StartTLS:
			args = append(args, "--ssl-reqd", "smtp://"+do.addr()+"/client.example.org")
		case client.Implicit:
			args = append(args, "smtps://"+do.addr()+"/client.example.org")
		}
		program, args := do.command("curl", append(append(args, more...), "--disable")...)
		_, err := run(t, "", program, args...)
		return err
	},
}

//go:build !js

package judges

import (
	"fmt"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
)

var msmtp = clientJudge{
	name: "msmtp",
	version: func(t *testing.T) string {
		return version(t, need(t, "msmtp", debian("msmtp")), "--version")
	},
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "SCRAM-SHA-1", "SCRAM-SHA-256",
		"XOAUTH2", "OAUTHBEARER", "EXTERNAL", "GSSAPI"},
	inClear: true,
	send: func(t *testing.T, do task) error {
		onOff := map[bool]string{true: "on", false: "off"}
		secret := do.Password
		if byToken(do.Mechanism) {
			secret = do.Token
		}
		config := fmt.Sprintf("host %s\nport %s\ndomain client.example.org\nfrom %s\ntls %s\ntls_starttls %s\ntls_trust_file %s\nauth %s\nuser %s\npassword \"%s\"\n",
			do.Host, do.Port, do.From, onOff[do.TLS != client.NoTLS], onOff[do.TLS == client.StartTLS], do.CA, strings.ToLower(do.Mechanism), do.User, secret)
		if do.TLS == client.NoTLS {
			config = strings.Replace(config, "tls_trust_file "+do.CA+"\n", "", 1)
		}
		if do.Cert != "" {
			config += "tls_cert_file " + do.Cert + "\ntls_key_file " + do.Key + "\n"
		}
		local := strings.ReplaceAll(string(do.Letter), "\r\n", "\n") // as sendmail takes it
		program, args := do.command("msmtp", "--file="+file(t, "msmtprc", config), "--", do.To)
		_, err := run(t, local, program, args...)
		return err
	},
}

//go:build !js

package judges

import (
	"testing"

	"example.org/smtpauth/protocol/client"
)

var openSMTPD = serverJudge{
	name: "OpenSMTPD",
	version: func(t *testing.T) string {
		return number(t, within(t, unpacked(t, "opensmtpd"), t.TempDir(), "smtpd -h 2>&1 || :"), `OpenSMTPD ([\w.]+)`)
	},
	mechanisms: []string{"PLAIN", "LOGIN"},
	tls:        []client.TLS{client.StartTLS, client.Implicit}, // in clear text it lists no AUTH
	localLines: true,
	start: func(t *testing.T, s site) {
		serveWithin(t, unpacked(t, "opensmtpd"), s, "install -d -m 711 /var/spool/smtpd /var/lib/opensmtpd/empty && chmod 600 "+s.Key+" && "+
			"echo "+s.User+" $(echo '"+s.Password+"' | openssl passwd -6 -stdin) >"+s.Dir+"/passwords && exec smtpd -d -f "+s.fill(t, "opensmtpd/smtpd.conf"))
	},
}

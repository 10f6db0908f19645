//go:build !js

package judges

import "testing"

var exim = serverJudge{
	name: "Exim",
	version: func(t *testing.T) string {
		return version(t, "testdata/inside.sh", unpacked(t, "exim4-daemon-heavy"), t.TempDir(), "exim4", "-bV", "-C", "/dev/null")
	},
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "NTLM", "EXTERNAL"},
	localLines: true,
	ntlm:       "v1",
	start: func(t *testing.T, s site) {
		// The configuration has to stand where it was built for: Exim runs itself
		// again to deliver. It reads the key as the user that it has become.
		serveWithin(t, unpacked(t, "exim4-daemon-heavy"), s, "mkdir -p /etc/exim4 && cp "+s.fill(t, "exim/exim4.conf")+" /etc/exim4/ && "+
			"install -o Debian-exim -m 600 "+s.Key+" "+s.Cert+" "+s.Users+" /etc/exim4/ && install -d -o Debian-exim -g Debian-exim /var/spool/exim4 && exec exim4 -bdf")
	},
}

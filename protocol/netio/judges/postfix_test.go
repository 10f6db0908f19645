//go:build !js

package judges

import (
	"path/filepath"
	"strings"
	"testing"
)

// Postfix leaves SASL to others.
var (
	postfixDovecot = serverJudge{
		name: "Postfix with Dovecot SASL",
		version: func(t *testing.T) string {
			return postfixVersion(t) + " with " + strings.Fields(within(t, unpacked(t, "postfix"), t.TempDir(), "dovecot --version"))[0]
		},
		mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "ANONYMOUS"},
		localLines: true,
		start: func(t *testing.T, s site) {
			s.fill(t, "dovecot/users", "${secret}", b64(s.Password))
			serveWithin(t, unpacked(t, "postfix"), s, "exec dovecot -F -c "+s.fill(t, "dovecot/dovecot.conf"))
			startPostfix(t, s, "dovecot", filepath.Join(s.Dir, "sasl/letters"), "true")
		},
	}
	postfixCyrus = serverJudge{
		name: "Postfix with Cyrus SASL",
		version: func(t *testing.T) string {
			return postfixVersion(t) + " with " + number(t, readFile(t, unpacked(t, "postfix")+"/.complete"), `libsasl2-modules\t([\d.]+)`)
		},
		mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "NTLM", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "ANONYMOUS"},
		refusals: map[string]string{ // the centre is asked first, and its answer does not open
			"GSSAPI": "this client cannot do what it was told: the password does not open what the Kerberos centre answers (GSS-04, RFC 4752 §3.1)."},
		localLines: true,
		start: func(t *testing.T, s site) {
			db := filepath.Join(s.Dir, "sasldb2")
			startPostfix(t, s, "cyrus", "smtpd", s.prepareRealm(t)+" && { "+s.centre()+" & } && mkdir -p /etc/postfix/sasl && cp "+s.fill(t, "cyrus/smtpd.conf", "${db}", db)+" /etc/postfix/sasl/ && "+
				"printf %s '"+s.Password+"' | saslpasswd2 -p -c -f "+db+" -u "+s.Host+" "+s.User+" && chown postfix "+db)
		},
	}
)

func postfixVersion(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(within(t, unpacked(t, "postfix"), t.TempDir(), "touch /etc/postfix/main.cf && postconf -h mail_version 2>/dev/null"))
}

// startPostfix starts it with a SASL of the kind at the path, once prepared.
func startPostfix(t *testing.T, s site, kind, path, prepare string) {
	t.Helper()
	more := []string{"${sasl}", kind, "${path}", path}
	serveWithin(t, unpacked(t, "postfix"), s, "cp "+s.fill(t, "postfix/main.cf", more...)+" "+s.fill(t, "postfix/master.cf")+" /etc/postfix/ && "+
		prepare+" && mkdir -p /var/lib/postfix && chown postfix /var/lib/postfix && postfix check && exec /usr/lib/postfix/sbin/master -s")
}

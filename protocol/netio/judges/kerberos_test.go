//go:build !js

package judges

import (
	"net"
	"path/filepath"
	"testing"
)

// A realm is Kerberos' part in a judge's affair: MIT's centre, a ticket of
// user's for others, and for authlab serve the key of its service.
type realm struct {
	env    []string // where clients find it
	keytab string   // a file
	other  string   // a file: a key that the centre does not know
}

// newRealm has MIT's centre serve until the test ends, from the packages that
// are unpacked with Postfix, and asks it for the ticket that others start from.
func newRealm(t *testing.T) *realm {
	t.Helper()
	root := unpacked(t, "postfix")
	s := newSite(t)
	s.Host = name
	serveWithin(t, root, s, s.prepareRealm(t)+" && exec "+s.centre())
	await(t, net.JoinHostPort("127.0.0.1", s.KDC)) // the last thing that it does
	r := &realm{keytab: filepath.Join(s.Dir, "keytab"), other: filepath.Join(s.Dir, "other"),
		env: []string{"KRB5_CONFIG=" + filepath.Join(s.Dir, "krb5.conf"), "KRB5CCNAME=FILE:" + filepath.Join(s.Dir, "tickets")}}
	within(t, root, t.TempDir(), "export '"+r.env[0]+"' '"+r.env[1]+"'; printf '%s\\n' '"+s.Password+"' | kinit "+s.User)
	return r
}

// prepareRealm is the command that makes a realm for the site.
func (s site) prepareRealm(t *testing.T) string {
	t.Helper()
	s.fill(t, "kerberos/krb5.conf")
	s.fill(t, "kerberos/kdc.conf")
	script, err := filepath.Abs("testdata/kerberos/realm.sh")
	if err != nil {
		t.Fatal(err)
	}
	return script + " " + s.Dir + " " + s.User + " '" + s.Password + "' " + s.Host
}

// centre is the command that serves it.
func (s site) centre() string {
	return "env 'KRB5_KDC_PROFILE=" + filepath.Join(s.Dir, "kdc.conf") + "' krb5kdc -n"
}

// keytab are authlab serve's flags: the service's own key, or one that does not
// open the ticket.
func (t task) keytab() []string {
	switch {
	case t.realm == nil:
		return nil
	case t.which == "wrong":
		return []string{"-keytab", t.realm.other}
	}
	return []string{"-keytab", t.realm.keytab}
}

// command is a client's, with its ticket where it has one.
func (t task) command(program string, args ...string) (string, []string) {
	if t.realm == nil {
		return program, args
	}
	return "env", append(append(t.realm.env[:len(t.realm.env):len(t.realm.env)], program), args...)
}

//go:build !js

package main

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/tlslink"
)

// What takes more than a password: a token, a certificate, nothing at all, and
// a server that is called otherwise than its address. XOA-01, OAB-01, EXN-01,
// EXN-04, ANO-01, DIG-12, OAB-07.
func TestConnectOtherwise(t *testing.T) {
	clientCA, cert, key := clientCertificate(t, "tim")
	s := start(t, 1, "-listen", "127.0.0.1:0", "-host", "mail.example.org", "-user", tim, "-token", "ann=opaque.1", "-client-ca", clientCA,
		"-mechanisms", "EXTERNAL,DIGEST-MD5,OAUTHBEARER,XOAUTH2,ANONYMOUS", "-print-ca", "-require-auth")
	said := func(what string) string {
		return "authlab connect: the server refused: " + what + " (reply 535; AUTH-27, RFC 4954 §6).\n"
	}
	wrong, token, certificate := said("name or password are wrong"), said("it does not take the token"), said("it does not take the certificate for this user")
	const none = "authlab connect: this client cannot do what it was told: no mechanism it may use here is offered (AUTH-39, RFC 4954 §4).\n"
	for _, test := range []struct{ args, auth, err string }{
		{"-user ann -token opaque.1 -server-name mail.example.org", "OAUTHBEARER ********", ""},
		{"-user ann -token opaque.1", "OAUTHBEARER ********", ""}, // OAB-07: another host is meant, which is told in the steps alone
		{"-user ann -token opaque.1 -mechanism XOAUTH2", "XOAUTH2 ********", ""},
		{"-user ann -token opaque.2 -mechanism XOAUTH2", "XOAUTH2 ********", token},
		{"-user ann -token opaque.2 -mechanism OAUTHBEARER -server-name mail.example.org", "OAUTHBEARER ********", token},
		{"-cert " + cert + " -key " + key, "EXTERNAL =", ""},
		{"-cert " + cert + " -key " + key + " -authzid ann", "EXTERNAL ********", certificate},
		{"-mechanism EXTERNAL -user tim", "", none},
		{"-mechanism anonymous", "ANONYMOUS =", ""},
		{"-user tim -password tanstaaftanstaaf -server-name mail.example.org", "DIGEST-MD5", ""},
		{"-user tim -password tanstaaftanstaaf", "DIGEST-MD5", wrong},
		{"-user tim -password x -mechanism GSSAPI -insist", "", "authlab connect: this client cannot do what it was told: GSSAPI wants a ticket, and no Kerberos centre was named that issues one (GSS-06, "},
		{"-user tim -password x -mechanism GSSAPI -insist -kdc 127.0.0.1:1", "", "authlab connect: this client cannot do what it was told: the Kerberos centre does not answer (GSS-06, "},
	} {
		r := do(t, "", append([]string{"connect", "-addr", s.addrs[0], "-ca", s.root(t)}, strings.Fields(test.args)...)...)
		if (r.status == 0) != (test.err == "") || !strings.HasPrefix(r.err, test.err) || test.err == "" && r.err != "" {
			t.Errorf("%s: %+v, want %q", test.args, r, test.err)
		}
		if said := "\nC: AUTH " + test.auth + "\n"; strings.Contains(r.out, said) != (test.auth != "") {
			t.Errorf("%s: %s, want %q", test.args, r.out, said)
		}
		if strings.Contains(r.out, "opaque") {
			t.Errorf("%s: the token stands in %s", test.args, r.out)
		}
	}
}

// clientCertificate writes a client's certificate with its key, and its root.
func clientCertificate(t *testing.T, name string) (root, cert, key string) {
	t.Helper()
	seed := []byte("client")
	id, err := tlslink.MakeIdentity(seed, "localhost", time.Now(), tlslink.CertsWanted{})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := id.ClientCertificate(seed, name)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		return file(t, name, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
	}
	return write("root.pem", "CERTIFICATE", id.Root), write("cert.pem", "CERTIFICATE", pair.Certificate[0]), write("key.pem", "PRIVATE KEY", der)
}

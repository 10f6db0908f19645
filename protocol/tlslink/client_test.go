package tlslink

import (
	"bytes"
	"crypto/tls"
	"testing"
)

// EXN-04: the server knows whom a client's certificate names, if it asked for
// one, the client has one, and the server's root signed it.
func TestClientCertificate(t *testing.T) {
	id := identity(t, "seed", CertsWanted{})
	cert := func(id Identity, seed, name string) *tls.Certificate {
		c, err := id.ClientCertificate([]byte(seed), name)
		if err != nil {
			t.Fatal(err)
		}
		return &c
	}
	foreign := identity(t, "other", CertsWanted{})
	for _, v := range versions {
		for _, c := range []struct {
			what   string
			ask    bool
			cert   *tls.Certificate
			server string
			client string
		}{
			{"common name", true, cert(id, "seed", "tim"), "tim", "tim"},
			{"mailbox", true, cert(id, "seed", "tim@example.org"), "tim@example.org", "tim@example.org"},
			{"not ASCII", true, cert(id, "seed", "jürgen@example.org"), "jürgen@example.org", "jürgen@example.org"},
			{"none", true, nil, "", ""},
			{"not asked", false, cert(id, "seed", "tim"), "", ""},
		} {
			w := newWire(t, id, id, Options{AskClient: c.ask, MaxVersion: v.version}, Options{Certificate: c.cert, MinVersion: v.version})
			w.shake(t)
			client, _ := w.client.Up()
			server, _ := w.server.Up()
			if server.Client != c.server || client.Client != c.client || server.Verified || !client.Verified {
				t.Errorf("%s, %s: the server knows %q, the client showed %q", v.name, c.what, server.Client, client.Client)
			}
		}
	}
	w := newWire(t, id, id, Options{AskClient: true}, Options{Certificate: cert(foreign, "other", "tim")})
	w.pump()
	if f := failure(t, "server", w.server); f.ID != UnknownAuthority || !f.Local {
		t.Errorf("a certificate of another root: %+v", f)
	}
	if a, b := cert(id, "seed", "tim"), cert(id, "seed", "tim"); !bytes.Equal(a.Certificate[0], b.Certificate[0]) {
		t.Error("the same seed makes another certificate")
	}
	if bytes.Equal(cert(id, "seed", "tim").Certificate[0], id.Certificate.Certificate[0]) {
		t.Error("client and server have one certificate")
	}
}

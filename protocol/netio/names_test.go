//go:build !js

package netio_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/netio"
)

// certificate makes one that signs itself, with a common name and alternative
// names.
func certificate(t *testing.T, common string, names ...string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: common}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(c)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// SID-03, SID-04, SID-05: the alternative names decide, the common name does
// not; a wildcard is one whole label on the left; case is ignored, and one name
// of several is enough. IMP-04: the server is told which name is wanted. Where
// the name is wrong nothing is said inside TLS.
func TestNamesInCertificates(t *testing.T) {
	for _, test := range []struct {
		about, common string
		names         []string
		good          bool
	}{
		{"common name alone", host, nil, false},
		{"common name right, alternative wrong", host, []string{"other.example.org"}, false},
		{"common name wrong, alternative right", "other.example.org", []string{host}, true},
		{"the second of two", "", []string{"a.example", host}, true},
		{"in upper case", "", []string{"MAIL.Example.ORG"}, true},
		{"wildcard", "", []string{"*.example.org"}, true},
		{"wildcard for its own domain", "", []string{"*.mail.example.org"}, false},
		{"wildcard for two labels", "", []string{"*.org"}, false},
		{"wildcard for a part of a label", "", []string{"m*.example.org"}, false},
		{"wildcard in the middle", "", []string{"mail.*.org"}, false},
		{"a name that begins alike", "", []string{host + ".evil.example"}, false},
	} {
		var mu sync.Mutex
		var asked string
		cert, pool := certificate(t, test.common, test.names...)
		h := open(t, func(s *netio.Server) {
			s.TLS = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
				mu.Lock()
				defer mu.Unlock()
				asked = hello.ServerName
				return &cert, nil
			}}
		})
		for way, addr := range map[client.TLS]string{client.StartTLS: h.plain, client.Implicit: h.implicit} {
			state, fault := visit(t, addr, plan(func(p *client.Plan) { p.TLS = way }), func(c *netio.Client) { c.TLS = &tls.Config{RootCAs: pool} })
			mu.Lock()
			if asked != host {
				t.Errorf("%s, %s: the server was asked for %q", test.about, way, asked)
			}
			asked = ""
			mu.Unlock()
			if test.good != state.Authenticated || test.good != (fault == nil) {
				t.Errorf("%s, %s: %+v, %v", test.about, way, state, fault)
			}
			if !test.good && (state.TLS || fault != nil && fault.ID != "tls-wrong-host") {
				t.Errorf("%s, %s: %+v, %v", test.about, way, state, fault)
			}
		}
	}
}

//go:build !js

package judges

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"sync"
	"testing"
	"time"
)

// An authority signs certificates. Everything is ECDSA P-256.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// clients509 signs clients' certificates, servers509 their servers'.
var (
	clients509 = sync.OnceValue(func() authority { return newAuthority("Root of the judges' users") })
	servers509 = sync.OnceValue(func() authority { return newAuthority("Root of the judges") })
)

func newAuthority(name string) authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	cert := template(name)
	cert.IsCA, cert.BasicConstraintsValid, cert.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err == nil {
		cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		panic(err)
	}
	return authority{cert, key}
}

func template(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		panic(err)
	}
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
}

// root writes the authority's own certificate.
func (a authority) root(t *testing.T) string {
	t.Helper()
	return file(t, "root.pem", encoded("CERTIFICATE", a.cert.Raw))
}

// write writes a client's certificate and its key.
func (a authority) write(t *testing.T, name string) (cert, key string) {
	t.Helper()
	leaf := template(name)
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	certText, keyText := a.sign(t, leaf)
	return file(t, "cert.pem", certText), file(t, "key.pem", keyText)
}

func (a authority) sign(t *testing.T, leaf *x509.Certificate) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	der, certErr := x509.CreateCertificate(rand.Reader, leaf, a.cert, &private.PublicKey, a.key)
	keyDER, keyErr := x509.MarshalPKCS8PrivateKey(private)
	if err := errors.Join(certErr, keyErr); err != nil {
		t.Fatal(err)
	}
	return encoded("CERTIFICATE", der), encoded("PRIVATE KEY", keyDER)
}

func encoded(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// writeIdentity writes a root, a server's certificate below it with its key,
// and the root of its users, as PEM.
func writeIdentity(t *testing.T, s site) {
	t.Helper()
	leaf := template(host)
	leaf.DNSNames, leaf.IPAddresses = []string{host}, []net.IP{net.IPv4(127, 0, 0, 1)}
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	cert, key := servers509().sign(t, leaf)
	for name, text := range map[string]string{s.Cert: cert, s.Key: key, s.CA: encoded("CERTIFICATE", servers509().cert.Raw),
		s.Users: encoded("CERTIFICATE", clients509().cert.Raw)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

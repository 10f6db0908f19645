package tlslink

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

// The same seed gives the same certificates, on every run and platform.
func TestIdentityRepeats(t *testing.T) {
	a, b := identity(t, "seed", CertsWanted{}), identity(t, "seed", CertsWanted{})
	if !bytes.Equal(a.Root, b.Root) || !bytes.Equal(a.Certificate.Certificate[0], b.Certificate.Certificate[0]) {
		t.Error("two runs differ")
	}
	sum := sha256.Sum256(append(a.Root, a.Certificate.Certificate[0]...))
	const golden = "ae6fb0999c738251a12635687bbc0d2efe81c24b312f94d8915f44d46a4b6fb5"
	if got := hex.EncodeToString(sum[:]); got != golden {
		t.Errorf("SHA-256 of root and leaf %s, want %s", got, golden)
	}
	c := identity(t, "another seed", CertsWanted{})
	if bytes.Equal(a.Root, c.Root) || bytes.Equal(a.Certificate.Certificate[0], c.Certificate.Certificate[0]) {
		t.Error("two seeds give the same certificate")
	}
	d, err := MakeIdentity([]byte("seed"), host, start.In(time.FixedZone("", 3600)).Add(999), CertsWanted{})
	if err != nil || !bytes.Equal(a.Root, d.Root) {
		t.Errorf("a fraction of a second or a time zone changes the root (%v)", err)
	}
}

func TestIdentityIsGood(t *testing.T) {
	long := strings.Repeat("a", 60) + ".example"
	tests := []struct{ host, certHost, verify, subject string }{
		{host, "", host, "CN=" + host},
		{host, "other.example", "other.example", "CN=other.example"},
		{"192.0.2.1", "", "192.0.2.1", "CN=192.0.2.1"},
		{long, "", long, ""},
	}
	for _, test := range tests {
		id, err := MakeIdentity([]byte("seed"), test.host, start, CertsWanted{Host: test.certHost})
		if err != nil {
			t.Fatal(err)
		}
		leaf := id.Certificate.Leaf
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: id.Pool, DNSName: test.verify, CurrentTime: start}); err != nil {
			t.Errorf("%s: %v", test.verify, err)
		}
		if got := leaf.Subject.String(); got != test.subject || names(leaf) != test.verify {
			t.Errorf("subject %q, names %q; want %q, %q", got, names(leaf), test.subject, test.verify)
		}
		if key, ok := leaf.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
			t.Errorf("key %T", leaf.PublicKey)
		}
	}
}

// A server that is reached by several names has one certificate for all, unless
// a wrong name is wanted.
func TestIdentityOfSeveralNames(t *testing.T) {
	several := []string{"localhost", "127.0.0.1", host, "::1"}
	id, err := MakeIdentity([]byte("seed"), host, start, CertsWanted{}, several...)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(id.Certificate.Leaf), host+",localhost,127.0.0.1,::1"; got != want {
		t.Errorf("names %q, want %q", got, want)
	}
	for _, name := range several {
		if err := id.Certificate.Leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	id, err = MakeIdentity([]byte("seed"), host, start, CertsWanted{Host: "other.example"}, several...)
	if err != nil || names(id.Certificate.Leaf) != "other.example" {
		t.Errorf("names %q (%v), want only the wrong one", names(id.Certificate.Leaf), err)
	}
}

func TestIdentityRefused(t *testing.T) {
	if _, err := MakeIdentity(nil, "почта.example", start, CertsWanted{}); err == nil {
		t.Error("a name that is not ASCII passes")
	}
	if _, err := MakeIdentity(nil, host, time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), CertsWanted{}); err == nil {
		t.Error("a year of five digits passes")
	}
}

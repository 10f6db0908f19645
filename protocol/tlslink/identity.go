package tlslink

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"slices"
	"time"
)

// CertsWanted are the departures from a good server certificate that a session
// asks for.
type CertsWanted struct {
	Host    string `json:"host,omitempty"`    // name in the certificate; empty: the server's own
	Expired bool   `json:"expired,omitempty"` // its validity ended the day before the start time
}

// Identity is a server's certificate with its key, and the root that signed it.
type Identity struct {
	Certificate tls.Certificate // leaf and key
	Root        []byte          // DER of the root
	Pool        *x509.CertPool  // the root alone
	Made        time.Time       // the start time; clock of a Link that was given none
}

const day = 24 * time.Hour

// MakeIdentity makes a root and a leaf for host, both ECDSA P-256, valid at now
// unless w says otherwise. The leaf is good for the others too, unless w wants
// another name in it. The same arguments give the same DER.
func MakeIdentity(seed []byte, host string, now time.Time, w CertsWanted, others ...string) (Identity, error) {
	now = now.UTC().Truncate(time.Second) // X.509 knows seconds
	if w.Host != "" {
		host, others = w.Host, nil
	}
	rootKey, err := deriveKey(seed, "root")
	if err != nil {
		return Identity{}, err
	}
	leafKey, err := deriveKey(seed, "leaf")
	if err != nil {
		return Identity{}, err
	}
	root, err := template(seed, "root", now.Add(-365*day), now.Add(3650*day))
	if err != nil {
		return Identity{}, err
	}
	root.Subject = pkix.Name{Organization: []string{"SMTP AUTH Playground"}, CommonName: "Playground Root"}
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	leaf, err := template(seed, "leaf", now.Add(-30*day), now.Add(60*day))
	if err != nil {
		return Identity{}, err
	}
	if w.Expired {
		leaf.NotAfter = now.Add(-day)
	}
	nameHosts(leaf, host, others)
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}

	// With a nil reader the ECDSA signatures are those of RFC 6979.
	rootDER, err := x509.CreateCertificate(nil, root, root, &rootKey.PublicKey, rootKey)
	if err != nil {
		return Identity{}, err
	}
	if root, err = x509.ParseCertificate(rootDER); err != nil {
		return Identity{}, err
	}
	leafDER, err := x509.CreateCertificate(nil, leaf, root, &leafKey.PublicKey, rootKey)
	if err != nil {
		return Identity{}, err
	}
	if leaf, err = x509.ParseCertificate(leafDER); err != nil {
		return Identity{}, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return Identity{
		Certificate: tls.Certificate{Certificate: [][]byte{leafDER}, PrivateKey: leafKey, Leaf: leaf},
		Root:        rootDER, Pool: pool, Made: now,
	}, nil
}

func template(seed []byte, label string, from, to time.Time) (*x509.Certificate, error) {
	serial, err := hkdf.Key(sha256.New, seed, nil, "smtpauth "+label+" serial", 16)
	if err != nil {
		return nil, err
	}
	serial[0] = serial[0]&0x7f | 0x40 // positive and of full length
	return &x509.Certificate{SerialNumber: new(big.Int).SetBytes(serial), NotBefore: from, NotAfter: to}, nil
}

// nameHosts puts host and the others into the subjectAltName, RFC 6125 §2.3.
func nameHosts(c *x509.Certificate, host string, others []string) {
	if len(host) <= 64 { // ub-common-name, RFC 5280 appendix A.1
		c.Subject.CommonName = host
	}
	for _, name := range append([]string{host}, others...) {
		if ip := net.ParseIP(name); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else if !slices.Contains(c.DNSNames, name) {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
}

// deriveKey expands seed with HKDF-SHA-256 until a number falls into the range
// of P-256 keys; nearly always the first does.
func deriveKey(seed []byte, label string) (*ecdsa.PrivateKey, error) {
	for i := range 8 {
		raw, err := hkdf.Key(sha256.New, seed, nil, fmt.Sprintf("smtpauth %s key %d", label, i), 32)
		if err != nil {
			return nil, err
		}
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err == nil {
			return key, nil
		}
	}
	return nil, errors.New("tlslink: no key from seed")
}

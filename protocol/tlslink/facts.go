package tlslink

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"time"
)

// Facts are what one side knows once its handshake is over. The certificate is
// the server's on both sides.
type Facts struct {
	Version    string `json:"version"`               // "TLS 1.3"
	Suite      string `json:"suite"`                 // IANA name: "TLS_AES_128_GCM_SHA256"
	Group      string `json:"group,omitempty"`       // key exchange, IANA name: "x25519"
	ServerName string `json:"server_name,omitempty"` // client: the name verified; server: the SNI it was sent
	Subject    string `json:"subject"`               // RFC 4514: "CN=mail.example.org"
	Issuer     string `json:"issuer"`
	Names      string `json:"names"`      // subjectAltName, comma-separated
	NotBefore  string `json:"not_before"` // RFC 3339, UTC
	NotAfter   string `json:"not_after"`
	Client     string `json:"client,omitempty"` // whom the client's certificate names: on the server verified, on the client shown
	Verified   bool   `json:"verified"`         // this side checked chain, validity and name
}

// FactsOf are the facts of a connection of crypto/tls whose handshake is over.
// cert is the server's certificate; nil where it is not known.
func FactsOf(s tls.ConnectionState, cert *x509.Certificate) Facts {
	f := Facts{
		Version: tls.VersionName(s.Version), Suite: tls.CipherSuiteName(s.CipherSuite),
		Group: groupName(s.CurveID), ServerName: s.ServerName, Verified: len(s.VerifiedChains) > 0,
	}
	if cert != nil {
		f.Subject, f.Issuer, f.Names = cert.Subject.String(), cert.Issuer.String(), names(cert)
		f.NotBefore, f.NotAfter = stamp(cert.NotBefore), stamp(cert.NotAfter)
	}
	return f
}

// Served are the facts of a server: what was verified is the client's
// certificate, if it showed one, and not the server's own.
func (f Facts) Served(s tls.ConnectionState) Facts {
	if f.Verified = false; len(s.VerifiedChains) > 0 {
		f.Client = ClientName(s.PeerCertificates[0])
	}
	return f
}

func names(cert *x509.Certificate) string {
	list := append([]string(nil), cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		list = append(list, ip.String())
	}
	return strings.Join(list, ",")
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// groupName gives the name in the TLS Supported Groups registry (RFC 8446 §4.2.7).
func groupName(id tls.CurveID) string {
	switch id {
	case 0: // RSA key exchange
		return ""
	case tls.CurveP256:
		return "secp256r1"
	case tls.CurveP384:
		return "secp384r1"
	case tls.CurveP521:
		return "secp521r1"
	case tls.X25519:
		return "x25519"
	}
	return id.String() // the hybrids are spelled as in the registry
}

package tlslink

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"

	// The hashes that a signature algorithm may name.
	_ "crypto/sha256"
	_ "crypto/sha512"
)

const (
	exporterLabel  = "EXPORTER-Channel-Binding" // RFC 9266 §2
	exporterLength = 32                         // octets
)

// Exporter is the channel binding tls-exporter (RFC 9266): 32 octets that both
// ends of this connection have and nobody else. It is nil before the handshake
// is over, and below TLS 1.3, where it would need more care (RFC 9266 §4.2).
func (l *Link) Exporter() []byte {
	if !l.up {
		return nil
	}
	return Exporter(l.tls.ConnectionState())
}

// Exporter is the same of a connection of crypto/tls whose handshake is over.
func Exporter(state tls.ConnectionState) []byte {
	if state.Version < tls.VersionTLS13 {
		return nil
	}
	octets, err := state.ExportKeyingMaterial(exporterLabel, []byte{}, exporterLength)
	if err != nil {
		return nil
	}
	return octets
}

// EndPoint is the channel binding tls-server-end-point (RFC 5929 §4.1) of the
// server's certificate: nil before the handshake is over, and where the type is
// not defined.
func (l *Link) EndPoint() []byte {
	if !l.up || l.leaf == nil {
		return nil
	}
	return EndPoint(l.leaf)
}

// EndPoint hashes a certificate with the hash function of its signature
// algorithm, with SHA-256 in place of MD5 and SHA-1. It is nil where the
// algorithm names no single hash, as Ed25519.
func EndPoint(cert *x509.Certificate) []byte {
	var hash crypto.Hash
	switch cert.SignatureAlgorithm {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1,
		x509.SHA256WithRSA, x509.DSAWithSHA256, x509.ECDSAWithSHA256, x509.SHA256WithRSAPSS:
		hash = crypto.SHA256
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		hash = crypto.SHA384
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		hash = crypto.SHA512
	default:
		return nil
	}
	h := hash.New()
	h.Write(cert.Raw)
	return h.Sum(nil)
}

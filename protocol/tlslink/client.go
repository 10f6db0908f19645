package tlslink

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
)

// ClientCertificate makes a certificate for a client, signed by id's root, with
// its key from the seed that made id. A name with "@" stands in it as a mailbox
// (RFC 5280 §4.2.1.6), every name as common name.
func (id Identity) ClientCertificate(seed []byte, name string) (tls.Certificate, error) {
	rootKey, err := deriveKey(seed, "root")
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := deriveKey(seed, "client")
	if err != nil {
		return tls.Certificate{}, err
	}
	root, err := x509.ParseCertificate(id.Root)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := template(seed, "client", id.Made.Add(-30*day), id.Made.Add(60*day))
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf.Subject.CommonName = name
	if strings.Contains(name, "@") && isASCII(name) {
		leaf.EmailAddresses = []string{name}
	}
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(nil, leaf, root, &key.PublicKey, rootKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	if leaf, err = x509.ParseCertificate(der); err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// ClientName is whom a client's certificate names: its mailbox, else its common
// name; empty where there is no certificate.
func ClientName(cert *x509.Certificate) string {
	switch {
	case cert == nil:
		return ""
	case len(cert.EmailAddresses) > 0:
		return cert.EmailAddresses[0]
	}
	return cert.Subject.CommonName
}

// offer lets a client show its certificate when it is asked for one.
func (l *Link) offer(cert *tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if cert == nil || request.SupportsCertificate(cert) != nil {
			return new(tls.Certificate), nil // none: the server may go on without
		}
		l.shown = cert.Leaf
		return cert, nil
	}
}

//go:build !js

package main

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"example.org/smtpauth/protocol/tlslink"
)

// writeCertificate writes a chain for 127.0.0.1 and its key, as PEM. The root
// is in the chain, so that the same file tells a client whom to trust.
func writeCertificate(t *testing.T) (cert, key string) {
	t.Helper()
	id, err := tlslink.MakeIdentity([]byte("authlab"), "127.0.0.1", time.Now(), tlslink.CertsWanted{})
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(id.Certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Certificate.Certificate[0]})
	chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Root})...)
	return file(t, "cert.pem", string(chain)), file(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

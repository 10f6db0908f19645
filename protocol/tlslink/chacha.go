//go:build !amd64 || purego

package tlslink

import (
	"crypto/sha256"
	"crypto/tls"

	"golang.org/x/crypto/chacha20poly1305"
)

// Go chooses ChaCha20-Poly1305 where AES has no hardware, as in WebAssembly.
func init() {
	s := suite{sha256.New, 32, chacha20poly1305.New, 0}
	suites[tls.TLS_CHACHA20_POLY1305_SHA256] = s
	suites[tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256] = s
	suites[tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256] = s
}

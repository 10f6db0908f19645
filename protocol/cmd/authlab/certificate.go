package main

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"strings"
	"time"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
)

// certificateFlags say what the server proves itself with.
type certificateFlags struct {
	cert, key, clientCA string
	printCA             bool
}

func (c *certificateFlags) declare(fs *flag.FlagSet) {
	fs.StringVar(&c.cert, "cert", "", "a PEM `FILE` with the server's certificate and those above it")
	fs.StringVar(&c.key, "key", "", "a PEM `FILE` with its key")
	fs.StringVar(&c.clientCA, "client-ca", "", "a PEM `FILE` with the roots of clients' certificates: who shows one may use EXTERNAL")
	fs.BoolVar(&c.printCA, "print-ca", false, "print the root of the certificate that is made, as PEM")
}

// read returns what TLS is served with, and the root to print.
func (c *certificateFlags) read(host string, wanted session.TLS) (*tls.Config, []byte, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, SessionTicketsDisabled: true}
	if wanted.ServerMax == "1.2" {
		config.MaxVersion = tls.VersionTLS12
	}
	if c.clientCA != "" {
		roots, err := readRoots(c.clientCA)
		if err != nil {
			return nil, nil, err
		}
		config.ClientAuth, config.ClientCAs = tls.VerifyClientCertIfGiven, roots
	}
	switch given := c.cert != "" || c.key != ""; {
	case given && c.printCA:
		return nil, nil, bad("-print-ca is for a certificate that is made here")
	case given:
		pair, err := readPair(c.cert, c.key)
		if err != nil {
			return nil, nil, err
		}
		config.Certificates = []tls.Certificate{pair}
		return config, nil, nil
	}
	seed := make([]byte, 32)
	rand.Read(seed)
	id, err := tlslink.MakeIdentity(seed, strings.Trim(host, "[]"), time.Now(), wanted.Certificate, "localhost", "127.0.0.1", "::1")
	if err != nil {
		return nil, nil, badInput{err}
	}
	config.Certificates = []tls.Certificate{id.Certificate}
	if !c.printCA {
		return config, nil, nil
	}
	return config, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.Root}), nil
}

var errPair = bad("-cert and -key come together")

// readPair reads a certificate with its key, and readRoots whom to trust.
func readPair(cert, key string) (tls.Certificate, error) {
	if cert == "" || key == "" {
		return tls.Certificate{}, errPair
	}
	chain, err := readFile(cert, maxSecrets)
	if err != nil {
		return tls.Certificate{}, err
	}
	secret, err := readFile(key, maxSecrets)
	if err != nil {
		return tls.Certificate{}, err
	}
	pair, err := tls.X509KeyPair(chain, secret)
	if err != nil {
		return tls.Certificate{}, badInput{err}
	}
	return pair, nil
}

func readRoots(file string) (*x509.CertPool, error) {
	text, err := readFile(file, maxSecrets)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, bad("%s holds no certificate", file)
	}
	return roots, nil
}

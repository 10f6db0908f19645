//go:build !js

package judges

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/smtp"
	"runtime"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
)

var netSMTP = clientJudge{
	name:       "Go net/smtp",
	version:    func(*testing.T) string { return strings.TrimPrefix(runtime.Version(), "go") },
	mechanisms: []string{"PLAIN", "CRAM-MD5"},
	inClear:    true, // to this machine
	send: func(t *testing.T, do task) (err error) {
		config := trusting(t, do)
		conn := dial(t, do.addr())
		if do.TLS == client.Implicit {
			conn = tls.Client(conn, config)
		}
		return sendBy(conn, config, do)
	},
}

// trusting is a configuration that trusts the task's root alone.
func trusting(t *testing.T, do task) *tls.Config {
	t.Helper()
	config := &tls.Config{ServerName: do.Host, RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM([]byte(readFile(t, do.CA))) {
		t.Fatal("no root")
	}
	return config
}

func sendBy(conn net.Conn, config *tls.Config, do task) error {
	c, err := smtp.NewClient(conn, do.Host)
	if err != nil {
		return err
	}
	auth := smtp.PlainAuth("", do.User, do.Password, do.Host)
	if do.Mechanism == "CRAM-MD5" {
		auth = smtp.CRAMMD5Auth(do.User, do.Password)
	}
	steps := []func() error{
		func() error { return c.Hello("client.example.org") },
		func() error {
			if do.TLS != client.StartTLS {
				return nil
			}
			return c.StartTLS(config)
		},
		func() error { return c.Auth(auth) },
		func() error { return c.Mail(do.From) },
		func() error { return c.Rcpt(do.To) },
		func() error {
			w, err := c.Data()
			if err != nil {
				return err
			}
			_, err = w.Write(do.Letter)
			return errors.Join(err, w.Close())
		},
		c.Quit,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

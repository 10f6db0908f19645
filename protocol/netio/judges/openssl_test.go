//go:build !js

package judges

import (
	"maps"
	"slices"
	"testing"

	"example.org/smtpauth/protocol/client"
)

// openssl s_client brings TLS, and the script the rest.
var openssl = clientJudge{
	name: "openssl s_client",
	version: func(t *testing.T) string {
		return version(t, need(t, "openssl", debian("openssl")), "version")
	},
	mechanisms: slices.Collect(maps.Keys(byHand)),
	tls:        []client.TLS{client.StartTLS, client.Implicit},
	send: func(t *testing.T, do task) error {
		// -quiet: a line that begins with Q or R is for the server
		args := []string{"s_client", "-quiet", "-connect", do.addr(), "-CAfile", do.CA, "-verify_return_error", "-verify_hostname", do.Host}
		if do.TLS == client.StartTLS {
			args = append(args, "-starttls", "smtp", "-name", "client.example.org")
		}
		if do.Cert != "" {
			args = append(args, "-cert", do.Cert, "-key", do.Key)
		}
		d := converse(t, "openssl", args...)
		if do.TLS == client.Implicit {
			if _, err := d.reply("220"); err != nil {
				return err
			}
		}
		if _, err := d.ask("EHLO client.example.org", "250"); err != nil {
			return err
		}
		if err := byHand[do.Mechanism](d, do); err != nil {
			return err
		}
		return d.mail(do)
	},
}

package sasl

import (
	"slices"
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// Mechanisms returns all, in the order a careful client prefers (AUTH-38): what is
// proved by TLS itself first, then what binds the TLS connection, then what makes the server prove itself, then what
// keeps the password off the wire, the stronger hash before the weaker (NTLM,
// whose key is an unsalted MD4 and whose store is worth the password, last), then
// what carries a token, which expires, before what carries a password; PLAIN
// before LOGIN, which does the same with more messages and no standard
// (LOG-08).
func Mechanisms() []Mechanism { return slices.Clone(mechanisms) }

var mechanisms = []Mechanism{
	external,
	scram("SCRAM-SHA-512-PLUS", trace.SHA512, true, Today, "draft-melnikov-scram-sha-512"),
	scram("SCRAM-SHA-256-PLUS", trace.SHA256, true, Today, "RFC 7677"),
	scram("SCRAM-SHA-1-PLUS", trace.SHA1, true, Today, "RFC 5802"),
	scram("SCRAM-SHA-512", trace.SHA512, false, Today, "draft-melnikov-scram-sha-512"),
	scram("SCRAM-SHA-256", trace.SHA256, false, Today, "RFC 7677"),
	scram("SCRAM-SHA-1", trace.SHA1, false, Today, "RFC 5802"),
	gssapi, srp, digestMD5, cramMD5, ntlm, oauthBearer, xoauth2, plain, login, anonymous,
}

// Gone are mechanisms that old lists name and nobody should offer: no half of
// them is here, and a server answers 504.
var Gone = []string{"KERBEROS_V4", "SKEY", "OTP", "CRAM-SHA1", "SECURID"}

// IsPlus reports whether a name is that of a mechanism with channel binding.
func IsPlus(name string) bool { return strings.HasSuffix(name, "-PLUS") }

// WithStatus are the mechanisms of one group, in the order of preference.
func WithStatus(s Status) []Mechanism {
	var all []Mechanism
	for _, m := range mechanisms {
		if m.Facts.Status == s {
			all = append(all, m)
		}
	}
	return all
}

// Lookup finds a mechanism by its name in any case (RFC 4954 §8); there is an
// empty one for a name that none has.
func Lookup(name string) (Mechanism, bool) {
	for i := range mechanisms {
		// Equal lengths keep out the longer letters that fold to ASCII ones.
		if m := &mechanisms[i]; len(m.Name) == len(name) && strings.EqualFold(m.Name, name) {
			return *m, true
		}
	}
	return Mechanism{}, false
}

package matrix

import (
	"testing"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
)

func dialects(t testing.TB) *dialect.All {
	t.Helper()
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Pairs that are known from elsewhere: the library that wants its own words and
// the three acts of mox, DIGEST-MD5 with auth-int, clients that go on without.
func TestCells(t *testing.T) {
	for _, test := range []struct {
		server, client string
		want           Cell
	}{
		{"mox-v0.0.11", "authelia-4.38.16", Cell{GivenUp, "LOGIN", true, false, "prompt", 0}},
		{"mox-v0.0.12", "authelia-4.38.16", Cell{Sent, "LOGIN", true, false, "", 0}},
		{"postfix-dovecot", "curl", Cell{Sent, "CRAM-MD5", false, false, "malformed", 334}},
		{"postfix-dovecot", "ruby-net-smtp", Cell{Sent, "PLAIN", false, true, "", 0}},
		{"postfix-dovecot", "webmail", Cell{Barred, "", false, false, "recipient-refused", 554}},
		{"sendmail", "perl-net-smtp", Cell{Unsent, "DIGEST-MD5", false, false, "connection-lost", 0}},
		{"exim", "gsasl", Cell{LoggedIn, "CRAM-MD5", false, false, "", 0}},
		{"aiosmtpd", "outlook-express", Cell{Open, "", false, false, "", 0}},
		{"opensmtpd", "ruby-net-smtp", Cell{Refused, "PLAIN", false, true, "auth-out-of-order", 503}},
		{"coremail", "curl", Cell{Stuck, "PLAIN", false, true, "", 0}},
	} {
		m, err := Compute(dialects(t), []string{test.server}, []string{test.client})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.At(0, 0); got != test.want {
			t.Errorf("%s, %s: %+v, want %+v", test.server, test.client, got, test.want)
		}
	}
	for _, pair := range [][2]string{{"nobody", "curl"}, {"exim", "nobody"}} {
		if _, err := Compute(dialects(t), pair[:1], pair[1:]); err == nil {
			t.Errorf("%s is known", pair)
		}
	}
}

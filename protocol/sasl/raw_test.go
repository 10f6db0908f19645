package sasl

import (
	"slices"
	"testing"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

// comparisons are the comparisons of a server's steps, and whether they hold.
func comparisons(steps []trace.Step) map[string]bool {
	found := map[string]bool{}
	for _, s := range steps {
		if s.Op == trace.Compare {
			found[s.Label] = found[s.Label] || s.Holds
		}
	}
	return found
}

// RFC 2195 and RFC 2831 name no SASLprep, and many clients do none (CRM-07): the
// password is right in either form, and the steps say in which. Where both forms
// are one, or the server keeps only what it made of the prepared one, there is
// one comparison.
func TestUnprepared(t *testing.T) {
	for _, c := range []struct {
		mechanism, password, sent string
		stored                    Stored
		raw                       bool // the client does not prepare
		reason                    string
		checks                    map[string]bool
	}{
		{"CRAM-MD5", "pa²ss", "pa²ss", Clear, false, "", map[string]bool{"digest-check": true, "digest-check-raw": false}},
		{"CRAM-MD5", "pa²ss", "pa²ss", Clear, true, "", map[string]bool{"digest-check": false, "digest-check-raw": true}},
		{"CRAM-MD5", "pa²ss", "pa2ss", Clear, true, "", map[string]bool{"digest-check": true, "digest-check-raw": false}},
		{"CRAM-MD5", "pa²ss", "pa3ss", Clear, true, "wrong-password", map[string]bool{"digest-check": false, "digest-check-raw": false}},
		{"CRAM-MD5", "pa2ss", "pa²ss", Clear, true, "wrong-password", map[string]bool{"digest-check": false}},
		{"CRAM-MD5", "secret", "secret", Clear, true, "", map[string]bool{"digest-check": true}},
		{"DIGEST-MD5", "pa²ss", "pa²ss", Clear, false, "", map[string]bool{"digest-check": true, "digest-check-raw": false, "digest-check-octets": false}},
		{"DIGEST-MD5", "pa²ss", "pa²ss", Clear, true, "", map[string]bool{"digest-check": false, "digest-check-raw": false, "digest-check-octets": true}},
		{"DIGEST-MD5", "grün7", "grün7", Clear, true, "", map[string]bool{"digest-check": false, "digest-check-octets": true}},
		{"DIGEST-MD5", "пароль²", "пароль²", Clear, true, "", map[string]bool{"digest-check": false, "digest-check-raw": true}},
		{"DIGEST-MD5", "pa²ss", "pa²ss", StoredDigest, false, "", map[string]bool{"digest-check": true}},
		{"DIGEST-MD5", "pa²ss", "pa²ss", StoredDigest, true, "prepared-only", map[string]bool{"digest-check": false}},
		{"DIGEST-MD5", "pa2ss", "pa3ss", StoredDigest, true, "wrong-password", map[string]bool{"digest-check": false}},
	} {
		m := meeting{mechanism: c.mechanism, credentials: credentials("", "tim", c.sent), client: ClientOptions{Host: testHost}, server: ServerOptions{Host: testHost},
			store: newStore(t, Account{Name: "tim", Password: Secret{Text: c.password}, Stored: c.stored})}
		acted := &quirk.Record{Asked: quirk.Set{quirk.Unprepared}}
		if c.raw {
			m.client.Quirks = acted
		}
		got := m.talk(t)
		if c.reason != "" {
			wantFault(t, c.mechanism+" "+c.sent, got.serverErr, Error{Refused, "AUTH-27", c.reason})
		} else if got.serverErr != nil || !got.result.Done {
			t.Errorf("%s, %q for %q: %v", c.mechanism, c.sent, c.password, got.serverErr)
		}
		for label, holds := range comparisons(got.serverSteps) {
			if want, there := c.checks[label]; label != "authzid-check" && (!there || want != holds) {
				t.Errorf("%s, %q for %q: %s holds: %v, want %v", c.mechanism, c.sent, c.password, label, holds, c.checks)
			}
			delete(c.checks, label)
		}
		if len(c.checks) > 0 {
			t.Errorf("%s, %q for %q: no %v", c.mechanism, c.sent, c.password, c.checks)
		}
		if did := len(acted.Take()) > 0; did != (c.raw && !slices.Contains([]string{"secret", "pa2ss", "pa3ss"}, c.sent)) {
			t.Errorf("%s, %q: the quirk acted: %v", c.mechanism, c.sent, did)
		}
	}
}

// The name is hashed too: as DIG-07 has it, as it is, or as GNU SASL does it, in
// which the password alone is in ISO 8859-1. Authen::SASL and curl convert
// nothing, and curl names no character set.
func TestDigestSpellings(t *testing.T) {
	const nonce, count, cnonce, uri = "n", firstCount, "c", "smtp/h"
	for _, c := range []struct{ user, password, charset string }{
		{"j\xfcrgen", "p\xe4ss", "charset=utf-8,"}, {"jürgen", "pä\u00adss", "charset=utf-8,"}, {"jürgen", "p\xe4\xadss", "charset=utf-8,"}, {"jürgen", "pä\u00adss", ""},
	} {
		secret := (*trace.Recorder)(nil).Hash("", trace.MD5, trace.Constant(c.user+"::"+c.password))
		d := digest{nonce: trace.Constant(nonce), count: trace.Constant(count), cnonce: trace.Constant(cnonce), qop: trace.Constant("auth"), uri: trace.Constant(uri)}
		response := d.of(&Env{}, "", "AUTHENTICATE", secret).String()
		m := meeting{mechanism: "DIGEST-MD5", store: newStore(t, clearAccount("jürgen", "pä\u00adss")), server: ServerOptions{Host: "h", Nonce: nonce}}
		message := c.charset + `username="jürgen",nonce="n",nc=00000001,cnonce="c",digest-uri="smtp/h",qop=auth,response=` + response
		if err := m.answer(t, message); err != nil {
			t.Errorf("%q, %q, %q: %v", c.user, c.password, c.charset, err)
		}
	}
}

// Of the mechanisms whose RFCs name SASLprep, a client that does none fails; the
// server says that it may be for that.
func TestPreparedOnly(t *testing.T) {
	for _, name := range []string{"SCRAM-SHA-256", "SRP"} {
		stored := map[string]Stored{"SCRAM-SHA-256": StoredSCRAM256, "SRP": StoredSRP}[name]
		for password, reason := range map[string]string{"pa²ss": "prepared-only", "pass": "wrong-password"} {
			m := meeting{mechanism: name, credentials: credentials("", "tim", "other"), store: newStore(t, Account{Name: "tim", Password: Secret{Text: password}, Stored: stored})}
			wantFault(t, name+" "+password, m.talk(t).serverErr, Error{Refused, "AUTH-27", reason})
		}
	}
}

// NTLM compares the password as it was given, and leaves the prepared one for the
// others.
func TestUnpreparedNTLM(t *testing.T) {
	store := newStore(t, clearAccount("tim", "pa²ss"))
	for _, c := range []struct{ mechanism, password string }{{"NTLM", "pa²ss"}, {"PLAIN", "pa²ss"}, {"PLAIN", "pa2ss"}, {"CRAM-MD5", "pa2ss"}} {
		if got := (meeting{mechanism: c.mechanism, store: store, credentials: credentials("", "tim", c.password)}).talk(t); got.serverErr != nil {
			t.Errorf("%s, %q: %v", c.mechanism, c.password, got.serverErr)
		}
	}
}

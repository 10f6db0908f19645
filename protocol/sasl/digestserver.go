package sasl

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

// The server's half of DIGEST-MD5; digestmd5.go says what passes.
type digestServer struct {
	common
	DigestServer
	store   *Store
	state   digestState
	nonce   trace.Value
	count   string
	account Account
	as      string
	layer   bool
}

func (s *digestServer) Next(env *Env, response Message) (Result, error) {
	state := s.state
	s.state = digestDone
	switch state {
	case digestStart:
		if !response.Present {
			return s.issue(env)
		}
		if !s.Again || s.Nonce == "" { // DIG-16
			return Result{}, &Error{Unwanted, "DIG-16", "initial-response"}
		}
		s.nonce, s.count = env.Trace.Text("server-nonce", s.Nonce, trace.Everybody), secondCount
		return s.verify(env, response.Value)
	case digestAnswer:
		return s.verify(env, response.Value)
	case digestEmpty:
		if len(response.Octets) > 0 {
			return Result{}, &Error{Refused, "DIG-09", "malformed"}
		}
		return Result{Done: true, Authcid: s.account.Name, Authzid: s.as, Layer: s.layer}, nil
	}
	return Result{}, ErrOutOfStep
}

// issue makes the digest-challenge (DIG-01). The error is of env.Rand.
func (s *digestServer) issue(env *Env) (Result, error) {
	nonce, err := freshNonce(env, "server-nonce", s.Nonce)
	if err != nil {
		return Result{}, err
	}
	var parts []trace.Value
	if s.Realm != "" {
		parts = append(parts, trace.Constant("realm="), quote(env, env.Trace.Text("realm", s.Realm, 0)), trace.Constant(","))
	}
	parts = append(parts, trace.Constant("nonce="), quote(env, nonce), trace.Constant(s.words()))
	s.state, s.nonce, s.count = digestAnswer, nonce, firstCount
	return Result{Send: Send(env.Trace.Concat("digest-challenge", parts...))}, nil
}

// verify takes the digest-response apart, computes the digest and compares.
func (s *digestServer) verify(env *Env, response trace.Value) (Result, error) {
	set, ok := digestSet(response, digestResponseLimit)
	if !ok {
		return Result{}, &Error{Refused, "DIG-03", "malformed"}
	}
	d, user, fault := s.read(env, set)
	if fault != nil {
		return Result{}, fault
	}
	authcid, reason := prepare(env.Trace, "authcid-prepared", user)
	if reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	e := s.store.entry(authcid)
	if e.unprovable != "unknown-user" && !(e.account.Stored == Clear || e.account.Stored == StoredDigest && e.account.Realm == s.Realm) {
		return Result{}, &Error{Transition, "AUTH-31", "other-verifier"}
	}
	sent := set["response"][0].cut(env, "sent-response")
	secret, err := e.digestFits(env, s.Realm, user, func(env *Env, check string, secret trace.Value) bool {
		return env.Trace.Compare(check, sent, d.of(env, "response-value", "AUTHENTICATE", secret))
	})
	if err != nil {
		return Result{}, err
	}
	authzid := trace.Constant("")
	if d.hasAuthzid && len(d.authzid.Octets) > 0 {
		if authzid, reason = prepare(env.Trace, "authzid-prepared", d.authzid); reason != "" {
			return Result{}, &Error{Refused, "SAS-03", reason}
		}
	}
	as, err := s.store.authorize(env, e.account, authcid, authzid)
	if err != nil {
		return Result{}, err
	}
	s.account, s.as, s.state = e.account, as, digestEmpty
	return Result{Checked: true, Send: Send(env.Trace.Concat("rspauth-message", trace.Constant("rspauth="), d.of(env, "rspauth", "", secret)))}, nil
}

// read checks the directives (DIG-11, DIG-12) and takes what is hashed out of
// them. The name is in UTF-8.
func (s *digestServer) read(env *Env, set directiveSet) (d digest, user trace.Value, fault *Error) {
	wrong := func(rule, reason string) (digest, trace.Value, *Error) {
		return d, user, &Error{Refused, rule, reason}
	}
	switch {
	case !set.once("username", "nonce", "cnonce", "nc", "digest-uri", "response"),
		!set.atMost("realm", "qop", "charset", "authzid", "maxbuf", "cipher"),
		set.text("charset", "utf-8") != "utf-8", set.text("cnonce", "") == "", !isDigest([]byte(set.text("response", ""))):
		return wrong("DIG-11", "malformed")
	case set.text("nonce", "") != s.nonce.String(), set.text("nc", "") != s.count:
		return wrong("DIG-11", "wrong-nonce")
	case set.text("realm", "") != s.Realm:
		return wrong("DIG-11", "wrong-realm")
	case set.text("qop", "auth") != "auth" && !(set.text("qop", "auth") == "auth-int" && s.Quirks.Does(quirk.DigestIntegrity)):
		return wrong("DIG-11", "no-qop")
	case !s.ownURI(set.text("digest-uri", "")) && !s.Quirks.Does(quirk.DigestAnyURI):
		return wrong("DIG-12", "wrong-uri")
	}
	d = digest{nonce: s.nonce, cnonce: set["cnonce"][0].cut(env, "client-nonce"), count: trace.Constant(s.count),
		qop: trace.Constant(set.text("qop", "auth")), uri: set["digest-uri"][0].cut(env, "digest-uri"), hasAuthzid: len(set["authzid"]) == 1}
	s.layer = d.qop.String() != "auth"
	if d.hasAuthzid {
		d.authzid = set["authzid"][0].cut(env, "authzid")
	}
	user = set["username"][0].cut(env, "authcid")
	if len(set["charset"]) == 0 && !utf8.Valid(user.Octets) { // curl says UTF-8 and names none
		user = env.Trace.FromLatin1("authcid", user)
	}
	return d, user, nil
}

// words are what follows the nonce.
func (s *digestServer) words() string {
	if s.Quirks.Does(quirk.DigestQuotes) {
		return `,qop="` + s.qops() + `",charset="utf-8",algorithm="md5-sess"`
	}
	return `,qop="` + s.qops() + `",algorithm=md5-sess,charset=utf-8`
}

// qops are the qualities of protection offered; auth-conf is none of them.
func (s *digestServer) qops() string {
	if s.Quirks.Does(quirk.DigestIntegrity) {
		return "auth,auth-int"
	}
	return "auth"
}

// ownURI reports whether a digest-uri names this service: smtp/host, and behind
// another slash any name of a replicated service (RFC 2831 §2.1.2).
func (s *digestServer) ownURI(uri string) bool {
	parts := strings.Split(uri, "/")
	return len(parts) >= 2 && len(parts) <= 3 && parts[0] == "smtp" && strings.EqualFold(parts[1], s.Host)
}

// spellings are how clients hash a name and a password that they do not prepare
// (CRM-07): in ISO 8859-1 where it fits, as DIG-07 has it, or in the octets that
// they have. Cyrus SASL converts both, GNU SASL the password alone, and curl and
// Authen::SASL neither.
var spellings = []struct {
	check          string
	user, password func(*trace.Recorder, string, trace.Value) trace.Value // user: the realm too
}{
	{"digest-check-raw", (*trace.Recorder).Latin1, (*trace.Recorder).Latin1},
	{"digest-check-octets", asItIs, (*trace.Recorder).Latin1},
	{"digest-check-octets", asItIs, asItIs},
}

func asItIs(_ *trace.Recorder, _ string, v trace.Value) trace.Value { return v }

// digestFits returns the H(user:realm:password) by which the response fits, of
// the prepared password or, where it is stored, of the password as it was given,
// in all its spellings. All are compared, in any case (SAS-07).
func (e *entry) digestFits(env *Env, realm string, user trace.Value, fits func(*Env, string, trace.Value) bool) (trace.Value, error) {
	secret := e.digestSecret(env, realm)
	holds := fits(env, "digest-check", secret)
	if e.account.Stored != Clear {
		return secret, e.outcomePrepared(holds)
	}
	shown := [][]byte{secret.Octets}
	for _, s := range spellings {
		made := func(env *Env) trace.Value {
			return digestHash(env, s.user(env.Trace, "user-latin1", user),
				s.user(env.Trace, "realm-latin1", env.Trace.Text("realm", realm, trace.Everybody)), s.password(env.Trace, "password-latin1", e.rawPassword(env)))
		}
		octets := made(&Env{}).Octets
		raw := env.unless(e.unprovable != "" || slices.ContainsFunc(shown, func(o []byte) bool { return bytes.Equal(o, octets) }))
		other := made(raw)
		if fits(raw, s.check, other) && !holds {
			secret, holds = other, true
		}
		shown = append(shown, octets)
	}
	return secret, e.outcome(holds)
}

// digestSecret notes H(user:realm:password) from the store, or makes it of the
// password that is stored.
func (e *entry) digestSecret(env *Env, realm string) trace.Value {
	if e.account.Stored == Clear {
		return digestSecret(env, env.Trace.Text("stored-name", e.account.Name, e.keeper()),
			env.Trace.Text("realm", realm, trace.Everybody), e.password(env))
	}
	secret := e.digest
	if secret == nil {
		secret = make([]byte, 16)
	}
	return env.Trace.Given(e.label("stored-digest", "dummy-digest"), secret, e.keeper())
}

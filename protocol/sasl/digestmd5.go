// DIGEST-MD5, RFC 2831, historic since RFC 6331: a challenge-response with
// nonces of both sides, in which the server proves itself too.
//
//	S: realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8
//	C: charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,
//	   cnonce="OA6MHXh6VqTrRk",digest-uri="smtp/elwood.innosoft.com",response=52ff44907f72314481b5c098c708ebf3,qop=auth
//	S: rspauth=84106ee5cb85c426e7ef928db0e49bfa
//	C: (empty)
//
// The server may keep H(user:realm:password) instead of the password, which
// serves a thief as well. Of the security layers auth-int and auth-conf, none
// is offered here.

package sasl

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

var digestMD5 = Mechanism{
	Name: "DIGEST-MD5", Rule: "DIG-06", Section: "RFC 2831 §2.1.2.1", Checks: "DIG-10", ChecksSection: "RFC 2831 §2.1.3",
	Resumes: true,
	Facts:   Facts{CrossesProof, GainsGuesses, GainsEquivalent, true, false, Historic, "RFC 2831"},
	guess:   []string{"digest-response"},
	Client: func(c Credentials, o ClientOptions) Exchange {
		return &digestClient{Credentials: c, common: o.common(), DigestClient: o.Digest}
	},
	Server: func(s *Store, o ServerOptions) Exchange {
		return &digestServer{store: s, common: o.common(), DigestServer: o.Digest}
	},
}

const (
	digestChallengeLimit = 2048 // octets (RFC 2831 §2.1.1)
	digestResponseLimit  = 4096 // octets (RFC 2831 §2.1.2)

	firstCount  = "00000001"
	secondCount = "00000002"
)

// DigestClient are choices of DIGEST-MD5's client.
type DigestClient struct {
	Service string // the service's name (RFC 2831 §2.1.2); empty: smtp
	Realm   string // the one to choose, where several are offered
	Again   string // the server's nonce of a log-in before, to be used once more (RFC 2831 §2.2)
}

// DigestServer are choices of DIGEST-MD5's server.
type DigestServer struct {
	Realm string // empty: none
	Again bool   // subsequent authentication with Nonce (RFC 2831 §2.2)
}

type digestState uint8

const (
	digestStart  digestState = iota // next: server: issue the challenge; client: answer it
	digestAnswer                    // server, next: check the response
	digestProof                     // client, next: check rspauth
	digestEmpty                     // server, next: the empty response to rspauth
	digestDone
)

// A digest is what both sides hash (RFC 2831 §2.1.2.1). Values are as hashed:
// unescaped, in their character set.
type digest struct {
	nonce, count, cnonce, qop, uri, authzid trace.Value
	hasAuthzid                              bool
}

// of returns the response-value for secret, H(user:realm:password), and method:
// "AUTHENTICATE" for the client, empty for the server's rspauth.
func (d digest) of(env *Env, label, method string, secret trace.Value) trace.Value {
	rec, colon := env.Trace, trace.Constant(":")
	a1 := []trace.Value{secret, colon, d.nonce, colon, d.cnonce}
	if d.hasAuthzid {
		a1 = append(a1, colon, d.authzid)
	}
	a2 := []trace.Value{trace.Constant(method), colon, d.uri}
	if d.qop.String() != "auth" {
		a2 = append(a2, trace.Constant(":00000000000000000000000000000000"))
	}
	ha1 := rec.Hex("A1-hex", rec.Hash("A1-hash", trace.MD5, rec.Concat("A1", a1...)))
	ha2 := rec.Hex("A2-hex", rec.Hash("A2-hash", trace.MD5, rec.Concat("A2", a2...)))
	text := rec.Concat("digest-text", ha1, colon, d.nonce, colon, d.count, colon, d.cnonce, colon, d.qop, colon, ha2)
	return rec.Hex(label, rec.Hash("digest", trace.MD5, text))
}

// digestSecret returns H(user:realm:password). Each of the three is hashed in
// ISO 8859-1 where it fits, else in UTF-8 (DIG-07).
func digestSecret(env *Env, user, realm, password trace.Value) trace.Value {
	return digestHash(env, env.Trace.Latin1("user-latin1", user), env.Trace.Latin1("realm-latin1", realm), env.Trace.Latin1("password-latin1", password))
}

func digestHash(env *Env, user, realm, password trace.Value) trace.Value {
	colon := trace.Constant(":")
	return env.Trace.Hash("user-realm-password-hash", trace.MD5, env.Trace.Concat("user-realm-password", user, colon, realm, colon, password))
}

type digestClient struct {
	Credentials
	common
	DigestClient
	state  digestState
	digest digest
	secret trace.Value
	qop    string // as agreed on
}

func (c *digestClient) Next(env *Env, challenge Message) (Result, error) {
	state := c.state
	c.state = digestDone
	switch {
	case state == digestStart && !challenge.Present && c.Again == "":
		if err := c.check(); err != nil {
			return Result{}, err
		}
		c.state = digestStart // the server begins
		return Result{}, nil
	case state == digestStart && !challenge.Present:
		if err := c.check(); err != nil {
			return Result{}, err
		}
		realm := env.Trace.Text("realm", c.Realm, trace.Everybody)
		return c.answer(env, env.Trace.Text("server-nonce", c.Again, trace.Everybody), secondCount, realm, true)
	case state == digestStart:
		return c.respond(env, challenge.Value)
	case state == digestProof:
		return c.verify(env, challenge.Value)
	}
	return Result{}, ErrOutOfStep
}

// check reports why the credentials cannot be used, before anything is sent.
func (c *digestClient) check() error {
	if c.Password.Withheld {
		return &Error{Local, "", "withheld"}
	}
	for _, field := range []string{c.Authcid, c.Password.Text} {
		if _, reason := prepare(nil, "", trace.Constant(field)); reason != "" {
			return &Error{Local, "SAS-03", reason}
		}
	}
	return nil
}

// respond reads the challenge (DIG-02).
func (c *digestClient) respond(env *Env, challenge trace.Value) (Result, error) {
	if err := c.check(); err != nil {
		return Result{}, err
	}
	set, ok := digestSet(challenge, digestChallengeLimit)
	if !ok {
		return Result{}, &Error{Peer, "DIG-03", "malformed"}
	}
	if !set.once("nonce", "algorithm") || !set.atMost("stale", "maxbuf", "charset", "qop") ||
		set.text("algorithm", "") != "md5-sess" || set.text("nonce", "") == "" || set.text("charset", "utf-8") != "utf-8" {
		return Result{}, &Error{Peer, "DIG-02", "malformed"}
	}
	offered := strings.FieldsFunc(set.text("qop", "auth"), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if !slices.Contains(offered, "auth") {
		return Result{}, &Error{Peer, "DIG-15", "no-qop"}
	}
	c.qop = "auth"
	if slices.Contains(offered, "auth-int") && c.Quirks.Does(quirk.DigestChoosesInt) {
		c.qop = "auth-int"
	}
	nonce := set["nonce"][0].cut(env, "server-nonce")
	realm := trace.Constant("")
	if realms := set["realm"]; len(realms) > 0 { // DIG-13
		i := max(0, slices.IndexFunc(realms, func(d directive) bool { return d.octets() == c.Realm }))
		realm = realms[i].cut(env, "realm")
	}
	return c.answer(env, nonce, firstCount, realm, len(set["charset"]) > 0)
}

// answer makes the digest-response (RFC 2831 §2.1.2).
func (c *digestClient) answer(env *Env, nonce trace.Value, count string, realm trace.Value, utf8 bool) (Result, error) {
	rec := env.Trace
	user := c.prepared(env, c.Quirks, "authcid", c.Authcid)
	password := c.prepared(env, c.Quirks, "password", c.Password.Text)
	raw := c.Quirks.Asks(quirk.Unprepared)
	if !utf8 && !raw && !(latin1(user) && latin1(password)) {
		return Result{}, &Error{Local, "DIG-14", "not-latin1"}
	}
	cnonce, err := freshNonce(env, "client-nonce", c.Nonce)
	if err != nil {
		return Result{}, err
	}
	c.digest = digest{nonce: nonce, cnonce: cnonce, count: trace.Constant(count), qop: trace.Constant(cmp.Or(c.qop, "auth")),
		uri: rec.Text("digest-uri", cmp.Or(c.Service, "smtp")+"/"+c.Host, trace.Client), hasAuthzid: c.Authzid != ""}
	c.secret = c.hashed(env, user, realm, password)
	var parts []trace.Value
	add := func(name string, v trace.Value) {
		if len(parts) > 0 {
			name = "," + name
		}
		parts = append(parts, trace.Constant(name+"="), v)
	}
	wire := user
	if utf8 {
		add("charset", trace.Constant("utf-8"))
	} else if !raw {
		wire = rec.Latin1("user-latin1", wire)
	}
	add("username", quote(env, wire))
	if len(realm.Octets) > 0 {
		add("realm", quote(env, realm))
	}
	add("nonce", quote(env, nonce))
	add("nc", c.digest.count)
	add("cnonce", quote(env, cnonce))
	add("digest-uri", quote(env, c.digest.uri))
	if c.digest.hasAuthzid {
		c.digest.authzid = rec.Text("authzid", c.Authzid, trace.Client)
	}
	add("response", c.digest.of(env, "response-value", "AUTHENTICATE", c.secret))
	add("qop", c.digest.qop)
	if c.digest.hasAuthzid {
		add("authzid", quote(env, c.digest.authzid))
	}
	c.state = digestProof
	return Result{Send: Send(rec.Concat("digest-response", parts...))}, nil
}

// hashed is what the client makes of its password: by DIG-07, or of the octets as
// they are.
func (c *digestClient) hashed(env *Env, user, realm, password trace.Value) trace.Value {
	if !c.Quirks.Asks(quirk.Unprepared) {
		return digestSecret(env, user, realm, password)
	}
	if made := digestSecret(&Env{}, user, realm, password); !bytes.Equal(made.Octets, digestHash(&Env{}, user, realm, password).Octets) {
		c.Quirks.Note(quirk.Unprepared)
	}
	return digestHash(env, user, realm, password)
}

// latin1 reports whether a UTF-8 text fits ISO 8859-1.
func latin1(v trace.Value) bool {
	return !strings.ContainsFunc(v.String(), func(r rune) bool { return r > 0xff })
}

// verify checks the server's rspauth (DIG-10).
func (c *digestClient) verify(env *Env, challenge trace.Value) (Result, error) {
	set, ok := digestSet(challenge, digestChallengeLimit)
	if !ok || !set.once("rspauth") {
		return Result{}, &Error{Peer, "DIG-10", "malformed"}
	}
	sent := set["rspauth"][0].cut(env, "sent-rspauth")
	if !env.Trace.Compare("rspauth-check", sent, c.digest.of(env, "rspauth", "", c.secret)) {
		return Result{}, &Error{Impostor, "DIG-10", "wrong-signature"}
	}
	return Result{Send: Send(trace.Constant("")), Checked: true, Done: true}, nil
}

// XOAUTH2 (Google's description) and OAUTHBEARER, RFC 7628: a token that an
// issuer has signed stands for the password.
//
//	XOAUTH2      C: user=someuser@example.com^Aauth=Bearer ya29.vF9dft4qmT^A^A
//	OAUTHBEARER  C: n,a=user@example.com,^Ahost=server.example.com^Aport=587^Aauth=Bearer vF9dft4qmT^A^A
//
// ^A is the octet 1. Where the token is no good the server says why in JSON, in
// a challenge; the client answers with nothing (XOAUTH2) or ^A (OAUTHBEARER),
// and the exchange fails. Who has the token can use it until it expires: only
// for TLS.

package sasl

import (
	"strconv"

	"example.org/smtpauth/protocol/trace"
)

var (
	oauthBearer = oauth(oauthKind{name: "OAUTHBEARER", rule: "OAB-01", section: "RFC 7628 §3.1", failure: "OAB-03", gs2: true, answer: "\x01"},
		Facts{CrossesToken, GainsPassword, GainsNothing, false, false, Today, "RFC 7628"})
	xoauth2 = oauth(oauthKind{name: "XOAUTH2", rule: "XOA-01", section: "Google XOAUTH2", failure: "XOA-02"},
		Facts{CrossesToken, GainsPassword, GainsNothing, false, false, Legacy, "Google XOAUTH2"})
)

// OAuthClient are choices of the client of XOAUTH2 and OAUTHBEARER.
type OAuthClient struct {
	Port int // OAUTHBEARER: where the server listens; 0: not said
}

// OAuthServer are choices of their server.
type OAuthServer struct {
	Port   int // OAUTHBEARER: where it listens; 0: any
	Tokens TokenRules
}

// An oauthKind is one of the two.
type oauthKind struct {
	name, rule, section string
	failure             string // the rule of the error in JSON
	gs2                 bool   // a GS2 header, and keys beside auth
	answer              string // to the error
}

func oauth(k oauthKind, f Facts) Mechanism {
	return Mechanism{
		Name: k.name, Rule: k.rule, Section: k.section, ClientFirst: true, Clear: true, Facts: f,
		Available: func(c Channel) bool { return c.TLS }, // OAB-06
		Client: func(c Credentials, o ClientOptions) Exchange {
			return &oauthClient{Credentials: c, common: o.common(), OAuthClient: o.OAuth, oauthKind: k}
		},
		Server: func(s *Store, o ServerOptions) Exchange {
			return &oauthServer{store: s, common: o.common(), OAuthServer: o.OAuth, oauthKind: k}
		},
	}
}

type oauthState uint8

const (
	oauthStart  oauthState = iota
	oauthAsked             // server, next: the message, now that it is asked for
	oauthFailed            // client: an error may come; server: it was said
	oauthDone
)

const (
	kvsep  = "\x01"
	bearer = "auth=Bearer "
)

type oauthClient struct {
	Credentials
	common
	OAuthClient
	oauthKind
	state oauthState
}

func (c *oauthClient) Next(env *Env, challenge Message) (Result, error) {
	state := c.state
	c.state = oauthDone
	switch state {
	case oauthStart:
		if len(challenge.Octets) > 0 {
			return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
		}
		return c.message(env)
	case oauthFailed: // XOA-03, OAB-04
		return Result{Send: Send(trace.Constant(c.answer))}, nil
	}
	return Result{}, ErrOutOfStep
}

// message is all that the client has to say, unless the server complains.
func (c *oauthClient) message(env *Env) (Result, error) {
	switch token := c.Token.Text; {
	case c.Token.Withheld:
		return Result{}, &Error{Local, "", "withheld"}
	case !IsToken(token):
		return Result{}, &Error{Local, c.rule, "malformed-token"}
	}
	var parts []trace.Value
	say := func(text string, v ...trace.Value) { parts = append(append(parts, trace.Constant(text)), v...) }
	if name := c.name(); !c.gs2 {
		authcid, reason := prepare(env.Trace, "authcid-prepared", env.Trace.Text("authcid", name, trace.Client))
		if reason != "" {
			return Result{}, &Error{Local, c.rule, reason}
		}
		say("user=", authcid)
	} else {
		say("n,")
		if name != "" {
			authzid, reason := prepare(env.Trace, "authzid-prepared", env.Trace.Text("authzid", name, trace.Client))
			if reason != "" {
				return Result{}, &Error{Local, c.rule, reason}
			}
			say("a=", escapeName(env, authzid))
		}
		say(",")
		if c.Host != "" {
			say(kvsep+"host=", env.Trace.Text("host", c.Host, trace.Client))
		}
		if c.Port != 0 {
			say(kvsep+"port=", env.Trace.Text("port", strconv.Itoa(c.Port), trace.Client))
		}
	}
	say(kvsep+bearer, env.Trace.Text("token", c.Token.Text, trace.Client))
	say(kvsep + kvsep)
	c.state = oauthFailed
	return Result{Send: Send(env.Trace.Concat("token-message", parts...)), Done: true, Open: true}, nil
}

// name is whom the client asks for: in OAUTHBEARER an authorization identity,
// and often none, for the token names its user.
func (c *oauthClient) name() string {
	if c.gs2 {
		return c.Authzid
	}
	return c.Authcid
}

// IsToken reports whether a text may be a bearer token: b64token, RFC 6750 §2.1.
func IsToken(token string) bool {
	end := len(token)
	for end > 0 && token[end-1] == '=' {
		end--
	}
	for _, b := range []byte(token[:end]) {
		switch {
		case isLetter(b), b >= '0' && b <= '9', b == '-', b == '.', b == '_', b == '~', b == '+', b == '/':
		default:
			return false
		}
	}
	return end > 0
}

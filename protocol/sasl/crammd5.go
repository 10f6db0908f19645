// CRAM-MD5, RFC 2195: one challenge, one response.
//
//	S: <1896.697170952@postoffice.reston.mci.net>
//	C: tim b913a602c7eda7a495b4e6e7334d3890
//
// The password stays off the wire, so the server has to keep it in clear text
// (or the two HMAC states, which serve a thief as well). Nothing proves the
// server, and who hears both lines can guess passwords at home.

package sasl

import (
	"bytes"
	"io"
	"strconv"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/trace"
)

var cramMD5 = Mechanism{
	Name:    "CRAM-MD5",
	Rule:    "CRM-03",
	Section: "RFC 2195 §2",
	Facts:   Facts{CrossesProof, GainsGuesses, GainsEquivalent, false, false, Legacy, "RFC 2195"},
	guess:   []string{"challenge", "digest-hex"}, // CRM-09, CRAM-MD5-09 draft §5
	Client:  func(c Credentials, o ClientOptions) Exchange { return &cramClient{Credentials: c, quirks: o.Quirks} },
	Server: func(s *Store, o ServerOptions) Exchange {
		return &cramServer{store: s, host: o.Host, pinned: o.CRAMMD5.Challenge}
	},
}

const (
	cramRandom = 16 // octets of a challenge that nobody can foresee
	cramDigits = 32 // of the digest
)

// CRAMMD5Server are choices of CRAM-MD5's server.
type CRAMMD5Server struct {
	// Challenge is pinned for a lesson (RFC 2195's own example); empty: a fresh one
	// of at least 128 random bits each time.
	Challenge string
}

type cramState uint8

const (
	cramChallenge cramState = iota // next: the server issues the challenge, the client answers it
	cramResponse                   // server, next: check the response
	cramDone
)

type cramClient struct {
	Credentials
	quirks *quirk.Record
	state  cramState
}

func (c *cramClient) Next(env *Env, challenge Message) (Result, error) {
	if c.state == cramDone {
		return Result{}, ErrOutOfStep
	}
	if err := c.check(); err != nil {
		c.state = cramDone
		return Result{}, err
	}
	if !challenge.Present { // the server begins
		return Result{}, nil
	}
	c.state = cramDone
	password := c.prepared(env, c.quirks, "password", c.Password.Text)
	digest := cramDigest(env, password, challenge.Value)
	authcid := c.prepared(env, c.quirks, "authcid", c.Authcid)
	response := env.Trace.Concat("response", authcid, trace.Constant(" "), digest)
	return Result{Send: Send(response), Done: true}, nil
}

// check reports why the credentials cannot be used, before anything is sent.
func (c *cramClient) check() error {
	if c.Password.Withheld {
		return &Error{Local, "", "withheld"}
	}
	for _, field := range []string{c.Authcid, c.Password.Text} {
		if _, reason := prepare(nil, "", trace.Constant(field)); reason != "" {
			return &Error{Local, "CRM-07", reason}
		}
	}
	return nil
}

// cramDigest returns HMAC-MD5(password, challenge) as 32 lower-case hex digits.
func cramDigest(env *Env, password, challenge trace.Value) trace.Value {
	return env.Trace.Hex("digest-hex", env.Trace.HMAC("digest", trace.MD5, password, challenge))
}

type cramServer struct {
	state     cramState
	store     *Store
	host      string
	pinned    string
	challenge trace.Value
}

func (s *cramServer) Next(env *Env, response Message) (Result, error) {
	switch s.state {
	case cramChallenge:
		if response.Present {
			s.state = cramDone
			return Result{}, &Error{Unwanted, "CRM-06", "initial-response"}
		}
		challenge, err := s.issue(env)
		if err != nil {
			s.state = cramDone
			return Result{}, err
		}
		s.state, s.challenge = cramResponse, challenge
		return Result{Send: Send(challenge)}, nil
	case cramResponse:
		s.state = cramDone
		return s.verify(env, response.Value)
	}
	return Result{}, ErrOutOfStep
}

// issue makes the challenge, <random.seconds@host>, or takes the pinned one.
// The error is of env.Rand.
func (s *cramServer) issue(env *Env) (trace.Value, error) {
	if s.pinned != "" {
		return env.Trace.Text("challenge", s.pinned, 0), nil
	}
	octets := make([]byte, cramRandom)
	if _, err := io.ReadFull(env.Rand, octets); err != nil {
		return trace.Value{}, err
	}
	random := env.Trace.Hex("random-hex", env.Trace.Given("random", octets, 0))
	seconds := env.Trace.Text("seconds", strconv.FormatInt(env.Now().Unix(), 10), 0)
	host := env.Trace.Text("host", s.host, 0)
	return env.Trace.Concat("challenge", trace.Constant("<"), random, trace.Constant("."), seconds,
		trace.Constant("@"), host, trace.Constant(">")), nil
}

// verify takes the response apart, computes the digest and compares.
func (s *cramServer) verify(env *Env, response trace.Value) (Result, error) {
	space := bytes.LastIndexByte(response.Octets, ' ') // a name may hold spaces
	if space < 1 || !isDigest(response.Octets[space+1:]) {
		return Result{}, &Error{Refused, "CRM-05", "malformed"}
	}
	authcid := env.Trace.Cut("authcid", response, 0, space)
	sent := env.Trace.Cut("sent-digest", response, space+1, len(response.Octets))
	authcid, reason := prepare(env.Trace, "authcid-prepared", authcid)
	if reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	e := s.store.entry(authcid)
	if e.account.Stored != Clear && e.unprovable != "unknown-user" {
		return Result{}, &Error{Transition, "AUTH-31", "no-clear-password"}
	}
	holds := env.Trace.Compare("digest-check", sent, cramDigest(env, e.password(env), s.challenge))
	raw := env.unless(bytes.Equal(e.raw, e.clear)) // as long for either (SAS-07)
	holdsRaw := raw.Trace.Compare("digest-check-raw", sent, cramDigest(raw, e.rawPassword(raw), s.challenge))
	if err := e.outcome(holds || holdsRaw); err != nil {
		return Result{}, err
	}
	return Result{Checked: true, Done: true, Authcid: e.account.Name, Authzid: e.account.Name}, nil
}

// isDigest reports whether digits is 32 lower-case hex digits.
func isDigest(digits []byte) bool {
	for _, d := range digits {
		if (d < '0' || d > '9') && (d < 'a' || d > 'f') {
			return false
		}
	}
	return len(digits) == cramDigits
}

// SCRAM, RFC 5802 (SHA-1), RFC 7677 (SHA-256), draft-melnikov-scram-sha-512:
// both sides prove that they know the password, and neither says it.
//
//	C: n,,n=user,r=rOprNGfwEbeRWgbNEkqO
//	S: r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096
//	C: c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=
//	S: v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=
//	C: (empty: SMTP has no data beside success, RFC 4954 §4)
//
// The server keeps keys that check a proof and cannot make one. A thief of
// them can guess passwords at home; who only listens can as well. A -PLUS name
// puts the TLS connection into the proof, so that nobody can stand in between.

package sasl

import (
	"io"

	"example.org/smtpauth/protocol/trace"
)

// scram makes the mechanism with a hash function, plain or -PLUS.
func scram(name string, alg trace.Alg, plus bool, status Status, source string) Mechanism {
	m := Mechanism{
		Name: name, ClientFirst: true, Rule: "SCR-09", Section: "RFC 5802 §3", Checks: "SCR-14", ChecksSection: "RFC 5802 §5",
		Facts: Facts{CrossesProof, GainsGuesses, GainsGuesses, true, plus, status, source},
		guess: []string{"salt", "iterations", "AuthMessage", "ClientProof"}, // SCR-23, RFC 5802 §9
		Client: func(c Credentials, o ClientOptions) Exchange {
			return &scramClient{Credentials: c, common: o.common(), SCRAMClient: o.SCRAM, alg: alg, plus: plus}
		},
		Server: func(s *Store, o ServerOptions) Exchange {
			return &scramServer{store: s, common: o.common(), SCRAMServer: o.SCRAM, alg: alg, plus: plus}
		},
	}
	if plus {
		m.Available = Channel.Binds
	}
	return m
}

const scramRandom = 18 // octets of a nonce: 144 bits, 24 characters of base64

// SCRAMClient are choices of SCRAM's client.
type SCRAMClient struct {
	Binding       Binding // -PLUS: the type to use; empty: the best that the connection has
	CouldBind     bool    // it would have used -PLUS, had the server listed it (SCR-16)
	FewIterations bool    // it goes along with a count under 4096 (SCR-08)
}

// SCRAMServer are choices of SCRAM's server.
type SCRAMServer struct {
	OffersPlus bool // a -PLUS mechanism is listed (SCR-15)
	SayErrors  bool // e= goes out before the 535 (SCR-13, SCR-21)
}

type scramState uint8

const (
	scramStart scramState = iota
	scramFirst            // server, next: client-first-message, now that it is asked for
	scramFinal            // client, next: server-first-message; server: client-final-message
	scramEnd              // client, next: server-final-message; server: the empty response to it
	scramWrong            // client: the server has said e=; server: it has, and ends after any response
	scramDone
)

type scramClient struct {
	Credentials
	common
	SCRAMClient
	alg   trace.Alg
	plus  bool
	state scramState

	header, nonce, bare trace.Value // of client-first-message
	salted, authMessage trace.Value
}

func (c *scramClient) Next(env *Env, challenge Message) (Result, error) {
	state := c.state
	c.state = scramDone
	switch state {
	case scramStart:
		if len(challenge.Octets) > 0 {
			return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
		}
		return c.first(env)
	case scramFinal:
		return c.final(env, challenge.Value)
	case scramEnd:
		return c.verify(env, challenge.Value)
	}
	return Result{}, ErrOutOfStep
}

// first says who wants to log in, with a nonce.
func (c *scramClient) first(env *Env) (Result, error) {
	if c.Password.Withheld {
		return Result{}, &Error{Local, "", "withheld"}
	}
	if _, reason := prepare(nil, "", trace.Constant(c.Password.Text)); reason != "" {
		return Result{}, &Error{Local, "SCR-03", reason}
	}
	flag, fault := c.flag()
	if fault != nil {
		return Result{}, fault
	}
	authcid, reason := prepare(env.Trace, "authcid-prepared", env.Trace.Text("authcid", c.Authcid, trace.Client))
	if reason != "" {
		return Result{}, &Error{Local, "SCR-03", reason}
	}
	header := []trace.Value{trace.Constant(flag + ",")}
	if c.Authzid != "" {
		authzid, reason := prepare(env.Trace, "authzid-prepared", env.Trace.Text("authzid", c.Authzid, trace.Client))
		if reason != "" {
			return Result{}, &Error{Local, "SCR-03", reason}
		}
		header = append(header, trace.Constant("a="), escapeName(env, authzid))
	}
	c.header = env.Trace.Concat("gs2-header", append(header, trace.Constant(","))...)
	var err error
	if c.nonce, err = freshNonce(env, "client-nonce", c.Nonce); err != nil {
		return Result{}, err
	}
	c.bare = env.Trace.Concat("client-first-message-bare", trace.Constant("n="), escapeName(env, authcid),
		trace.Constant(",r="), c.nonce)
	c.state = scramFinal
	return Result{Send: Send(env.Trace.Concat("client-first-message", c.header, c.bare))}, nil
}

// flag is the GS2 channel binding flag (SCR-16).
func (c *scramClient) flag() (string, *Error) {
	if !c.plus {
		c.Binding = ""
	}
	switch {
	case c.plus:
		if c.Binding == "" {
			c.Binding = c.Channel.Best()
		}
		if c.Channel.Data(c.Binding) == nil {
			return "", &Error{Local, "CHB-06", "no-binding"}
		}
		return "p=" + string(c.Binding), nil
	case c.CouldBind:
		return "y", nil
	}
	return "n", nil
}

// freshNonce makes a nonce of printable characters without a comma, or takes
// the pinned one. The error is of env.Rand.
func freshNonce(env *Env, label, pinned string) (trace.Value, error) {
	if pinned != "" {
		return env.Trace.Text(label, pinned, 0), nil
	}
	octets := make([]byte, scramRandom)
	if _, err := io.ReadFull(env.Rand, octets); err != nil {
		return trace.Value{}, err
	}
	return env.Trace.Base64(label, env.Trace.Given("random", octets, 0)), nil
}

// final proves the password (RFC 5802 §3).
func (c *scramClient) final(env *Env, challenge trace.Value) (Result, error) {
	first, fault := parseServerFirst(env, challenge, c.nonce)
	if fault == nil {
		fault = c.bounds(first.iterations)
	}
	if fault != nil {
		return Result{}, fault
	}
	password, _ := prepare(env.Trace, "password-prepared", env.Trace.Text("password", c.Password.Text, trace.Client))
	salted, err := scramSalted(env, c.alg, password, first.salt, first.iterations)
	if err != nil {
		return Result{}, err
	}
	binding := boundTo(env, c.header, c.Channel, c.Binding)
	bare := env.Trace.Concat("client-final-message-without-proof", trace.Constant("c="),
		env.Trace.Base64("channel-binding", binding), trace.Constant(",r="), first.nonce)
	comma := trace.Constant(",")
	auth := env.Trace.Concat("AuthMessage", c.bare, comma, challenge, comma, bare)
	clientKey, stored := scramClientKey(env, c.alg, salted)
	signature := env.Trace.HMAC("ClientSignature", c.alg, stored, auth)
	proof := env.Trace.XOR("ClientProof", clientKey, signature)
	c.salted, c.authMessage, c.state = salted, auth, scramEnd
	return Result{Send: Send(env.Trace.Concat("client-final-message", bare, trace.Constant(",p="),
		env.Trace.Base64("proof", proof)))}, nil
}

// bounds refuses a count before anything is computed with it (SCR-08).
func (c *scramClient) bounds(iterations int) *Error {
	switch {
	case iterations > MaxIterations:
		return &Error{Peer, "SCR-08", tooManyIterations}
	case iterations < MinIterations && !c.FewIterations:
		return &Error{Peer, "SCR-08", "too-few-iterations"}
	}
	return nil
}

// boundTo returns what c= spells: the GS2 header and, behind a flag p, the
// channel binding data.
func boundTo(env *Env, header trace.Value, channel Channel, binding Binding) trace.Value {
	data := channel.Data(binding)
	if data == nil {
		return header
	}
	known := trace.Client | trace.Server
	if binding == TLSServerEndPoint { // anybody gets the certificate by connecting
		known = trace.Everybody
	}
	return env.Trace.Concat("cbind-input", header, env.Trace.Given("cbind-data", data, known))
}

// verify checks that the server knows the keys (SCR-14).
func (c *scramClient) verify(env *Env, challenge trace.Value) (Result, error) {
	sent, refused, fault := parseServerFinal(env, challenge)
	switch {
	case refused: // the outcome follows; nothing but a failure will be believed
		c.state = scramWrong
		return Result{Send: Send(trace.Constant(""))}, nil
	case fault != nil:
		return Result{}, fault
	}
	key := scramServerKey(env, c.alg, c.salted)
	if !env.Trace.Compare("ServerSignature-check", sent, env.Trace.HMAC("ServerSignature", c.alg, key, c.authMessage)) {
		return Result{}, &Error{Impostor, "SCR-14", "wrong-signature"}
	}
	return Result{Send: Send(trace.Constant("")), Checked: true, Done: true}, nil
}

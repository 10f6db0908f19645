// SRP, draft-burdis-cat-srp-sasl-08: the Secure Remote Password protocol, with
// which both sides prove that they know the password, and who listens or
// stands in between learns nothing to try passwords on.
//
//	C: U, I, sid, cn             the user, as whom to act; no session to go on with
//	S: 00, N, g, s, B, L         the group, the salt, the server's number, what is on offer
//	C: A, M1, o, cIV             the client's number and proof, what is chosen
//	S: M2, sIV, sid, ttl         the server's proof
//	C: (empty: SMTP has no data beside success, RFC 4954 §4)
//
// All numbers are modulo N. From the password p both sides come to the same S:
//
//	x = H(s | H(U | ":" | p)), v = g^x           the server keeps s and v
//	A = g^a, B = kv + g^b, u = H(A | B)
//	S = (B - kg^x)^(a + ux) = (Av^u)^b, K = H(S)
//	M1 = H(H(N) XOR H(g) | H(U) | s | A | B | K | H(I) | H(L))
//	M2 = H(A | M1 | K | H(I) | H(o) | sid | ttl)
//
// A thief of v can try passwords at home, but cannot log in with it. The draft
// expired in 2003 and never became an RFC; its security layers are not offered
// here, nor is going on with an older session.

package sasl

import (
	"io"

	"example.org/smtpauth/protocol/trace"
)

var srp = Mechanism{
	Name: "SRP", ClientFirst: true, Rule: "SRP-03", Section: "SRP-08 draft §4.3", Checks: "SRP-08", ChecksSection: "SRP-08 draft §4.5",
	Facts: Facts{CrossesProof, GainsNothing, GainsGuesses, true, false, Historic, "draft-burdis-cat-srp-sasl-08"},
	Client: func(c Credentials, o ClientOptions) Exchange {
		return &srpClient{Credentials: c, common: o.common(), SRPOptions: o.SRP}
	},
	Server: func(s *Store, o ServerOptions) Exchange {
		return &srpServer{store: s, common: o.common(), SRPOptions: o.SRP, offer: srpOption}
	},
}

const (
	srpPrivate = 32 // octets of a and b (RFC 5054 §2.5.3)
	srpIV      = 16 // octets of cIV and sIV, which only a security layer would use

	// srpOption is the hash function in a list of options: the draft's SHA-1.
	srpOption = "mda=sha-1"
)

// srpAlg is the hash function H.
var srpAlg = trace.SHA1

// SRPOptions are choices of SRP, of either side.
type SRPOptions struct {
	SRP6a bool // it computes as RFC 5054 has it, not as the draft
}

type srpState uint8

const (
	srpStart    srpState = iota // client: nothing was said; server: next: U and I
	srpAsked                    // server, next: U and I, now that they are asked for
	srpExchange                 // client, next: N, g, s, B; server: A and M1
	srpProof                    // client, next: M2; server: the empty response to it
	srpDone
)

type srpClient struct {
	Credentials
	common
	SRPOptions
	state srpState

	authcid, authzid trace.Value // U, I
	evidence         srpEvidence // all but ivs
}

func (c *srpClient) Next(env *Env, challenge Message) (Result, error) {
	state := c.state
	c.state = srpDone
	switch state {
	case srpStart:
		if len(challenge.Octets) > 0 {
			return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
		}
		return c.identity(env)
	case srpExchange:
		return c.prove(env, challenge.Value)
	case srpProof:
		return c.verify(env, challenge.Value)
	}
	return Result{}, ErrOutOfStep
}

// identity says who wants to log in.
func (c *srpClient) identity(env *Env) (Result, error) {
	if c.Password.Withheld {
		return Result{}, &Error{Local, "", "withheld"}
	}
	if _, reason := prepare(nil, "", trace.Constant(c.Password.Text)); reason != "" {
		return Result{}, &Error{Local, "SAS-03", reason}
	}
	var reason string
	if c.authcid, reason = prepare(env.Trace, "authcid-prepared", env.Trace.Text("authcid", c.Authcid, trace.Client)); reason != "" {
		return Result{}, &Error{Local, "SAS-03", reason}
	}
	if c.Authzid != "" {
		if c.authzid, reason = prepare(env.Trace, "authzid-prepared", env.Trace.Text("authzid", c.Authzid, trace.Client)); reason != "" {
			return Result{}, &Error{Local, "SAS-03", reason}
		}
	}
	if len(c.authcid.Octets) > srpMaxText || len(c.authzid.Octets) > srpMaxText {
		return Result{}, &Error{Local, "SRP-01", "malformed"}
	}
	c.state = srpExchange
	return Result{Send: Send(srpIdentity{authcid: c.authcid, authzid: c.authzid}.write(env))}, nil
}

// prove reads the server's numbers and proves the password.
func (c *srpClient) prove(env *Env, challenge trace.Value) (Result, error) {
	offer, fault := readSRPOffer(env, challenge)
	if fault != nil {
		return Result{}, fault
	}
	if err := env.spend(srpWork); err != nil {
		return Result{}, err
	}
	random, err := srpRandom(env, srpPrivate)
	if err != nil {
		return Result{}, err
	}
	m := newSRPMath(env, offer.n, offer.g, c.SRP6a)
	if len(env.Trace.Number(trace.Remainder, "B-mod-N", offer.b, offer.n).Octets) == 0 {
		return Result{}, &Error{Peer, "SRP-05", "zero-number"}
	}
	a := env.Trace.Given("a", random, 0)
	public := env.Trace.Number(trace.Power, "A", offer.g, a, offer.n)
	u, ok := m.scramble(env, public, offer.b)
	if !ok {
		return Result{}, &Error{Peer, "SRP-05", "zero-number"}
	}
	password, _ := prepare(env.Trace, "password-prepared", env.Trace.Text("password", c.Password.Text, trace.Client))
	x := srpSecret(env, c.authcid, password, offer.salt)
	secret := m.clientSecret(env, offer.b, a, u, x)
	e := &c.evidence
	*e = srpEvidence{a: public, chosen: offer.chosen,
		identity: env.Trace.Hash("I-hash", srpAlg, c.authzid), key: env.Trace.Hash("K", srpAlg, secret)}
	e.m1 = m.proof(env, c.authcid, e.identity, offer.salt, e.a, offer.b, e.key, offer.options)
	iv, err := srpRandom(env, srpIV)
	if err != nil {
		return Result{}, err
	}
	c.state = srpProof
	return Result{Send: Send(e.write(env, env.Trace.Given("client-iv", iv, 0)))}, nil
}

// verify checks that the server knows v (SRP-08).
func (c *srpClient) verify(env *Env, challenge trace.Value) (Result, error) {
	last, ok := readSRPConfirmation(env, challenge)
	if !ok {
		return Result{}, &Error{Peer, "SRP-01", "malformed"}
	}
	if !env.Trace.Compare("M2-check", last.m2, c.evidence.answer(env, last.session, last.ttl)) {
		return Result{}, &Error{Impostor, "SRP-08", "wrong-signature"}
	}
	return Result{Send: Send(trace.Constant("")), Checked: true, Done: true}, nil
}

// srpRandom takes octets of env.Rand, whose error it returns.
func srpRandom(env *Env, n int) ([]byte, error) {
	octets := make([]byte, n)
	_, err := io.ReadFull(env.Rand, octets)
	return octets, err
}

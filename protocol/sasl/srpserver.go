package sasl

import (
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// The server's half of SRP; srp.go says what passes.
type srpServer struct {
	common
	SRPOptions
	store *Store
	offer string // the list of options
	state srpState

	identity          srpIdentity // as sent
	authcid, authzid  trace.Value // prepared; authzid may be empty
	entry             srpEntry
	math              srpMath
	salt, v, b, about trace.Value // about is L
	public            trace.Value // B
	iv                []byte      // sIV
	account           Account
	as                string
}

func (s *srpServer) Next(env *Env, response Message) (Result, error) {
	state := s.state
	s.state = srpDone
	switch state {
	case srpStart:
		if !response.Present {
			s.state = srpAsked
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case srpAsked:
		return s.begin(env, response.Value)
	case srpExchange:
		return s.verify(env, response.Value)
	case srpProof:
		if len(response.Octets) > 0 {
			return Result{}, &Error{Refused, "SRP-02", "malformed"}
		}
		return Result{Done: true, Authcid: s.account.Name, Authzid: s.as}, nil
	}
	return Result{}, ErrOutOfStep
}

// begin takes the name and answers with the group, the salt and B.
func (s *srpServer) begin(env *Env, message trace.Value) (Result, error) {
	var ok bool
	if s.identity, ok = readSRPIdentity(env, message); !ok {
		return Result{}, &Error{Refused, "SRP-01", "malformed"}
	}
	var reason string
	if s.authcid, reason = prepare(env.Trace, "authcid-prepared", s.identity.authcid); reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	if len(s.identity.authzid.Octets) > 0 {
		if s.authzid, reason = prepare(env.Trace, "authzid-prepared", s.identity.authzid); reason != "" {
			return Result{}, &Error{Refused, "SAS-03", reason}
		}
	}
	if err := env.spend(srpWork); err != nil {
		return Result{}, err
	}
	random, err := srpRandom(env, srpPrivate+srpIV)
	if err != nil {
		return Result{}, err
	}
	if s.entry, err = s.store.srp(env, s.authcid); err != nil {
		return Result{}, err
	}
	n, g := env.Trace.Given("N", s.entry.group.n, trace.Everybody), env.Trace.Given("g", s.entry.group.g, trace.Everybody)
	s.math = newSRPMath(env, n, g, s.SRP6a)
	s.salt = env.Trace.Given(s.entry.saltName, s.entry.salt, s.entry.keeper())
	s.v = s.entry.verifier(env, s.math, s.authcid, s.salt)
	s.b, s.iv = env.Trace.Given("b", random[:srpPrivate], 0), random[srpPrivate:]
	s.public = s.math.public(env, s.v, s.b)
	s.about = env.Trace.Text("options-offered", s.offer, trace.Everybody)
	s.state = srpExchange
	return Result{Send: Send(srpOffer{n: n, g: g, salt: s.salt, b: s.public, options: s.about}.write(env))}, nil
}

// verify checks the client's proof, and only then gives its own (SRP-07).
func (s *srpServer) verify(env *Env, message trace.Value) (Result, error) {
	a, m1, chosen, ok := readSRPEvidence(env, message)
	switch n := s.math.n; {
	case !ok || len(a.Octets) > len(n.Octets)+1:
		return Result{}, &Error{Refused, "SRP-01", "malformed"}
	case !strings.EqualFold(chosen.String(), s.offer):
		return Result{}, &Error{Refused, "SRP-09", "malformed"}
	case len(env.Trace.Number(trace.Remainder, "A-mod-N", a, n).Octets) == 0:
		return Result{}, &Error{Refused, "SRP-05", "zero-number"}
	}
	u, ok := s.math.scramble(env, a, s.public)
	if !ok {
		return Result{}, &Error{Refused, "SRP-05", "zero-number"}
	}
	e := srpEvidence{a: a, chosen: chosen, identity: env.Trace.Hash("I-hash", srpAlg, s.identity.authzid),
		key: env.Trace.Hash("K", srpAlg, s.math.serverSecret(env, a, s.v, u, s.b))}
	e.m1 = s.math.proof(env, s.identity.authcid, e.identity, s.salt, a, s.public, e.key, s.about)
	holds := env.Trace.Compare("M1-check", m1, e.m1)
	if s.entry.unprovable == "" && !s.entry.fits() {
		return Result{}, &Error{Transition, "AUTH-31", "other-verifier"}
	}
	if err := s.entry.outcomePrepared(holds); err != nil {
		return Result{}, err
	}
	as, err := s.store.authorize(env, s.entry.account, s.authcid, s.authzid)
	if err != nil {
		return Result{}, err
	}
	last := srpConfirmation{iv: env.Trace.Given("server-iv", s.iv, 0), ttl: trace.Constant("\x00\x00\x00\x00")}
	last.m2 = e.answer(env, last.session, last.ttl)
	s.account, s.as, s.state = s.entry.account, as, srpProof
	return Result{Checked: true, Send: Send(last.write(env))}, nil
}

package sasl

import (
	"bytes"

	"example.org/smtpauth/protocol/trace"
)

// An srpMath is the group of an exchange with the kind of arithmetic. Numbers
// go into hashes in as few octets as they need, where nothing is said of
// padding.
//
// The draft has SRP-6, where k = 3. SRP-6a (RFC 5054 §2.5, §2.6) makes k of the
// group, so that its maker could not choose it to his use, and pads A, B and g
// to the length of N before they are hashed. Both sides have to do the same.
type srpMath struct {
	n, g, k trace.Value
	sixA    bool // 6a
}

func newSRPMath(env *Env, n, g trace.Value, sixA bool) srpMath {
	m := srpMath{n: n, g: g, sixA: sixA}
	if sixA {
		m.k = env.Trace.Hash("k", srpAlg, n, m.pad(env, "g-padded", g))
	} else {
		m.k = env.Trace.Given("k", []byte{3}, trace.Everybody)
	}
	return m
}

// pad is RFC 5054's PAD: zeros in front up to the length of N.
func (m srpMath) pad(env *Env, label string, v trace.Value) trace.Value {
	zeros := make([]byte, max(0, len(m.n.Octets)-len(v.Octets)))
	return env.Trace.Concat(label, trace.Value{Octets: zeros}, v)
}

// srpSecret returns x = H(s | H(U | ":" | p)).
func srpSecret(env *Env, user, password, salt trace.Value) trace.Value {
	inner := env.Trace.Hash("user-password-hash", srpAlg, env.Trace.Concat("user-password", user, trace.Constant(":"), password))
	return env.Trace.Hash("x", srpAlg, salt, inner)
}

// verifier returns v = g^x.
func (m srpMath) verifier(env *Env, x trace.Value) trace.Value {
	return env.Trace.Number(trace.Power, "v", m.g, x, m.n)
}

// public returns the server's B = kv + g^b.
func (m srpMath) public(env *Env, v, b trace.Value) trace.Value {
	kv := env.Trace.Number(trace.Product, "kv", m.k, v, m.n)
	return env.Trace.Number(trace.Sum, "B", kv, env.Trace.Number(trace.Power, "g-to-b", m.g, b, m.n), m.n)
}

// scramble returns u = H(A | B) and whether it may be used: zero may not.
func (m srpMath) scramble(env *Env, a, b trace.Value) (u trace.Value, ok bool) {
	if m.sixA {
		a, b = m.pad(env, "A-padded", a), m.pad(env, "B-padded", b)
	}
	u = env.Trace.Hash("u", srpAlg, a, b)
	return u, len(bytes.Trim(u.Octets, "\x00")) > 0
}

// clientSecret returns S = (B - kg^x)^(a + ux).
func (m srpMath) clientSecret(env *Env, public, a, u, x trace.Value) trace.Value {
	rec := env.Trace
	base := rec.Number(trace.Difference, "B-less-kv", public, rec.Number(trace.Product, "kv", m.k, m.verifier(env, x), m.n), m.n)
	exponent := rec.Number(trace.Sum, "a-and-ux", a, rec.Number(trace.Product, "ux", u, x))
	return rec.Number(trace.Power, "S", base, exponent, m.n)
}

// serverSecret returns S = (Av^u)^b.
func (m srpMath) serverSecret(env *Env, public, v, u, b trace.Value) trace.Value {
	rec := env.Trace
	base := rec.Number(trace.Product, "A-times-v-to-u", public, rec.Number(trace.Power, "v-to-u", v, u, m.n), m.n)
	return rec.Number(trace.Power, "S", base, b, m.n)
}

// proof returns the client's M1; identity is H(I).
func (m srpMath) proof(env *Env, user, identity, salt, a, b, key, options trace.Value) trace.Value {
	rec := env.Trace
	group := rec.XOR("group-hash", rec.Hash("N-hash", srpAlg, m.n), rec.Hash("g-hash", srpAlg, m.g))
	return rec.Hash("M1", srpAlg, group, rec.Hash("U-hash", srpAlg, user), salt, a, b, key,
		identity, rec.Hash("L-hash", srpAlg, options))
}

// An srpEvidence is the client's second message and what M2 is made of.
type srpEvidence struct {
	a, m1, chosen trace.Value // chosen is o
	identity, key trace.Value // H(I), K
}

// answer returns the server's M2.
func (e srpEvidence) answer(env *Env, session, ttl trace.Value) trace.Value {
	return env.Trace.Hash("M2", srpAlg, e.a, e.m1, e.key, e.identity, env.Trace.Hash("o-hash", srpAlg, e.chosen), session, ttl)
}

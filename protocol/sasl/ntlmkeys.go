package sasl

import (
	"strings"

	"example.org/smtpauth/protocol/trace"
)

const (
	ntlmV1Length = 24 // octets of a response of NTLMv1, and of LM
	ntlmProof    = 16 // octets of NTProofStr
	ntlmTempHead = 28 // octets of temp before its AV_PAIRs
	lmLongest    = 14 // octets of a password that LM can hash
)

// ntowf returns the NT hash, NTOWFv1: MD4 of the password in UTF-16LE, which is
// not prepared in any way (NTL-05).
func ntowf(env *Env, password trace.Value) trace.Value {
	return env.Trace.Hash("NTOWFv1", trace.MD4, env.Trace.UTF16("password-utf16", password))
}

// ntowf2 returns NTOWFv2, the key of NTLMv2. The domain is in UTF-16LE already,
// and its letters stay as they are.
func ntowf2(env *Env, nt, user, domain trace.Value) trace.Value {
	rec := env.Trace
	name := rec.Concat("user-and-domain", rec.UTF16("user-upper-utf16", rec.Upper("user-upper", user)), domain)
	return rec.HMAC("NTOWFv2", trace.MD5, nt, name)
}

// ntProof returns NTProofStr.
func ntProof(env *Env, key, challenge, temp trace.Value) trace.Value {
	return env.Trace.HMAC("NTProofStr", trace.MD5, key, env.Trace.Concat("challenge-and-temp", challenge, temp))
}

// desl returns DESL(key, block): the key of 16 octets, filled up to 21, is cut
// into three keys of DES, and each encrypts the block. The last has only 16 bits
// that are not known.
func desl(env *Env, label string, key, block trace.Value) trace.Value {
	rec := env.Trace
	long := rec.Concat("three-keys", key, trace.Constant("\x00\x00\x00\x00\x00"))
	var out []trace.Value
	for at := 0; at < 21; at += 7 {
		seven := rec.Cut("key-part", long, at, at+7)
		out = append(out, rec.DES("encrypted-challenge", rec.DESKey("des-key", seven), block))
	}
	return rec.Concat(label, out...)
}

// ntlmSessionChallenge is what NTLMv1 with extended session security encrypts:
// the client has a part in it.
func ntlmSessionChallenge(env *Env, server, client trace.Value) trace.Value {
	hash := env.Trace.Hash("session-hash", trace.MD5, env.Trace.Concat("both-challenges", server, client))
	return env.Trace.Cut("session-challenge", hash, 0, ntlmNonce)
}

// lmowf returns the LM hash, LMOWFv1: a constant encrypted with the two halves
// of the password, at most 14 characters in upper case. ok is false where the
// password has no such hash (NTL-06).
func lmowf(env *Env, password trace.Value) (hash trace.Value, ok bool) {
	if len(password.Octets) > lmLongest || strings.ContainsFunc(password.String(), func(r rune) bool { return r > '~' }) {
		return trace.Value{}, false
	}
	rec := env.Trace
	upper := rec.Concat("password-14", rec.Upper("password-upper", password), trace.Constant(strings.Repeat("\x00", lmLongest-len(password.Octets))))
	magic := trace.Constant("KGS!@#$%")
	half := func(at int) trace.Value {
		return rec.DES("encrypted-constant", rec.DESKey("des-key", rec.Cut("key-part", upper, at, at+7)), magic)
	}
	return rec.Concat("LMOWFv1", half(0), half(7)), true
}

// An ntlmAnswer is what an AUTHENTICATE_MESSAGE is made of; names are in
// UTF-16LE.
type ntlmAnswer struct {
	lm, nt, domain, user, workstation trace.Value
	flags                             uint32
}

// v1 makes the responses of NTLMv1 ([MS-NLMP] §3.3.1). The LM hash is used at
// the lowest level alone.
func (a *ntlmAnswer) v1(env *Env, level NTLMLevel, nt trace.Value, password string, server, client trace.Value) {
	rec := env.Trace
	if level == NTLMv1Extended && a.flags&ntlmExtended != 0 {
		a.nt = desl(env, "NtChallengeResponse", nt, ntlmSessionChallenge(env, server, client))
		a.lm = rec.Concat("LmChallengeResponse", client, trace.Constant(strings.Repeat("\x00", 16)))
		return
	}
	a.flags &^= ntlmExtended
	a.nt = desl(env, "NtChallengeResponse", nt, server)
	if a.lm = a.nt; level == NTLMLM {
		if hash, ok := lmowf(env, rec.Text("password", password, trace.Client)); ok {
			a.lm = desl(env, "LmChallengeResponse", hash, server)
		}
	}
}

// v2 makes the responses of NTLMv2 ([MS-NLMP] §3.3.2) and returns NTProofStr.
// Where the server told the time, the LM response is zeros (NTL-08).
func (a *ntlmAnswer) v2(env *Env, key, server, client, stamp, info trace.Value, timed bool) trace.Value {
	rec := env.Trace
	zeros := func(n int) trace.Value { return trace.Constant(strings.Repeat("\x00", n)) }
	parts := []trace.Value{trace.Constant("\x01\x01"), zeros(6), stamp, client, zeros(4), info, zeros(4)}
	var octets []byte
	for _, p := range parts {
		octets = append(octets, p.Octets...)
	}
	fields, _ := readTemp(octets)
	temp := rec.Fields("temp", fields, parts...)
	proof := ntProof(env, key, server, temp)
	a.nt = rec.Concat("NtChallengeResponse", proof, temp)
	if a.lm = zeros(ntlmV1Length); !timed {
		hash := rec.HMAC("LMv2-hash", trace.MD5, key, rec.Concat("both-challenges", server, client))
		a.lm = rec.Concat("LmChallengeResponse", hash, client)
	}
	return proof
}

// readTemp lays temp open, NTLMv2_CLIENT_CHALLENGE ([MS-NLMP] §2.2.2.7).
func readTemp(octets []byte) (fields []trace.Field, ok bool) {
	if len(octets) < ntlmTempHead || octets[0] != 1 || octets[1] != 1 {
		return nil, false
	}
	fields = []trace.Field{{Label: "RespType", From: 0, To: 1, Reads: "1"}, {Label: "HiRespType", From: 1, To: 2, Reads: "1"},
		{Label: "Reserved", From: 2, To: 8}, {Label: "TimeStamp", From: 8, To: 16, Reads: fileTimeText(octets[8:16])},
		{Label: "ChallengeFromClient", From: 16, To: 24}, {Label: "Reserved", From: 24, To: 28}}
	pairs := avPairs(octets[ntlmTempHead:])
	if empty := strings.Trim(string(octets[ntlmTempHead:]), "\x00") == ""; pairs.broken && !empty {
		return nil, false
	}
	return append(fields, pairs.fields(ntlmTempHead)...), true
}

// message is what the AUTHENTICATE_MESSAGE is put together from ([MS-NLMP]
// §2.2.1.3).
func (a *ntlmAnswer) message(mic trace.Value) []trace.Value {
	const head = 88 // octets
	payload := []trace.Value{a.domain, a.user, a.workstation, a.lm, a.nt}
	at := ntlmBuffers(head, append(payload, trace.Constant(""))...)
	return append([]trace.Value{trace.Constant(ntlmSignature), ntlmNumber(3), at[3], at[4], at[0], at[1], at[2], at[5],
		ntlmNumber(a.flags), trace.Constant(ntlmNoVersion), mic}, payload...)
}

// ntlmMIC returns the code that binds the three messages together; the third
// has zeros in its place. No key is exchanged, so the session's base key is
// the one ([MS-NLMP] §3.1.5.1.2).
func ntlmMIC(env *Env, key, proof, negotiate, challenge, authenticate trace.Value) trace.Value {
	rec := env.Trace
	base := rec.HMAC("SessionBaseKey", trace.MD5, key, proof)
	return rec.HMAC("MIC", trace.MD5, base, rec.Concat("three-messages", negotiate, challenge, authenticate))
}

// ntHash notes the NT hash from the store, or makes it of the password that is
// stored.
func (e *entry) ntHash(env *Env) trace.Value {
	if e.account.Stored == Clear {
		return ntowf(env, e.given(env, "stored-password", e.raw))
	}
	hash := e.nt
	if hash == nil {
		hash = make([]byte, 16)
	}
	return env.Trace.Given(e.label("stored-NTOWFv1", "dummy-NTOWFv1"), hash, e.keeper())
}

package sasl

import (
	"bytes"
	"strconv"

	"example.org/smtpauth/protocol/trace"
)

// What a SCRAM message says (RFC 5802 §7). Every value is cut from the message,
// so that it keeps its origin. An attribute is a letter, "=" and a value
// without commas.

// attribute returns the value of the attribute name that begins v, and what
// follows its comma: an empty rest ends the message. The value may be empty.
func attribute(env *Env, v trace.Value, name byte, label string) (value, rest trace.Value, ok bool) {
	if len(v.Octets) < 2 || v.Octets[0] != name || v.Octets[1] != '=' {
		return trace.Value{}, trace.Value{}, false
	}
	end := bytes.IndexByte(v.Octets, ',')
	switch end {
	case -1:
		end = len(v.Octets)
	case len(v.Octets) - 1: // a comma that nothing follows
		return trace.Value{}, trace.Value{}, false
	}
	return env.Trace.Cut(label, v, 2, end), cutFrom(v, end+1), true
}

// cutFrom is a range that nothing needs a step for: parsing goes on there.
func cutFrom(v trace.Value, from int) trace.Value {
	return v.From(min(from, len(v.Octets)))
}

// extensions checks attributes behind those that are known: they are ignored,
// but must have their form, and none may be mandatory (SCR-06).
func extensions(rest []byte) *Error {
	if len(rest) == 0 {
		return nil
	}
	for a := range bytes.SplitSeq(rest, []byte(",")) {
		switch {
		case len(a) < 3 || a[1] != '=' || !isLetter(a[0]):
			return &Error{Rule: "SCR-20", Reason: "malformed"}
		case a[0] == 'm':
			return &Error{Rule: "SCR-06", Reason: "mandatory-extension"}
		}
	}
	return nil
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// printable reports whether a nonce has the characters it may have, and one at
// least (SCR-04).
func printable(nonce []byte) bool {
	for _, b := range nonce {
		if b < 0x21 || b > 0x7e || b == ',' {
			return false
		}
	}
	return len(nonce) > 0
}

// A clientFirst is client-first-message taken apart.
type clientFirst struct {
	flag             string // "n", "y" or "p=" and a binding type
	hasAuthzid       bool
	authzid, authcid trace.Value
	header, bare     trace.Value
	nonce            trace.Value
}

// parseClientFirst returns the message, or the fault and its value of e=.
func parseClientFirst(env *Env, v trace.Value) (m clientFirst, fault *Error, value string) {
	malformed := func(rule string) (clientFirst, *Error, string) {
		return m, &Error{Refused, rule, "malformed"}, eInvalidEncoding
	}
	comma := bytes.IndexByte(v.Octets, ',')
	if comma < 1 {
		return malformed("SCR-01")
	}
	m.flag = string(v.Octets[:comma])
	if m.flag != "n" && m.flag != "y" && !isBindingFlag(m.flag) {
		return malformed("SCR-01")
	}
	rest, ok := cutFrom(v, comma+1), false
	if len(rest.Octets) > 0 && rest.Octets[0] == 'a' {
		m.authzid, rest, m.hasAuthzid = attribute(env, rest, 'a', "authzid-saslname")
		if m.authzid, ok = unescapeName(env, "authzid", m.authzid); !ok || !m.hasAuthzid {
			return malformed("SCR-02")
		}
	} else if len(rest.Octets) == 0 || rest.Octets[0] != ',' {
		return malformed("SCR-01")
	} else {
		rest = cutFrom(rest, 1)
	}
	at := len(v.Octets) - len(rest.Octets)
	m.header = env.Trace.Cut("gs2-header", v, 0, at)
	m.bare = env.Trace.Cut("client-first-message-bare", v, at, len(v.Octets))
	if bytes.HasPrefix(m.bare.Octets, []byte("m=")) {
		return m, &Error{Refused, "SCR-06", "mandatory-extension"}, eExtensions
	}
	name, rest, ok := attribute(env, m.bare, 'n', "saslname")
	if !ok {
		return malformed("SCR-20")
	}
	if m.authcid, ok = unescapeName(env, "authcid", name); !ok || len(name.Octets) == 0 {
		return m, &Error{Refused, "SCR-02", "malformed"}, eName
	}
	if m.nonce, rest, ok = attribute(env, rest, 'r', "client-nonce"); !ok {
		return malformed("SCR-20")
	}
	if !printable(m.nonce.Octets) {
		return malformed("SCR-04")
	}
	if fault := extensions(rest.Octets); fault != nil {
		fault.Kind = Refused
		return m, fault, eExtensions
	}
	return m, nil, ""
}

// isBindingFlag reports whether flag is "p=" and a name (RFC 5802 §7, cb-name).
func isBindingFlag(flag string) bool {
	if len(flag) < 3 || flag[:2] != "p=" {
		return false
	}
	for _, b := range []byte(flag[2:]) {
		if !isLetter(b) && (b < '0' || b > '9') && b != '.' && b != '-' {
			return false
		}
	}
	return true
}

// A serverFirst is server-first-message taken apart.
type serverFirst struct {
	nonce, salt trace.Value
	iterations  int // 1 or more; what is past MaxIterations may be MaxIterations+1
}

// parseServerFirst returns the message, or what the server did wrong.
func parseServerFirst(env *Env, v, own trace.Value) (m serverFirst, fault *Error) {
	wrong := func(rule, reason string) (serverFirst, *Error) { return m, &Error{Peer, rule, reason} }
	if bytes.HasPrefix(v.Octets, []byte("m=")) {
		return wrong("SCR-06", "mandatory-extension")
	}
	nonce, rest, ok := attribute(env, v, 'r', "nonce")
	if !ok {
		return wrong("SCR-05", "malformed")
	}
	if !printable(nonce.Octets) || !bytes.HasPrefix(nonce.Octets, own.Octets) || len(nonce.Octets) == len(own.Octets) {
		return wrong("SCR-04", "wrong-nonce")
	}
	spelling, rest, ok := attribute(env, rest, 's', "salt-base64")
	if !ok {
		return wrong("SCR-05", "malformed")
	}
	salt, err := env.Trace.Unbase64("salt", spelling)
	if err != nil || len(salt.Octets) == 0 {
		return wrong("SCR-05", "malformed")
	}
	count, rest, ok := attribute(env, rest, 'i', "iterations")
	if !ok || !positive(count.Octets) {
		return wrong("SCR-05", "malformed")
	}
	if fault := extensions(rest.Octets); fault != nil {
		return wrong(fault.Rule, fault.Reason)
	}
	m = serverFirst{nonce: nonce, salt: salt, iterations: MaxIterations + 1}
	if n, err := strconv.Atoi(count.String()); err == nil && n <= MaxIterations {
		m.iterations = n
	}
	return m, nil
}

// positive reports whether digits are a posit-number: no sign, no zero in front.
func positive(digits []byte) bool {
	for _, d := range digits {
		if d < '0' || d > '9' {
			return false
		}
	}
	return len(digits) > 0 && digits[0] != '0'
}

// A clientFinal is client-final-message taken apart.
type clientFinal struct {
	binding, nonce, proof trace.Value
	bare                  trace.Value // without the proof
}

// parseClientFinal returns the message, or the fault and its value of e=. A
// proof is size octets.
func parseClientFinal(env *Env, v trace.Value, size int) (m clientFinal, fault *Error, value string) {
	malformed := func(rule string) (clientFinal, *Error, string) {
		return m, &Error{Refused, rule, "malformed"}, eInvalidEncoding
	}
	end := bytes.LastIndex(v.Octets, []byte(",p="))
	if end < 0 {
		return malformed("SCR-20")
	}
	m.bare = env.Trace.Cut("client-final-message-without-proof", v, 0, end)
	spelling := env.Trace.Cut("proof", v, end+len(",p="), len(v.Octets))
	binding, rest, ok := attribute(env, m.bare, 'c', "channel-binding")
	if !ok {
		return malformed("SCR-20")
	}
	var err error
	if m.binding, err = env.Trace.Unbase64("cbind-input", binding); err != nil {
		return malformed("SCR-11")
	}
	if m.nonce, rest, ok = attribute(env, rest, 'r', "nonce"); !ok {
		return malformed("SCR-20")
	}
	if fault := extensions(rest.Octets); fault != nil {
		fault.Kind = Refused
		return m, fault, eExtensions
	}
	if m.proof, err = env.Trace.Unbase64("ClientProof", spelling); err != nil || len(m.proof.Octets) != size {
		return malformed("SCR-12")
	}
	return m, nil, ""
}

// parseServerFinal returns the signature, or that the server refused, or what
// it did wrong.
func parseServerFinal(env *Env, v trace.Value) (signature trace.Value, refused bool, fault *Error) {
	wrong := &Error{Peer, "SCR-20", "malformed"}
	if e, rest, ok := attribute(env, v, 'e', "server-error"); ok {
		return trace.Value{}, len(e.Octets) > 0 && extensions(rest.Octets) == nil, wrong
	}
	spelling, rest, ok := attribute(env, v, 'v', "verifier")
	if !ok || extensions(rest.Octets) != nil {
		return trace.Value{}, false, wrong
	}
	signature, err := env.Trace.Unbase64("sent-ServerSignature", spelling)
	if err != nil {
		return trace.Value{}, false, wrong
	}
	return signature, false, nil
}

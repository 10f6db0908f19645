package trace

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
)

// Unbase64URL reads a spelling in the alphabet of RFC 4648 §5 without padding,
// as tokens have it (RFC 7515 §2), and no other. The error is a *Base64Error.
func (r *Recorder) Unbase64URL(label string, v Value) (Value, error) {
	if i := bytes.IndexAny(v.Octets, "\r\n"); i >= 0 { // encoding/base64 skips them
		return Value{}, &Base64Error{i}
	}
	out, err := base64.RawURLEncoding.Strict().AppendDecode([]byte{}, v.Octets)
	if corrupt := base64.CorruptInputError(0); errors.As(err, &corrupt) {
		return Value{}, &Base64Error{int(corrupt)}
	}
	if r == nil {
		return Value{Octets: out}, nil
	}
	return r.note(Step{Op: Unbase64URL, Label: label, In: []Value{v}, Out: Value{Octets: out}}, nil), nil
}

// Verify reports whether signature is the Ed25519 signature (RFC 8032) of text
// by the owner of the public key. Its step has an empty Out.
func (r *Recorder) Verify(label string, key, text, signature Value) bool {
	holds := len(key.Octets) == ed25519.PublicKeySize && ed25519.Verify(key.Octets, text.Octets, signature.Octets)
	if r != nil {
		r.noteKnown(Step{Op: Verify, Label: label, Alg: "Ed25519", In: []Value{key, text, signature}, Holds: holds}, 0, nil)
	}
	return holds
}

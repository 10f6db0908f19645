package trace

import (
	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/crypto/etype"
	"github.com/jcmturner/gokrb5/v8/crypto/rfc3961"
)

// aesKind is the encryption type of a key: aes128-cts-hmac-sha1-96 for one of 16
// octets, aes256-cts-hmac-sha1-96 for one of 32 (RFC 3962 §6), nil for others.
func aesKind(key Value) etype.EType {
	switch len(key.Octets) {
	case 16:
		return crypto.Aes128CtsHmacSha96{}
	case 32:
		return crypto.Aes256CtsHmacSha96{}
	}
	return nil
}

// A derivation is the library's encryption type that notes each block it
// encrypts.
type derivation struct {
	etype.EType
	plain, sealed [][]byte
}

func (d *derivation) EncryptData(key, data []byte) (iv, out []byte, err error) {
	iv, out, err = d.EType.EncryptData(key, data)
	d.plain, d.sealed = append(d.plain, data), append(d.sealed, out)
	return iv, out, err
}

// DeriveKey returns DK(key, constant), a key as long as the one that it is made
// from (RFC 3961 §5.1). Sub has the constant folded to a block, and each
// encryption of a block. A key that is not of 16 or 32 octets, or an empty
// constant, gives an empty value.
func (r *Recorder) DeriveKey(label string, key, constant Value) Value {
	kind := aesKind(key)
	if kind == nil || len(constant.Octets) == 0 {
		return Value{}
	}
	d := &derivation{EType: kind}
	out, err := rfc3961.DeriveRandom(key.Octets, constant.Octets, d)
	if err != nil {
		return Value{}
	}
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: DeriveKey, Label: label, In: []Value{key, constant}, Out: Value{Octets: out}}, func(int, Value) {
		block := r.note(Step{Op: Fold, Label: "n-fold", In: []Value{constant}, Out: Value{Octets: d.plain[0]}}, nil)
		for _, sealed := range d.sealed {
			block = r.note(Step{Op: Encrypt, Label: "derived-block", In: []Value{key, block}, Out: Value{Octets: sealed}}, nil)
		}
	})
}

// Encrypt returns plain under AES in CBC mode with ciphertext stealing and an
// initial vector of zeros (RFC 3962 §5). A key that is not of 16 or 32 octets,
// or less than a block, gives an empty value.
func (r *Recorder) Encrypt(label string, key, plain Value) Value {
	return r.aes(Encrypt, label, key, plain)
}

// Decrypt undoes Encrypt.
func (r *Recorder) Decrypt(label string, key, sealed Value) Value {
	return r.aes(Decrypt, label, key, sealed)
}

func (r *Recorder) aes(op Op, label string, key, in Value) Value {
	out := Value{Octets: cipher(op, key, in)}
	if r == nil || out.Octets == nil {
		return out
	}
	return r.note(Step{Op: op, Label: label, In: []Value{key, in}, Out: out}, nil)
}

// cipher encrypts or decrypts; nil where key or length will not do.
func cipher(op Op, key, in Value) (out []byte) {
	kind := aesKind(key)
	if kind == nil || len(in.Octets) < kind.GetConfounderByteSize() {
		return nil
	}
	var err error
	if op == Encrypt {
		_, out, err = kind.EncryptData(key.Octets, in.Octets)
	} else {
		out, err = kind.DecryptData(key.Octets, in.Octets)
	}
	if err != nil {
		return nil
	}
	return out
}

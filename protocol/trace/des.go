package trace

import (
	"crypto/des"
	"math/bits"
)

// DESKey spreads the 56 bits of a value of 7 octets over 8, seven to an octet;
// the last bit of each makes the number of its ones odd (FIPS 46-3), as DES
// wants its keys. Like v.Octets[:7] it panics when v is shorter.
func (r *Recorder) DESKey(label string, v Value) Value {
	out := desKey(v.Octets[:7])
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: DESKey, Label: label, In: []Value{v.cut(0, 7)}, Out: Value{Octets: out}}, nil)
}

func desKey(octets []byte) []byte {
	var all uint64 // 56 bits
	for _, b := range octets {
		all = all<<8 | uint64(b)
	}
	key := make([]byte, 8)
	for i := range key {
		seven := byte(all >> (49 - 7*i) << 1)
		key[i] = seven | byte(1-bits.OnesCount8(seven)%2)
	}
	return key
}

// DES encrypts one block of 8 octets with a key of 8. It panics when either is
// of another length.
func (r *Recorder) DES(label string, key, block Value) Value {
	out := desBlock(key.Octets, block.Octets)
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: DES, Label: label, Alg: "DES", In: []Value{key, block}, Out: Value{Octets: out}}, nil)
}

func desBlock(key, block []byte) []byte {
	c, err := des.NewCipher(key)
	if err != nil {
		panic(err) // the length
	}
	out := make([]byte, des.BlockSize)
	c.Encrypt(out, block)
	return out
}

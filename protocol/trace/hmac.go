package trace

import (
	"bytes"
	"crypto/hmac"
	"hash"
)

// HMAC returns H(key-block XOR opad, H(key-block XOR ipad, text)), RFC 2104
// §2. Sub has, in order: the hash of the key where it is longer than a block,
// the key block, both pads, both hashes, all read from the run.
func (r *Recorder) HMAC(label string, alg Alg, key, text Value) Value {
	if r == nil {
		mac := hmac.New(alg.New, key.Octets)
		mac.Write(text.Octets)
		return Value{Octets: mac.Sum(nil)}
	}
	var runs []*run
	log := &hashLog{sum: func(ran *run, _ []byte) { runs = append(runs, ran) }}
	mac := hmac.New(func() hash.Hash { return &noting{Hash: alg.New(), log: log} }, key.Octets)
	mac.Write(text.Octets)
	out := mac.Sum(nil)
	s := Step{Op: HMAC, Label: label, Alg: alg.Name, In: []Value{key, text}, Out: Value{Octets: out}}
	return r.note(s, func(int, Value) {
		if len(key.Octets) > mac.BlockSize() && len(runs) == 3 {
			key = r.noteHash("key-hash", alg, []Value{key}, runs[0])
			runs = runs[1:]
		}
		if len(runs) == 2 && len(runs[0].writes) > 0 && len(runs[1].writes) > 0 {
			inner, outer := r.pads(key, mac.BlockSize(), runs[0], runs[1])
			r.hashes(alg, inner, outer, text, runs[0], runs[1])
		}
	})
}

// pads notes the key block and the two blocks that were made of it, which are
// the first that the inner and the outer run wrote.
func (r *Recorder) pads(key Value, size int, inner, outer *run) (innerPad, outerPad Value) {
	block := make([]byte, size)
	copy(block, key.Octets)
	keyBlock := r.note(Step{Op: KeyBlock, Label: "key-block", In: []Value{key}, Out: Value{Octets: block}}, nil)
	pad := func(label string, octet byte, ran *run) Value {
		in := []Value{keyBlock, {Octets: bytes.Repeat([]byte{octet}, size)}}
		return r.note(Step{Op: XOR, Label: label, In: in, Out: Value{Octets: ran.writes[0]}}, nil)
	}
	return pad("inner-pad", 0x36, inner), pad("outer-pad", 0x5c, outer)
}

// hashes notes the inner and the outer hash.
func (r *Recorder) hashes(alg Alg, innerPad, outerPad, text Value, inner, outer *run) {
	innerHash := r.noteHash("inner-hash", alg, []Value{innerPad, text}, inner)
	r.noteHash("outer-hash", alg, []Value{outerPad, innerHash}, outer)
}

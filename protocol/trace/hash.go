package trace

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// An Alg is a hash function and its name in Step.Alg.
type Alg struct {
	Name string
	New  func() hash.Hash
}

// The hash functions of the mechanisms.
var (
	MD5    = Alg{"MD5", md5.New}
	SHA1   = Alg{"SHA-1", sha1.New}
	SHA256 = Alg{"SHA-256", sha256.New}
	SHA512 = Alg{"SHA-512", sha512.New}
)

// Of many blocks or groups, Sub has the first and the last ones. Their
// numbers show the gap, and N of the step above says how many there are.
const (
	keepFirst = 8
	keepLast  = 2
)

// Hash returns the digest of vs joined. N is the number of blocks, the padded
// ones included; Sub has the padding, then the first 8 blocks and the last 2.
func (r *Recorder) Hash(label string, alg Alg, vs ...Value) Value {
	h := alg.New()
	if r == nil {
		for _, v := range vs {
			h.Write(v.Octets)
		}
		return Value{Octets: h.Sum(nil)}
	}
	var noted *run
	n := &noting{Hash: h, log: &hashLog{sum: func(ran *run, _ []byte) { noted = ran }}}
	for _, v := range vs {
		n.Write(v.Octets)
	}
	n.Sum(nil)
	return r.noteHash(label, alg, vs, noted)
}

// noteHash notes a run of alg over vs.
func (r *Recorder) noteHash(label string, alg Alg, vs []Value, ran *run) Value {
	s := Step{Op: Hash, Label: label, Alg: alg.Name, N: ran.blocks, In: vs, Out: Value{Octets: ran.digest}}
	return r.note(s, func(int, Value) { r.blocks(alg, vs, ran) })
}

// blocks notes the blocks of a run. A block's state before is the state after
// the block in front of it; it has no origin for the first block, whose
// initial value is a constant, and after a gap.
func (r *Recorder) blocks(alg Alg, vs []Value, ran *run) {
	if len(ran.kept) == 0 {
		return
	}
	padding := r.noteKnown(Step{Op: Given, Label: "padding", Out: Value{Octets: ran.padding}}, Everybody, nil)
	input := join(append(vs[:len(vs):len(vs)], padding), 0)
	var after Value
	number := 0 // of the block that after belongs to
	for _, b := range ran.kept {
		before := Value{Octets: b.before}
		if b.number == number+1 && number > 0 {
			before = after
		}
		size := len(b.octets)
		block := Value{b.octets, cutParts(input.Parts, (b.number-1)*size, b.number*size)}
		number = b.number
		s := Step{Op: Block, Label: "block", Alg: alg.Name, N: number, In: []Value{before, block}, Out: Value{Octets: b.after}}
		after = r.note(s, nil)
	}
}

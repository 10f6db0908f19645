package trace

import (
	"crypto/pbkdf2"
	"crypto/subtle"
	"encoding/binary"
	"hash"
	"slices"
)

// PBKDF2 returns length octets derived with HMAC (RFC 8018 §5.2). Sub has, of
// the first and the last block of the result, the salt with the block index,
// iterations 1, 2 and the last (N of an HMAC step), and the running XOR of the
// U values after 2 and after the last. A U or T whose iteration was not noted
// has no origin. The error, for a length out of range, is the library's.
func (r *Recorder) PBKDF2(label string, alg Alg, password, salt Value, iterations, length int) (Value, error) {
	if r == nil {
		out, err := pbkdf2.Key(alg.New, string(password.Octets), salt.Octets, iterations, length)
		return Value{Octets: out}, err
	}
	iterations = max(iterations, 1) // as the library does
	n := &rounds{iterations: iterations, longKey: len(password.Octets) > alg.New().BlockSize()}
	size := alg.New().Size()
	n.lastBlock = (length-1)/size + 1
	n.log.sum = n.sum
	out, err := pbkdf2.Key(func() hash.Hash { return &noting{Hash: alg.New(), log: &n.log} },
		string(password.Octets), salt.Octets, iterations, length)
	if err != nil {
		return Value{}, err
	}
	s := Step{Op: PBKDF2, Label: label, Alg: alg.Name, N: iterations, In: []Value{password, salt}, Out: Value{Octets: out}}
	return r.note(s, func(int, Value) { r.rounds(alg, password, salt, n) }), nil
}

// rounds watches the hashes at work inside PBKDF2. Each HMAC is two Sums, the
// inner and the outer; one Sum of the key may come before all of them.
type rounds struct {
	log        hashLog
	longKey    bool
	iterations int
	lastBlock  int

	keyHash   *run
	inner     *run   // of the iteration under way
	half      bool   // the inner Sum is done
	block     int    // blocks that are complete
	iteration int    // iterations of this block that are complete
	u, t      []byte // U of the last complete iteration and the XOR of all so far
	kept      []round
}

// A round is one noted iteration.
type round struct {
	block, iteration int // from 1
	inner, outer     *run
	uBefore, tBefore []byte // of the iteration before
	u, t             []byte
}

func (n *rounds) sum(ran *run, digest []byte) {
	if n.longKey && n.keyHash == nil {
		n.keyHash = ran
		return
	}
	if n.half = !n.half; n.half {
		n.inner = ran
		return
	}
	n.iteration++
	done := round{block: n.block + 1, iteration: n.iteration, inner: n.inner, outer: ran}
	if ran != nil {
		done.uBefore, done.tBefore, done.u = slices.Clone(n.u), slices.Clone(n.t), slices.Clone(digest)
	}
	n.u = append(n.u[:0], digest...)
	if n.iteration == 1 {
		n.t = append(n.t[:0], digest...)
	} else {
		subtle.XORBytes(n.t, n.t, digest)
	}
	if ran != nil {
		done.t = slices.Clone(n.t)
		n.kept = append(n.kept, done)
	}
	if n.iteration == n.iterations {
		n.block, n.iteration = n.block+1, 0
	}
	n.log.off = !n.wanted(n.block+1, n.iteration+1)
}

// wanted reports whether an iteration is noted.
func (n *rounds) wanted(block, iteration int) bool {
	return (block == 1 || block == n.lastBlock) && (iteration <= 2 || iteration == n.iterations)
}

// rounds notes what n watched. The key block and its pads are made once.
func (r *Recorder) rounds(alg Alg, password, salt Value, n *rounds) {
	var innerPad, outerPad, u, t Value
	last := 0 // iteration that u and t belong to
	for i, done := range n.kept {
		text := u
		switch {
		case done.iteration == 1:
			index := binary.BigEndian.AppendUint32(nil, uint32(done.block))
			number := r.noteKnown(Step{Op: Given, Label: "block-index", Out: Value{Octets: index}}, Everybody, nil)
			text = r.Concat("salt-and-index", salt, number)
		case done.iteration != last+1:
			text, t = Value{Octets: done.uBefore}, Value{Octets: done.tBefore}
		}
		last = done.iteration
		s := Step{Op: HMAC, Label: "U", Alg: alg.Name, N: last, In: []Value{password, text}, Out: Value{Octets: done.u}}
		u = r.note(s, func(int, Value) {
			if i == 0 {
				key := password
				if n.keyHash != nil {
					key = r.noteHash("key-hash", alg, []Value{password}, n.keyHash)
				}
				innerPad, outerPad = r.pads(key, len(done.inner.writes[0]), done.inner, done.outer)
			}
			r.hashes(alg, innerPad, outerPad, text, done.inner, done.outer)
		})
		if last == 1 {
			t = u
			continue
		}
		s = Step{Op: XOR, Label: "T", N: last, In: []Value{t, u}, Out: Value{Octets: done.t}}
		t = r.note(s, nil)
	}
}

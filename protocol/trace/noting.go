package trace

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"hash"
	"slices"
)

// A noting is a hash that notes each Write and Sum. Embedding the interface
// hides the library's MarshalBinary, so that crypto/hmac resets and writes its
// pads again each time instead of restoring a saved state.
type noting struct {
	hash.Hash
	log *hashLog
	run *run // since the last Reset; nil: nothing was written, or log.off
}

// A hashLog is shared by the hashes of one computation.
type hashLog struct {
	off bool                          // do not note
	sum func(ran *run, digest []byte) // told each Sum; ran is nil where not noted
}

// A run is what a hash did from its start to a Sum.
type run struct {
	writes  [][]byte
	padding []byte
	digest  []byte
	blocks  int         // how many there were
	kept    []blockNote // the first and the last; none when the hash hides its state
	length  int         // octets written
	state   []byte      // chaining state now
	block   []byte      // octets of the block that is not full yet
}

// A blockNote is one call of the compression function.
type blockNote struct {
	number                int // from 1
	before, octets, after []byte
}

func (n *noting) Reset() {
	n.run = nil
	n.Hash.Reset()
}

func (n *noting) Write(p []byte) (int, error) {
	if n.log.off {
		return n.Hash.Write(p)
	}
	n.begin()
	n.run.writes = append(n.run.writes, bytes.Clone(p))
	n.run.feed(n.Hash, p)
	return len(p), nil
}

func (n *noting) Sum(b []byte) []byte {
	out := n.Hash.Sum(b)
	digest := out[len(b):]
	if n.log.off {
		n.log.sum(nil, digest)
		return out
	}
	n.begin()
	ran := *n.run
	ran.digest = bytes.Clone(digest)
	ran.kept = slices.Clone(ran.kept)
	if clone, ok := n.Hash.(hash.Cloner); ok { // Sum leaves the hash as it was
		if h, err := clone.Clone(); err == nil {
			ran.padding = padding(h, ran.length)
			ran.feed(h, ran.padding)
		}
	}
	n.log.sum(&ran, digest)
	return out
}

func (n *noting) begin() {
	if n.run == nil {
		n.run = &run{state: chaining(n.Hash)}
	}
}

// feed writes p to h block by block and reads the state after each.
func (ran *run) feed(h hash.Hash, p []byte) {
	size := h.BlockSize()
	for len(p) > 0 {
		n := min(len(p), size-len(ran.block))
		h.Write(p[:n])
		ran.block = append(ran.block[:len(ran.block):len(ran.block)], p[:n]...)
		ran.length += n
		p = p[n:]
		if len(ran.block) < size {
			continue
		}
		ran.blocks++
		after := chaining(h)
		if after != nil {
			ran.keep(blockNote{ran.blocks, ran.state, ran.block, after})
		}
		ran.state, ran.block = after, nil
	}
}

func (ran *run) keep(b blockNote) {
	if len(ran.kept) == keepFirst+keepLast {
		ran.kept = slices.Delete(ran.kept, keepFirst, keepFirst+1)
	}
	ran.kept = append(ran.kept, b)
}

// A layout says how a hash of the library marshals: a name of four octets,
// the chaining state as big-endian words, and more that is not needed here.
type layout struct {
	name   string
	state  int // octets
	length int // octets that the message length takes at the end of the padding
	little bool
}

var layouts = []layout{
	{"md4\x01", 16, 8, true}, // RFC 1320 §3.2
	{"md5\x01", 16, 8, true}, // RFC 1321 §3.2
	{"sha\x01", 20, 8, false},
	{"sha\x03", 32, 8, false},
	{"sha\x07", 64, 16, false},
}

// marshaled returns h's state, name and all, and its layout; nil when h does
// not show it.
func marshaled(h hash.Hash) ([]byte, layout) {
	if m, ok := h.(encoding.BinaryMarshaler); ok {
		if state, err := m.MarshalBinary(); err == nil {
			for _, l := range layouts {
				if len(state) >= len(l.name)+l.state && string(state[:len(l.name)]) == l.name {
					return state, l
				}
			}
		}
	}
	return nil, layout{}
}

// chaining returns h's chaining state in the order of the digest, or nil.
func chaining(h hash.Hash) []byte {
	state, l := marshaled(h)
	if state == nil {
		return nil
	}
	state = state[len(l.name) : len(l.name)+l.state : len(l.name)+l.state]
	if l.little {
		for i := 0; i < len(state); i += 4 {
			slices.Reverse(state[i : i+4])
		}
	}
	return state
}

// padding returns what RFC 1321 §3.1 and RFC 6234 §4 put behind a message of
// length octets: 0x80, zeros, and the length in bits; or nil.
func padding(h hash.Hash, length int) []byte {
	state, l := marshaled(h)
	if state == nil {
		return nil
	}
	size := h.BlockSize()
	zeros := (2*size - 1 - l.length - length%size) % size
	pad := make([]byte, 1+zeros+l.length)
	pad[0] = 0x80
	if bits := pad[len(pad)-8:]; l.little {
		binary.LittleEndian.PutUint64(bits, uint64(length)*8)
	} else {
		binary.BigEndian.PutUint64(bits, uint64(length)*8)
	}
	return pad
}

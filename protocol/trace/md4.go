package trace

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

// MD4 (RFC 1320) is there for NTLM alone. It is long broken: two texts with the
// same digest are found in no time.
var MD4 = Alg{"MD4", newMD4}

const md4Block = 64 // octets

// An md4 shows its chaining state as the hashes of the standard library do.
type md4 struct {
	state  [4]uint32
	block  [md4Block]byte // the first length%64 octets wait for the others
	length uint64         // octets written
}

func newMD4() hash.Hash {
	h := &md4{}
	h.Reset()
	return h
}

func (h *md4) Reset()         { *h = md4{state: [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}} }
func (h *md4) Size() int      { return 16 }
func (h *md4) BlockSize() int { return md4Block }

func (h *md4) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		at := h.length % md4Block
		n := copy(h.block[at:], rest)
		rest, h.length = rest[n:], h.length+uint64(n)
		if h.length%md4Block == 0 {
			h.compress()
		}
	}
	return len(p), nil
}

func (h *md4) Sum(b []byte) []byte {
	end := *h
	end.Write(padding(h, int(h.length)))
	for _, word := range end.state {
		b = binary.LittleEndian.AppendUint32(b, word)
	}
	return b
}

// Clone implements hash.Cloner.
func (h *md4) Clone() (hash.Cloner, error) {
	clone := *h
	return &clone, nil
}

// MarshalBinary implements encoding.BinaryMarshaler, as far as layouts asks.
func (h *md4) MarshalBinary() ([]byte, error) {
	out := []byte("md4\x01")
	for _, word := range h.state {
		out = binary.BigEndian.AppendUint32(out, word)
	}
	return out, nil
}

// md4Rounds are RFC 1320 §3.4: the constant added, by how many bits the sum is
// rotated, and in which order the sixteen words of the block come.
var md4Rounds = [3]struct {
	add    uint32
	rotate [4]int
	order  [16]int
	mix    func(x, y, z uint32) uint32
}{
	{0, [4]int{3, 7, 11, 19}, [16]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		func(x, y, z uint32) uint32 { return x&y | ^x&z }},
	{0x5a827999, [4]int{3, 5, 9, 13}, [16]int{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
		func(x, y, z uint32) uint32 { return x&y | x&z | y&z }},
	{0x6ed9eba1, [4]int{3, 9, 11, 15}, [16]int{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15},
		func(x, y, z uint32) uint32 { return x ^ y ^ z }},
}

// compress mixes the block into the state.
func (h *md4) compress() {
	a, b, c, d := h.state[0], h.state[1], h.state[2], h.state[3]
	for _, round := range md4Rounds {
		for i, word := range round.order {
			sum := a + round.mix(b, c, d) + binary.LittleEndian.Uint32(h.block[4*word:]) + round.add
			a, b, c, d = d, bits.RotateLeft32(sum, round.rotate[i%4]), b, c
		}
	}
	h.state[0] += a
	h.state[1] += b
	h.state[2] += c
	h.state[3] += d
}

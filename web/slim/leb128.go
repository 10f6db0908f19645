package slim

import (
	"encoding/binary"
	"errors"
	"math"
)

// A reader takes apart what stands in a module, from the front. After an error
// it returns nothing more.
type reader struct {
	octets []byte
	err    error
}

var (
	errShort  = errors.New("it ends too early")
	errNumber = errors.New("a number has more than 32 bits")
)

func (r *reader) fail(err error) { r.octets, r.err = nil, err }

func (r *reader) octet() (b byte) {
	if len(r.octets) == 0 {
		r.fail(errShort)
		return 0
	}
	b, r.octets = r.octets[0], r.octets[1:]
	return b
}

// unsigned reads a number in LEB128 (WebAssembly Core 2.0 §5.2.2).
func (r *reader) unsigned() uint64 {
	n, length := binary.Uvarint(r.octets)
	switch {
	case length == 0:
		r.fail(errShort)
	case length < 0, n > math.MaxUint32:
		r.fail(errNumber)
	default:
		r.octets = r.octets[length:]
		return n
	}
	return 0
}

// signed reads a number in signed LEB128.
func (r *reader) signed() int32 {
	var n int32
	for shift := 0; shift < 35; shift += 7 {
		b := r.octet()
		n |= int32(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 {
				n |= -1 << (shift + 7)
			}
			return n
		}
	}
	r.fail(errNumber)
	return 0
}

// vector reads octets with their number before them.
func (r *reader) vector() (octets []byte) {
	n := r.unsigned()
	if n > uint64(len(r.octets)) {
		r.fail(errShort)
		return nil
	}
	octets, r.octets = r.octets[:n], r.octets[n:]
	return octets
}

func appendVector(b, octets []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(octets))), octets...)
}

func appendSigned(b []byte, n int32) []byte {
	for ; n < -0x40 || n > 0x3f; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n)&0x7f)
}

package kerberos

import (
	"encoding/binary"

	"example.org/smtpauth/protocol/trace"
)

// Tags of DER, which Kerberos is written in (X.690 §8, RFC 4120 §5.1).
const (
	tagInteger  = 0x02
	tagBits     = 0x03
	tagOctets   = 0x04
	tagOID      = 0x06
	tagTime     = 0x18 // GeneralizedTime
	tagString   = 0x1b // GeneralString
	tagSequence = 0x30
	tagApp      = 0x60 // APPLICATION, constructed; the number is added
	tagField    = 0xa0 // context-specific, constructed; the number is added
)

// A der is values that stand one behind the other; those without origin are of
// the format.
type der []trace.Value

func (d der) length() (n int) {
	for _, v := range d {
		n += len(v.Octets)
	}
	return n
}

// element is a tag, a length and what d has.
func element(tag byte, d ...trace.Value) der {
	n := der(d).length()
	head := []byte{tag}
	switch {
	case n < 0x80:
		head = append(head, byte(n))
	case n < 0x100:
		head = append(head, 0x81, byte(n))
	case n < 0x10000:
		head = binary.BigEndian.AppendUint16(append(head, 0x82), uint16(n))
	default: // whatever is written here is shorter than 4 GiB
		head = binary.BigEndian.AppendUint32(append(head, 0x84), uint32(n))
	}
	return append(der{{Octets: head}}, d...)
}

// all puts parts one behind the other.
func all(parts ...der) (d der) {
	for _, p := range parts {
		d = append(d, p...)
	}
	return d
}

func sequence(parts ...der) der         { return element(tagSequence, all(parts...)...) }
func field(n byte, parts ...der) der    { return element(tagField+n, all(parts...)...) }
func application(n byte, inner der) der { return element(tagApp+n, inner...) }

func octets(v trace.Value) der { return element(tagOctets, v) }
func str(v trace.Value) der    { return element(tagString, v) }
func number(n int64) der       { return element(tagInteger, trace.Value{Octets: integer(n)}) }
func stamp(v trace.Value) der  { return element(tagTime, v) }

// bits are 32 flags, the first one at the top (RFC 4120 §5.2.8).
func bits(flags uint32) der {
	return element(tagBits, trace.Value{Octets: binary.BigEndian.AppendUint32([]byte{0}, flags)})
}

// integer is n in as few octets as DER wants.
func integer(n int64) []byte {
	out := binary.BigEndian.AppendUint64(nil, uint64(n))
	for len(out) > 1 && (out[0] == 0 && out[1] < 0x80 || out[0] == 0xff && out[1] >= 0x80) {
		out = out[1:]
	}
	return out
}

// value joins d. What comes from no step and stands side by side is one value.
func (d der) value(rec *trace.Recorder, label string) trace.Value {
	var parts der
	for _, v := range d {
		if n := len(parts); n > 0 && len(parts[n-1].Parts) == 0 && len(v.Parts) == 0 {
			before := parts[n-1].Octets
			parts[n-1].Octets = append(before[:len(before):len(before)], v.Octets...)
			continue
		}
		parts = append(parts, v)
	}
	return rec.Concat(label, parts...)
}

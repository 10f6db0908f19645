package trace

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrUTF16 says that octets are not UTF-16LE: of odd number, or with half a
// surrogate pair.
var ErrUTF16 = errors.New("trace: not UTF-16")

// UTF16 writes v, which is UTF-8, in UTF-16, the low octet of each unit first,
// without a byte order mark. What is not UTF-8 becomes U+FFFD.
func (r *Recorder) UTF16(label string, v Value) Value {
	out := []byte{}
	for _, unit := range utf16.Encode([]rune(v.String())) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return r.recode(UTF16, label, v, out)
}

// FromUTF16 reads what UTF16 writes, and writes it in UTF-8.
func (r *Recorder) FromUTF16(label string, v Value) (Value, error) {
	text, err := utf16Text(v.Octets)
	if err != nil {
		return Value{}, err
	}
	return r.recode(UTF16, label, v, []byte(text)), nil
}

func utf16Text(octets []byte) (string, error) {
	if len(octets)%2 != 0 {
		return "", ErrUTF16
	}
	var text strings.Builder
	for i := 0; i < len(octets); i += 2 {
		c := rune(binary.LittleEndian.Uint16(octets[i:]))
		if utf16.IsSurrogate(c) {
			low := rune(utf8.RuneError)
			if i += 2; i < len(octets) {
				low = rune(binary.LittleEndian.Uint16(octets[i:]))
			}
			if c = utf16.DecodeRune(c, low); c == utf8.RuneError {
				return "", ErrUTF16
			}
		}
		text.WriteRune(c)
	}
	return text.String(), nil
}

// Upper writes v, which is UTF-8, in upper case, character by character: "ß"
// has no such form and stays.
func (r *Recorder) Upper(label string, v Value) Value {
	return r.recode(Upper, label, v, []byte(strings.Map(unicode.ToUpper, v.String())))
}

func (r *Recorder) recode(op Op, label string, v Value, out []byte) Value {
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: op, Label: label, In: []Value{v}, Out: Value{Octets: out}}, nil)
}

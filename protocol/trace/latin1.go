package trace

import "unicode/utf8"

// Latin1 writes v, which is UTF-8, in ISO 8859-1, one octet a character. A text
// that is ASCII, or does not fit, or is not UTF-8, is returned as it is.
func (r *Recorder) Latin1(label string, v Value) Value {
	var out []byte
	for _, c := range v.String() {
		if c > 0xff || c == utf8.RuneError {
			return v
		}
		out = append(out, byte(c))
	}
	return r.recoded(label, v, out)
}

// FromLatin1 writes v, which is ISO 8859-1, in UTF-8. ASCII is returned as it is.
func (r *Recorder) FromLatin1(label string, v Value) Value {
	out := make([]byte, 0, len(v.Octets))
	for _, b := range v.Octets {
		out = utf8.AppendRune(out, rune(b))
	}
	return r.recoded(label, v, out)
}

func (r *Recorder) recoded(label string, v Value, out []byte) Value {
	if len(out) == len(v.Octets) { // nothing but ASCII
		return v
	}
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: Latin1, Label: label, In: []Value{v}, Out: Value{Octets: out}}, nil)
}

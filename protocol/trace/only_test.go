package trace

import "encoding/hex"

// What tests alone need.

// Unhex reads hexadecimal digits of either case. Its errors are those of
// encoding/hex.
func (r *Recorder) Unhex(label string, v Value) (Value, error) {
	out, err := hex.AppendDecode(nil, v.Octets)
	if err != nil {
		return Value{}, err
	}
	if r == nil {
		return Value{Octets: out}, nil
	}
	return r.note(Step{Op: Unhex, Label: label, In: []Value{v}, Out: Value{Octets: out}}, nil), nil
}

package quirk

import "slices"

// A Record is what one machine is asked to do, and notes what of it came to
// make a difference. A nil Record is asked for nothing.
type Record struct {
	Asked Set
	acted Set
}

// Asks reports whether the machine is asked for n, and notes nothing.
func (r *Record) Asks(n Name) bool { return r != nil && r.Asked.Has(n) }

// Does reports whether the machine is asked for n, and notes that it acts. It
// stands last in a condition, so that it is asked only where it decides.
func (r *Record) Does(n Name) bool {
	if !r.Asks(n) {
		return false
	}
	r.Note(n)
	return true
}

// Note notes that n acts.
func (r *Record) Note(n Name) {
	if !r.acted.Has(n) {
		r.acted = append(r.acted, n)
	}
}

// Take returns what acted since the last call, each once.
func (r *Record) Take() Set {
	acted := r.acted
	r.acted = nil
	return acted
}

// Without is the set but for n.
func (s Set) Without(n Name) Set {
	return slices.DeleteFunc(slices.Clone(s), func(o Name) bool { return o == n })
}

package trace

// A Field is a range of a message that has a name. Reads is what its octets say
// to whoever knows the format: a number, names of flags, a text. It is empty
// where there is nothing to read but the octets.
type Field struct {
	Label    string
	From, To int // octets of the message
	Reads    string
}

// Fields joins vs to a message and lays it open: Sub has a Cut for each field.
// A message that came from the peer is one value; the side that makes one gives
// what it is made of. Like v.Octets[from:to] it panics when a field is not
// within the message.
func (r *Recorder) Fields(label string, fields []Field, vs ...Value) Value {
	if r == nil {
		return Value{Octets: join(vs, 0).Octets}
	}
	message := join(vs, r.nextID())
	return r.noteKnown(Step{Op: Fields, Label: label, N: len(fields), In: vs, Out: message}, Everybody, func(_ int, message Value) {
		for _, f := range fields {
			cut := Step{Op: Cut, Label: f.Label, Reads: f.Reads, In: []Value{message}, Out: message.cut(f.From, f.To)}
			r.note(cut, nil)
		}
	})
}

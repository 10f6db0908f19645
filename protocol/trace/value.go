package trace

import "slices"

// Constant returns a value that is part of a definition, such as the space in
// a CRAM-MD5 response: it comes from no step, and everybody knows it.
func Constant(s string) Value { return Value{Octets: []byte(s)} }

// String returns the octets as they are; they need not be UTF-8.
func (v Value) String() string { return string(v.Octets) }

// cut returns octets from to to, with their origins.
func (v Value) cut(from, to int) Value {
	var room []Part
	return v.cutInto(&room, from, to)
}

// cutInto is cut with its parts behind others in room.
func (v Value) cutInto(room *[]Part, from, to int) Value {
	start := len(*room)
	*room = appendCut(*room, v.Parts, from, to)
	if start == len(*room) {
		return Value{Octets: v.Octets[from:to:to]}
	}
	return Value{v.Octets[from:to:to], slices.Clip((*room)[start:])}
}

// cutParts returns the parts of octets from to to.
func cutParts(parts []Part, from, to int) []Part { return appendCut(nil, parts, from, to) }

// appendCut appends them to others.
func appendCut(cut, parts []Part, from, to int) []Part {
	start := 0 // of p in the value
	for _, p := range parts {
		end := start + p.Length
		if a, b := max(from, start), min(to, end); a < b {
			cut = append(cut, Part{p.Step, p.Offset + a - start, b - a})
		}
		start = end
	}
	return cut
}

// join puts values one after the other. A range that comes from no step gets
// step self as its origin; with self 0 the joined value then has no parts.
func join(vs []Value, self int) Value {
	n := 0
	for _, v := range vs {
		n += len(v.Octets)
	}
	joined := Value{Octets: make([]byte, 0, n)}
	for _, v := range vs {
		parts := v.Parts
		if len(parts) == 0 && len(v.Octets) > 0 {
			parts = []Part{{self, len(joined.Octets), len(v.Octets)}}
		}
		joined.Octets = append(joined.Octets, v.Octets...)
		for _, p := range parts {
			joined.Parts = appendPart(joined.Parts, p)
		}
	}
	if self == 0 {
		for _, p := range joined.Parts {
			if p.Step == 0 {
				joined.Parts = nil
				break
			}
		}
	}
	return joined
}

// appendPart appends p, or lengthens the last part where p goes on from it.
func appendPart(parts []Part, p Part) []Part {
	if n := len(parts); n > 0 {
		if last := &parts[n-1]; last.Step == p.Step && last.Offset+last.Length == p.Offset {
			last.Length += p.Length
			return parts
		}
	}
	return append(parts, p)
}

// Step is the step whose whole result v is; 0 where there is none.
func (v Value) Step() int {
	if len(v.Parts) == 1 && v.Parts[0].Offset == 0 && v.Parts[0].Length == len(v.Octets) {
		return v.Parts[0].Step
	}
	return 0
}

// From returns the octets of v from an index on, with their origins: a place
// to go on reading from, which is no step of its own. Like v.Octets[from:] it
// panics when from is not within v.
func (v Value) From(from int) Value { return v.cut(from, len(v.Octets)) }

// Range returns octets from to to of v, with their origins: a place to read
// from, like From. It panics when the range is not within v.
func (v Value) Range(from, to int) Value { return v.cut(from, to) }

package trace

// A fact is what the recorder remembers of a step: who knows its Out, and
// what can be read back from it.
type fact struct {
	known  Party   // who knows all of Out
	octets []Party // who knows single octets beside them; nil: nobody
	length int     // of Out
	op     Op
	in     Value // operand, of steps that can be read back
	twin   int   // the sub-step that made the same octets; 0: none
}

func newFact(s Step, known Party) fact {
	f := fact{known: known, length: len(s.Out.Octets), op: s.Op}
	switch s.Op {
	case Base64, Unbase64, Hex:
		f.in = s.In[0]
	case Unhex:
		if isLowerHex(s.In[0].Octets) { // otherwise the case of the digits is lost
			f.in = s.In[0]
		}
	}
	return f
}

// knows returns who knows all of v. Everybody knows a constant.
func (r *Recorder) knows(v Value) Party {
	known := Everybody.withMiddle()
	for _, p := range v.Parts {
		if p.Step < 1 || p.Step > len(r.facts) {
			return 0 // not a value of this recorder
		}
		f := &r.facts[p.Step-1]
		single := Everybody.withMiddle()
		if f.octets == nil {
			single = 0
		}
		for i := p.Offset; i < p.Offset+p.Length && i < len(f.octets); i++ {
			single &= f.octets[i]
		}
		known &= f.known | single
	}
	return known
}

// common returns who knows all of vs: who could compute what is made of them.
func (r *Recorder) common(vs []Value) Party {
	known := Everybody.withMiddle()
	for _, v := range vs {
		known &= r.knows(v)
	}
	return known
}

// learn lets who know parts and everything that can be read back from them.
// It ends because a step's operands come from steps before it, and sub-steps
// from those or from steps inside the same one.
func (r *Recorder) learn(parts []Part, who Party) {
	for _, p := range parts {
		if p.Step < 1 || p.Step > len(r.facts) {
			continue
		}
		f := &r.facts[p.Step-1]
		if p.Offset == 0 && p.Length == f.length {
			f.known |= who
		} else if p.Offset+p.Length <= f.length {
			if f.octets == nil {
				f.octets = make([]Party, f.length)
			}
			for i := range p.Length {
				f.octets[p.Offset+i] |= who
			}
		}
		if f.twin > 0 {
			r.learn([]Part{{f.twin, p.Offset, p.Length}}, who)
		}
		from, to := readable(f, p)
		if to = min(to, len(f.in.Octets)); from < to {
			r.learn(cutParts(f.in.Parts, from, to), who)
		}
	}
}

// readable returns the range of f's operand that range p of its Out tells.
func readable(f *fact, p Part) (from, to int) {
	end := p.Offset + p.Length
	switch f.op {
	case Base64:
		return (p.Offset + 3) / 4 * 3, end / 4 * 3
	case Unbase64:
		if end == f.length {
			end += 2 // the last group may be short
		}
		return (p.Offset + 2) / 3 * 4, end / 3 * 4
	case Hex:
		return (p.Offset + 1) / 2, end / 2
	case Unhex:
		return p.Offset * 2, end * 2
	}
	return 0, 0
}

package trace

import (
	"bytes"
	"crypto/subtle"
)

// A Recorder computes and notes what it computed. The nil Recorder computes
// the same values and notes nothing. A Recorder is not for concurrent use,
// and values of one must not be given to another.
type Recorder struct {
	side  Party
	tap   Party  // Middle, where somebody is in the middle of TLS; else nobody
	steps []Step // noted since the last Take; while a step is open, inside it
	facts []fact // of step 1, 2, ...
}

// How many steps there are together most often, and how many in a session.
const (
	usualSteps = 10
	usualFacts = 32
	mostFacts  = 256 // whose room is kept for another session
)

// NewRecorder returns a recorder for side, Client or Server: who computes.
func NewRecorder(side Party) *Recorder { return &Recorder{side: side} }

// Again makes r as NewRecorder made it. What was taken stays as it is.
func (r *Recorder) Again() {
	clear(r.facts)
	*r = Recorder{side: r.side, facts: r.facts[:0]}
	if cap(r.facts) > mostFacts {
		r.facts = nil
	}
}

// Tap tells that somebody is in the middle of TLS: he reads what is sent and
// received, in the open or not.
func (r *Recorder) Tap() { r.tap = Middle }

// Take returns the steps since the last Take. IDs go on rising over the
// recorder's life. Known is as of now: what was sent meanwhile counts.
func (r *Recorder) Take() []Step {
	if r == nil {
		return nil
	}
	steps := r.steps
	r.steps = nil
	r.settle(steps)
	return steps
}

// settle sets Known of steps and of the steps inside them.
func (r *Recorder) settle(steps []Step) {
	for i := range steps {
		steps[i].Known = r.facts[steps[i].ID-1].known
		if len(steps[i].Out.Octets) > 0 {
			steps[i].Known = r.knows(steps[i].Out)
		}
		if r.tap == 0 {
			steps[i].Known &^= Middle
		}
		r.settle(steps[i].Sub)
	}
}

// note gives s its ID and its place, known to those who know all of its
// operands and to the side that computes. An Out without origin originates in
// s. Steps noted by inside, which gets the ID and Out, become s.Sub.
func (r *Recorder) note(s Step, inside func(id int, out Value)) Value {
	return r.noteKnown(s, r.common(s.In), inside)
}

// noteKnown is note where known says who knows Out beside the side.
func (r *Recorder) noteKnown(s Step, known Party, inside func(id int, out Value)) Value {
	s.ID = r.nextID()
	if s.Out.Octets == nil {
		s.Out.Octets = []byte{}
	}
	if len(s.Out.Octets) > 0 && len(s.Out.Parts) == 0 {
		s.Out.Parts = []Part{{s.ID, 0, len(s.Out.Octets)}}
	}
	if r.facts == nil {
		r.facts = make([]fact, 0, usualFacts)
	}
	r.facts = append(r.facts, newFact(s, (known|r.side).withMiddle()))
	if inside != nil {
		outer := r.steps
		r.steps = nil
		inside(s.ID, s.Out)
		s.Sub, r.steps = r.steps, outer
		if n := len(s.Sub); n > 0 && (s.Op == Hash || s.Op == HMAC) {
			r.facts[s.ID-1].twin = s.Sub[n-1].ID // the outer hash, the last block
		}
	}
	if r.steps == nil {
		r.steps = make([]Step, 0, usualSteps)
	}
	r.steps = append(r.steps, s)
	return s.Out
}

// nextID is the ID that the next step gets.
func (r *Recorder) nextID() int { return len(r.facts) + 1 }

// Given notes a value from outside the computation and who knows it beside
// the side that computes.
func (r *Recorder) Given(label string, octets []byte, known Party) Value {
	v := Value{Octets: bytes.Clone(octets)}
	if r == nil {
		return v
	}
	return r.noteKnown(Step{Op: Given, Label: label, Out: v}, known, nil)
}

// Text is Given for a string.
func (r *Recorder) Text(label, s string, known Party) Value {
	return r.Given(label, []byte(s), known)
}

// Received notes octets that the peer sent: both sides know them, and, when
// they came in the open, whoever listens.
func (r *Recorder) Received(label string, octets []byte, open bool) Value {
	v := Value{Octets: bytes.Clone(octets)}
	if r == nil {
		return v
	}
	known := Client | Server | r.tap
	if open {
		known |= Wire
	}
	return r.noteKnown(Step{Op: Received, Label: label, Out: v}, known, nil)
}

// Sent notes that v goes to the peer, who now knows it and all that can be
// read back from it; in the open, whoever listens does too.
func (r *Recorder) Sent(label string, v Value, open bool) Value {
	if r == nil {
		return Value{Octets: v.Octets}
	}
	out := r.note(Step{Op: Sent, Label: label, In: []Value{v}, Out: v}, nil)
	learner := r.side.peer() | r.tap
	if open {
		learner |= Wire
	}
	r.learn(out.Parts, learner.withMiddle())
	return out
}

// Concat joins values in order.
func (r *Recorder) Concat(label string, vs ...Value) Value {
	if r == nil {
		return Value{Octets: join(vs, 0).Octets}
	}
	return r.noteKnown(Step{Op: Concat, Label: label, In: vs, Out: join(vs, r.nextID())}, Everybody, nil)
}

// Cut returns octets from to to of v. Like v.Octets[from:to] it panics when
// the range is not within v.
func (r *Recorder) Cut(label string, v Value, from, to int) Value {
	if r == nil {
		return Value{Octets: v.Octets[from:to:to]}
	}
	return r.note(Step{Op: Cut, Label: label, In: []Value{v}, Out: v.cut(from, to)}, nil)
}

// XOR combines a and b octet by octet, up to the end of the shorter.
func (r *Recorder) XOR(label string, a, b Value) Value {
	out := make([]byte, min(len(a.Octets), len(b.Octets)))
	subtle.XORBytes(out, a.Octets, b.Octets)
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: XOR, Label: label, In: []Value{a, b}, Out: Value{Octets: out}}, nil)
}

// Compare reports whether sent and computed are equal, in a time that depends
// on their lengths alone. Its step has an empty Out; who computes knows it.
func (r *Recorder) Compare(label string, sent, computed Value) bool {
	holds := subtle.ConstantTimeCompare(sent.Octets, computed.Octets) == 1
	if r != nil {
		r.noteKnown(Step{Op: Compare, Label: label, In: []Value{sent, computed}, Holds: holds}, 0, nil)
	}
	return holds
}

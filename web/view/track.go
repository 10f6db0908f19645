package view

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// A Track says of a value that is shown which octets it is, and of which it was
// made: those of a result's operands; else the same. By that, what a value
// comes from and where it goes are found among all that is shown.
type Track struct {
	Is, Of []Span
}

// A Span is octets of the result of a step, standing in a place of their own.
type Span struct {
	Side                 session.Side
	Step, Offset, Length int
	// Place orders what a recorder noted: operands of a step stand before its
	// result, and that before the line that it is sent in.
	Place int
}

// operandPlace and resultPlace are where the values of a step stand.
func operandPlace(step int) int { return 4 * step }
func resultPlace(step int) int  { return 4*step + 1 }
func linePlace(step int) int    { return 4*step + 2 } // of the step that sent or received it

// spans are parts at a place. What SASLprep has left as it was is what it was
// before.
func (o *origins) spans(side session.Side, place int, parts ...[]trace.Part) (all []Span) {
	for _, one := range parts {
		for _, p := range one {
			if s := o.steps[origin{side, p.Step}]; s != nil && s.Op == trace.Prepare && bringsIn(*s) {
				all = append(all, o.spans(side, place, cutParts(s.In[0].Parts, p.Offset, p.Offset+p.Length))...)
			} else {
				all = append(all, Span{side, p.Step, p.Offset, p.Length, place})
			}
		}
	}
	return all
}

// cutParts are the parts of octets from to to of a value.
func cutParts(parts []trace.Part, from, to int) (cut []trace.Part) {
	start := 0
	for _, p := range parts {
		if a, b := max(from, start), min(to, start+p.Length); a < b {
			cut = append(cut, trace.Part{Step: p.Step, Offset: p.Offset + a - start, Length: b - a})
		}
		start += p.Length
	}
	return cut
}

// operandTrack is the track of an operand of a step.
func (o *origins) operandTrack(side session.Side, step int, v trace.Value) Track {
	is := o.spans(side, operandPlace(step), v.Parts)
	return Track{is, is}
}

// resultTrack is the track of a step's result.
func (o *origins) resultTrack(side session.Side, s trace.Step) Track {
	var in [][]trace.Part
	for _, v := range s.In {
		in = append(in, v.Parts)
	}
	return Track{o.spans(side, resultPlace(s.ID), s.Out.Parts), o.spans(side, resultPlace(s.ID), in...)}
}

// Relate tells whether another value is one that the pointed one was made of,
// or one that was made of it.
func (t Track) Relate(other Track) (from, to bool) {
	return meet(t.Of, other.Is, func(a, b Span) bool { return b.Place < a.Place }),
		meet(t.Is, other.Of, func(a, b Span) bool { return b.Place > a.Place })
}

func meet(as, bs []Span, in func(a, b Span) bool) bool {
	for _, a := range as {
		for _, b := range bs {
			if a.Side == b.Side && a.Step == b.Step && a.Offset < b.Offset+b.Length && b.Offset < a.Offset+a.Length && in(a, b) {
				return true
			}
		}
	}
	return false
}

// String writes a track for an attribute of an element; empty where it leads
// nowhere.
func (t Track) String() string {
	if len(t.Is)+len(t.Of) == 0 {
		return ""
	}
	return writeSpans(t.Is) + ";" + writeSpans(t.Of)
}

func writeSpans(all []Span) string {
	var b strings.Builder
	for i, s := range all {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%c.%d.%d.%d.%d", s.Side[0], s.Step, s.Offset, s.Length, s.Place)
	}
	return b.String()
}

// ParseTrack reads what String writes; what is not of that form is no track.
func ParseTrack(text string) Track {
	is, of, _ := strings.Cut(text, ";")
	return Track{parseSpans(is), parseSpans(of)}
}

func parseSpans(text string) (all []Span) {
	for word := range strings.FieldsSeq(text) {
		parts := strings.Split(word, ".")
		if len(parts) != 5 {
			return nil
		}
		s := Span{Side: session.Server}
		if parts[0] == "c" {
			s.Side = session.Client
		}
		for i, n := range []*int{&s.Step, &s.Offset, &s.Length, &s.Place} {
			var err error
			if *n, err = strconv.Atoi(parts[i+1]); err != nil {
				return nil
			}
		}
		all = append(all, s)
	}
	return all
}

// A Spoken is a stretch of what base64 spells, of one origin.
type Spoken struct {
	Runs  []Run
	Track Track
}

// speak cuts what the base64 of a frame spells by where it came from, and gives
// the track of the base64 itself. Who said it made it; who hears it goes on
// with it.
func (s *Story) speak(f *session.Frame) (spelled Track, all []Spoken) {
	made := s.spelledIn(f)
	heard, decoded, side := s.received(f)
	if made != nil {
		out := s.origins.spans(made.side, linePlace(made.step.ID), made.step.Out.Parts)
		spelled.Is, spelled.Of = out, out
	}
	if heard != nil {
		spelled.Is = append(spelled.Is[:len(spelled.Is):len(spelled.Is)], s.origins.spans(side, linePlace(heard.ID-1), heard.Out.Parts)...)
	}
	parts := []trace.Part{{Length: len(f.Decoded)}}
	if made != nil && lengthOf(made.step.In[0].Parts) == len(f.Decoded) && utf8.Valid(f.Decoded) {
		parts = made.step.In[0].Parts
	}
	at := 0
	for _, p := range parts {
		one := Spoken{Runs: Text(f.Decoded[at : at+p.Length])}
		if p.Step > 0 {
			one.Track.Of = s.origins.spans(made.side, linePlace(made.step.ID), []trace.Part{p})
			one.Track.Is = one.Track.Of
		}
		if decoded != nil && at+p.Length <= len(decoded.Out.Octets) {
			is := one.Track.Is
			one.Track.Is = append(is[:len(is):len(is)], Span{side, decoded.ID, at, p.Length, linePlace(heard.ID - 1)})
		}
		all = append(all, one)
		at += p.Length
	}
	return spelled, all
}

// received finds the steps with which the other side takes the base64 of a
// frame: as it came, and decoded.
func (s *Story) received(f *session.Frame) (heard, decoded *trace.Step, side session.Side) {
	side = f.Side.Other()
	for i := f.Index + 1; i < len(s.frames) && s.frames[i].Side != f.Side; i++ {
		if s.frames[i].Kind == session.Meddled && len(s.frames[i].Wire) > 0 {
			break // who knows what arrived
		}
		for by, e := range s.frames[i].Events() {
			if by != side || e.Kind != machine.Took {
				continue
			}
			if decoded = s.origins.steps[origin{side, e.Base64.Step}]; decoded == nil || decoded.Op != trace.Unbase64 {
				return nil, nil, side
			}
			return s.origins.steps[origin{side, decoded.In[0].Step()}], decoded, side
		}
	}
	return nil, nil, side
}

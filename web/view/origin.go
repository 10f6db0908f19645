package view

import (
	"encoding/hex"
	"fmt"
	"slices"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// A Name names a value: the id of a label, or, for a constant, the value itself.
type Name struct {
	Label ID
	Text  string
}

// origins finds the steps that values came from, in all frames of a session:
// the server uses its challenge a step after it has made it.
type origins struct {
	steps  map[origin]*trace.Step
	values map[session.Side][]*trace.Step // in order of their IDs
}

// An origin is a step: IDs are those of one side's recorder.
type origin struct {
	side session.Side
	id   int
}

func newOrigins(frames []session.Frame) *origins {
	o := &origins{map[origin]*trace.Step{}, map[session.Side][]*trace.Step{}}
	for i := range frames {
		for side, e := range frames[i].Events() {
			o.add(side, e.Trace)
		}
	}
	return o
}

func (o *origins) add(side session.Side, steps []trace.Step) {
	for i := range steps {
		s := &steps[i]
		o.steps[origin{side, s.ID}] = s
		o.values[side] = append(o.values[side], s)
		if s.Op == trace.HMAC || s.Op == trace.Hash || s.Op == trace.PBKDF2 || s.Op == trace.Fields {
			o.add(side, s.Sub)
		}
	}
}

// source is the last step before step before whose result v is, all of it, or
// nil.
func (o *origins) source(side session.Side, v trace.Value, before int) *trace.Step {
	if len(v.Parts) == 0 {
		return nil
	}
	var found *trace.Step
	for _, s := range o.values[side] {
		if s.ID < before && slices.Equal(s.Out.Parts, v.Parts) && (found == nil || s.ID > found.ID) {
			found = s
		}
	}
	return found
}

// name is what a value is called: by the step that made it, else by the step
// that it is a part of, else, for a constant, by itself.
func (o *origins) name(side session.Side, v trace.Value, before int) Name {
	if s := o.source(side, v, before); s != nil {
		return Name{Label: label(s.Label)}
	}
	if len(v.Parts) == 1 {
		if s := o.steps[origin{side, v.Parts[0].Step}]; s != nil && s.ID < before {
			return Name{Label: label(s.Label)}
		}
	}
	return Name{Text: constant(v.Octets)}
}

func label(id string) ID { return ID("label." + id) }

// constant writes the value of a constant: "␣", "64 × 36", its text, or, where
// that is mostly what does not print, its digits: "0000000b55". Few fonts have
// pictures of what does not print: "NUL", "NTLMSSP\NUL".
func constant(octets []byte) string {
	if n := tail(octets); n > 3 && n == len(octets) {
		return fmt.Sprintf("%d × %02x", n, octets[0])
	}
	if string(octets) == " " {
		return "␣"
	}
	text := ""
	for _, r := range constantText(octets) {
		switch name := ControlName(r.Text); {
		case name == "" || r.Kind != Control:
			text += r.Text
		case len(octets) == 1:
			text += name
		default:
			text += "\\" + name
		}
	}
	return text
}

// constantText is a constant as text, or as digits.
func constantText(octets []byte) []Run {
	runs, controls := Text(octets), 0
	for _, r := range runs {
		if r.Kind == Control {
			controls++
		}
	}
	if len(octets) > 1 && 2*controls >= len(octets) {
		return []Run{{Hex, hex.EncodeToString(octets)}}
	}
	return runs
}

// tail is how many octets at the end are the same as the last one.
func tail(octets []byte) int {
	n := 0
	for i := len(octets) - 1; i >= 0 && octets[i] == octets[len(octets)-1]; i-- {
		n++
	}
	return n
}

package view

import (
	"bytes"
	"slices"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// line reads a line, or a piece of one, as anybody can who knows SMTP: where
// base64 stands follows from what was said before. What passed in pieces is
// followed, and not decoded.
func (e *ear) line(f *session.Frame, from session.Side, octets []byte) Overheard {
	text, ended := bytes.CutSuffix(octets, []byte("\r\n"))
	whole := ended && len(e.begun[from]) == 0
	e.begun[from] = append(e.begun[from], text...)
	if !ended {
		return Overheard{Line: Text(text)}
	}
	l := e.follower.Follow(from, e.begun[from])
	delete(e.begun, from)
	decoded, ok := l.Decoded()
	if !ok || !whole || len(decoded) == 0 {
		return Overheard{Line: Text(text)}
	}
	at, end := l.Base64.Offset, l.Base64.Offset+l.Base64.Length
	v := Overheard{Line: slices.Concat(Text(text[:at]), spelled(text[at:end]), Text(text[end:])), Says: e.bits(f, decoded)}
	v.Guess = !e.could && e.minds.has(trace.Wire) == Guess
	e.could = e.could || v.Guess
	return v
}

// bits cuts what was decoded where a secret begins or ends. Which octets are
// one, the computation tells that made them.
func (e *ear) bits(f *session.Frame, decoded []byte) []Bit {
	made := e.story.spelledIn(f)
	if made == nil || lengthOf(made.step.In[0].Parts) != len(decoded) {
		return []Bit{{Run: Run{Text: join(Text(decoded))}}}
	}
	side, value := made.side, made.step.In[0]
	whole := e.proof(side, e.story.labels(side, value, made.step.ID)...)
	var bits []Bit
	at := 0
	for _, p := range value.Parts {
		b := Bit{Secret: whole}
		if from := e.story.origins.steps[origin{side, p.Step}]; from != nil && slices.Contains(passwords, from.Label) {
			b.Secret = Exposed
		} else if from != nil && whole == Open {
			b.Secret = e.proof(side, e.story.spells(side, from)...)
		}
		for _, r := range Text(decoded[at : at+p.Length]) {
			b.Run = r
			bits = append(bits, b)
		}
		at += p.Length
	}
	return bits
}

func lengthOf(parts []trace.Part) (n int) {
	for _, p := range parts {
		n += p.Length
	}
	return n
}

// proof tells whether one of the labels is of what passwords are tried on, and
// comes from the client: what is tried.
func (e *ear) proof(side session.Side, labels ...string) Secret {
	if side == session.Client && slices.ContainsFunc(labels, e.minds.tries) {
		return Proof
	}
	return Open
}

// spells are the labels of a step and of what it spells in other digits.
func (s *Story) spells(side session.Side, step *trace.Step) []string {
	labels := []string{step.Label}
	if step.Op == trace.Base64 || step.Op == trace.Hex {
		labels = append(labels, s.labels(side, step.In[0], step.ID)...)
	}
	return labels
}

// A spelledBy is a Base64 step and whose it is.
type spelledBy struct {
	side session.Side
	step *trace.Step
}

// spelledIn is the step that spelled the base64 of a frame, or nil.
func (s *Story) spelledIn(f *session.Frame) *spelledBy {
	if f.Base64 == nil {
		return nil
	}
	if step := s.origins.steps[origin{f.Side, f.Base64.Step}]; step != nil && step.Op == trace.Base64 {
		return &spelledBy{f.Side, step}
	}
	return nil
}

// labels are those of the steps before step before whose result a value is.
func (s *Story) labels(side session.Side, v trace.Value, before int) (labels []string) {
	for _, step := range s.origins.values[side] {
		if step.ID < before && slices.Equal(step.Out.Parts, v.Parts) {
			labels = append(labels, step.Label)
		}
	}
	return labels
}

package view

import (
	"bytes"
	"slices"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// line reads a line as anybody can who knows SMTP: where base64 stands follows
// from what was said before.
func (e *ear) line(f *session.Frame, from session.Side, text []byte) Overheard {
	find := e.command
	if from == session.Server {
		find = e.reply
	}
	at := find(text)
	v := Overheard{Line: append(Text(text[:at]), spelled(text[at:])...)}
	if at == len(text) {
		return v
	}
	var quiet *trace.Recorder
	decoded, err := quiet.Unbase64("", trace.Value{Octets: text[at:]})
	if err != nil {
		v.Line = Text(text)
		return v
	}
	v.Says = e.bits(f, decoded.Octets)
	had := e.can
	e.can = e.can || covers(e.known, e.guess)
	v.Guess = e.can && !had
	return v
}

// covers tells whether all of some labels, of one at least, are among others.
func covers(known, labels []string) bool {
	return len(labels) > 0 && !slices.ContainsFunc(labels, func(l string) bool { return !slices.Contains(known, l) })
}

// reply returns where the base64 of a line of the server begins.
func (e *ear) reply(line []byte) int {
	challenge := bytes.HasPrefix(line, []byte("334 ")) && (e.asked || e.exchange)
	e.body = bytes.HasPrefix(line, []byte("354"))
	e.exchange, e.asked = challenge || bytes.Equal(line, []byte("334")) && e.asked, false
	if challenge {
		return len("334 ")
	}
	return len(line)
}

// command returns where the base64 of a line of the client begins.
func (e *ear) command(line []byte) int {
	switch {
	case e.body:
		return len(line)
	case e.exchange && string(line) == "*":
		return len(line)
	case e.exchange:
		e.asked = true
		return 0
	}
	words := bytes.SplitN(line, []byte(" "), 3)
	if len(words) < 2 || !bytes.EqualFold(words[0], []byte("AUTH")) {
		return len(line)
	}
	e.asked, e.guess = true, nil
	if m, known := sasl.Lookup(string(words[1])); known {
		e.guess = m.Guess
	}
	if len(words) == 3 && string(words[2]) != "=" {
		return len(line) - len(words[2])
	}
	return len(line)
}

// bits cuts what was decoded where a secret begins or ends. Which octets are
// one, the computation tells that made them.
func (e *ear) bits(f *session.Frame, decoded []byte) []Bit {
	made := e.story.spelledIn(f, decoded)
	if made == nil || lengthOf(made.step.In[0].Parts) != len(decoded) {
		return []Bit{{Run: Run{Text: join(Text(decoded))}}}
	}
	side, value := made.side, made.step.In[0]
	e.known = append(e.known, e.story.labels(side, value, made.step.ID)...)
	var bits []Bit
	at := 0
	for _, p := range value.Parts {
		b := Bit{}
		if from := e.story.origins.steps[origin{side, p.Step}]; from != nil {
			b.Secret = e.secret(side, from.Label)
			e.known = append(e.known, from.Label)
		}
		for _, r := range Text(decoded[at : at+p.Length]) {
			b.Run = r
			bits = append(bits, b)
		}
		e.exposed = e.exposed || b.Secret == Exposed
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

func (e *ear) secret(side session.Side, label string) Secret {
	switch {
	case slices.Contains(passwords, label):
		return Exposed
	case side == session.Client && slices.Contains(e.guess, label):
		return Proof
	}
	return Open
}

// A spelledBy is a Base64 step and whose it is.
type spelledBy struct {
	side session.Side
	step *trace.Step
}

// spelledIn is the step of a frame that spelled octets in base64, or nil.
func (s *Story) spelledIn(f *session.Frame, octets []byte) *spelledBy {
	find := func(side session.Side, steps []trace.Step) *spelledBy {
		for i := range steps {
			if steps[i].Op == trace.Base64 && bytes.Equal(steps[i].In[0].Octets, octets) {
				return &spelledBy{side, &steps[i]}
			}
		}
		return nil
	}
	for _, e := range f.Server {
		if m := find(session.Server, e.Trace); m != nil {
			return m
		}
	}
	for _, e := range f.Client {
		if m := find(session.Client, e.Trace); m != nil {
			return m
		}
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

package view

import (
	"bytes"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
	"example.org/smtpauth/protocol/transcript"
)

// A Capture is what somebody has who listens between the two, made of what
// passed on the wire and of nothing else.
type Capture struct {
	Entries []Captured
	Has     Words // of all that passed so far
	Lacks   Words
	More    []Words // what somebody in the middle of TLS has; whose certificates were read
}

// A Captured is what passed in one frame; often that is nothing.
type Captured struct {
	Index  int
	Passed []Passed
}

// A Passed is what went one way: lines, or TLS records.
type Passed struct {
	From    session.Side
	Leg     ID // from whom to whom, where somebody in the middle of TLS has two connections
	Octets  []byte
	Lines   []Overheard
	Records []Seen
}

// An Overheard is a line in clear text.
type Overheard struct {
	Line  Line
	Says  []Bit // what its base64 spells
	Guess bool  // passwords can be tried on what was heard up to here
}

// A Bit is a stretch of what was decoded.
type Bit struct {
	Run
	Secret Secret
}

// A Secret says what a stretch gives away.
type Secret string

const (
	Open    Secret = ""        // nothing
	Exposed Secret = "exposed" // a password
	Proof   Secret = "proof"   // what passwords can be tried on
)

// A Seen is a TLS record from outside.
type Seen struct {
	From   session.Side
	Type   string   // ContentType, RFC 8446 §5.1: "application_data"
	Length int      // octets, with the header
	Width  int      // of its bar, 1 to barWidths
	Sealed bool     // encrypted
	Inside []string // handshake messages, of what is not encrypted: "client_hello"
}

// barWidths is how many lengths of bars there are.
const barWidths = 12

// width grows with the logarithm of a length: short records differ too.
func width(length int) int {
	w := 1
	for limit := 32; w < barWidths && length > limit; limit = limit * 7 / 4 {
		w++
	}
	return w
}

// Capture is what a listener has after frame at. The story must be the whole
// one: of what was computed it takes which octets are secret.
func (s *Story) Capture(at int) Capture {
	var c Capture
	ear := ear{story: s, minds: newMinds(), begun: map[session.Side][]byte{}}
	for i := range s.frames[:at+1] {
		c.Entries = append(c.Entries, ear.hear(&s.frames[i]))
	}
	c.Has, c.Lacks = ear.sum()
	if middle := ear.minds.middle(); middle.ID != "" {
		c.More = append(c.More, middle)
	}
	c.More = append(c.More, s.certificates(at)...)
	return c
}

// An ear follows a conversation, as far as it can be heard.
type ear struct {
	story    *Story
	follower transcript.Follower
	begun    map[session.Side][]byte // of a line that has not ended
	minds    *minds
	could    bool // passwords could be tried already

	lines, records int
	inside         bool // TLS hides more than itself
}

func (e *ear) hear(f *session.Frame) Captured {
	v := Captured{Index: f.Index}
	e.minds.follow(f)
	for _, c := range f.Wire {
		p := Passed{From: c.Toward.Other(), Leg: e.story.leg(c), Octets: c.Octets}
		for _, r := range c.Records {
			seen := Seen{From: p.From, Type: r.Type, Length: r.Length + recordHeader, Sealed: r.Sealed}
			seen.Width = width(seen.Length)
			for _, m := range r.Messages {
				if !r.Sealed {
					seen.Inside = append(seen.Inside, m.Type)
				}
			}
			e.inside = e.inside || f.Sealed
			e.records++
			p.Records = append(p.Records, seen)
		}
		if len(c.Records) == 0 {
			for _, line := range bytes.SplitAfter(c.Octets, []byte("\r\n")) {
				if len(line) > 0 {
					e.lines++
					p.Lines = append(p.Lines, e.line(f, p.From, line))
				}
			}
		}
		v.Passed = append(v.Passed, p)
	}
	return v
}

// sum says what a listener has and what it lacks.
func (e *ear) sum() (has, lacks Words) {
	switch heard := e.minds.has(trace.Wire); {
	case heard == Has:
		return say("ui.tap.has.password"), say("ui.tap.lacks.nothing")
	case heard == Guess:
		return say("ui.tap.has.proof"), say("ui.tap.lacks.password")
	case e.records > 0 && e.lines > 0:
		has = say("ui.tap.has.sizes", "lines", e.lines, "records", e.records)
	case e.records > 0:
		has = say("ui.tap.has.only-sizes", "records", e.records)
	case e.minds.secret() != nil:
		return say("ui.tap.has.lines"), say("ui.tap.lacks.kept")
	default:
		return say("ui.tap.has.lines"), say("ui.tap.lacks.no-secret")
	}
	if !e.inside {
		return has, say("ui.tap.lacks.keys")
	}
	return has, say("ui.tap.lacks.inside")
}

// Words says what passed, for those who hear the page.
func (v *Captured) Words(total int) Words {
	args := []any{"n", v.Index + 1, "total", total}
	octets, text := 0, ""
	for i := range v.Passed {
		p := &v.Passed[i]
		octets += len(p.Octets)
		args = append(args, "who", Who(p.From))
		for _, l := range p.Lines {
			text += join(l.Line) + " "
		}
	}
	switch {
	case octets == 0:
		return say("ui.live.tap.none", args...)
	case text == "":
		return say("ui.live.tap.records", append(args, "octets", octets)...)
	}
	return say("ui.live.tap.lines", append(args, "text", cut(text, 80))...)
}

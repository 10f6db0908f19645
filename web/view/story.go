package view

import (
	"maps"
	"strings"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// A Story is a session's frames, made ready to be shown.
type Story struct {
	Entries []Entry
	Phases  []Phase
	frames  []session.Frame
	origins *origins
	lastID  []map[session.Side]int // of the steps noted up to each frame
	looked  map[int]Sight
	whole   *Story // of both sides, where this is of one
	legs    bool   // somebody in the middle of TLS has a connection with each side
}

// Tell makes the story of frames. It does not look at the session again.
func Tell(frames []session.Frame) *Story {
	s := &Story{frames: frames, Phases: phases(frames), origins: newOrigins(frames), looked: map[int]Sight{}}
	s.legs = s.any(intercepted)
	last := map[session.Side]int{}
	for i := range frames {
		for side, e := range frames[i].Events() {
			last[side] = lastID(last[side], e.Trace)
		}
		s.lastID = append(s.lastID, maps.Clone(last))
		s.Entries = append(s.Entries, s.entry(&frames[i], frames[:i+1]))
	}
	return s
}

// From is the story as one side has it; for Both and Listener it is s itself.
func (s *Story) From(from Vantage) *Story {
	if from != OfClient && from != OfServer {
		return s
	}
	seen := Tell(See(s.frames, from))
	seen.whole = s
	return seen
}

// Next says what comes after frame at.
func (s *Story) Next(at int) Words {
	if at+1 >= len(s.frames) {
		return say("ui.next.none")
	}
	return next(&s.frames[at+1])
}

// Lanes are the states that both sides are in after frame at; empty where one
// cannot be seen.
func (s *Story) Lanes(at int) (client, server ID) {
	f := &s.frames[at]
	if f.ClientState.Phase != "" {
		client = ID("client.phase." + string(f.ClientState.Phase))
	}
	if f.ServerState.Phase != "" {
		server = ID("server.phase." + string(f.ServerState.Phase))
	}
	return client, server
}

// Live says frame at in a sentence, for those who hear the page.
func (s *Story) Live(at int) Words {
	e := &s.Entries[at]
	args := []any{"n", at + 1, "total", len(s.Entries)}
	if e.Side != "" {
		args = append(args, "who", Who(e.Side))
	}
	id := "ui.live.line"
	switch {
	case e.Check != nil && e.Side == session.Client && e.Check.Holds:
		id = "ui.live.server.equal"
	case e.Check != nil && e.Side == session.Client:
		id = "ui.live.server.different"
	case e.Check != nil && e.Check.Holds && e.Check.Pair == nil:
		id = "ui.live.accepted"
	case e.Check != nil && e.Check.Holds:
		id = "ui.live.equal"
	case e.Check != nil:
		id = "ui.live.different"
		if e.Check.Reason != "" {
			args = append(args, "reason", e.Check.Reason)
		}
	case e.Tube != nil && e.Tube.Failure != nil:
		id = "ui.live.tls-failed"
		args = append(args, "failure", ID("tls.failure."+e.Tube.Failure.ID))
	case e.Tube != nil && e.Tube.Facts != nil:
		id = "ui.live.tls"
		args = append(args, "version", e.Tube.Facts.Version)
	case e.Tube != nil:
		id = "ui.live.tls-started"
	case e.Over != nil:
		id = "ui.live.end"
	case e.Kind == session.Body:
		id = "ui.live.body"
		args = append(args, "lines", len(e.Lines))
	case e.Kind == session.Silent:
		id = "ui.live.silent"
	case e.Kind == session.Meddled:
		id = "ui.live.meddled"
	case e.Kind == Quiet:
		id = "ui.live.quiet"
	case len(e.Says) > 0:
		id = "ui.live.answers"
		if text := spoken(e); text != "" {
			id = "ui.live.says"
			args = append(args, "text", text)
		}
		args = append(args, "says", join(e.Says))
	default:
		args = append(args, "text", spoken(e))
	}
	return say(id, args...)
}

// spoken is the first line as it is read out: without the base64.
func spoken(e *Entry) string {
	s := ""
	if len(e.Lines) > 0 {
		for _, r := range e.Lines[0] {
			if r.Kind != Base64 {
				s += r.Text
			}
		}
	}
	return cut(strings.TrimSpace(s), 80)
}

// lastID is the highest ID among steps and those within them, or least.
func lastID(least int, steps []trace.Step) int {
	for _, s := range steps {
		least = max(lastID(least, s.Sub), s.ID)
	}
	return least
}

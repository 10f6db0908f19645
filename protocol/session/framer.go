package session

import (
	"bytes"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
)

// A Framer makes the frames of a session that a server has elsewhere, on a
// socket say, with a client of which nothing is known but what it sends: its
// frames have no client events and an empty client state. They are those that
// a session here would have of the same lines.
type Framer struct {
	id, frames int
	implicit   bool
	state      server.State
	phase      Phase
	heard      []byte         // of the client, in no frame yet
	wire       []Chunk        // passed, in no frame yet
	passed     int            // octets of wire
	silent     []server.Event // behind which no frame came yet
	shook      *Frame
}

// maxHeard is how much a Framer keeps for one frame, in octets: more than the
// largest message with its dots. Of more it keeps the end.
const maxHeard = 16 << 20

// NewFramer begins the frames of one session of a server with this role.
func NewFramer(id int, role server.Role) *Framer {
	return &Framer{id: id, implicit: role == server.Submissions, phase: Greeting,
		state: server.State{Phase: server.Waiting}}
}

// Passed takes what passed on the wire, before the step that it led to, or
// behind the one that it followed from.
func (f *Framer) Passed(c Chunk) {
	if f.passed += len(c.Octets); f.passed <= maxHeard {
		f.wire = append(f.wire, c)
	}
}

// Shook tells how a TLS handshake ended, before the step in which the machine
// hears of it. Facts are nil where it failed, failure where the peer was gone.
func (f *Framer) Shook(facts *tlslink.Facts, failure *tlslink.Failure) {
	f.shook = &Frame{Kind: Handshake, Side: Client, TLS: facts, TLSFailure: failure}
}

// Step takes the octets that the machine was given, if any, and what it did,
// and returns the frames that are whole now.
func (f *Framer) Step(octets []byte, events []server.Event) (frames []Frame) {
	f.hear(octets)
	groups, silent := cutServer(events)
	f.silent = append(f.silent, silent...)
	if f.shook != nil {
		shook := *f.shook
		f.shook, f.phase = nil, TLSPhase
		f.follow(silent)
		shook.Server, shook.Wire = f.silent, f.take(Client, Server)
		f.silent = nil
		frames = append(frames, f.number(shook))
	}
	for _, g := range groups {
		frames = append(f.clientSaid(frames, g), f.number(f.serverDid(g)))
	}
	frames = f.clientSaid(frames, silent) // and nobody answered
	if i := bytes.LastIndex(f.heard, []byte("\r\n")); i >= 0 && f.state.Phase != server.Data {
		f.heard = f.heard[i+2:] // the machine has taken every whole line, kept or not
	}
	return frames
}

func (f *Framer) number(frame Frame) Frame {
	frame.Session, frame.Index, frame.Phase, frame.ServerState = f.id, f.frames, f.phase, f.state
	f.frames++
	return frame
}

func (f *Framer) follow(events []server.Event) {
	for _, e := range events {
		switch e.Kind {
		case machine.Moved:
			f.state = e.To
		case machine.Dropped:
			f.heard = nil
		}
	}
}

// clientSaid appends what the client said before the server did g.
func (f *Framer) clientSaid(frames []Frame, g []server.Event) []Frame {
	if len(g) > 0 && f.state.Phase == server.Data {
		body := Frame{Kind: Body, Octets: f.cut(messageEnd)}
		if body.Octets == nil {
			return frames // the server gave up before the end
		}
		return append(frames, f.said(body, machine.OnMessage))
	}
	for _, e := range g {
		if e.Kind != machine.Took {
			continue
		}
		line := Frame{Kind: Line, Octets: f.cut(lineEnd)}
		if line.Octets == nil {
			line.Octets = append(bytes.Clone(e.Line), "\r\n"...)
		}
		read := e.Base64
		read.Step = 0 // of the server, who read it
		line.decode(read)
		frames = append(frames, f.said(line, e.On))
	}
	return frames
}

// said is a frame of the client that says what on names.
func (f *Framer) said(frame Frame, on string) Frame {
	f.phase = f.phase.turn(on, f.state.TLS && !f.implicit)
	frame.Side, frame.Sealed, frame.Wire = Client, f.state.TLS, f.take(Server)
	return f.number(frame)
}

// serverDid is the frame of one group.
func (f *Framer) serverDid(g []server.Event) Frame {
	frame := Frame{Kind: End, Side: Server, Server: append(f.silent, g...)}
	if f.silent = nil; f.state.Phase == server.Waiting {
		f.phase = Greeting
	}
	f.follow(g)
	for _, e := range g {
		switch e.Kind {
		case machine.Checked:
			frame.Kind = Check
		case machine.Said:
			frame.Kind, frame.Sealed = Line, f.state.TLS
			frame.said(&e.Event)
			frame.Wire = f.take(Client)
		}
	}
	if frame.Kind == End {
		frame.Wire = f.take(Client, Server)
	}
	return frame
}

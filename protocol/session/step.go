package session

import (
	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
)

// A group is what one machine did that one frame shows.
type group struct {
	side Side
	did
}

// queue queues what the machines did. What is silent belongs to f.
func (s *Session) queue(f *Frame, d did) {
	told, silent := cutServer(d.server)
	for _, g := range told {
		s.pending = append(s.pending, group{Server, did{server: g}})
	}
	said, quiet := cutClient(d.client)
	for _, g := range said {
		s.pending = append(s.pending, group{Client, did{client: g}})
	}
	s.happened(f, did{silent, quiet})
}

// happened puts what the machines did into f and moves the states that frames show.
func (s *Session) happened(f *Frame, d did) {
	f.Server, f.Client = join(f.Server, d.server), join(f.Client, d.client)
	for i := range d.server {
		if e := &d.server[i]; e.Kind == machine.Moved {
			s.states.server = e.To
		}
	}
	for i := range d.client {
		if e := &d.client[i]; e.Kind == machine.Moved {
			s.states.client = e.To
		}
	}
}

// step lets the next thing happen: what a machine has already done, else the
// delivery of what is under way, else the news that the other side has gone.
func (s *Session) step(f *Frame) bool {
	if !s.started {
		s.started = true
		return s.begin(f)
	}
	for len(s.pending) == 0 {
		if !s.deliver(f) {
			return (len(f.Wire) > 0 || len(f.Quirks()) > 0) && s.bare(f)
		}
	}
	g := s.pending[0]
	s.pending = s.pending[1:]
	s.show(f, g)
	return true
}

// bare tells of a step in which octets passed, or a quirk acted, and no machine
// said anything.
func (s *Session) bare(f *Frame) bool {
	f.Kind = Meddled
	for side, e := range f.Events() {
		if len(e.Quirks) > 0 {
			f.Kind, f.Side = Silent, side
		}
	}
	return true
}

// begin connects the two; a side of the implicit kind starts TLS first.
func (s *Session) begin(f *Frame) bool {
	clientTLS, serverTLS := s.setup.Client.TLS == client.Implicit, s.setup.Server.Role == server.Submissions
	if !clientTLS {
		s.tell(f, Client, machine.Input{Kind: machine.Connected})
	}
	if !serverTLS {
		s.tell(f, Server, machine.Input{Kind: machine.Connected})
	}
	if !clientTLS && !serverTLS {
		return s.step(f)
	}
	s.phase = TLSPhase
	s.handshake(f, clientTLS, serverTLS)
	return true
}

// tell gives a side's machine its input and queues what it does.
func (s *Session) tell(f *Frame, side Side, in machine.Input) {
	if side == Server {
		s.queue(f, did{server: s.server.Step(in)})
	} else {
		s.queue(f, did{client: s.client.Step(in)})
	}
}

// deliver gives a machine what is under way toward it and queues what it does.
// It reports whether there was anything to deliver.
func (s *Session) deliver(f *Frame) bool {
	for _, side := range []Side{Server, Client} {
		if len(s.wire.under[side]) == 0 || s.gone[side] {
			continue
		}
		if octets := s.get(f, side); len(octets) > 0 {
			s.tell(f, side, machine.Input{Kind: machine.Octets, Octets: octets})
		}
		return true
	}
	for _, side := range []Side{Server, Client} {
		if s.gone[side.Other()] && !s.gone[side] {
			s.gone[side] = true
			s.tell(f, side, machine.Input{Kind: machine.PeerClosed})
			return true
		}
	}
	return false
}

// show makes g the frame's: what was said goes onto the wire now.
func (s *Session) show(f *Frame, g group) {
	f.Side, f.Kind = g.side, End
	s.happened(f, g.did)
	for _, e := range g.all() {
		switch e.Kind {
		case machine.Checked:
			f.Kind = Check
		case machine.Said:
			f.Kind = Line
			if e.On == machine.OnMessage && g.side == Client {
				f.Kind = Body
			}
			s.phase = s.phaseOf(g.side, e.On)
			f.said(e)
			s.put(f, g.side, e.Octets)
		case machine.Secure:
			s.handshake(f, true, s.states.server.Phase == server.Handshake)
		case machine.Ended:
			s.leave(f, g.side)
		}
	}
}

// phaseOf is the phase that what a side says belongs to.
func (s *Session) phaseOf(side Side, on string) Phase {
	switch {
	case side == Client:
		return s.phase.turn(on, s.states.client.TLS && s.setup.Client.TLS != client.Implicit)
	case s.states.client.Phase == client.Greeting: // behind TLS, on the implicit port
		return Greeting
	}
	return s.phase
}

// leave ends a side's connection: close_notify inside TLS, then the end.
func (s *Session) leave(f *Frame, side Side) {
	if l := s.wire.links[side]; l != nil && l.Err() == nil {
		l.CloseNotify()
		s.carry(f, side.Other(), l.Take())
	}
	s.gone[side] = true
}

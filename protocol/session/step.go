package session

import (
	"bytes"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/trace"
)

// A group is the events of one machine that one frame shows.
type group struct {
	side   Side
	client []client.Event
	server []server.Event
}

// queueServer queues what the server did. What is silent belongs to f.
func (s *Session) queueServer(f *Frame, events []server.Event) {
	groups, silent := cutServer(events)
	for _, g := range groups {
		s.pending = append(s.pending, group{side: Server, server: g})
	}
	f.Server = append(f.Server, silent...)
	s.follow(group{server: silent})
}

// queueClient does the same for the client: a check is a group, and so are each
// line that it says and the beginning of TLS.
func (s *Session) queueClient(f *Frame, events []client.Event) {
	g := group{side: Client}
	for _, e := range events {
		if n := len(g.client); n > 0 && g.client[n-1].Kind == client.Moved && e.Kind == client.Moved {
			f.Client = append(f.Client, g.client...) // OnSecured, before the EHLO
			s.follow(g)
			g.client = nil
		}
		g.client = append(g.client, e)
		if e.Kind == client.Said || e.Kind == client.Checked || e.Kind == client.Ended || e.Kind == client.Secure {
			s.pending = append(s.pending, g)
			g = group{side: Client}
		}
	}
	f.Client = append(f.Client, g.client...)
	s.follow(g)
}

// follow moves the states that frames show.
func (s *Session) follow(g group) {
	for _, e := range g.server {
		if e.Kind == server.Moved {
			s.states.server = e.To
		}
	}
	for _, e := range g.client {
		if e.Kind == client.Moved {
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
	for _, e := range f.Server {
		if len(e.Quirks) > 0 {
			f.Kind, f.Side = Silent, Server
		}
	}
	for _, e := range f.Client {
		if len(e.Quirks) > 0 {
			f.Kind, f.Side = Silent, Client
		}
	}
	return true
}

// begin connects the two; a side of the implicit kind starts TLS first.
func (s *Session) begin(f *Frame) bool {
	clientTLS, serverTLS := s.setup.Client.TLS == client.Implicit, s.setup.Server.Role == server.Submissions
	if !clientTLS {
		s.tell(f, Client, server.Input{}, client.Input{Kind: client.Connected})
	}
	if !serverTLS {
		s.tell(f, Server, server.Input{Kind: server.Connected}, client.Input{})
	}
	if !clientTLS && !serverTLS {
		return s.step(f)
	}
	s.phase = TLSPhase
	s.handshake(f, clientTLS, serverTLS)
	return true
}

// tell gives a side's machine its input and queues what it does.
func (s *Session) tell(f *Frame, side Side, toServer server.Input, toClient client.Input) {
	if side == Server {
		s.queueServer(f, s.server.Step(toServer))
	} else {
		s.queueClient(f, s.client.Step(toClient))
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
			s.tell(f, side, server.Input{Kind: server.Octets, Octets: octets}, client.Input{Kind: client.Octets, Octets: octets})
		}
		return true
	}
	for _, side := range []Side{Server, Client} {
		if s.gone[side.Other()] && !s.gone[side] {
			s.gone[side] = true
			s.tell(f, side, server.Input{Kind: server.PeerClosed}, client.Input{Kind: client.PeerClosed})
			return true
		}
	}
	return false
}

// show makes g the frame's: what was said goes onto the wire now.
func (s *Session) show(f *Frame, g group) {
	f.Side, f.Client, f.Server = g.side, append(f.Client, g.client...), append(f.Server, g.server...)
	f.Kind = End
	s.follow(g)
	for _, e := range g.server {
		switch e.Kind {
		case server.Checked:
			f.Kind = Check
		case server.Said:
			f.Kind, f.Octets = Line, e.Octets
			if s.states.client.Phase == client.Greeting {
				s.phase = Greeting // behind TLS, on the implicit port
			}
			s.put(f, Server, e.Octets)
			f.spelled(e.Trace)
		case server.Ended:
			s.leave(f, Server)
		}
	}
	for _, e := range g.client {
		switch e.Kind {
		case client.Checked:
			f.Kind = Check
		case client.Said:
			f.Kind, f.Octets = Line, e.Octets
			if e.On == client.OnMessage {
				f.Kind = Body
			}
			s.turn(e.On)
			s.put(f, Client, e.Octets)
			f.spelled(e.Trace)
		case client.Secure:
			s.handshake(f, true, s.states.server.Phase == server.Handshake)
		case client.Ended:
			s.leave(f, Client)
		}
	}
}

// turn moves to the phase that a command belongs to.
func (s *Session) turn(on string) {
	s.phase = s.phase.turn(on, s.states.client.TLS && s.setup.Client.TLS != client.Implicit)
}

// spelled finds the base64 in what was said, from the step that made it.
func (f *Frame) spelled(steps []trace.Step) {
	for _, step := range steps {
		if step.Op != trace.Base64 {
			continue
		}
		if at := bytes.LastIndex(f.Octets, step.Out.Octets); at >= 0 {
			f.Base64, f.Decoded = &Range{at, len(step.Out.Octets)}, step.In[0].Octets
		}
	}
}

// leave ends a side's connection: close_notify inside TLS, then the end.
func (s *Session) leave(f *Frame, side Side) {
	if l := s.wire.links[side]; l != nil && l.Err() == nil {
		l.CloseNotify()
		s.carry(f, side.Other(), l.Take())
	}
	s.gone[side] = true
}

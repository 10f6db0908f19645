package view

import (
	"bytes"
	"slices"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
	"example.org/smtpauth/protocol/trace"
)

// A Vantage is from where one looks at a session.
type Vantage string

const (
	Both     Vantage = "both"
	OfClient Vantage = "client"
	OfServer Vantage = "server"
	Listener Vantage = "listener" // somebody on the wire who changes nothing
)

// Vantages are all of them, in the order in which they are offered.
var Vantages = []Vantage{Both, OfClient, OfServer, Listener}

// Quiet is the kind of a frame in which a side says, hears and computes nothing.
const Quiet session.FrameKind = "quiet"

// See returns the frames as one side has them: what it says, hears and
// computes. Of the other's checks, reasons and states nothing is left. For
// Both and Listener they are as they were: a listener has a Capture.
func See(frames []session.Frame, from Vantage) []session.Frame {
	side := session.Side(from)
	if side != session.Client && side != session.Server {
		return frames
	}
	met := slices.ContainsFunc(frames, func(f session.Frame) bool { return intercepted(&f) })
	seen := make([]session.Frame, len(frames))
	for i := range frames {
		f := frames[i]
		switch {
		case f.Kind == session.Meddled:
			f = heardOf(f, side)
		case f.Kind == session.End: // the wire tells that too
		case f.Side != side && (f.Kind == session.Check || f.Kind == session.Silent || gone(&f, side) || !arrives(frames[i:], side)):
			f = quiet(f, side)
		}
		if met {
			f = unmet(f, side)
		}
		if side == session.Client {
			f = ofClient(f)
		} else {
			f = ofServer(f, delivered(frames[:i+1]))
		}
		seen[i] = f
	}
	return seen
}

// unmet is a frame as a side has it that knows of nobody in the middle of TLS:
// of his two connections it has its own, and takes it for one with the other
// side.
func unmet(f session.Frame, side session.Side) session.Frame {
	f.Wire = slices.DeleteFunc(slices.Clone(f.Wire), func(c session.Chunk) bool {
		return len(c.Records) > 0 && c.Beyond != (side == session.Server)
	})
	for i := range f.Wire {
		f.Wire[i].Beyond, f.Wire[i].Heard = false, nil
	}
	f.Client, f.Server = slices.Clone(f.Client), slices.Clone(f.Server)
	for i := range f.Client {
		f.Client[i].Trace = unseen(f.Client[i].Trace)
	}
	for i := range f.Server {
		f.Server[i].Trace = unseen(f.Server[i].Trace)
	}
	return f
}

// unseen are steps without what somebody in the middle of TLS knows.
func unseen(steps []trace.Step) []trace.Step {
	steps = slices.Clone(steps)
	for i := range steps {
		steps[i].Known &^= trace.Middle
		steps[i].Sub = unseen(steps[i].Sub)
	}
	return steps
}

// quiet leaves of a frame its place, at the side that knows nothing of it.
func quiet(f session.Frame, side session.Side) session.Frame {
	f.Kind, f.Side, f.Octets, f.Base64, f.Decoded, f.Wire = Quiet, side, nil, nil, nil, nil
	return f
}

// gone tells whether a side has left.
func gone(f *session.Frame, side session.Side) bool {
	if side == session.Client {
		return f.ClientState.Phase == client.Closed
	}
	return f.ServerState.Phase == server.Closed
}

// heardOf is what somebody on the wire did as a side has it: octets toward it
// look as if the other side had said them.
func heardOf(f session.Frame, side session.Side) session.Frame {
	var octets []byte
	for _, c := range f.Wire {
		if c.Toward == side && len(c.Records) == 0 {
			octets = append(octets, c.Octets...)
		}
	}
	if len(octets) == 0 {
		return quiet(f, side)
	}
	f.Kind, f.Side, f.Octets = session.Line, side.Other(), octets
	return f
}

// arrives tells whether what was said in the first of frames was heard as it
// was: somebody on the wire may have put something else in its place.
func arrives(frames []session.Frame, at session.Side) bool {
	said := &frames[0]
	if said.Kind != session.Line {
		return true
	}
	for i := range frames[1:] {
		f := &frames[i+1]
		if heard, took := took(f, at); took {
			return bytes.Equal(heard, said.Octets)
		}
		if f.Kind == session.Line && f.Side == said.Side {
			return true
		}
	}
	return true
}

// took is the first line or reply that a side took in a frame, with CR LF.
func took(f *session.Frame, side session.Side) ([]byte, bool) {
	if side == session.Client {
		for _, e := range f.Client {
			if e.Kind == machine.Took {
				return e.Octets, true
			}
		}
		return nil, false
	}
	for _, e := range f.Server {
		if e.Kind == machine.Took {
			return append(slices.Clone(e.Line), "\r\n"...), true
		}
	}
	return nil, false
}

// delivered tells whether the server has taken a message.
func delivered(frames []session.Frame) bool {
	return slices.ContainsFunc(frames, func(f session.Frame) bool {
		return slices.ContainsFunc(f.Server, func(e server.Event) bool { return e.Kind == machine.Accepted })
	})
}

// ofClient leaves of the server what it says.
func ofClient(f session.Frame) session.Frame {
	var said []server.Event
	for _, e := range f.Server {
		if e.Kind == machine.Said && f.Kind != Quiet {
			said = append(said, server.Event{Event: machine.Event{Kind: machine.Said, On: e.On, Reply: e.Reply, Octets: e.Octets}})
		}
	}
	state := server.State{TLS: f.ServerState.TLS}
	if f.ClientState.Authenticated {
		state.Authcid = f.ServerState.Authcid
	}
	f.Server, f.ServerState, f.TLSFailure = said, state, failureAt(session.Client, &f)
	return f
}

// ofServer leaves of the client what it says.
func ofServer(f session.Frame, delivered bool) session.Frame {
	var said []client.Event
	for _, e := range f.Client {
		if e.Kind == machine.Said && f.Kind != Quiet {
			said = append(said, client.Event{Event: machine.Event{Kind: machine.Said, On: e.On, Octets: e.Octets}})
		}
	}
	f.Client = said
	f.ClientState = client.State{TLS: f.ClientState.TLS, Authenticated: f.ServerState.Authcid != "", Delivered: delivered}
	f.TLSFailure = failureAt(session.Server, &f)
	return f
}

// failureAt is why TLS failed as a side has it: who was sent an alert knows
// that and no more.
func failureAt(side session.Side, f *session.Frame) *tlslink.Failure {
	if f.TLSFailure == nil {
		return nil
	}
	for _, c := range f.Wire {
		for _, r := range c.Records {
			if c.Toward == side && r.Alert != "" && r.Alert != "close_notify" {
				return &tlslink.Failure{ID: tlslink.PeerAlert, Alert: r.Alert}
			}
		}
	}
	return f.TLSFailure
}
